"""Briefings: stories once, cited exactly, ranked by sources, with what is disputed; honest where there is nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import pytest

from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import Briefing, BriefingKeywords, BriefingRequest, BriefingStory, briefing_json
from rag.summaries.story_texts import Progress
from rag.testing import make_article
from rag.types import Article, ArticleRef
from tests.rag.makers import library_with, prepared

NOW = datetime(2024, 5, 8, 12, tzinfo=UTC)


def article(outlet: str, title: str, text: str, day: int = 6) -> Article:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{title.lower().replace(' ', '-')}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-0{day}T09:00:00+00:00")


SLIDE = "A landslide in the village of Ostrel killed {} people on Monday, the fire service said. {}"
FIRST = article("Harbour Post", "Ostrel landslide kills villagers", SLIDE.format(12, "Rain had fallen for a week."))
SECOND = article("Evening Mail", "Landslide kills villagers in Ostrel", SLIDE.format(15, "The road is closed."))
CUP = article(
    "Lindow Echo", "Lindow wins the cup", "Lindow beat Dray in the final of the county cup on Tuesday.", day=7
)
WIRE = article("North Wire", "Mill strike ends", "The strike at the Dray mill ended after nine weeks on Sunday.", day=5)
COPY = article("Coast News", "Mill strike ends", "The strike at the Dray mill ended after nine weeks on Sunday.", day=5)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [FIRST, SECOND, CUP]) as opened:
        opened.put([prepared(WIRE, story="mill"), prepared(COPY, story="mill")])
        yield opened


def brief(library: Library, *, progress: Progress | None = None, **parts: Unpack[BriefingKeywords]) -> Briefing:
    return build_briefing(library, BriefingRequest.of(**parts), now=NOW, progress=progress)


def ids(story: BriefingStory) -> set[str]:
    return {ref.id for ref in story.articles}


def story_of(briefing: Briefing, article: Article) -> BriefingStory:
    return next(story for story in briefing.stories if article.ref.id in ids(story))


def test_articles_of_one_event_are_one_story_and_the_one_with_most_sources_stands_first(library: Library) -> None:
    found = brief(library)
    assert ids(found.stories[0]) == {FIRST.ref.id, SECOND.ref.id}
    assert found.stories[0].sources == 2
    assert (found.total, found.considered) == (3, 5)


def test_wire_copies_are_one_source_and_all_outlets_are_named(library: Library) -> None:
    story = story_of(brief(library), WIRE)
    assert (story.sources, story.outlets) == (1, ("Coast News", "North Wire"))
    assert len(story.sentences) == 1
    assert [copy.outlet for copy in story.sentences[0].copies] in (["North Wire"], ["Coast News"])


def test_every_quote_is_the_text_of_its_article_and_markers_count_from_one(library: Library) -> None:
    found = brief(library)
    assert [quote.marker for quote in found.citations] == list(range(1, len(found.citations) + 1))
    for quote in found.citations:
        stored = library.archive.article(quote.article.id)
        assert stored is not None
        assert stored.text[quote.start : quote.end] == quote.quote


def test_what_outlets_dispute_stands_side_by_side(library: Library) -> None:
    (pair,) = story_of(brief(library), FIRST).disputed
    assert {value: side.article.outlet for value, side in zip(pair.values, (pair.one, pair.other), strict=True)} == {
        "12": "Harbour Post",
        "15": "Evening Mail",
    }


def test_no_article_stands_in_two_stories(library: Library) -> None:
    shown = [ref.id for story in brief(library).stories for ref in story.articles]
    assert len(shown) == len(set(shown)) == 5


def test_the_same_library_gives_the_same_briefing(library: Library) -> None:
    assert brief(library) == brief(library)


def test_a_period_and_an_outlet_limit_what_is_told(library: Library) -> None:
    since = brief(library, published_after=datetime(2024, 5, 7, tzinfo=UTC))
    assert [ids(story) for story in since.stories] == [{CUP.ref.id}]
    one = brief(library, outlets=("Harbour Post",))
    assert [ids(story) for story in one.stories] == [{FIRST.ref.id}]


def test_a_topic_leaves_other_stories_out(library: Library) -> None:
    found = brief(library, topic="landslide in Ostrel")
    assert ids(found.stories[0]) == {FIRST.ref.id, SECOND.ref.id}
    assert all(WIRE.ref.id not in ids(story) for story in found.stories)


def test_stories_and_sentences_are_at_most_as_many_as_asked_for(library: Library) -> None:
    found = brief(library, stories=2, sentences=1)
    assert [len(story.sentences) for story in found.stories] == [1, 1]
    assert found.total == 3


def test_an_empty_period_is_said_with_the_dates_of_the_library_and_the_nearest_articles(library: Library) -> None:
    after, before = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 6, 8, tzinfo=UTC)
    found = brief(library, published_after=after, published_before=before)
    assert found.stories == ()
    assert found.notice == (
        "No article was published from 1 June 2024 to 8 June 2024. "
        "The articles of this library are from 5 May 2024 to 7 May 2024."
    )
    assert found.nearest == (CUP.ref,)


def test_a_topic_that_no_article_has_is_said(library: Library) -> None:
    found = brief(library, topic="volcanic eruptions worldwide")
    assert found.stories == ()
    assert found.notice.startswith("No article about “volcanic eruptions worldwide” was found.")


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    with library_with(tmp_path / "empty", []) as empty:
        assert brief(empty).notice == "No article was found. No article of this library has a date."


def test_progress_is_told_to_its_end(library: Library) -> None:
    told: list[tuple[str, int, int]] = []
    brief(library, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert ("reading", 4, 4) in told
    assert told[-1] == ("telling", 3, 3)


def test_the_json_form_holds_every_quote_with_its_place(library: Library) -> None:
    found = json.loads(json.dumps(briefing_json(brief(library))))
    first = found["stories"][0]
    assert (first["sources"], first["outlets"]) == (2, ["Evening Mail", "Harbour Post"])
    assert {"marker", "start", "end", "quote", "outlet", "published", "url", "copies"} <= set(first["sentences"][0])
    assert sorted(side["value"] for side in first["disputed"][0]["sides"]) == ["12", "15"]


def test_a_story_of_which_no_sentence_stands_alone_is_told_by_its_first_words(tmp_path: Path) -> None:
    notice = article("Lindow Echo", "Weather", "Fog until noon")
    with library_with(tmp_path / "notice", [notice]) as library:
        (story,) = brief(library).stories
    assert [quote.quote for quote in story.sentences] == ["Fog until noon"]


def test_the_nearest_articles_lie_on_both_sides_of_an_empty_period(library: Library) -> None:
    noon = datetime(2024, 5, 6, 12, tzinfo=UTC)
    found = brief(library, published_after=noon, published_before=noon.replace(hour=13))
    assert [ref.published for ref in found.nearest] == [FIRST.ref.published, CUP.ref.published]


def test_a_briefing_with_one_article_in_two_stories_cannot_exist(library: Library) -> None:
    story = brief(library).stories[0]
    with pytest.raises(ValueError, match="two stories"):
        Briefing(
            topic="", scope=Scope(), stories=(story, story),
            considered=2, total=2, first=None, last=None,
        )  # fmt: skip


def test_a_story_without_a_quote_cannot_exist() -> None:
    with pytest.raises(ValueError, match="cited sentence"):
        BriefingStory(title="", articles=(ArticleRef(id="a"),), sources=1, sentences=())


def test_a_gist_is_the_beginning_of_the_first_quote(library: Library) -> None:
    for story in brief(library).stories:
        first = story.sentences[0]
        assert first.quote.startswith(story.gist.quote)
        assert (story.gist.start, story.gist.marker) == (first.start, first.marker)


def test_the_first_story_may_have_more_quotes_than_the_others(library: Library) -> None:
    found = brief(library, sentences=1, lead_sentences=2)
    assert [len(story.sentences) for story in found.stories] == [2, 1, 1]


def test_what_the_reader_was_told_is_not_told_again(library: Library) -> None:
    told = [quote.quote for quote in story_of(brief(library), CUP).sentences]
    assert all(CUP.ref.id not in ids(story) for story in brief(library, told=told).stories)


def test_a_story_is_headed_by_a_whole_title_that_says_something(library: Library) -> None:
    slide = SLIDE.format(12, "Rain had fallen for a week.")
    library.put([prepared(article("Dray Gazette", title, slide + " " + title)) for title in ("Ostrel landslide ...",)])
    library.put([prepared(article("Lindow Echo", "Did a landslide hit Ostrel?", slide + " Nobody had warned Ostrel."))])
    library.catch_up()
    assert story_of(brief(library), FIRST).title in (FIRST.ref.title, SECOND.ref.title)
