"""The bench's texts, its targets and its report; the measuring itself is left to `python -m eval bench`."""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import json
from pathlib import Path

import pytest

from eval.bench import Measurement, as_markdown, corpus
from eval.errors import MissingPackage
from eval.reference_systems import langchain_pipeline
from eval.runs import machine
from ingest.preparing.near_duplicates import bands_of
from rag.errors import UsageError
from rag.storage.near_copies import grams_of

LONG = "The harbour ferry stopped because several passengers complained about crowded evening departures. "
ROWS = [
    {
        "doc_id": "1",
        "url": "https://a.example/1",
        "title": "Ferry stops",
        "publish_date": "2024-03-04",
        "authors": ["A"],
        "text": LONG * 12,
        "first_seen_week": "x",
        "truncated": False,
    },
    {"doc_id": "2", "title": "Bridge opens", "publish_date": None, "text": "The bridge opened without any ceremony."},
]


def corpus_folder(folder: Path, *questions: str) -> Path:
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as target:
        target.writelines(json.dumps(row) + "\n" for row in ROWS)
    if questions:
        lines = "".join(json.dumps({"question": question}) + "\n" for question in questions)
        (folder / "retrieval_questions.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_published_corpus_becomes_our_fields(tmp_path: Path) -> None:
    first, second = corpus.load_corpus(corpus_folder(tmp_path)).articles
    assert {k: v for k, v in first.items() if k != "text"} == {
        "id": "1", "url": "https://a.example/1", "title": "Ferry stops", "published": "2024-03-04", "authors": ["A"],
    }  # fmt: skip
    assert set(second) == {"id", "title", "text"}


def test_questions_beside_the_corpus_are_asked_and_else_its_titles(tmp_path: Path) -> None:
    folder = corpus_folder(tmp_path)
    assert corpus.load_corpus(folder).questions[0] == "What is known about this: Ferry stops?"
    corpus_folder(tmp_path, "Why did the ferry stop?")
    assert corpus.load_corpus(folder / "corpus.jsonl.gz").questions == ("Why did the ferry stop?",)


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "corpus.jsonl:1: not JSON"), ("[1]", "corpus.jsonl:1: not a JSON object"), ("", "holds no articles")],
)
def test_a_broken_corpus_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "corpus.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        corpus.load_corpus(tmp_path)


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no corpus\.jsonl\.gz or corpus\.jsonl in"):
        corpus.load_corpus(tmp_path)


def test_without_data_the_sample_articles_are_taken_with_their_dates() -> None:
    sample = corpus.load_corpus(None)
    assert len(sample.articles) >= 30
    assert all({"url", "title", "outlet", "published", "text"} <= row.keys() for row in sample.articles)
    assert len(sample.questions) >= 60


def test_repeated_articles_are_new_ones_and_the_same_in_every_run(tmp_path: Path) -> None:
    articles = corpus.load_corpus(corpus_folder(tmp_path)).articles
    five = list(itertools.islice(corpus.endless(articles), 5))
    assert five[:2] == list(articles)
    assert five == list(itertools.islice(corpus.endless(articles), 5))
    assert len({row["id"] for row in five}) == len({row["text"] for row in five}) == 5


def test_a_repetition_is_no_wire_copy_of_its_original() -> None:
    articles = corpus.load_corpus(None).articles
    varied = next(itertools.islice(corpus.endless(articles), len(articles), None))
    assert not set(bands_of(grams_of(varied["text"]))) & set(bands_of(grams_of(articles[0]["text"])))


@pytest.mark.parametrize(
    ("value", "target", "higher_is_better", "met"),
    [(0.4, 0.5, False, True), (0.5, 0.5, False, False), (2.0, 2.0, True, True), (1.9, 2.0, True, False)],
)
def test_a_target_is_met_from_its_good_side(value: float, target: float, higher_is_better: bool, met: bool) -> None:
    figure = Measurement(name="f", value=value, unit="s", n=1, target=target, higher_is_better=higher_is_better)
    assert figure.met is met


def test_the_report_names_the_machine_and_says_what_was_met() -> None:
    figures = [
        Measurement(name="help", value=0.31, unit="s", n=7, target=0.5),
        Measurement(name="rate", value=1234.5, unit="words/s", n=9),
    ]
    report = {
        "machine": machine.describe(),
        "corpus": "sample articles",
        "measurements": [figure.as_json() for figure in figures],
        "provenance": {"newsdesk": "0.1.0", "commit": ""},
    }
    text = as_markdown(report)
    assert "| help | 0.31 s | 7 | 0.5 s | yes |" in text
    assert "| rate | 1,234 words/s | 9 |  |  |" in text
    assert f"{machine.describe()['cores']} cores" in text


def test_missing_packages_are_named_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "langchain_chroma" else object())
    with pytest.raises(MissingPackage, match="needs langchain-chroma; run `make setup EXTRAS=bench`"):
        langchain_pipeline.check_packages()
