"""Wrong values cannot exist, and quotes are exact."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.preparing.chunking import cut_passages
from rag.public_json import answer_json
from rag.testing import make_article
from rag.types import (
    NOT_FOUND,
    Answer,
    AnswerSentence,
    ArticleRef,
    Citation,
    Evidence,
    Outcome,
    Passage,
    Provenance,
    Question,
    Span,
)
from tests.rag.makers import BRIDGE

PASSAGE = cut_passages(BRIDGE)[0]


def answer(outcome: Outcome, *, markers: tuple[int, ...], listed: tuple[int, ...]) -> Answer:
    return Answer(
        question=Question(text="When will it open?"),
        outcome=outcome,
        sentences=(AnswerSentence(text="In nine weeks.", citations=markers, support=1.0),) if markers else (),
        citations=tuple(Citation.of(PASSAGE, PASSAGE.sentences[0], marker=marker) for marker in listed),
        evidence=(),
        nearest=(),
        provenance=Provenance(writer="quotes"),
    )


def test_a_citation_is_cut_from_the_article_and_cannot_be_anything_else() -> None:
    citation = Citation.of(PASSAGE, PASSAGE.sentences[1], marker=1)
    assert citation.quote == BRIDGE.text[citation.start : citation.end]
    with pytest.raises(ValueError, match="does not fill"):
        Citation(marker=1, article=BRIDGE.ref, start=0, end=5, quote="another text")
    with pytest.raises(ValueError, match="not inside"):
        Citation.of(PASSAGE, Span(start=0, end=10_000), marker=1)


@given(st.text(alphabet="ab .!?\n\"'“”éß漢🙂", min_size=1, max_size=300))
def test_every_sentence_of_every_passage_can_be_cited_exactly(text: str) -> None:
    if not text.strip():
        return
    article = make_article(text)
    for passage in cut_passages(article):
        assert article.text[passage.start : passage.end] == passage.text
        for span in passage.sentences:
            assert Citation.of(passage, span, marker=1).quote == article.text[span.start : span.end]


def test_markers_and_citations_are_the_same_set() -> None:
    assert answer("answered", markers=(1, 2), listed=(1, 2)).text == "In nine weeks. [1][2]"
    for markers, listed in (((1,), ()), ((1,), (1, 2)), ((2,), (1,)), ((1,), (1, 1))):
        with pytest.raises(ValueError, match="differ"):
            answer("answered", markers=markers, listed=listed)


def test_an_answer_that_was_not_found_shows_no_sentence_and_says_so() -> None:
    assert answer("not_found", markers=(), listed=()).text == NOT_FOUND
    with pytest.raises(ValueError, match="outcome"):
        answer("not_found", markers=(1,), listed=(1,))
    with pytest.raises(ValueError, match="outcome"):
        answer("answered", markers=(), listed=())


def test_a_sentence_without_citation_cannot_be_shown() -> None:
    with pytest.raises(ValueError, match="citation"):
        AnswerSentence(text="It rains.", citations=(), support=1.0)
    with pytest.raises(ValueError, match="support"):
        AnswerSentence(text="It rains.", citations=(1,), support=1.1)


def test_a_date_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ArticleRef(id="a", published=datetime(2024, 1, 1))


def test_a_passage_holds_its_text_and_its_sentences() -> None:
    with pytest.raises(ValueError, match="does not fill"):
        Passage(article=BRIDGE.ref, position=0, start=0, end=4, text="ab", sentences=(Span(start=0, end=2),))
    with pytest.raises(ValueError, match="inside"):
        Passage(article=BRIDGE.ref, position=0, start=0, end=2, text="ab", sentences=(Span(start=0, end=9),))
    with pytest.raises(ValueError, match="count from 1"):
        Evidence(passage=PASSAGE, score=1.0, rank=0)


def test_the_digest_changes_with_anything_that_a_reader_can_see() -> None:
    base = make_article("Text.", title="T", outlet="O", url="https://o.example/1", published="2024-01-01")
    others = [
        make_article("Text!", title="T", outlet="O", url="https://o.example/1", published="2024-01-01"),
        make_article("Text.", title="U", outlet="O", url="https://o.example/1", published="2024-01-01"),
        make_article("Text.", title="T", outlet="P", url="https://o.example/1", published="2024-01-01"),
        make_article("Text.", title="T", outlet="O", url="https://o.example/1", published="2024-01-02"),
    ]
    assert len({article.digest for article in [base, *others]}) == 5


def test_the_json_of_an_answer_holds_what_the_command_line_promises() -> None:
    content = answer_json(answer("answered", markers=(1,), listed=(1,)))
    assert content["outcome"] == "answered"
    assert content["sentences"][0]["citations"] == [1]
    assert set(content["citations"][0]) >= {
        "marker", "article_id", "title", "outlet", "url", "published", "date_believed", "library",
        "start", "end", "quote",
    }  # fmt: skip
    assert content["citations"][0]["published"] == "2024-05-06T09:00:00+00:00"


def test_a_zone_survives_in_the_json() -> None:
    moment = datetime(2024, 5, 6, 9, tzinfo=timezone(timedelta(hours=9)))
    article = make_article("It rains.", published=moment)
    passage = cut_passages(article)[0]
    citation = Citation.of(passage, passage.sentences[0], marker=1)
    assert citation.article.published is not None
    assert citation.article.published.isoformat() == "2024-05-06T09:00:00+09:00"
