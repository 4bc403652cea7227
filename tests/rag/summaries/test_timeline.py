"""Timelines: dated events in order, each once, and which date is the quote's and which the publication's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag.storage.library import Library
from rag.summaries.timeline import Event, Timeline, timeline, timeline_json
from rag.testing import make_article
from rag.types import ArticleRef, Citation
from tests.rag.makers import library_with, prepared

NOW = datetime(2024, 6, 30, tzinfo=UTC)

CLOSED = make_article(
    "The Saltmarsh bridge was closed on Monday after engineers found cracks. Nobody was hurt by it.",
    title="Saltmarsh bridge closes", outlet="Evening Mail", url="https://mail.example/1",
    published="2024-05-07T09:00:00+00:00",
)  # fmt: skip
AGAIN = make_article(
    "On Monday the Saltmarsh bridge was closed when engineers found cracks in two piers.",
    title="Cracks close bridge", outlet="Harbour Post", url="https://post.example/1",
    published="2024-05-08T09:00:00+00:00",
)  # fmt: skip
REOPENED = make_article(
    "The Saltmarsh bridge has opened again with a lower limit of weight for lorries.",
    title="Bridge opens", outlet="Harbour Post", url="https://post.example/2",
    published="2024-06-20T09:00:00+00:00",
)  # fmt: skip
OTHER = make_article(
    "Moths were seen over the old mill on Friday.",
    title="Moths", outlet="Harbour Post", url="https://post.example/3", published="2024-06-20T09:00:00+00:00",
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [CLOSED, AGAIN, REOPENED, OTHER]) as opened:
        yield opened


def test_events_stand_in_the_order_in_which_they_happened(library: Library) -> None:
    found = timeline(library, "Saltmarsh bridge", now=NOW)
    assert [(event.first, event.last) for event in found.events] == [
        (date(2024, 5, 6), date(2024, 5, 6)),
        (date(2024, 6, 20), date(2024, 6, 20)),
    ]


def test_each_event_says_where_its_date_comes_from(library: Library) -> None:
    first, second = timeline(library, "Saltmarsh bridge", now=NOW).events
    assert (first.date_source, first.date_words) == ("sentence", "Monday")
    assert (second.date_source, second.date_words) == ("publication", "")


def test_what_two_outlets_tell_is_one_event_quoted_from_the_first(library: Library) -> None:
    first = timeline(library, "Saltmarsh bridge", now=NOW).events[0]
    assert first.quote.article == CLOSED.ref
    assert first.also == (AGAIN.ref,)


def test_since_shows_only_what_nobody_had_told_before(library: Library) -> None:
    after_the_first = timeline(library, "Saltmarsh bridge", since=datetime(2024, 5, 8, tzinfo=UTC), now=NOW)
    assert [event.quote.article for event in after_the_first.events] == [REOPENED.ref]


def test_every_quote_is_the_text_of_its_article_and_has_a_marker_of_its_own(library: Library) -> None:
    found = timeline(library, "Saltmarsh bridge", now=NOW)
    assert [event.quote.marker for event in found.events] == [1, 2]
    for event in found.events:
        stored = library.archive.article(event.quote.article.id)
        assert stored is not None
        assert stored.text[event.quote.start : event.quote.end] == event.quote.quote


def test_the_limit_keeps_the_event_that_most_outlets_tell(library: Library) -> None:
    found = timeline(library, "Saltmarsh bridge", limit=1, now=NOW)
    assert [event.quote.article for event in found.events] == [CLOSED.ref]
    assert found.total == 2


def test_one_article_does_not_fill_a_short_timeline(tmp_path: Path) -> None:
    diary = make_article(
        "On Monday the Saltmarsh bridge creaked loudly. On Monday the Saltmarsh bridge lost several bolts. "
        "On Monday the Saltmarsh bridge was inspected by divers.",
        title="Diary", outlet="Evening Mail", url="https://mail.example/2", published="2024-05-07T09:00:00+00:00",
    )  # fmt: skip
    with library_with(tmp_path / "diary", [diary, REOPENED]) as library:
        found = timeline(library, "Saltmarsh bridge", limit=3, now=NOW)
    assert [event.quote.article for event in found.events] == [diary.ref, diary.ref, REOPENED.ref]


def test_a_copy_is_named_with_the_quote_and_makes_no_event_of_its_own(tmp_path: Path) -> None:
    copy = make_article(
        REOPENED.text, title="Bridge opens", outlet="Coast News", url="https://coast.example/1",
        published="2024-06-21T09:00:00+00:00",
    )  # fmt: skip
    with library_with(tmp_path / "copies", []) as library:
        library.put([prepared(REOPENED, story="opens"), prepared(copy, story="opens")])
        (event,) = timeline(library, "Saltmarsh bridge", now=NOW).events
    assert {event.quote.article, *event.quote.copies} == {REOPENED.ref, copy.ref}


def test_the_same_library_gives_the_same_timeline(library: Library) -> None:
    assert timeline(library, "Saltmarsh bridge", now=NOW) == timeline(library, "Saltmarsh bridge", now=NOW)


def test_a_topic_that_no_article_has_is_said(library: Library) -> None:
    found = timeline(library, "volcanic eruptions", now=NOW)
    assert found.events == ()
    assert found.notice == (
        "No article of this library is about “volcanic eruptions”. "
        "The newest article of this library is from 20 June 2024."
    )


def test_nothing_new_is_said_with_the_day_and_the_newest_article(library: Library) -> None:
    found = timeline(library, "Saltmarsh bridge", since=datetime(2024, 6, 25, tzinfo=UTC), now=NOW)
    assert found.notice == (
        "Nothing new about “Saltmarsh bridge” since 25 June 2024. "
        "The newest article of this library is from 20 June 2024."
    )


def test_the_json_form_holds_days_quotes_and_where_each_date_comes_from(library: Library) -> None:
    found = json.loads(json.dumps(timeline_json(timeline(library, "Saltmarsh bridge", now=NOW))))
    event = found["events"][0]
    assert (event["first"], event["last"], event["date_source"]) == ("2024-05-06", "2024-05-06", "sentence")
    assert event["quote"] == CLOSED.text[event["start"] : event["end"]]
    assert [also["outlet"] for also in event["also"]] == ["Harbour Post"]


def test_an_event_dated_by_its_sentence_must_name_the_words() -> None:
    quote = Citation(marker=1, article=ArticleRef(id="a"), start=0, end=1, quote="x")
    with pytest.raises(ValueError, match="not a dated event"):
        Event(first=date(2024, 1, 1), last=date(2024, 1, 1), date_source="sentence", date_words="", quote=quote)


def test_a_timeline_with_events_needs_no_notice() -> None:
    quote = Citation(marker=1, article=ArticleRef(id="a"), start=0, end=1, quote="x")
    day = date(2024, 1, 1)
    event = Event(first=day, last=day, date_source="publication", date_words="", quote=quote)
    assert Timeline(topic="x", since=None, events=(event,), total=1, newest=None).notice == ""


def test_outlets_that_give_another_figure_or_place_tell_another_event(tmp_path: Path) -> None:
    text = "The storm flooded {} homes in {} on Monday, the council of the county said."
    places = [("Post", "200", "Westport"), ("Mail", "350", "Westport"), ("Echo", "200", "Eastport")]
    articles = [
        make_article(
            text.format(number, place), title="Storm", outlet=outlet, url=f"https://{outlet.lower()}.example/1",
            published="2024-05-07T09:00:00+00:00",
        )
        for outlet, number, place in places
    ]  # fmt: skip
    with library_with(tmp_path / "other", articles) as opened:
        found = timeline(opened, "storm", now=NOW)
    assert len(found.events) == 3
    assert not any(event.also for event in found.events)


def test_what_was_told_before_is_not_new_however_little_it_says(tmp_path: Path) -> None:
    articles = [
        make_article(
            f"The Saltmarsh bridge opened in 1977. {more}", title=more, outlet="Post", url=f"https://post.example/{n}",
            published=f"2024-0{n}-07T09:00:00+00:00",
        )
        for n, more in ((3, "It is closed."), (5, "It is open."))
    ]  # fmt: skip
    with library_with(tmp_path / "other", articles) as opened:
        found = timeline(opened, "Saltmarsh bridge", since=datetime(2024, 5, 1, tzinfo=UTC), now=NOW)
    assert not [event for event in found.events if event.first.year == 1977]


def test_articles_without_any_date_are_named(tmp_path: Path) -> None:
    undated = make_article("The Saltmarsh bridge is closed to lorries.", title="Bridge", url="https://post.example/9")
    with library_with(tmp_path / "other", [undated]) as opened:
        found = timeline(opened, "Saltmarsh bridge", now=NOW)
    assert found.notice.startswith("1 article tells of “Saltmarsh bridge”, but no sentence of it says when")
    assert [ref.id for ref in found.about] == [undated.ref.id]
