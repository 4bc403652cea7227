"""What is new since a moment: only that, in exact quotes, and the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import pytest

from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing_types import BriefingKeywords, BriefingRequest
from rag.summaries.changes import Changes, changes_json, changes_since, new_articles
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with, prepared

SINCE = datetime(2024, 5, 8, tzinfo=UTC)
UNTIL = datetime(2024, 5, 10, 23, tzinfo=UTC)

FIRE = "A fire at the Dray mill killed {} people on Monday, the fire service of Dray said."
OPENING = " Smoke stood over the Dray mill for hours."


def article(outlet: str, title: str, text: str, day: int) -> Article:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{title.lower().replace(' ', '-')}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-{day:02}T09:00:00+00:00")


BEFORE = article("Harbour Post", "Fire at Dray mill kills workers", FIRE.format(7) + OPENING, 6)
AFTER = article(
    "Harbour Post",
    "Dray mill fire kills more workers",
    f"{FIRE.format(11)} The owner of the Dray mill, Tom Ash, was arrested in Lindow.",
    9,
)
OTHER = article("Lindow Echo", "Port Eden wins the cup", "Port Eden beat Ostrel in the final of the county cup.", 9)
OLD = article("Lindow Echo", "Ferry to Skerry resumes", "The ferry to Skerry sails again, its owner said in Lindow.", 5)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [BEFORE, AFTER, OTHER, OLD]) as opened:
        yield opened


def changes(library: Library, **parts: Unpack[BriefingKeywords]) -> Changes:
    return changes_since(library, SINCE, request=BriefingRequest.of(**parts), until=UNTIL)


def test_new_stories_and_those_that_go_on_are_told_and_old_ones_are_not(library: Library) -> None:
    found = changes(library)
    assert {story.kind: {ref.id for ref in story.new_articles} for story in found.stories} == {
        "goes_on": {AFTER.ref.id},
        "new": {OTHER.ref.id},
    }
    assert found.considered == 2
    assert found.in_words == "Since 8 May 2024: 1 new story, 1 story that goes on."


def test_of_a_topic_only_its_new_articles_are_counted(library: Library) -> None:
    assert changes(library, topic="Dray mill fire").considered == 1
    assert changes(library, topic="county cup final").considered == 1


def test_only_what_is_new_is_quoted_and_exactly(library: Library) -> None:
    for story in changes(library).stories:
        for quote in story.told.sentences:
            stored = library.archive.article(quote.article.id)
            assert stored is not None
            assert stored.text[quote.start : quote.end] == quote.quote
            assert quote.article.believed is not None
            assert quote.article.believed >= SINCE


def test_a_figure_that_an_outlet_gives_otherwise_is_shown_with_both_quotes(library: Library) -> None:
    (story,) = [one for one in changes(library).stories if one.kind == "goes_on"]
    (pair,) = story.revised
    assert pair.values == ("7", "11")
    assert (pair.one.article.id, pair.other.article.id) == (BEFORE.ref.id, AFTER.ref.id)


def test_markers_are_used_once(library: Library) -> None:
    found = changes(library)
    markers = [quote.marker for story in found.stories for quote in story.told.sentences]
    markers += [side.marker for story in found.stories for pair in story.revised for side in (pair.one, pair.other)]
    assert len(markers) == len(set(markers))


def test_a_corrected_article_is_named_with_what_differs(library: Library) -> None:
    ref = OLD.ref
    mended = make_article(
        "The ferry to Skerry sails again, its owner said in Dray.",
        title=ref.title,
        outlet=ref.outlet,
        url=ref.url,
        published=ref.published,
        article_id=ref.id,
    )
    library.put([prepared(replace(mended, fetched=datetime(2024, 5, 9, tzinfo=UTC)))])
    found = changes(library)
    (one,) = found.corrected
    assert one.article.id == ref.id
    assert [(change.kind, change.text.endswith("Dray.")) for change in one.changes.sentences] == [
        ("removed", False),
        ("added", True),
    ]


def test_the_same_library_and_moments_give_the_same_changes(library: Library) -> None:
    assert json.dumps(changes_json(changes(library))) == json.dumps(changes_json(changes(library)))


def test_outlets_limit_what_is_told(library: Library) -> None:
    (story,) = changes(library, outlets=("Lindow Echo",)).stories
    assert {ref.id for ref in story.told.articles} == {OTHER.ref.id}


def test_where_nothing_is_new_that_is_said(library: Library) -> None:
    found = changes_since(
        library, datetime(2024, 6, 1, tzinfo=UTC), request=BriefingRequest.of(), until=datetime(2024, 6, 2, tzinfo=UTC)
    )
    assert (found.stories, found.in_words) == ((), "Since 1 June 2024: nothing new.")


def test_since_a_state_of_the_library_that_is_new_which_it_did_not_hold_however_old(library: Library) -> None:
    revision, looked = library.archive.revision(), UNTIL
    assert changes_of_state(library, looked, revision).stories == ()
    late = article("Lindow Echo", "Dray mill fire had begun in a store", FIRE.format(9) + WARNED, 7)
    library.put([prepared(replace(late, fetched=datetime(2024, 5, 11, tzinfo=UTC)))])
    (story,) = changes_of_state(library, looked, revision).stories
    assert (story.kind, [ref.id for ref in story.new_articles]) == ("goes_on", [late.ref.id])
    assert {quote.article.id for quote in story.told.sentences} == {late.ref.id}


def test_what_comes_in_while_a_reader_is_told_is_new_at_the_next_look(library: Library) -> None:
    late = replace(LATE, fetched=datetime(2024, 5, 12, 12, tzinfo=UTC))
    come = iter([[prepared(late)]])

    def put(stage: str, done: int, total: int) -> None:
        library.put(next(come, []))

    looked = datetime(2024, 5, 12, tzinfo=UTC)
    found = changes_since(library, SINCE, request=BriefingRequest.of(), until=looked, progress=put)
    assert library.archive.article(late.ref.id) is not None
    assert {ref.id for story in found.stories for ref in story.new_articles}.isdisjoint({late.ref.id})
    new = new_articles(library, looked, found.revision, Scope())
    assert [ref.id for ref in new] == [late.ref.id]


def test_of_more_than_one_look_takes_the_next_one_tells_the_rest(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.summaries.changes.MOST_NEW", 1)
    revision = library.archive.revision()
    fair = article("Saltmarsh Post", "Ostrel opens its spring fair", "Ostrel opened its spring fair on Tuesday.", 7)
    come = [replace(one, fetched=datetime(2024, 5, 11, tzinfo=UTC)) for one in (LATE, fair)]
    for one in come:
        library.put([prepared(one)])
    first = changes_of_state(library, UNTIL, revision)
    second = changes_of_state(library, first.until, first.revision)
    third = changes_of_state(library, second.until, second.revision)
    told = [{ref.id for story in found.stories for ref in story.new_articles} for found in (first, second, third)]
    assert told == [{LATE.ref.id}, {fair.ref.id}, set()]


def test_an_article_that_was_only_corrected_since_is_not_new(library: Library) -> None:
    revision = library.archive.revision()
    mended = replace(OTHER, text=OTHER.text + " 900 people watched.", fetched=datetime(2024, 5, 11, tzinfo=UTC))
    library.put([prepared(mended)])
    assert new_articles(library, UNTIL, revision, Scope()) == ()


def test_a_story_that_goes_on_stands_under_a_headline_of_what_is_new(library: Library) -> None:
    (story,) = [one for one in changes(library).stories if one.kind == "goes_on"]
    assert story.told.title == AFTER.ref.title


def test_what_a_live_page_carries_from_day_to_day_is_not_told_again(tmp_path: Path) -> None:
    filler = " ".join(f"Company {number} of Dray sent {number} pumps to the mill on Monday." for number in range(20))
    carried = "The mill was built by Ada Ash in the year 1900 and gave work to 300 people of Dray."
    first = article("Harbour Post", "Fire at Dray mill kills workers", f"{FIRE.format(7)} {filler} {carried}", 6)
    second = article("Harbour Post", "Dray mill fire kills more workers", f"{FIRE.format(11)} {filler} {carried}", 9)
    with library_with(tmp_path / "live", [first, second]) as library:
        (story,) = changes(library, sentences=30).stories
        assert {quote.quote for quote in story.told.sentences} <= {FIRE.format(11)}


LATE = article(
    "Lindow Echo", "Dray mill fire reaches the river", "The fire at the Dray mill reached the river Dray.", 7
)
WARNED = " Ana Ruiz, an inspector of Dray, had warned the owner of the mill of open flames in March."


def changes_of_state(library: Library, since: datetime, revision: int) -> Changes:
    until = datetime(2024, 5, 12, tzinfo=UTC)
    return changes_since(library, since, request=BriefingRequest.of(), until=until, revision=revision)
