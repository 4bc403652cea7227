"""Quotes are read once more as they would be shown: which is the best, and which come near it."""

from __future__ import annotations

from dataclasses import replace

from rag.answering.candidate import Candidate
from rag.answering.quote_reading import QuoteReader
from rag.testing import make_article
from rag.types import Evidence, Span
from tests.rag.makers import prepared
from tests.rag.scripted_reader import ScriptedReader

PIER = make_article("The pier is closed. A storm broke two of its piles. Gulls sit on it.", title="Pier closed")


def quote(sentence: int, score: float) -> Candidate:
    passage = prepared(PIER).passages[0]
    span = passage.sentences[sentence]
    evidence = Evidence(passage=passage, score=1.0, rank=1)
    return Candidate(evidence=evidence, span=span, text=passage.sentence(span), score=score, probability=score)


def figure_quote(outlet: str, number: str) -> Candidate:
    text = f"The fair drew {number} people."
    article = make_article(text, outlet=outlet, url=f"https://{outlet.lower()}.example/fair")
    passage = prepared(article).passages[0]
    start = text.index(number)
    return Candidate(
        evidence=Evidence(passage=passage, score=1.0, rank=1),
        span=passage.sentences[0],
        text=text,
        score=0.9,
        probability=0.9,
        short_answer=Span(start=start, end=start + len(number)),
        short_answer_probability=0.9,
    )


def test_the_quote_that_answers_alone_comes_before_one_that_only_stood_beside_it() -> None:
    reader = ScriptedReader({"storm": 0.9})
    ranked = QuoteReader(reader, "why is the pier closed").worth_showing([quote(0, 0.8), quote(1, 0.7)], within=1)
    assert [one.text for one in ranked] == ["A storm broke two of its piles.", "The pier is closed."]
    assert reader.asked == ["why is the pier closed"]


def test_each_quote_is_read_alone_under_its_articles_heading() -> None:
    reader = ScriptedReader({"storm": 0.9})
    QuoteReader(reader, "why").worth_showing([quote(0, 0.8), quote(1, 0.7)], within=1)
    assert [one.sentences for one in reader.read_passages] == [
        ("The pier is closed.",),
        ("A storm broke two of its piles.",),
    ]
    assert {one.title for one in reader.read_passages} == {"Pier closed"}


def test_a_quote_without_another_is_not_read_again() -> None:
    reader = ScriptedReader({})
    only = quote(0, 0.8)
    assert QuoteReader(reader, "why").worth_showing([only], within=1) == [only]
    assert reader.asked == []


def test_what_comes_not_near_the_best_is_left_out() -> None:
    reader = ScriptedReader({"storm": 0.9})
    quotes = [quote(0, 0.8), quote(1, 0.7), quote(2, 0.2)]
    ranked = QuoteReader(reader, "why").worth_showing(quotes, within=0.5)
    assert [one.text for one in ranked] == ["A storm broke two of its piles.", "The pier is closed."]


def test_another_articles_other_figure_is_told_however_the_two_are_scored() -> None:
    told, otherwise, alike = (figure_quote(outlet, n) for outlet, n in (("Mail", "40"), ("Post", "60"), ("Sun", "40")))
    quotes = [told, replace(otherwise, score=0.1), replace(alike, score=0.1)]
    ranked = QuoteReader(ScriptedReader({}), "How many people came?").worth_showing(quotes, within=0.5)
    assert [one.evidence.passage.article.outlet for one in ranked] == ["Mail", "Post"]
    assert len(QuoteReader(ScriptedReader({}), "Who came?").worth_showing(quotes, within=0.5)) == 1


def test_another_articles_quote_is_shown_only_where_it_comes_nearer_than_one_of_the_same() -> None:
    elsewhere = make_article("The pier of Marren is closed.", title="Marren", url="https://mail.example/marren")
    passage = prepared(elsewhere).passages[0]
    evidence = Evidence(passage=passage, score=1.0, rank=2)
    other = replace(quote(0, 0.6), evidence=evidence, span=passage.sentences[0], text="The pier of Marren is closed.")
    ranked = QuoteReader(ScriptedReader({}), "why").worth_showing([quote(1, 0.9), quote(0, 0.6), other], within=0.5)
    assert [one.text for one in ranked] == ["A storm broke two of its piles.", "The pier is closed."]
    near = QuoteReader(ScriptedReader({}), "why").worth_showing([quote(1, 0.9), replace(other, score=0.8)], within=0.5)
    assert len(near) == 2
