"""A judged sheet keeps a verdict as long as the answer is the one that was judged, and no longer."""

from __future__ import annotations

from eval.runs.reading_sheet import Judged, Reread, figures, with_digests
from rag.types import Answer, ArticleRef, Provenance, Question


def told(message: str) -> Answer:
    return Answer(
        question=Question(text="Who won?"),
        outcome="told",
        sentences=(),
        citations=(),
        evidence=(),
        nearest=(ArticleRef(id="one"),),
        provenance=Provenance(writer="quotes"),
        message=message,
    )


def judged(answer: Answer, verdict: str = "content", why: str = "") -> Reread:
    digest = Reread(Judged(question="Who won?"), answer).digest
    return Reread(
        Judged.model_validate({"question": "Who won?", "verdict": verdict, "why": why, "answer": digest}), answer
    )


def test_a_verdict_stands_while_the_answer_is_the_same() -> None:
    one = judged(told("Avalon won."))
    assert one.stands
    assert not Reread(one.judged, told("Ostravia won.")).stands


def test_only_standing_verdicts_are_counted() -> None:
    good, bad = judged(told("Avalon won.")), judged(told("No."), "not content", "beside the point")
    changed = Reread(good.judged, told("Ostravia won."))
    assert figures([good, bad, changed]) == {
        "judged": 2,
        "content": 1,
        "share": 0.5,
        "why_not": {"beside the point": 1},
    }


def test_a_changed_answer_loses_its_verdict_and_no_word_of_an_answer_is_kept() -> None:
    good = judged(told("Avalon won."))
    written = with_digests([good, Reread(good.judged, told("Ostravia won."))])
    assert written.count('"verdict": "content"') == 1
    assert written.count('"verdict": "unread"') == 1
    assert "won." not in written
