"""What reports is told; what speaks to readers is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.storage.library import Library
from rag.summaries.reporting import is_opinion, speaks_to_readers
from rag.summaries.source_sentences import tells_something
from rag.summaries.story_quotes import headline, story_quotes
from rag.summaries.summary_types import Length, word_count
from rag.testing import make_article
from rag.text.standalone import opens_with_connective
from rag.types import Citation
from tests.rag.makers import library_with

BEFORE = make_article(
    "The harbour of Kell will be opened by Queen Ilse on 8 May. Some 400 guests are expected to come to the new quay. "
    "You can watch it from the old lighthouse.",
    title="Kell harbour opens on Wednesday",
    outlet="Kell Post",
    url="https://kell.example/before",
    published="2024-05-05T09:00:00+00:00",
)
AFTER = make_article(
    "Queen Ilse opened the harbour of Kell on Wednesday before 380 guests. The new quay took four years to build.",
    title="Queen opens Kell harbour",
    outlet="Dray Gazette",
    url="https://dray.example/after",
    published="2024-05-08T18:00:00+00:00",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [BEFORE, AFTER]) as opened:
        yield opened


@pytest.mark.parametrize(
    "said",
    [
        "We've put together a list of 15 places in the county.",
        "The deal includes shops where you can get a second meal.",
        "Our readers chose the bridge of Ostrel.",
        "The council met, and I was there from nine o'clock.",
    ],
)
def test_a_writer_who_speaks_to_readers_does_not_report(said: str) -> None:
    assert speaks_to_readers(said)


@pytest.mark.parametrize(
    "said",
    [
        "“We will rebuild it, and you will see it,” the mayor said.",
        'The mayor said "our bridge is safe" on Monday.',
        "Troops of the US crossed the Dray in World War I.",
        "Charles I crossed the Dray.",
        "The youth of Ostrel wept.",
    ],
)
def test_a_report_may_quote_who_speaks(said: str) -> None:
    assert not speaks_to_readers(said)


def test_a_story_that_has_happened_is_told_as_such(library: Library) -> None:
    told = story_quotes(library, [BEFORE.ref.id, AFTER.ref.id], length=Length(sentences=4)).quotes
    assert told[0].quote.startswith("Queen Ilse opened the harbour")
    assert not [quote for quote in told if "will be opened" in quote.quote or "You can" in quote.quote]


def test_what_is_all_that_there_is_is_told(library: Library) -> None:
    told = story_quotes(library, [BEFORE.ref.id], length=Length(sentences=1)).quotes
    assert told[0].quote.startswith("The harbour of Kell will be opened")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Council votes to close the bridge after ... - Kell Star", "Council votes to close the bridge …"),
        ("Council votes, closes old bridge …", "Council votes, closes old bridge …"),
        ("Council votes to close bridge - Kell Post", "Council votes to close bridge"),
        ("Council votes to close the old bridge. Why most ...", "Council votes to close the old bridge"),
        ("Council votes to close the old bridge. How to ...", "Council votes to close the old bridge"),
        ("Council votes to close bridge. See photos.", "Council votes to close bridge"),
        ("Council votes to close bridge. What to know - Kell Post", "Council votes to close bridge"),
    ],
)
def test_a_headline_that_was_cut_off_ends_at_a_word_that_says_something(
    title: str, shown: str, library: Library
) -> None:
    article = make_article(BEFORE.text, title=title, outlet="Kell Post")
    happened = Citation(marker=1, article=article.ref, start=0, end=11, quote=article.text[:11])
    assert headline(library, happened, [article.ref]) == shown


def test_an_entry_of_a_live_blog_and_a_link_word_open_no_quote() -> None:
    entry = "2:18 pm ET Share this update Ilse one step away from the throne of Kell, it was said."
    assert not tells_something(entry, word_count(entry))
    assert opens_with_connective("In fact, the harbour of Kell is the oldest of all.")
    assert opens_with_connective("Some other firsts are that 104 ships may come.")
    assert not opens_with_connective("Infact Bank opened in Kell.")


@pytest.mark.parametrize(
    ("title", "url", "is_one"),
    [
        ("The bridge must stay | Opinion", "https://kell.example/1", True),
        ("Opinion: The bridge must stay", "https://kell.example/1", True),
        ("The bridge must stay", "https://kell.example/story/opinion/2024/1", True),
        ("Le pont doit rester", "https://kell.example/opinions/2024/1", True),
        ("Opinion polls show a close race", "https://kell.example/1", False),
        ("Court gives its opinion on the bridge", "https://kell.example/news/opinion-of-court", False),
    ],
)
def test_an_opinion_is_known_by_what_its_outlet_calls_it(title: str, url: str, is_one: bool) -> None:
    assert is_opinion(make_article("The bridge is old.", title=title, url=url).ref) is is_one


def test_a_story_is_told_by_its_reports_and_not_by_a_column_on_it(tmp_path: Path) -> None:
    column = make_article(
        "Queen Ilse finally did the one thing that matters: The Harbour! Kell may rejoice at its new quay.",
        title="Queen opens Kell harbour, and we pay | Opinion",
        outlet="Dray Gazette",
        url="https://dray.example/column",
        published="2024-05-08T19:00:00+00:00",
    )
    with library_with(tmp_path / "library", [AFTER, column]) as library:
        found = story_quotes(library, [AFTER.ref.id, column.ref.id], length=Length(sentences=4))
        assert {quote.article.id for quote in found.quotes} == {AFTER.ref.id}
        assert headline(library, found.quotes[0], [column.ref, AFTER.ref]) == AFTER.ref.title
        assert story_quotes(library, [column.ref.id], length=Length(sentences=1)).quotes
