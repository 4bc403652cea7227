"""A second judge: what it is shown, what its word removes, and that its silence removes everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from rag.answering.citing import CheckedDraft, checked_draft
from rag.answering.model_writer import Usage
from rag.answering.second_judge import DISAGREES, judged
from rag.checking.sentence_check import WordCheck
from rag.models.scripted_model import ScriptedModel
from tests.rag.evidence import evidence

EVIDENCE = evidence("A ship struck the bridge at night. Six workers died.", "Japan voiced concern about the treaty.")
DRAFT = "A ship struck the bridge [1.1]. Six workers died [1.2]. Japan voiced concern [2.1]."
CHECKED = checked_draft(DRAFT, EVIDENCE, check=WordCheck())


def judge(script: Callable[[str], Any], checked: CheckedDraft = CHECKED, usage: Usage | None = None) -> CheckedDraft:
    return judged(
        ScriptedModel(script=script),
        checked,
        EVIDENCE,
        timeout_seconds=30,
        usage=usage if usage is not None else Usage(),
    )


def texts(draft: CheckedDraft) -> list[str]:
    return [sentence.text for sentence in draft.sentences]


def test_what_it_agrees_to_stands_as_it_was() -> None:
    assert judge(lambda _: "1 yes\n2 yes\n3 yes") == CHECKED


def test_it_sees_every_sentence_with_its_quotes_in_one_call() -> None:
    seen = []
    judge(lambda prompt: seen.append(prompt) or "")
    (prompt,) = seen
    assert "<sentence 2>\nSays: Six workers died.\nAhead of it: A ship struck the bridge at night.\nQuote (" in prompt
    assert prompt.count("<sentence ") == 3
    assert "Write the 3 lines." in prompt


def test_what_it_disagrees_with_goes_with_its_quote() -> None:
    usage = Usage()
    left = judge(lambda _: "1 yes\n2 no\n3 yes", usage=usage)
    assert texts(left) == ["A ship struck the bridge.", "Japan voiced concern."]
    assert [(one.text, one.reason) for one in left.removed] == [("Six workers died.", DISAGREES)]
    assert [citation.marker for citation in left.citations] == [1, 2]
    assert left.citations[1].quote == "Japan voiced concern about the treaty."
    assert (usage.counts["judged"], usage.counts["judge_removed"]) == (3, 1)


@pytest.mark.parametrize("said", ["1. Yes\n2) YES.\n3: yes", "- 1 yes\n- 2 yes\n- 3 yes", "\n1 yes\n\n2 yes\n3 yes\n"])
def test_it_is_understood_however_it_lists(said: str) -> None:
    assert judge(lambda _: said) == CHECKED


@pytest.mark.parametrize(
    "said", ["yes", "1 yes, 2 yes, 3 yes", "All are supported.", "1 maybe\n2 yes?\n3 probably yes"]
)
def test_what_is_not_clearly_agreed_to_is_removed(said: str) -> None:
    left = judge(lambda _: said)
    assert "A ship struck the bridge." not in texts(left)


def test_a_sentence_left_out_or_judged_twice_is_not_agreed_to() -> None:
    assert texts(judge(lambda _: "1 yes\n3 yes")) == ["A ship struck the bridge.", "Japan voiced concern."]
    assert texts(judge(lambda _: "1 yes\n2 yes\n2 no\n3 yes")) == ["A ship struck the bridge.", "Japan voiced concern."]


def test_where_it_cannot_be_asked_nothing_is_left() -> None:
    def fails(_: str) -> str:
        raise ConnectionRefusedError

    left = judge(fails)
    assert (left.sentences, left.citations) == ((), ())
    assert all("second judge could not be asked" in one.reason for one in left.removed)


def test_what_leans_on_a_refused_sentence_goes_with_it() -> None:
    draft = "A ship struck the bridge [1.1]. It was night [1.1]. Japan voiced concern [2.1]."
    checked = checked_draft(draft, EVIDENCE, check=WordCheck())
    assert texts(judge(lambda _: "1 no\n2 yes\n3 yes", checked)) == ["Japan voiced concern."]


def test_quotes_are_not_judged_and_are_no_answer_alone() -> None:
    draft = "Seven workers died [1]. Japan voiced concern [2.1]."
    checked = checked_draft(draft, EVIDENCE, check=WordCheck())
    assert [sentence.checked for sentence in checked.sentences] == ["replaced", "kept"]
    assert judge(lambda _: "1 yes", checked) == checked
    assert judge(lambda _: "1 no", checked).sentences == ()


def test_a_model_that_keeps_to_a_form_fills_in_its_verdicts() -> None:
    verdicts = [{"sentence": number, "is_supported": number != 2} for number in (1, 2, 3)]
    call = {"name": "verdicts", "args": {"verdicts": verdicts}, "id": "1", "type": "tool_call"}
    model = ScriptedModel(
        script=lambda _: [AIMessageChunk(content="", tool_calls=[call])], profile={"structured_output": True}
    )
    left = judged(model, CHECKED, EVIDENCE, timeout_seconds=30, usage=Usage())
    assert texts(left) == ["A ship struck the bridge.", "Japan voiced concern."]
