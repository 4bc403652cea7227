"""What an answer begins with: nothing that its quotes do not say."""

from __future__ import annotations

import pytest

from ingest.preparing.chunking import cut_passages
from rag.answering.candidate import Candidate
from rag.answering.lead import ShownQuote, lead_of
from rag.answering.short_answers import short_answer
from rag.question.answer_type import AnswerType
from rag.testing import make_article
from rag.types import Article, Evidence, Span

MAIL = make_article(
    "The flood killed 31 people, the mayor said.",
    outlet="Evening Mail",
    published="2024-05-06T09:00:00+00:00",
    url="https://mail.example/1",
)
POST = make_article(
    "More than 40 people died in the flood.", outlet="Harbour Post", published="2024-05-07T09:00:00+00:00", url="https://post.example/1"
)  # fmt: skip
OTHER_FLOOD = make_article(
    "A flood killed 8 people last year.",
    outlet="Evening Mail",
    published="2024-05-06T09:00:00+00:00",
    url="https://mail.example/3",
)
COPY = make_article("The flood killed 31 people, a nurse said.", outlet="Harbour Post", url="https://post.example/2")


def shown(article: Article, marker: int, words: str = "", *, sure: float = 0.9) -> ShownQuote:
    passage = cut_passages(article)[0]
    start = article.text.find(words)
    candidate = Candidate(
        evidence=Evidence(passage=passage, score=1.0, rank=1),
        span=Span(start=0, end=len(article.text)),
        text=article.text,
        score=1.0,
        probability=0.9,
        short_answer=Span(start=start, end=start + len(words)) if words else None,
        short_answer_probability=sure,
    )
    return ShownQuote(candidate, candidate.citation(marker))


def text_of(question: str, *quotes: ShownQuote, is_sure: bool = True, counted_out: bool = False) -> str:
    lead = lead_of(question, quotes, is_sure=is_sure, counted_out=counted_out)
    return lead.text if lead else ""


def test_a_short_answer_comes_first_where_the_reader_is_sure_of_it() -> None:
    assert text_of("How many people died in the flood?", shown(MAIL, 1, "31")) == "31 people"
    assert text_of("How many people died in the flood?", shown(MAIL, 1, "31", sure=0.01)) == ""
    assert text_of("How many people died in the flood?", shown(MAIL, 1, "31"), is_sure=False) == ""


@pytest.mark.parametrize(
    ("told", "words", "lead"),
    [
        ("The ferry sank on Sunday.", "Sunday", "Sunday (5 May 2024)"),
        ("The ferry will sail again on Friday.", "Friday", "Friday (10 May 2024)"),
        ("The ferry sank at noon, said a clerk.", "noon", "Noon (told on 6 May 2024)"),
        ("The ferry sank on 5 May 2024.", "5 May 2024", "5 May 2024"),
    ],
)
def test_a_weekday_is_told_with_the_day_that_it_means(told: str, words: str, lead: str) -> None:
    article = make_article(told, published="2024-05-06T09:00:00+00:00", url="https://mail.example/when")
    assert text_of("When does it sail or sink?", shown(article, 1, words)) == lead


def test_figures_on_which_outlets_differ_stand_side_by_side_with_who_says_which() -> None:
    lead = lead_of("How many people died?", [shown(MAIL, 1, "31"), shown(POST, 2, "40")], is_sure=False)
    assert lead is not None
    assert (lead.kind, lead.citations) == ("figures", (1, 2))
    assert lead.text == (
        "The figures differ: 31 people (Evening Mail, 6 May 2024); More than 40 people (Harbour Post, 7 May 2024)"
    )


def test_the_same_figure_of_two_outlets_is_no_difference() -> None:
    assert text_of("How many people died?", shown(MAIL, 1, "31"), shown(COPY, 2, "31")) == "31 people"


def test_no_short_answer_where_a_second_quote_may_give_another() -> None:
    quotes = (shown(MAIL, 1, "31"), shown(OTHER_FLOOD, 2, "8"))
    assert text_of("How many people died in the flood?", *quotes) == ""


@pytest.mark.parametrize(
    ("question", "told", "lead"),
    [
        (
            "Was anybody hurt in the flood?",
            "No one was hurt, the mayor said.",
            "No, according to Evening Mail, 6 May 2024",
        ),
        ("did the dam hold", "The dam did not hold, the mayor said.", "No, according to Evening Mail, 6 May 2024"),
        ("Did the dam hold?", "The dam held, the mayor said.", ""),
        ("Did the dam hold?", "The dam held the water and not the mud.", ""),
        ("Did Ana Ruiz win?", "Ana Ruiz took a third, and no mayor before has won with less.", ""),
        ("Were any boats found?", "No boats were found, the mayor said.", "No, according to Evening Mail, 6 May 2024"),
        ("Did the dam not hold?", "The dam did not hold, the mayor said.", ""),
        ("Why did the dam break?", "The dam did not break, the mayor said.", ""),
    ],
)
def test_what_a_quote_denies_is_answered_with_no_and_who_says_it(question: str, told: str, lead: str) -> None:
    article = make_article(
        told, outlet="Evening Mail", published="2024-05-06T09:00:00+00:00", url="https://mail.example/no"
    )
    assert text_of(question, shown(article, 1)) == lead
    assert text_of(question, shown(article, 1), is_sure=False) == ""


def test_no_is_not_said_where_a_second_quote_does_not_deny_it() -> None:
    denial = make_article("The dam did not hold, the mayor said.", url="https://mail.example/no")
    other = make_article("The dam may hold until Friday.", url="https://post.example/may")
    assert text_of("Did the dam hold?", shown(denial, 1), shown(other, 2)) == ""


def test_reasons_are_counted_only_where_an_article_counts_them_out() -> None:
    quotes = (shown(MAIL, 1), shown(POST, 2))
    assert text_of("Why did the dam break?", *quotes, counted_out=True) == "Two outlets give two reasons:"
    assert text_of("Why did the dam break?", *quotes) == "Two outlets explain in two quotes:"
    assert text_of("Why did the dam break?", shown(MAIL, 1)) == ""


def test_ways_and_lists_are_counted_as_quotes_and_one_alone_is_not() -> None:
    assert text_of("How did the dam break?", shown(MAIL, 1)) == ""
    assert text_of("Which towns were flooded?", shown(MAIL, 1), shown(POST, 2)) == "Two outlets answer in two quotes:"


@pytest.mark.parametrize(
    ("kind", "quote", "pointed_at", "answer"),
    [
        ("number", "About 1,301 people had died.", "301", "About 1,301 people"),
        ("when", "On March 18, 1965, she left the ship.", "1965", "March 18, 1965"),
        ("when", "It opens on 2 August, the mayor said.", "August", "2 August"),
        ("number", "It brought home 1,935.3 grams of sand.", "935", "1,935.3 grams"),
        ("number", "658 sailors died, and 630 were lost.", "658 sailors died, and 630", ""),
        ("who", "Prime Minister Narida Vale won.", "Narida", "Prime Minister Narida Vale"),
        ("who", "In the end he won.", "end he", ""),
        ("when", "The ferry sank on 3 May.", "3 May", "3 May"),
        ("when", "The ferry sank near the pier.", "near the pier", ""),
        ("where", "It came down in Siziwang Banner, far away.", "Siziwang", "Siziwang Banner"),
    ],
)
def test_a_short_answer_is_made_whole_and_is_of_the_kind_asked_for(
    kind: AnswerType, quote: str, pointed_at: str, answer: str
) -> None:
    start = quote.index(pointed_at)
    assert short_answer(kind, quote, start, start + len(pointed_at), MAIL.ref.published) == answer
