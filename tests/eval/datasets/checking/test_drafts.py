"""The set of recorded drafts: an invented one from end to end, and its columns worked by hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets.checking import drafts
from eval.datasets.checking.drafts import RECORDED, DraftedSentence, Kind, RecordedDraft, sentence_scores
from eval.datasets.rows import read_rows
from rag.types import AnswerSentence
from tests.eval.rows import PROSE, written

TEXT = " ".join(PROSE)
SHOWN = AnswerSentence(text="Ana Ruiz won.", citations=(1,), support=0.9, checked="kept")


def drafted(kind: Kind) -> DraftedSentence:
    return DraftedSentence(text=SHOWN.text, kind=kind, cites=[], facts=[])


@pytest.mark.parametrize(
    ("kind", "shown", "states_it", "expected"),
    [
        ("right", SHOWN, True, {"right_shown": 1, "right_kept": 1, "right_well_cited": 1}),
        ("right", SHOWN, False, {"right_shown": 1, "right_kept": 1, "right_well_cited": 0}),
        ("right", None, False, {"right_shown": 0, "right_kept": 0}),
        ("number", SHOWN, False, {"wrong_shown": 1, "wrong_kept": 1}),
        ("number", None, False, {"wrong_shown": 0, "wrong_kept": 0}),
        ("miscited", SHOWN, True, {"wrong_shown": 0, "wrong_kept": 0}),
        ("miscited", SHOWN, False, {"wrong_shown": 1, "wrong_kept": 1}),
    ],
)
def test_a_sentence_counts_among_its_own(
    kind: Kind, shown: AnswerSentence | None, states_it: bool, expected: dict[str, float]
) -> None:
    found = sentence_scores(drafted(kind), shown, states_it=states_it, is_written=True, is_replaced=False)
    assert {name: value for name, value in found.items() if value is not None and name != "right_replaced"} == expected


def test_what_was_not_written_is_not_shown_and_was_not_kept_from_anybody() -> None:
    found = sentence_scores(drafted("right"), None, states_it=False, is_written=False, is_replaced=False)
    assert (found["right_shown"], found["right_kept"]) == (0, None)


def sentence(text: str, kind: Kind, cites: list[int], facts: list[int] | None = None) -> dict[str, Any]:
    stated = facts if facts is not None else cites if kind == "right" else []
    places = {
        name: [["wn-chair", number] for number in numbers] for name, numbers in (("cites", cites), ("facts", stated))
    }
    return {"text": text, "kind": kind, **places}


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    monkeypatch.setenv("NEWSDESK_CHECKER", "off")
    recorded = {
        "id": "draft-1",
        "question": "Who won the vote for the new chair?",
        "articles": {"wn-chair": hashlib.sha256(TEXT.encode()).hexdigest()[:12]},
        "sentences": [
            sentence("Ana Ruiz, a ferry captain, won by a single vote.", "right", [1]),
            sentence("Ana Ruiz won by seven votes.", "number", [1]),
            sentence("The council met on Monday evening and chose a new chair.", "miscited", [2], [0]),
            sentence("The town has long been poor.", "outside", []),
        ],
    }
    article = {
        "id": "wn-chair", "url": "https://news.example/chair", "title": "New chair", "outlet": "Harbour Standard",
        "published": "2024-03-04", "text": TEXT,
        "sentences": [[TEXT.index(one), TEXT.index(one) + len(one)] for one in PROSE],
    }  # fmt: skip
    monkeypatch.setattr(drafts, "RECORDED", written(tmp_path / "recorded.jsonl", [recorded]))
    written(tmp_path / "articles.jsonl.gz", [article])
    (tmp_path / "dev").mkdir()
    return tmp_path / "dev"


def test_the_set_is_run_from_end_to_end(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "drafts", "--data", str(half), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    values = {name: (metric["value"], metric["n"]) for name, metric in result["metrics"].items()}
    assert values["right_shown"] == values["right_kept"] == values["right_well_cited"] == (1.0, 1)
    assert values["wrong_shown"] == values["wrong_kept"] == (0.0, 3)
    assert list(result["by_kind"]) == ["right", "number", "miscited", "outside"]


def test_articles_of_another_text_are_refused(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "id": "wn-chair",
        "url": "",
        "title": "",
        "outlet": "",
        "published": "",
        "text": "Else.",
        "sentences": [[0, 5]],
    }
    written(half.parent / "articles.jsonl.gz", [row])
    assert main(["run", "--set", "drafts", "--data", str(half)]) == 2
    assert "article 'wn-chair' is missing or has another text" in capsys.readouterr().err


def test_the_drafts_that_come_with_newsdesk_are_whole() -> None:
    rows, _ = read_rows(RECORDED, RecordedDraft)
    kinds = [one.kind for row in rows for one in row.sentences]
    assert len(rows) >= 60
    assert len({row.id for row in rows}) == len({row.question for row in rows}) == len(rows)
    assert kinds.count("right") >= 150
    assert len(kinds) - kinds.count("right") >= 100
    for row in rows:
        assert len({one.text for one in row.sentences}) == len(row.sentences)
        for one in row.sentences:
            assert {name for name, _ in (*one.cites, *one.facts)} <= set(row.articles)
            assert bool(one.facts) == (one.kind in ("right", "miscited"))
