"""Quotes that can be read alone: with what they lean on, never cut, without what belongs to the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.whole_quotes import MOST_SENTENCES, ArticleSentences
from rag.text.sentences import split_sentences
from rag.types import Span

REASONS = (
    "PORT EDEN — The harbour board has refused the treaty, the ferry union said on Monday.\n\n"
    "The second reason is money. Every lock on the canal would have to be rebuilt at the cost of the towns.\n\n"
    "A wider channel\n\n"
    "Ada Vale, who runs the pilots' guild, argued that the bank would slide. She pointed to the flood of 1998. "
    "“We lost two piers,” she said. “Nobody wants to see that again.”\n\n"
    "What happens next?\n\n"
    "“The board meets on Friday. It will vote then. It may also adjourn,” said the clerk."
)


def whole(sentence: str, text: str = REASONS) -> str | None:
    article = ArticleSentences.of(text, split_sentences(text))
    span = next(one for one in article.spans if text[one.start : one.end] == sentence)
    found = article.whole_quote(span)
    return None if found is None else text[found.start : found.end]


def test_a_sentence_that_only_announces_the_next_is_quoted_with_it() -> None:
    assert whole("The second reason is money.") == (
        "The second reason is money. Every lock on the canal would have to be rebuilt at the cost of the towns."
    )


def test_a_sentence_that_leans_back_is_quoted_with_what_it_leans_on() -> None:
    assert whole("She pointed to the flood of 1998.") == (
        "Ada Vale, who runs the pilots' guild, argued that the bank would slide. She pointed to the flood of 1998."
    )


@pytest.mark.parametrize("sentence", ["He was 85.", "Later in the evening, the flag of the yard was lowered."])
def test_an_age_or_a_time_that_leans_back_is_quoted_with_what_it_leans_on(sentence: str) -> None:
    text = f"Ivo Marn, who built the first ferry, died on Monday. {sentence} The yard closes for a day."
    assert whole(sentence, text) == f"Ivo Marn, who built the first ferry, died on Monday. {sentence}"


def test_direct_speech_without_a_speaker_is_quoted_with_who_says_it() -> None:
    quote = whole("“Nobody wants to see that again.”")
    assert quote is not None
    assert quote.startswith("Ada Vale")
    assert quote.endswith("“Nobody wants to see that again.”")


@pytest.mark.parametrize(
    "sentence", ["“The board meets on Friday.", "It will vote then.", "It may also adjourn,” said the clerk."]
)
def test_a_quotation_over_several_sentences_is_quoted_whole(sentence: str) -> None:
    assert whole(sentence) == "“The board meets on Friday. It will vote then. It may also adjourn,” said the clerk."


def test_a_dateline_is_left_off() -> None:
    quote = whole("PORT EDEN — The harbour board has refused the treaty, the ferry union said on Monday.")
    assert quote == "The harbour board has refused the treaty, the ferry union said on Monday."


@pytest.mark.parametrize("heading", ["A wider channel", "What happens next?"])
def test_a_heading_is_never_quoted(heading: str) -> None:
    assert whole(heading) is None


def test_a_sentence_that_leans_on_a_heading_is_not_quoted() -> None:
    assert whole("It will not be rebuilt.", "The pier\n\nIt will not be rebuilt.") is None


def test_a_quotation_too_long_to_be_quoted_whole_is_not_cut() -> None:
    speech = "“" + " ".join(f"We shall close lock {number} for good." for number in range(1, 9)) + "” Ada Vale said."
    assert whole("We shall close lock 4 for good.", speech) is None


@given(
    st.lists(
        st.sampled_from(
            [
                "Ada Vale spoke.",
                "She left.",
                "“We won.",
                "We lost,” he said.",
                "However, it rained.",
                "Why?",
                "The pier",
            ]
        ),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_a_whole_quote_is_a_run_of_whole_sentences_and_holds_the_one_asked_for(
    parts: list[str], breaks: list[bool]
) -> None:
    text = parts[0] + "".join(("\n\n" if cut else " ") + part for part, cut in zip(parts[1:], breaks, strict=False))
    article = ArticleSentences.of(text, split_sentences(text))
    for span in article.spans:
        found = article.whole_quote(span)
        if found is not None:
            assert found.start <= span.start
            assert span.end <= found.end
            assert found.start in {one.start for one in article.spans}
            assert found.end in {one.end for one in article.spans}
            assert sum(found.start <= one.start < found.end for one in article.spans) <= MOST_SENTENCES


def test_no_item_of_what_is_counted_out_reaches_into_the_next() -> None:
    items = [
        "The first is money. Every lock between the two towns would have to be rebuilt.",
        "The second is water. It is short.",
        "The third is time. Work on the canal would last nine years at the very least.",
    ]
    text = " ".join(items)
    article = ArticleSentences.of(text, split_sentences(text))
    assert [text[span.start : span.end] for span in article.items([0, 2, 4])] == items


@pytest.mark.parametrize(
    ("sentence", "are_items"),
    [
        ("The council has two reasons to refuse.", True),
        ("It is short.", True),
        ("Others left.", False),
    ],
)
def test_a_sentence_that_announces_or_belongs_to_what_is_counted_out_leads_to_all_of_it(
    sentence: str, are_items: bool
) -> None:
    items = [
        "The first is money. Every lock between the two towns would have to be rebuilt.",
        "The second is water. It is short.",
    ]
    text = "\n".join(
        [
            "The council has two reasons to refuse.",
            " ".join(items),
            "Ada Vale has lived there all her life.",
            "Others left.",
        ]
    )
    article = ArticleSentences.of(text, split_sentences(text))
    start = text.index(sentence)
    found = article.items_with(Span(start=start, end=start + len(sentence)))
    assert [text[span.start : span.end] for span in found] == (items if are_items else [])
