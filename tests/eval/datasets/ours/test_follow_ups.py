"""Follow-up conversations: when a question counts as understood, and what the shipped cases are."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets import Options
from eval.datasets.ours.follow_ups import FILE, FollowUp, evaluate, resolved, score_understanding
from eval.datasets.rows import read_rows
from eval.errors import CaseError
from rag.settings import Settings
from rag.types import Question


def follow_up(*tags: str, must_not: list[str] | None = None) -> FollowUp:
    return FollowUp.model_validate(
        {
            "id": "one",
            "history": ["Who built the ferry?"],
            "question": "When did it sail?",
            "stands_for": [["ferry", "boat"], ["sail"]],
            "must_not": must_not or [],
            "tags": list(tags) or ["pronoun"],
            "facts": [{"any_of": [{"url": "https://example.org/a", "quote": "It sailed in May."}]}],
        }
    )


def scored(case: FollowUp, *, context: str = "", standalone: str = "") -> dict[str, float | None]:
    return score_understanding(case, Question(text=case.question, context=context, standalone=standalone))


def test_a_pointer_that_nothing_explains_is_not_understood() -> None:
    assert scored(follow_up()) == {"understood": 0, "stands_alone": 0, "untouched": None}


def test_the_context_makes_a_question_understood_but_not_standing_alone() -> None:
    assert scored(follow_up(), context="Who built the ferry?") == {
        "understood": 1, "stands_alone": 0, "untouched": None,
    }  # fmt: skip


def test_one_word_of_each_group_is_enough() -> None:
    assert scored(follow_up(), standalone="When did the boat sail?")["stands_alone"] == 1


def test_a_word_of_the_old_topic_is_a_failure() -> None:
    case = follow_up(must_not=["harbour"])
    found = scored(case, context="Who built the harbour?", standalone="When did the ferry sail?")
    assert (found["understood"], found["stands_alone"]) == (0, 1)


def test_a_question_that_stands_alone_must_be_left_as_it_is() -> None:
    case = follow_up("stands-alone")
    assert scored(case)["untouched"] == 1
    assert scored(case, context="Who built the ferry?")["untouched"] == 0


@pytest.mark.parametrize(("understood", "found", "expected"), [(1, 1, 1), (1, 0, 0), (0, 1, 0), (1, None, 0)])
def test_resolved_needs_both_the_words_and_the_evidence(
    understood: float, found: float | None, expected: float
) -> None:
    assert resolved(understood, found) == expected


def test_the_shipped_conversations_are_at_least_forty_and_have_ids_of_their_own() -> None:
    cases, _ = read_rows(FILE, FollowUp)
    assert len({case.id for case in cases}) == len(cases) >= 40


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        evaluate(Options(settings=Settings(), data=tmp_path / "none.jsonl"))
