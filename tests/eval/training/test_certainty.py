"""What a second reading decides by is fitted to the answers of the product, and kept in the reader's folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eval.commands import main
from eval.training.certainty import chosen
from rag.models.reader.certainty import Certainty
from rag.models.reader.reader import SHIPPED, Reader
from tests.eval.rows import written

TOWNS = ("Arden", "Birk", "Corve", "Dunmoor", "Elswick", "Farrow", "Garth", "Holm", "Inver", "Jarrow", "Keld", "Lorne")


def half_of(folder: Path, towns: tuple[str, ...]) -> Path:
    """An article on the bridge of each town, with a question that it answers and one that it does not."""
    articles, questions = [], []
    for number, town in enumerate(towns):
        sentences = [
            f"The old bridge in {town} was closed on Tuesday.",
            f"Mayor Ana Ruiz said that its repair would cost {number + 3} million euros.",
        ]
        text = " ".join(sentences)
        spans = [[text.index(one), text.index(one) + len(one)] for one in sentences]
        home = f"wn-{town.lower()}"
        articles.append(
            {"id": home, "url": f"https://news.example/{town.lower()}", "title": f"{town} bridge closed"}
            | {"outlet": "Wikinews", "published": "2019-10-13", "text": text, "sentences": spans}
        )
        for kind, asked, facts in (
            ("number", f"How much will the repair of the bridge in {town} cost?", [[1]]),
            ("none", f"Who designed the bridge in {town}?", []),
        ):
            questions.append(
                {"id": f"{kind}-{town}", "article": home, "question": asked, "kind": kind}
                | {"facts": facts, "partial": [], "note": ""}
            )
    written(folder / "articles.jsonl.gz", articles)
    written(folder / "questions.jsonl", questions)
    return folder


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    return Path(shutil.copytree(SHIPPED, tmp_path / "reader"))


def test_the_constants_go_into_the_readers_folder(
    reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Reader.open(reader, threads=1)
    assert main(["train", "certainty", "--data", str(half_of(tmp_path / "half", TOWNS)), "--reader", str(reader)]) == 0
    found = json.loads(capsys.readouterr().out)
    after = Reader.open(reader, threads=1)
    assert after.certainty == Certainty.of(found["certainty"])
    assert (after.identity, after.answer_at, after.sure_at) == (before.identity, before.answer_at, before.sure_at)
    assert found["questions"] == 2 * len(TOWNS)
    assert found["questions"] >= found["read_again"] >= found["shown"] >= len(TOWNS)
    outcome = found["answer_from"][str(found["certainty"]["answer_from"])]
    assert outcome["shown_right"] + outcome["wrongly_refused"] <= 1


def test_the_least_cost_is_chosen_where_few_are_refused() -> None:
    tried = {
        0.2: {"cost": 0.6, "wrongly_refused": 0.05},
        0.4: {"cost": 0.5, "wrongly_refused": 0.18},
        0.6: {"cost": 0.3, "wrongly_refused": 0.30},
    }
    assert chosen(tried) == 0.4
    assert chosen({shown_from: {**outcome, "wrongly_refused": 1.0} for shown_from, outcome in tried.items()}) == 0.2


def test_answers_on_a_few_articles_are_too_little_and_change_nothing(
    reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (reader / "info.json").read_bytes()
    few = half_of(tmp_path / "half", TOWNS[:3])
    assert main(["train", "certainty", "--data", str(few), "--reader", str(reader)]) == 2
    assert "at least 10 articles are needed; name more questions with --data" in capsys.readouterr().err
    assert (reader / "info.json").read_bytes() == before
