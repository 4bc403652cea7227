from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

import pytest

from rag.errors import UsageError
from rag.events import Event, Stage
from rag.scope import Scope
from tests.web.fakes import ARTICLES, CHINA, LEDGER, WIRE, FakeDesk
from tests.web.inert import Page
from web.page.chat import Fields, choices_of, masthead, panel_html, read_scope, respond, respond_to, welcome
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits
from web.serving.error_message import message_for

NO_LIMITS = Limits()


class BrokenDesk(FakeDesk):
    """A desk whose library cannot be read at all."""

    def article(self, article_id: str):
        raise OSError("disk gone")

    def status(self):
        raise OSError("disk gone")

    def ask(self, question: str, *, history=()):
        raise OSError("disk gone")

    def stream(self, question: str, **_) -> Iterator[Event]:
        yield Stage(name="searching")


def asked(question: str, desk: FakeDesk | None = None, talk: Conversation | None = None) -> list[Conversation]:
    clock = iter([10.0, 10.25])
    return list(respond(desk or FakeDesk(), talk or Conversation(), question, NO_LIMITS, clock=lambda: next(clock)))


def test_a_question_goes_through_its_stages_to_the_answer() -> None:
    steps = [step.turns[-1] for step in asked("Why does China object?")]
    assert [type(step) for step in steps] == [Asking, Asking, Asking, Answered]
    assert steps[1].stage == "searching"
    assert len(steps[2].evidence) == len(CHINA)
    assert steps[3].seconds == 0.25


def test_the_evidence_is_there_before_the_draft_and_the_answer_replaces_the_draft() -> None:
    steps = [step.turns[-1] for step in asked("ask the model")]
    drafts = [step.draft for step in steps if isinstance(step, Asking) and step.draft]
    assert drafts[0] == "China objects for several reasons, "
    assert "invented" in drafts[-1]
    assert all(step.evidence for step in steps if isinstance(step, Asking) and step.draft)
    assert "invented" not in steps[-1].answer.text


def test_the_turns_before_stay_as_they_are() -> None:
    first = asked("Why does China object?")[-1]
    second = asked("and Japan?", talk=first)
    assert all(step.turns[0] == first.turns[0] for step in second)


def test_earlier_questions_and_limits_reach_the_desk() -> None:
    scope = Scope.of(after="2024-06-01", before="2024-06-30", outlets=["Pacific Ledger"])
    desk, limits = FakeDesk(), Limits(scope=scope)
    talk = asked("Why does China object?", desk)[-1]
    list(respond(desk, talk, " and then? ", limits))
    assert desk.asked[-1] == {
        "question": "and then?",
        "history": ("Why does China object?",),
        "scope": scope,
        "writer": "",
    }


def test_the_writer_that_a_reader_chose_is_asked_for() -> None:
    desk = FakeDesk()
    list(respond_to(desk, Conversation(), Fields(question="Why?", writer="ollama:second")))
    assert desk.asked[-1]["writer"] == "ollama:second"


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_gets_a_sentence_and_never_reaches_the_desk(question: str) -> None:
    desk = FakeDesk()
    (only,) = asked(question, desk)
    assert only.turns == (Failed(question="", message="There is no question yet: write one, then press Enter."),)
    assert desk.asked == []


def test_a_too_long_question_gets_the_desks_sentence() -> None:
    assert "shorten it" in asked("x" * 20_000)[-1].turns[-1].message


def test_an_error_for_the_reader_is_shown_as_it_is() -> None:
    assert asked("model is down")[-1].turns[-1].message == "the language model does not answer; try again later"


def test_any_other_error_gets_a_number_and_its_words_are_neither_shown_nor_logged(caplog) -> None:
    with caplog.at_level(logging.ERROR):
        last = asked("crash")[-1].turns[-1]
    number = last.message.split()[-1].rstrip(".")
    assert last.message.startswith("Something went wrong on this side.")
    assert f"page error {number}: RuntimeError" in caplog.text
    assert LEDGER.text[:30] not in caplog.text + last.message


def test_the_page_goes_on_after_an_error() -> None:
    talk = asked("crash")[-1]
    assert [type(turn) for turn in asked("Why does China object?", talk=talk)[-1].turns] == [Failed, Answered]


def test_a_desk_that_ends_without_an_answer_is_an_error() -> None:
    assert isinstance(asked("why", BrokenDesk())[-1].turns[-1], Failed)


def test_closing_the_steps_stops_the_work_at_the_desk() -> None:
    desk = FakeDesk()
    steps = respond(desk, Conversation(), "go on forever", NO_LIMITS)
    while not next(steps).turns[-1].draft:
        pass
    steps.close()
    assert desk.closed == 1


def test_dates_are_read_from_the_pages_fields() -> None:
    assert read_scope("", "", [], ["asia"]) == Scope(tags=("asia",))
    assert read_scope("2024-06-01", "", ["A"]) == Scope.of(after="2024-06-01", outlets=["A"])


def test_a_question_about_a_story_keeps_to_its_articles() -> None:
    desk = FakeDesk()
    fields = Fields(question="why?", after="2024-06-01", outlets=["Pacific Ledger"], story=(LEDGER.ref, WIRE.ref))
    last = list(respond_to(desk, Conversation(), fields))[-1].turns[-1]
    scope = Scope.of(after="2024-06-01", outlets=["Pacific Ledger"], articles=[LEDGER.ref.id, WIRE.ref.id])
    assert desk.asked[-1]["scope"] == scope
    assert isinstance(last, Answered)
    assert last.limits == Limits(scope=scope, story=LEDGER.ref.title)


@pytest.mark.parametrize(
    ("after", "before", "sentence"),
    [
        ("unfinished", "", "From is 'unfinished', which is not a date"),
        ("", "2024-02-31", "To is '2024-02-31', which is not a date"),
        ("2024-06-30", "2024-06-01", "The dates run backwards"),
    ],
)
def test_dates_that_cannot_be_used_are_told(after: str, before: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_scope(after, before, [])
    desk = FakeDesk()
    (only,) = respond_to(desk, Conversation(), Fields(question="why?", after=after, before=before))
    assert only.turns[-1].message.startswith(sentence)
    assert desk.asked == []


def test_a_citation_opens_its_article_at_the_quote() -> None:
    talk = asked("Why does China object?")[-1]
    page = Page(panel_html(FakeDesk(), partial(talk.opened, "0:citation:2"), "0:citation:2"))
    assert page.marked == [CHINA[1].quote]


@pytest.mark.parametrize("reference", ["", "7:citation:1", "<script>"])
def test_a_reference_from_elsewhere_opens_nothing(reference: str) -> None:
    page = Page(panel_html(FakeDesk(), partial(Conversation().opened, reference), reference))
    assert "no longer part of this conversation" in page.text


@pytest.mark.parametrize("reference", ["article:nobody", "quote:nobody:1-2-00000000"])
def test_an_address_that_leads_nowhere_is_no_part_of_a_conversation(reference: str) -> None:
    page = Page(panel_html(FakeDesk(), lambda: None, reference))
    assert "not in this library" in page.text
    assert "conversation" not in page.text


def test_an_article_that_was_removed_is_told_in_the_panel(monkeypatch) -> None:
    talk = asked("Why does China object?")[-1]
    monkeypatch.delitem(ARTICLES, WIRE.ref.id)
    assert (
        "it may have been removed"
        in Page(panel_html(FakeDesk(), partial(talk.opened, "0:citation:3"), "0:citation:3")).text
    )


def test_a_broken_library_is_told_in_the_panel_and_on_the_front_page() -> None:
    talk = asked("Why does China object?")[-1]
    assert (
        "Something went wrong"
        in Page(panel_html(BrokenDesk(), partial(talk.opened, "0:citation:1"), "0:citation:1")).text
    )
    assert "Something went wrong" in Page(welcome(BrokenDesk())).text
    assert Page(masthead(BrokenDesk())).text == "Newsdesk"


def test_the_front_page_offers_what_the_library_holds() -> None:
    assert "Pacific Ledger" in choices_of(FakeDesk())[0]
    assert Page(welcome(FakeDesk())).values("data-ask")[0] == "What's new?"


def test_newsdesks_own_errors_speak_for_themselves() -> None:
    assert message_for(UsageError("say it so")) == "say it so"
