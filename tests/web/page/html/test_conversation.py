from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.scope import Scope
from rag.testing import make_article
from rag.types import NOT_FOUND, Evidence, Lead, RemovedSentence
from tests.web.fakes import BAD, CHINA, HOSTILE, LEDGER, WIRE, FakeStatus, answer_of, cite, passage_of
from tests.web.inert import Page
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits, Stopped, Turn
from web.page.html.conversation import TurnCache, conversation_html, masthead_html, story_html, welcome_html
from web.page.html.rendering import fragment


def shown(*turns: Turn) -> Page:
    return Page(conversation_html(Conversation(turns)))


def answered(*, question: str = "Why?", limits: Limits | None = None, citations=CHINA, **made) -> Answered:
    answer = answer_of(citations, question=question, **made)
    return Answered(question=question, limits=limits or Limits(), answer=answer, seconds=0.234)


def test_every_marker_of_an_answer_opens_its_own_quote() -> None:
    page = shown(answered())
    names = [name for name in page.values("aria-label") if name.startswith("Open quote")]
    assert names == [
        "Open quote 1: Pacific Ledger, 21 June 2024",
        "Open quote 2: Pacific Ledger, 21 June 2024",
        "Open quote 3: Northgate Wire, 19 June 2024",
    ]
    assert {"0:citation:1", "0:citation:2", "0:citation:3"} <= set(page.values("data-open"))


def test_an_answer_shows_its_sentences_its_sources_and_how_it_was_made() -> None:
    page = shown(answered())
    for citation in CHINA:
        assert citation.quote in page.text
    assert "2 articles, 2 independent sources · exact quotes · 0.2 s" in page.text
    assert "Also carried by Meridian Courier" in page.text
    assert "Read 3 passages from 2 articles" in page.text


def test_quotes_are_set_as_quotes_and_a_models_sentences_as_prose() -> None:
    assert shown(answered()).values("class").count("nd-quote") == 3
    prose = shown(answered(texts=("One.", "Two.", "Three."), writer="model", model="scripted"))
    assert prose.values("class").count("nd-quote") == 0
    assert prose.values("class").count("nd-prose") == 1
    assert "written by scripted" in prose.text


@pytest.mark.parametrize("made", [{}, {"texts": ("One.", "Two.", "Three."), "writer": "model"}])
def test_a_translation_stands_under_what_it_translates_and_cannot_act(made: dict[str, object]) -> None:
    turn = answered(**made)
    sentences = tuple(
        replace(sentence, translation=f"Übersetzt <b>{n}</b>") for n, sentence in enumerate(turn.answer.sentences)
    )
    page = shown(replace(turn, answer=replace(turn.answer, sentences=sentences, translated_into="de")))
    assert "Übersetzt <b>0</b>" in page.text
    assert page.values("lang") == ["de"] * (1 if made else 3)
    assert not shown(turn).values("lang")


def test_a_short_answer_stands_first_with_its_marker_and_what_is_counted_without() -> None:
    turn = answered()
    short = replace(turn.answer, lead=Lead(kind="short_answer", text="Every barrel", citations=(1,)))
    page = shown(replace(turn, answer=short))
    assert page.values("class").count("nd-lead") == 1
    assert page.text.index("Every barrel") < page.text.index("Pacific Ledger")
    assert page.values("data-open").count("0:citation:1") == shown(turn).values("data-open").count("0:citation:1") + 1
    counted = replace(turn.answer, lead=Lead(kind="overview", text="Two outlets give three reasons:", citations=(1, 2)))
    several = shown(replace(turn, answer=counted))
    assert several.values("data-open").count("0:citation:1") == shown(turn).values("data-open").count("0:citation:1")


def test_a_quote_inside_quotation_marks_is_still_set_as_a_quote() -> None:
    page = shown(answered(texts=tuple(f"“{citation.quote}”" for citation in CHINA)))
    assert page.values("class").count("nd-quote") == 3


def test_what_the_check_removed_is_shown_with_the_reason() -> None:
    page = shown(answered(removed=(RemovedSentence(text="China won.", reason="no quote says so"),)))
    assert "The check removed 1 sentence" in page.text
    assert "China won." in page.text
    assert "no quote says so" in page.text


def test_a_notice_and_the_question_as_understood_are_shown() -> None:
    page = shown(answered(notice="The model did not answer; these are quotes.", standalone_question="Why, China?"))
    assert "The model did not answer; these are quotes." in page.text
    assert "Understood as: Why, China?" in page.text
    assert "Understood" not in shown(answered(standalone_question="why?")).text


def test_not_found_says_so_and_offers_the_nearest_articles() -> None:
    page = shown(answered(citations=(), nearest=(LEDGER.ref, WIRE.ref)))
    assert NOT_FOUND in page.text
    assert page.values("data-open") == ["0:nearest:0", "0:nearest:1"]
    assert "Pacific Ledger · 21 June 2024" in page.text
    assert "without that limit" not in page.text


def test_only_who_may_add_articles_is_told_to() -> None:
    talk = Conversation((answered(citations=(), nearest=(LEDGER.ref,)),))
    assert Page(conversation_html(talk, may_add=True)).values("data-go") == ["library"]
    assert "add them" not in conversation_html(talk)
    assert "newsdesk ingest" not in conversation_html(talk, may_add=True)


def test_what_may_be_wrong_is_asked_of_what_is_shown() -> None:
    quoted = Page(conversation_html(Conversation((answered(),)), may_rate=True)).values("data-reason")
    refused = Page(conversation_html(Conversation((answered(citations=()),)), may_rate=True)).values("data-reason")
    assert "a quote is beside the point" in quoted
    assert "should not have been refused" not in quoted
    assert "a quote is beside the point" not in refused
    assert "should not have been refused" in refused


def test_of_one_article_no_sources_are_counted() -> None:
    assert "1 article · exact quotes" in shown(answered(citations=CHINA[:1])).text
    assert "2 articles, 2 independent sources · exact quotes" in shown(answered()).text


def test_not_found_within_limits_says_what_was_searched() -> None:
    limits = Limits(scope=Scope.of(after="2024-06-01", outlets=["Pacific Ledger"]))
    page = shown(answered(citations=(), limits=limits))
    assert "Only articles from Pacific Ledger published since 1 June 2024 were searched" in page.text


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(scope=Scope.of(before="2024-06-30")), "articles published up to 30 June 2024"),
        (
            Limits(scope=Scope.of(after="2024-06-01", before="2024-06-30")),
            "articles published from 1 June 2024 to 30 June 2024",
        ),
        (Limits(scope=Scope(outlets=("A", "B"))), "articles from <bdi>A</bdi> and <bdi>B</bdi>"),
    ],
)
def test_limits_are_put_into_words(limits: Limits, words: str) -> None:
    assert fragment("answer.html", "limits", limits) == words
    assert f'<p class="nd-scope">Only {words}</p>' in conversation_html(
        Conversation((Stopped(question="Why?", limits=limits, evidence=()),))
    )


def test_without_limits_nothing_is_said_of_them() -> None:
    assert "Only" not in shown(Stopped(question="Why?", limits=Limits(), evidence=())).text


def test_work_in_progress_shows_its_stage_its_evidence_and_a_draft_marked_as_one() -> None:
    evidence = answer_of(CHINA).evidence
    page = shown(Asking(question="Why?", limits=Limits(), stage="writing", evidence=evidence, draft="China <b>objects"))
    assert "Writing a draft" in page.text
    assert "Found 3 passages from 2 articles" in page.text
    assert "Draft, not checked yet" in page.text
    assert "China <b>objects" in page.text
    assert page.values("aria-busy") == ["true"]


def test_a_finished_turn_is_not_busy() -> None:
    assert shown(answered()).values("aria-busy") == []


def test_a_failure_shows_its_sentence_and_a_bare_one_no_heading() -> None:
    assert "Why?" in shown(Failed(question="Why?", message="no model")).text
    assert shown(Failed(question="", message="There is no question yet.")).text == "There is no question yet."


def test_only_the_turn_that_changed_is_made_anew() -> None:
    cache: TurnCache = {}
    first, draft = answered(), Asking(question="And then?", limits=Limits(), draft="China ")
    before = conversation_html(Conversation((first, draft)), cache=cache)
    held = {number: html for number, (_, _, html) in cache.items()}
    after = conversation_html(Conversation((answered(), replace(draft, draft="China objects"))), cache=cache)
    assert cache[0][2] is held[0]
    assert cache[1][2] is not held[1]
    assert after == before.replace("China </p>", "China objects</p>")


def test_a_turn_of_another_conversation_does_not_come_out_of_the_cache() -> None:
    cache: TurnCache = {}
    conversation_html(Conversation((answered(question="Secret?"),)), cache=cache)
    page = Page(conversation_html(Conversation((answered(question="Other?"),)), cache=cache))
    assert "Secret?" not in page.text
    may_rate = conversation_html(Conversation((answered(question="Other?"),)), may_rate=True, cache=cache)
    assert "data-rate" in may_rate


def test_a_story_is_named_with_the_way_out_of_it() -> None:
    assert Page(story_html((WIRE.ref,))).text.startswith(
        "Only the story “Leaders sign treaty in Pyongyang” (1 article)"
    )
    assert story_html(()) == ""


def test_a_very_long_question_is_clipped() -> None:
    assert len(shown(Failed(question="word " * 4000, message="too long")).text) < 500


def test_the_masthead_counts_what_the_library_holds() -> None:
    page = Page(masthead_html(FakeStatus()))  # type: ignore[arg-type]
    assert page.text == "Newsdesk5 articles · 4 outlets · 1 May 2024 to 21 June 2024"
    assert Page(masthead_html(None)).text == "Newsdesk"


def test_the_welcome_offers_questions_or_says_how_to_fill_an_empty_library() -> None:
    assert Page(welcome_html(["Why <i>?"], empty=False)).values("data-ask") == ["Why <i>?"]
    assert "newsdesk ingest" in Page(welcome_html([], empty=True)).text


def test_a_hostile_article_is_only_text_in_every_turn() -> None:
    first, second, third = HOSTILE.split("\n")
    citations = (cite(1, BAD, first), cite(2, BAD, second), cite(3, BAD, third))
    evidence = answer_of(citations).evidence
    turns = (
        answered(
            question=HOSTILE,
            citations=citations,
            notice=HOSTILE,
            removed=(RemovedSentence(text=HOSTILE, reason=HOSTILE),),
        ),
        answered(question=HOSTILE, citations=(), nearest=(BAD.ref,), limits=Limits(scope=Scope(outlets=(HOSTILE,)))),
        answered(citations=citations, texts=(HOSTILE,) * 3, writer="model", model=HOSTILE, standalone_question=HOSTILE),
        Asking(question=HOSTILE, limits=Limits(), stage=HOSTILE, evidence=evidence, draft=HOSTILE),
        Stopped(question=HOSTILE, limits=Limits(), evidence=evidence),
        Failed(question=HOSTILE, message=HOSTILE),
    )
    page = shown(*turns)
    assert page.links_out == []
    assert "<script>window.hacked = 1</script>" in page.text
    Page(welcome_html([HOSTILE], empty=False))


FIELD = st.text(st.characters(), max_size=30)


@given(body=FIELD.filter(str.strip), title=FIELD, outlet=FIELD, url=FIELD, question=FIELD, draft=FIELD)
def test_nothing_that_anyone_writes_can_act(
    body: str, title: str, outlet: str, url: str, question: str, draft: str
) -> None:
    article = make_article(body, title=title, outlet=outlet, url=url, article_id="a", published="2024-06-01")
    evidence = (Evidence(passage=passage_of(article), score=1.0, rank=1, copies=(article.ref,)),)
    shown(
        Asking(
            question=question,
            limits=Limits(scope=Scope(outlets=(outlet,))),
            stage=title,
            evidence=evidence,
            draft=draft,
        ),
        Stopped(question=question, limits=Limits(), evidence=evidence),
        Failed(question=question, message=draft),
        answered(question=question or "?", citations=(), nearest=(article.ref,), notice=draft),
    ).text.encode("utf-8")
