"""Summaries over small libraries: exact quotes, length kept, sentences that stand alone, a model's prose checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.language_models import FakeListChatModel

from ingest.preparing.chunking import cut_passages
from rag.errors import LibraryError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.library import Library
from rag.summaries.extractive import Weights, select_summary
from rag.summaries.request import SummaryRequest, summary_of
from rag.summaries.source_sentences import source_sentences, tells_something
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length, Summary, summary_json, word_count
from rag.testing import make_article
from rag.text.standalone import needs_before
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, library_with, prepared

LONG = make_article(
    "Mayor Ana Ruiz reopened the Saltmarsh bridge on Friday after nine weeks of repairs. "
    "She thanked the crews. However, the toll rises to four dollars in July. "
    "Drivers from Port Lindow protested against the toll at the town hall. "
    "“It is a tax on work,” said the union's Piet Marsh. Read more: the ten best bridges of the coast. "
    "The state paid 12 million dollars for the new piers. Engineers will inspect the piers every year from now on. "
    "The bridge carries 9,000 cars a day between Saltmarsh and Port Lindow.",
    title="Bridge open again",
    outlet="Harbour Post",
    url="https://harbour-post.example/open",
    published="2024-07-12T09:00:00+00:00",
)
NOW = LONG.fetched


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_with(tmp_path_factory.mktemp("summaries"), [BRIDGE, STRIKE, UNDATED, LONG]) as opened:
        yield opened


def assert_exact(library: Library, summary: Summary) -> None:
    for quote in summary.citations:
        article = library.archive.article(quote.article.id)
        assert article is not None
        assert article.text[quote.start : quote.end] == quote.quote


@given(
    names=st.lists(st.sampled_from([BRIDGE, STRIKE, UNDATED, LONG]), min_size=1, max_size=4),
    length=st.one_of(
        st.builds(Length, sentences=st.integers(1, 9)),
        st.builds(Length, words=st.integers(1, 150)),
    ),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_summary_is_never_longer_than_asked_for_and_quotes_exactly(
    library: Library, names: list[object], length: Length
) -> None:
    summary = summarise(library, [article.ref.id for article in names], length=length)  # type: ignore[attr-defined]
    texts = [sentence.text for sentence in summary.sentences]
    assert len(texts) <= (length.sentences or len(texts))
    assert sum(map(word_count, texts)) <= (length.words or 10_000)
    assert all(text.strip("“”") in quote.quote for text, quote in zip(texts, summary.citations, strict=True))
    assert_exact(library, summary)


def test_several_articles_are_told_by_date_and_each_in_its_own_order(library: Library) -> None:
    summary = summarise(library, [UNDATED.ref.id, LONG.ref.id, BRIDGE.ref.id], length=Length(sentences=8))
    places = [(quote.article.id, quote.start) for quote in summary.citations]
    order = [BRIDGE.ref.id, LONG.ref.id, UNDATED.ref.id]
    assert places == sorted(places, key=lambda place: (order.index(place[0]), place[1]))
    assert [ref.id for ref in summary.articles] == order
    dated = [sentence.lead_in for sentence in summary.sentences if "2024:" in sentence.lead_in]
    assert len(dated) == 2


def test_the_same_request_gives_the_same_summary(library: Library) -> None:
    first, second = (summarise(library, [LONG.ref.id], length=Length(words=40)) for _ in range(2))
    assert (first.sentences, first.citations) == (second.sentences, second.citations)


def test_what_is_asked_about_is_preferred(library: Library) -> None:
    summary = summarise(library, [LONG.ref.id], length=Length(sentences=1), about="what the state paid for the piers")
    assert summary.citations[0].quote.startswith("The state paid 12 million dollars")


def test_wire_copies_are_read_once_and_named(tmp_path: Path) -> None:
    text = "The ferry Aurora sank off Port Lindow on Monday. All forty passengers were saved by fishing boats nearby."
    first = make_article(text, outlet="Evening Mail", url="https://a.example/1", published="2024-05-06")
    copy = make_article(text, outlet="Harbour Post", url="https://b.example/1", published="2024-05-07")
    with library_with(tmp_path, []) as opened:
        opened.put([prepared(first, story="aurora"), prepared(copy, story="aurora")])
        summary = summarise(opened, [copy.ref.id, first.ref.id], length=Length(sentences=9))
        assert summary.read == 1
        assert {quote.article.id for quote in summary.citations} == {first.ref.id}
        assert {ref.id for quote in summary.citations for ref in quote.copies} == {copy.ref.id}


@pytest.mark.parametrize(
    "text",
    [
        "He left the town before the vote was held.",
        "However, the toll rises to four dollars in July.",
        "“We will rebuild the whole bridge,” she said on Friday.",
        "In the end they paid for it themselves.",
        "It was the third time in two years.",
        "Eight months later, she sold the company.",
        "Yesterday he resigned from the board.",
    ],
)
def test_a_sentence_that_points_back_needs_the_one_before(text: str) -> None:
    assert needs_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz said that she would rebuild the bridge.",
        "“We will rebuild the whole bridge,” said Ana Ruiz, the mayor.",
        "This week the council votes on the toll.",
        "The bridge carries 9,000 cars a day.",
    ],
)
def test_a_sentence_that_names_its_own_stands_alone(text: str) -> None:
    assert not needs_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Read more: the ten best bridges of the coast.",
        "What changes for drivers now",
        "Who will pay for all of this in the end?",
        "Photo by Lena Marsh for the Harbour Post.",
        "Write to us at desk@harbour-post.example with your views.",
        "Yes, it will.",
    ],
)
def test_headings_questions_credits_and_links_are_never_chosen(text: str) -> None:
    assert not tells_something(text, word_count(text))


def test_a_dateline_is_left_off_and_an_aside_in_parentheses_is_never_chosen() -> None:
    article = make_article(
        "PORT EDEN, July 9 — The ferry to Lindow sank in the harbour on Tuesday. (The older ferry was sold last year.)"
    )
    (found,) = source_sentences(cut_passages(article), most=9)
    assert found.text == "The ferry to Lindow sank in the harbour on Tuesday."
    assert article.text[found.span.start : found.span.end] == found.text


def test_a_third_party_that_the_article_speaks_of_again_is_named() -> None:
    text = (
        "President Orlov of Norland opened the new dam at Kell on Monday. "
        "Orlov praised the engineers of Norland who built the dam at Kell. "
        "The dam at Kell gives Norland power for two million homes, Orlov said. "
        "Farmers in Sudria fear that the dam will take their water. "
        "The dam at Kell took Norland nine years, and Orlov called it a triumph. "
        "The court in Sudria will hear their case in May. "
        "Norland has planned further dams near Kell, Orlov told reporters."
    )
    (article,) = [prepared(make_article(text))]
    sentences = source_sentences(article.passages, most=60)
    # To the vectors all sentences are alike.
    vectors = np.sqrt(0.5) * np.concatenate([np.ones((len(sentences), 1)), np.eye(len(sentences))], axis=1)
    alike = vectors.astype(np.float32)
    found = select_summary([sentences], alike, length=Length(sentences=2))
    assert [sentence.position for sentence in found] == [0, 3]
    plain = select_summary([sentences], alike, length=Length(sentences=2), weights=Weights(names=0.0))
    assert [sentence.position for sentence in plain] == [0, 1]


def test_a_sentence_that_needs_another_comes_only_with_it(library: Library) -> None:
    sentences = source_sentences(library.archive.passages(LONG.ref.id), most=60)
    vectors = HashingEmbedder().embed_passages([sentence.text for sentence in sentences])
    for count in range(1, 9):
        positions = {one.position for one in select_summary([sentences], vectors, length=Length(sentences=count))}
        leaning = [one.position for one in sentences if one.needs_before and one.position in positions]
        assert all(position - 1 in positions for position in leaning)


def test_a_length_is_sentences_or_words_and_at_least_one() -> None:
    with pytest.raises(ValueError, match="exactly one of the two"):
        Length()
    with pytest.raises(ValueError, match="exactly one of the two"):
        Length(sentences=3, words=100)
    with pytest.raises(ValueError, match="at least 1"):
        Length(words=0)


def test_what_cannot_be_summarised_is_refused_with_the_next_step(library: Library) -> None:
    with pytest.raises(LibraryError, match=r"no article 'gone'.*newsdesk articles"):
        summarise(library, ["gone"], length=Length(sentences=3))
    with pytest.raises(UsageError, match="name an article, --story, --about or a period"):
        SummaryRequest.of()
    with pytest.raises(UsageError, match="not both"):
        SummaryRequest.of(["a"], story="b")
    with pytest.raises(UsageError, match="leave them out"):
        SummaryRequest.of(["a"], outlets=("Harbour Post",))


def test_a_topic_and_a_period_find_their_articles(library: Library) -> None:
    topic = summary_of(library, SummaryRequest.of(about="ferry crews strike pay"), now=NOW)
    assert [ref.id for ref in topic.articles] == [STRIKE.ref.id]
    period = summary_of(library, SummaryRequest.of(published_after=LONG.ref.published), now=NOW)
    assert [ref.id for ref in period.articles] == [LONG.ref.id]


def test_a_story_is_what_several_outlets_tell_of_one_event(tmp_path: Path) -> None:
    told = "A landslide buried part of the village of Ostrel on Monday after a week of rain."
    one = make_article(told, title="Landslide in Ostrel", outlet="A", url="https://a.example/1", published="2024-05-06")
    two = make_article(
        f"{told} Twelve people are missing in Ostrel.",
        title="Landslide in Ostrel", outlet="B", url="https://b.example/1", published="2024-05-07",
    )  # fmt: skip
    with library_with(tmp_path, [one, two, STRIKE]) as opened:
        summary = summary_of(opened, SummaryRequest.of(story=one.ref.id), now=NOW)
    assert summary.read == 2
    assert summary.title == "Landslide in Ostrel"


def test_a_models_unsupported_sentence_is_removed_and_the_rest_is_cited(library: Library) -> None:
    draft = "The state paid 12 million dollars for the new piers [1]. The bridge will be blue [1]."
    model = FakeListChatModel(responses=[draft])
    summary = summarise(library, [LONG.ref.id], length=Length(sentences=3), model=model)
    assert summary.provenance.writer == "model"
    assert [sentence.text for sentence in summary.sentences] == ["The state paid 12 million dollars for the new piers."]
    assert [removal.text for removal in summary.provenance.removed] == ["The bridge will be blue."]
    assert set(summary.provenance.prompts) == {"summary", "summary_evidence"}
    assert_exact(library, summary)


def test_a_model_that_invents_everything_is_replaced_by_quotes(library: Library) -> None:
    model = FakeListChatModel(responses=["Whales are large [1]."])
    summary = summarise(library, [LONG.ref.id], length=Length(sentences=3), model=model)
    assert summary.provenance.writer == "quotes"
    assert len(summary.sentences) == 3
    assert "not supported" in summary.provenance.notice


def test_a_models_summary_keeps_the_length(library: Library) -> None:
    draft = (
        "The state paid 12 million dollars for the new piers [1]. "
        "The bridge carries 9,000 cars a day between Saltmarsh and Port Lindow [2]."
    )
    model = FakeListChatModel(responses=[draft])
    summary = summarise(library, [LONG.ref.id], length=Length(words=15), model=model)
    assert sum(word_count(sentence.text) for sentence in summary.sentences) <= 15
    assert summary.sentences


def test_what_does_not_fit_one_prompt_is_condensed_in_groups_and_still_cited(library: Library) -> None:
    class Small(FakeListChatModel):
        evidence_characters: int = 420

    model = Small(responses=["The state paid 12 million dollars for the new piers [1]."] * 20)
    summary = summarise(library, [LONG.ref.id, BRIDGE.ref.id], length=Length(sentences=3), model=model)
    assert model.i > 2  # asked for each group, and for the whole
    assert [quote.quote for quote in summary.citations] == ["The state paid 12 million dollars for the new piers."]
    assert_exact(library, summary)


def test_json_holds_every_quote_with_its_place(library: Library) -> None:
    found = summary_json(summarise(library, [LONG.ref.id], length=Length(sentences=2)))
    assert [citation["marker"] for citation in found["citations"]] == [1, 2]
    assert all(LONG.text[c["start"] : c["end"]] == c["quote"] for c in found["citations"])
    assert found["length"] == {"sentences": 2, "words": None}


def test_nothing_that_fits_is_said_and_not_an_error(library: Library) -> None:
    summary = summarise(library, [LONG.ref.id], length=Length(words=2))
    assert summary.sentences == ()
    assert "ask for a longer summary" in summary.provenance.notice
