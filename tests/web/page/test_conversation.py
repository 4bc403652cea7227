from __future__ import annotations

import copy

import pytest

from tests.web.fakes import CHINA, LEDGER, WIRE, answer_of
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits, Stopped, reference_to
from web.page.html.answer_tools import answer_tools
from web.page.session import Session

LIMITS = Limits()


def answered(question: str = "Why?", **made) -> Answered:
    return Answered(question=question, limits=LIMITS, answer=answer_of(CHINA, question=question, **made), seconds=0.2)


def asking(question: str = "Why?") -> Asking:
    return Asking(question=question, limits=LIMITS)


def test_the_history_is_every_question_that_was_answered() -> None:
    talk = Conversation((answered("one"), Failed(question="two", message="no"), answered("three")))
    assert talk.history == ("one", "three")


def test_a_new_question_stops_the_one_before() -> None:
    talk = Conversation((asking("one"),)).begin(asking("two"))
    assert [type(turn) for turn in talk.turns] == [Stopped, Asking]


def test_the_same_question_twice_is_one_turn() -> None:
    assert len(Conversation((asking("one"),)).begin(asking("one")).turns) == 1


def test_a_bare_message_gives_way_to_the_next_question() -> None:
    talk = Conversation((answered(), Failed(question="", message="empty"))).begin(asking())
    assert [type(turn) for turn in talk.turns] == [Answered, Asking]


def test_stopping_keeps_the_evidence_and_leaves_finished_turns_alone() -> None:
    evidence = answer_of(CHINA).evidence
    talk = Conversation((answered(), Asking(question="two", limits=LIMITS, evidence=evidence))).stopped()
    assert talk.turns[1] == Stopped(question="two", limits=LIMITS, evidence=evidence)
    assert talk.stopped() == talk


def test_a_citation_leads_to_its_exact_place() -> None:
    found = Conversation((answered(),)).opened(reference_to(0, "citation", 2))
    assert found is not None
    assert found.article == LEDGER.ref
    assert LEDGER.text[found.start : found.end] == found.quote == CHINA[1].quote


def test_evidence_and_nearest_articles_can_be_opened() -> None:
    not_found = Answered(question="?", limits=LIMITS, answer=answer_of((), nearest=(WIRE.ref,)), seconds=0.1)
    stopped = Stopped(question="?", limits=LIMITS, evidence=answer_of(CHINA).evidence)
    talk = Conversation((not_found, stopped))
    nearest, evidence = talk.opened(reference_to(0, "nearest", 0)), talk.opened(reference_to(1, "evidence", 3))
    assert nearest is not None
    assert evidence is not None
    assert (nearest.article, nearest.quote) == (WIRE.ref, "")
    assert evidence.article == WIRE.ref


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "0",
        "0:citation",
        "0:citation:9",
        "0:evidence:0",
        "0:nearest:0",
        "9:citation:1",
        "-1:citation:1",
        "0:x:1",
        "²:citation:1",
    ],
)
def test_a_made_up_reference_leads_nowhere(reference: str) -> None:
    assert Conversation((answered(),)).opened(reference) is None


def test_nothing_can_be_opened_from_a_failed_turn() -> None:
    assert Conversation((Failed(question="q", message="m"),)).opened("0:evidence:1") is None


def test_work_that_was_stopped_can_change_nothing() -> None:
    session = Session()
    work = session.start()
    assert session.keep(work, Conversation((asking(),)))
    assert session.busy
    session.stop()
    assert not session.keep(work, Conversation((answered(),)))
    assert [type(turn) for turn in session.conversation.turns] == [Stopped]
    assert not session.busy


def test_work_that_was_overtaken_can_change_nothing() -> None:
    session = Session()
    first, second = session.start(), session.start()
    assert not session.keep(first, Conversation((answered("first"),)))
    assert session.keep(second, Conversation((answered("second"),)))
    assert session.conversation.history == ("second",)
    assert not session.busy


def test_clearing_forgets_everything() -> None:
    session = Session()
    work = session.start()
    session.keep(work, Conversation((answered(),)))
    session.clear()
    assert session.conversation == Conversation()
    assert not session.keep(work, Conversation((answered(),)))


def test_a_copied_session_is_another_session() -> None:
    session = Session()
    other = copy.deepcopy(session)
    other.keep(other.start(), Conversation((answered(),)))
    assert session.conversation == Conversation()


def test_questions_to_go_on_with_stand_under_the_last_answer_alone() -> None:
    session = Session()
    first, second = answered("Why does China object?"), answered("What did they sign?")
    session.keep(session.start(), Conversation((first,)))
    assert session.go_on(first, ("Who is Kim Jong Un?",))
    assert answer_tools(0, session.conversation.turns[0], may_rate=True).suggestions[0] == "Who is Kim Jong Un?"
    session.keep(session.start(), Conversation((*session.conversation.turns, second)))
    assert not session.go_on(first, ("Who is Vladimir Putin?",))
