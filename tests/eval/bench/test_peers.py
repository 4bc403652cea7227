"""Newsdesk beside its peers: what is counted, and how a peer is driven; the others are not installed here."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.bench import peers
from eval.bench.corpus import load_corpus
from eval.bench.peers import Asked, as_markdown, golden_questions, recall
from eval.reference_systems.peers import protocol

BRIDGE = "The footbridge of Elmford cost 4 million crowns."


class Remembering:
    """Finds an article by its first word."""

    def __init__(self, store: Path, model: Path) -> None:
        self._file = store

    def embed(self, text: str) -> object:
        return text

    def build(self, articles: Sequence[dict[str, Any]]) -> int:
        self._file.write_text(json.dumps([row["text"] for row in articles]), encoding="utf-8")
        return len(articles)

    def search(self, question: str) -> list[str]:
        texts = json.loads(self._file.read_text(encoding="utf-8"))
        return [text for text in texts if text.startswith(question.split()[0])]


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["peer", *arguments])
    protocol.main(Remembering)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_peer_builds_in_one_process_and_answers_in_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, questions, store = tmp_path / "texts", tmp_path / "questions", str(tmp_path / "store")
    texts.write_text("\n".join(json.dumps({"text": text}) for text in (BRIDGE, "A ferry sank.")), encoding="utf-8")
    questions.write_text(json.dumps(["The bridge?", "A ferry?"]), encoding="utf-8")
    built = said(capsys, monkeypatch, "build", str(texts), store, "model")
    assert (built["passages"], built["articles"]) == (2, 2)
    searched = said(capsys, monkeypatch, "search", str(questions), store, "model")
    assert searched["found"] == [[BRIDGE], ["A ferry sank."]]
    assert len(searched["milliseconds"]) == 1


def test_a_gold_sentence_counts_where_it_stands_whole_however_it_is_broken_into_lines() -> None:
    asked = [Asked(question="How much?", gold=(BRIDGE,)), Asked(question="Who?", gold=("Nobody knows.",))]
    assert recall([["It opened. " + BRIDGE.replace(" cost", "\n cost")], ["Nobody"]], asked) == 0.5


def test_only_what_the_texts_answer_is_asked() -> None:
    articles = load_corpus(None).articles
    all_of_them, fewer = golden_questions(articles), golden_questions(articles[:20])
    assert 0 < len(fewer) < len(all_of_them)
    assert all(one.gold for one in fewer)
    assert golden_questions([{"text": BRIDGE}]) == []


def test_every_system_has_a_module_and_a_row() -> None:
    folder = Path(protocol.__file__).parent
    assert {f"{name}.py" for name in peers.SYSTEMS} == {file.name for file in folder.glob("*_*.py")} - {"__init__.py"}
    one = {
        "system": "Newsdesk",
        "passages": 1200,
        "articles_per_second": 9.04,
        "peak_mb": 300.2,
        "disk_mb": 1.04,
        "cold_seconds": 1.02,
        "p50_ms": 12.4,
        "p95_ms": 20.5,
        "gold_at_5": 0.9,
        "words_found": 600.0,
    }
    machine = {"date": "2026-12-01", "processor": "P", "cores": 2, "memory_gb": 24, "system": "Linux", "python": "3.11"}
    report = {
        "machine": machine,
        "corpus": "c",
        "questions": 4,
        "systems": [one],
        "provenance": {"newsdesk": "0.1.0", "commit": ""},
    }
    row = "| Newsdesk | 1,200 | 9.0 | 300 MB | 1.0 MB | 1.0 s | 12 ms | 20 ms | 0.900 | 600 |"
    assert as_markdown(report).splitlines()[-1] == row
