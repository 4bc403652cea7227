"""Nothing that anybody writes can act, whatever view shows it and in whatever form it is taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from ingest.preparing.chunking import cut_passages
from rag.scope import Scope
from rag.testing import make_article
from rag.types import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Evidence,
    Provenance,
    Question,
    RemovedSentence,
)
from tests.web.hostile import HOSTILE_TEXTS
from tests.web.inert import Page
from web.answer_markdown import answer_markdown
from web.page.conversation import Answered, Conversation, Failed, Limits, Opened
from web.page.html.article import article_html, problem_html
from web.page.html.conversation import conversation_html
from web.page.html.library import library_html
from web.page.html.quality import quality_html
from web.page.library.listing import Entry, Listing
from web.page.quality_runs import Run


def article_of(text: str) -> Article:
    made = make_article(f"Before. {text}\nAfter.", title=text, outlet=text)
    return replace(made, ref=replace(made.ref, url=f"javascript:{text[:20]}"), authors=(text,))


def turn_of(text: str, *, found: bool = True) -> Answered:
    article = article_of(text)
    (passage, *_) = cut_passages(article)
    quote = Citation.of(passage, passage.sentences[0], marker=1, copies=(article.ref,))
    sentence = AnswerSentence(text=f"So it is: {text}", citations=(1,), support=1.0, lead_in=text)
    made = Provenance(
        writer="model",
        model=text,
        notice=text,
        standalone_question=text,
        removed=(RemovedSentence(text=text, reason=text),),
    )
    answer = Answer(
        question=Question(text=text),
        outcome="partly" if found else "not_found",
        sentences=(sentence,) if found else (),
        citations=(quote,) if found else (),
        evidence=(Evidence(passage=passage, score=1.0, rank=1),),
        nearest=() if found else (article.ref,),
        doubt=text if found else "",
        missing=(text,) if found else (),
        disputed=((1, 1),) if found else (),
        related=() if found else (quote,),
        provenance=made,
    )
    return Answered(question=text, limits=Limits(scope=Scope(outlets=(text,))), answer=answer, seconds=0.1, scope=text)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_view_lets_it_act(text: str) -> None:
    article = article_of(text)
    turns = (turn_of(text), turn_of(text, found=False), Failed(question=text, message=text))
    for may_rate in (True, False):
        Page(conversation_html(Conversation(turns), may_rate=may_rate))
    Page(article_html(article, Opened(article=article.ref, copies=(article.ref,)), reference=text))
    Page(problem_html(text))
    listing = Listing(
        entries=(Entry(ref=article.ref, copies=(article.ref,), corrections=2),),
        total=120,
        page=1,
        months=((text, 3), ("Feb 2024", 1)),
        outlets=((text, 3),),
    )
    Page(library_html(listing, editing=True))
    value = {"value": 0.5, "low": 0.4, "high": 0.6}
    run = Run(set=text, created=datetime(2024, 5, 1, tzinfo=UTC), metrics={text: value}, model=text, commit=text)
    Page(quality_html([run, run], {text: {text: 0.4}}, folder=None))


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_an_answer_taken_away_as_markdown_renders_to_plain_text(text: str) -> None:
    for turn in (turn_of(text), turn_of(text, found=False)):
        html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(answer_markdown(turn.answer))
        assert re.findall(r"<(?!/?(?:p|em|br|ul|li)\b)[^>]*>", html) == []
