"""Conversations that the browser keeps: what goes out comes back the same, and nothing else gets in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.testing import make_article
from rag.types import Article, Passage
from tests.web.fakes import ARTICLES, CHINA, LEDGER, WIRE, answer_of, passage_of
from tests.web.hostile import HOSTILE_TEXTS
from tests.web.inert import Page
from web.page.conversation import Answered, Conversation, Failed, Limits, Stopped
from web.page.html.conversation import conversation_html
from web.page.kept.turns import MOST_TURNS, kept_turns, read_turns, recalled
from web.page.session import Session


class Held:
    """An archive of a few articles."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.ref.id: article for article in articles}

    def article(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        held = [(self._articles.get(cited.article.id), cited.quote) for cited in CHINA]
        found = [passage_of(article, quote) for article, quote in held if article and quote in article.text]
        return {passage.id: passage for passage in found if passage.id in passage_ids}


EVERYTHING = Held(*ARTICLES.values())


def turn(question: str = "Why?") -> Answered:
    return Answered(
        question=question, limits=Limits(), answer=answer_of(CHINA, question=question), seconds=0.5, rated="it helped"
    )


def sent(conversation: Conversation) -> list[str]:
    return [kept["turn"] for kept in kept_turns(conversation)]


def test_a_conversation_comes_back_as_it_was_marked_as_a_record() -> None:
    first = turn()
    (back,) = recalled(sent(Conversation((first,))), EVERYTHING).turns
    assert isinstance(back, Answered)
    assert back.recalled
    assert replace(back, recalled=False, answer=first.answer) == first
    assert replace(back.answer, evidence=()) == replace(first.answer, evidence=())


def test_only_finished_questions_are_kept_and_the_latest_of_them() -> None:
    unfinished = (Stopped(question="A?", limits=Limits(), evidence=()), Failed(question="B?", message="no"))
    many = tuple(turn(f"Number {number}?") for number in range(MOST_TURNS + 3))
    kept = kept_turns(Conversation((*unfinished, *many)))
    assert [one["question"] for one in kept] == [f"Number {number}?" for number in range(3, MOST_TURNS + 3)]


def test_what_was_read_comes_back_from_the_library_and_not_from_the_browser() -> None:
    conversation = Conversation((turn(),))
    (text,) = sent(conversation)
    assert LEDGER.text[:40] not in text
    (back,) = recalled([text], EVERYTHING).turns
    assert isinstance(back, Answered)
    assert {found.passage.article.id for found in back.answer.evidence} == {"ledger", "wire"}
    (without,) = recalled([text], Held(LEDGER)).turns
    assert isinstance(without, Answered)
    assert {found.passage.article.id for found in without.answer.evidence} == {"ledger"}


def test_quotes_that_no_longer_stand_in_their_articles_are_counted_and_told() -> None:
    corrected = make_article("Nothing of that was so.", title=WIRE.ref.title, article_id="wire")
    conversation = recalled(sent(Conversation((turn(),))), Held(LEDGER, corrected))
    assert [one.outdated for one in conversation.turns if isinstance(one, Answered)] == [1]
    assert (
        "1 of 3 quotes was corrected or removed since this was answered." in Page(conversation_html(conversation)).text
    )


def test_no_answer_is_made_from_a_record_and_none_is_rated() -> None:
    conversation = recalled(sent(Conversation((turn(),))), EVERYTHING)
    assert conversation.history == ("Why?",)
    assert conversation.last_answer is None
    assert "Helpful" not in Page(conversation_html(conversation, may_rate=True)).text


def test_a_session_goes_on_with_what_was_kept_in_place_of_its_own_work() -> None:
    session = Session()
    work = session.start()
    kept = Conversation((turn(),))
    session.resume("0123456789abcdef", kept)
    assert not session.keep(work, Conversation((turn("Late?"),)))
    assert (session.id, session.conversation) == ("0123456789abcdef", kept)


@pytest.mark.parametrize(
    "turns",
    ["", "x", "{}", "[1]", "[{}]", '["x"]', '["{}"]', json.dumps(["{}"] * (MOST_TURNS + 1)), "[" * 1000],
)
def test_what_is_no_conversation_is_refused_in_a_sentence(turns: str) -> None:
    with pytest.raises(UsageError, match="This conversation"):
        recalled(read_turns(turns), EVERYTHING)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    ),
    st.data(),
)
def test_a_record_with_any_value_changed_is_refused_or_is_a_conversation(value: object, data: st.DataObject) -> None:
    document = json.loads(sent(Conversation((turn(),)))[0])
    target = data.draw(
        st.sampled_from([document, document["answer"], document["answer"]["citations"][0], document["read"][0]])
    )
    target[data.draw(st.sampled_from(sorted(target)))] = value
    try:
        conversation = recalled([json.dumps(document)], EVERYTHING)
    except UsageError:
        return
    Page(conversation_html(conversation))


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_record_that_tries_to_act_is_shown_as_text(text: str) -> None:
    document = json.loads(sent(Conversation((turn(),)))[0])
    document["question"] = document["scope"] = text
    document["answer"]["message"] = document["answer"]["doubt"] = text
    for citation in document["answer"]["citations"]:
        citation["article"] |= {"title": text, "outlet": text, "url": text}
    page = Page(conversation_html(recalled([json.dumps(document)], EVERYTHING)))
    assert page.attributes
