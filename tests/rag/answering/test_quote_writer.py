"""Quotes: enough, not too many, none twice, in an order that reads, with who said it and when."""

from __future__ import annotations

import pytest

from ingest.preparing.chunking import cut_passages
from rag.answering.answer_selection import select_quotes
from rag.answering.candidate import Candidate
from rag.answering.quote_writer import as_printed, attribution, in_quotation_marks, quoted
from rag.answering.sentence_reading import EvidenceReading
from rag.answering.whole_quotes import QuotableArticles
from rag.models.hashing_embedder import HashingEmbedder
from rag.question.answer_type import Form
from rag.testing import make_article
from rag.types import Article, Evidence, Passage
from tests.rag.makers import BRIDGE, STRIKE, UNDATED


def candidate(article: Article, sentence: int, probability: float) -> Candidate:
    passage = cut_passages(article)[0]
    span = passage.sentences[sentence]
    return Candidate(
        evidence=Evidence(passage=passage, score=1.0, rank=1),
        span=span,
        text=passage.sentence(span),
        score=probability,
        probability=probability,
    )


COUNTED = make_article("The mill lost 40 of its workers this week. The mill lost 50 of its workers this week.")


class Stored:
    """An archive of a few articles."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.ref.id: article for article in articles}

    def article(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        return cut_passages(self._articles[article_id])


def shown(*ranked: Candidate, limit: int = 5, answers: bool = True, form: Form = "other") -> list[float]:
    reading = EvidenceReading(ranked=ranked, confidence=0.5, answers=answers, is_sure=False, shown_within=0.4)
    articles = QuotableArticles(Stored(*(BRIDGE, STRIKE, COUNTED)))
    return [one.probability for one in select_quotes(HashingEmbedder(), reading, articles, form=form, limit=limit)]


def test_nothing_is_shown_where_the_reader_finds_no_answer() -> None:
    assert shown(candidate(BRIDGE, 0, 0.9), answers=False) == []


def test_the_best_sentence_is_shown_and_those_that_come_near_it_too() -> None:
    assert shown(candidate(BRIDGE, 0, 0.9)) == [0.9]
    assert shown(candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 1, 0.6), candidate(BRIDGE, 2, 0.4)) == [0.9, 0.6]


def test_the_limit_holds_and_no_sentence_says_the_same_again() -> None:
    ranked = (candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 0, 0.8), candidate(BRIDGE, 1, 0.7))
    assert shown(*ranked) == [0.9, 0.7]
    assert shown(*ranked, limit=1) == [0.9]


def test_a_sentence_with_another_figure_is_shown_however_alike_it_is() -> None:
    assert shown(candidate(COUNTED, 0, 0.9), candidate(COUNTED, 1, 0.8)) == [0.9, 0.8]


def test_the_best_quote_comes_first_and_the_quotes_of_its_article_stand_with_it() -> None:
    sentences, citations = quoted([candidate(STRIKE, 2, 0.9), candidate(BRIDGE, 1, 0.8), candidate(STRIKE, 0, 0.7)])
    assert [citation.article.outlet for citation in citations] == ["Harbour Post", "Harbour Post", "Evening Mail"]
    assert [citation.marker for citation in citations] == [1, 2, 3]
    assert [citation.start > 0 for citation in citations] == [True, False, True]
    assert [sentence.lead_in for sentence in sentences] == [
        "Harbour Post, 11 June 2024:",
        "",
        "Evening Mail, 6 May 2024:",
    ]


def test_what_the_reporter_tells_gets_no_marks_and_direct_speech_keeps_its_own() -> None:
    told = make_article("The pier is closed. “It is a pity,” said a baker in Port Lindow.", outlet="Evening Mail")
    sentences, _ = quoted([candidate(told, 0, 0.9), candidate(told, 1, 0.8)])
    assert [sentence.text for sentence in sentences] == [
        "The pier is closed.",
        "“It is a pity,” said a baker in Port Lindow.",
    ]


def test_a_quote_is_led_in_by_who_says_it_in_the_article_s_words() -> None:
    told = make_article("“It is a pity,” said a baker in Port Lindow. Nobody else spoke.", outlet="Evening Mail")
    sentences, _ = quoted([candidate(told, 0, 0.9), candidate(told, 1, 0.8)])
    assert [(sentence.speaker, sentence.lead_in) for sentence in sentences] == [
        ("a baker in Port Lindow", "A baker in Port Lindow, in Evening Mail:"),
        ("", ""),
    ]


def test_who_opens_the_quote_is_not_named_twice() -> None:
    told = make_article("The mayor said that the pier is closed.", outlet="Evening Mail")
    (sentence,), _ = quoted([candidate(told, 0, 0.9)])
    assert (sentence.speaker, sentence.lead_in) == ("The mayor", "Evening Mail:")


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ("“We won.\n\nWe lost.", "“We won. We lost.”"),
        ("We lost,” she said.", "“We lost,” she said."),
        ('The "deal" is off.', 'The "deal" is off.'),
    ],
)
def test_a_quotation_is_closed_where_it_was_left_open_and_opened_where_it_began_before(
    quote: str, printed: str
) -> None:
    assert as_printed(quote) == printed


def test_attribution_says_what_is_known() -> None:
    assert attribution(UNDATED.ref) == ""
    assert attribution(make_article("It rains.", outlet="Mail").ref) == "Mail:"


def test_a_quote_with_its_own_marks_gets_no_second_pair() -> None:
    assert in_quotation_marks("“Yes,” she said.") == "“Yes,” she said."
    assert in_quotation_marks("She said “yes”.") == "She said “yes”."
    assert in_quotation_marks("She said yes.") == "“She said yes.”"
