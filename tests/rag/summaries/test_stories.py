"""A story told whole: exact quotes throughout, each outlet in its own words, and coverage that counts copies once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import NoSuchArticle
from rag.models.reader.reader import Reading
from rag.models.reader.windows import ReadPassage
from rag.storage.library import Library
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.sources import of_story
from rag.summaries.stories.coverage import HALF_LIFE, coverage, strength
from rag.summaries.stories.significance import WHAT, why_it_matters
from rag.summaries.stories.story import Story, whole_story_json
from rag.summaries.stories.telling import tell_story
from rag.summaries.story_clustering import ArticleFeatures
from rag.summaries.story_texts import StoryText
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with, prepared
from tests.rag.scripted_reader import ScriptedReader

NOW = datetime(2024, 5, 31, tzinfo=UTC)


def article(title: str, text: str, day: int, outlet: str, *, hour: int = 9) -> Article:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{title.lower().replace(' ', '-')}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-{day:02}T{hour:02}:00:00+00:00")


FIRE = article(
    "Fire destroys Ostrel timber market",
    "A fire destroyed the timber market of Ostrel on Monday. "
    "Fire crews from Ostrel counted 14 burnt stalls at the market.",
    6,
    "Lindow Echo",
)
FIRE_TOO = article(
    "Ostrel timber market burns down",
    "The timber market of Ostrel burnt down in a fire on Monday. Traders at the Ostrel market said that 31 stalls had "
    "burnt. The fire brigade of Ostrel will hold a meeting on the timber market.",
    6,
    "Saltmarsh Post",
    hour=11,
)
FIRE_COPY = article("Fire destroys Ostrel timber market", FIRE.text, 7, "Dray Courier")
REBUILD = article(
    "Ostrel will rebuild timber market after fire",
    "Ostrel will rebuild its timber market after the fire, the town council of Ostrel said on Tuesday. The market of "
    "Ostrel burnt in a fire in May.",
    14,
    "Lindow Echo",
)
CUP = article("Lindow wins the cup", "Lindow beat Ostrel in the final of the county cup on Thursday.", 9, "Lindow Echo")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_with(tmp_path_factory.mktemp("stories") / "library", [FIRE_TOO, REBUILD, CUP], reader="off") as opened:
        opened.put([prepared(FIRE, story="fire"), prepared(FIRE_COPY, story="fire")])
        yield opened


@pytest.fixture(scope="module")
def told(library: Library) -> Story:
    return tell_story(library, FIRE.ref.id, now=NOW)


def test_a_story_is_that_of_its_briefing_whichever_of_its_articles_is_named(library: Library, told: Story) -> None:
    fire = {FIRE.ref.id, FIRE_TOO.ref.id, FIRE_COPY.ref.id}
    assert {ref.id for ref in told.told.articles} == fire
    for name in fire:
        assert {ref.id for ref in tell_story(library, name, now=NOW).told.articles} == fire
    briefing = build_briefing(library, BriefingRequest.of(stories=9), now=NOW)
    assert fire in [{ref.id for ref in story.articles} for story in briefing.stories]
    assert set(of_story(library, FIRE.ref, now=NOW)) == fire


def test_every_quote_is_exact_and_markers_count_through_the_story(library: Library, told: Story) -> None:
    quotes = list(told.citations)
    assert [quote.marker for quote in quotes] == list(range(1, len(quotes) + 1))
    for quote in quotes:
        stored = library.archive.article(quote.article.id)
        assert stored is not None
        assert stored.text[quote.start : quote.end] == quote.quote


def test_outlets_speak_in_their_own_words_and_copies_do_not(told: Story) -> None:
    assert [one.outlet for one in told.outlets] == ["Lindow Echo", "Saltmarsh Post"]
    assert all(quote.article.outlet == one.outlet for one in told.outlets for quote in one.quotes)
    assert told.told.sources == 2
    copied = [quote for quote in told.citations if quote.article.id == FIRE.ref.id]
    assert all(FIRE_COPY.ref in quote.copies for quote in copied)


def test_what_one_outlet_alone_tells_is_not_told_twice(library: Library) -> None:
    assert tell_story(library, CUP.ref.id, now=NOW).outlets == ()


def test_a_story_over_days_has_notes_and_coverage_of_each_day(told: Story) -> None:
    assert [note.day.day for note in told.notes] == [6, 14]
    assert [(day.day.day, day.outlets) for day in told.coverage.days] == [
        (6, ("Lindow Echo", "Saltmarsh Post")),
        (14, ("Lindow Echo",)),
    ]
    assert told.coverage.sources == 2
    assert {event.first.day for event in told.events} >= {6, 14}


def test_a_story_of_one_event_has_no_notes(library: Library) -> None:
    assert tell_story(library, CUP.ref.id, now=NOW).notes == ()


def test_what_goes_on_with_a_story_is_part_of_it_and_not_related(told: Story) -> None:
    assert REBUILD.ref.id not in {one.article.id for one in told.related}


def test_the_same_library_tells_the_same_story(library: Library, told: Story) -> None:
    again = tell_story(library, FIRE.ref.id, now=NOW)
    assert json.dumps(whole_story_json(again)) == json.dumps(whole_story_json(told))


def test_an_article_that_is_not_there_is_refused(library: Library) -> None:
    with pytest.raises(NoSuchArticle):
        tell_story(library, "nobody", now=NOW)


def test_parts_are_counted_while_they_are_made(library: Library) -> None:
    stages: list[tuple[str, int, int]] = []
    tell_story(library, CUP.ref.id, now=NOW, progress=lambda *stage: stages.append(stage))
    assert [stage for stage in stages if stage[0] == "parts"] == [("parts", number, 4) for number in (1, 2, 3, 4)]


def test_without_a_network_nothing_is_said_to_matter(library: Library) -> None:
    assert why_it_matters(library, [FIRE.ref.id], said=np.zeros((0, 8), dtype=np.float32)) == ()


def test_what_matters_is_what_answers_why_and_not_what(tmp_path: Path) -> None:
    class Why(ScriptedReader):
        def read(self, question: str, passages: Sequence[ReadPassage], *, short_answers: bool = False) -> Reading:
            told = {"Fire crews": 1.0, "A fire destroyed": 1.0}
            said = {"A fire destroyed": 4.0} if question in WHAT else told
            return ScriptedReader(said).read(question, passages, short_answers=short_answers)

    with library_with(tmp_path / "library", [FIRE]) as opened:
        opened.reader = Why({})
        nothing = np.zeros((0, opened.embedder.dimension), dtype=np.float32)
        (quote,) = why_it_matters(opened, [FIRE.ref.id], said=nothing)
        assert quote.quote == "Fire crews from Ostrel counted 14 burnt stalls at the market."
        heard = opened.embedder.embed_passages([quote.quote])
        assert quote not in why_it_matters(opened, [FIRE.ref.id], said=heard)


# --- coverage ---------------------------------------------------------------------------------------------------------

BEGUN = datetime(2024, 5, 1, tzinfo=UTC)
OUTLETS = st.sampled_from(["Lindow Echo", "Saltmarsh Post", "Dray Courier", ""])
TOLD = st.lists(st.tuples(OUTLETS, st.integers(0, 400).map(lambda hours: BEGUN + timedelta(hours=hours))))


def text(outlet: str, moment: datetime, *carriers: str) -> StoryText:
    refs = [
        make_article("x", outlet=name, published=moment.isoformat(), article_id=f"{name}{moment}").ref
        for name in (outlet, *carriers)
    ]
    return StoryText(tuple(refs), ArticleFeatures(vector=np.zeros(2, np.float32), terms=frozenset(), published=None))


@given(TOLD, st.integers(0, 500))
def test_no_more_outlets_tell_a_story_than_there_are_and_silence_never_adds_one(
    told: list[tuple[str, datetime]], hours: int
) -> None:
    end = BEGUN + timedelta(hours=400)
    assert 0 <= strength(told, at=end) <= len({outlet for outlet, _ in told})
    assert strength(told, at=end + timedelta(hours=hours)) <= strength(told, at=end)
    assert strength(told, at=end + HALF_LIFE) == pytest.approx(strength(told, at=end) / 2)


@given(TOLD, OUTLETS)
def test_who_carries_a_text_of_another_outlet_is_no_further_source(
    told: list[tuple[str, datetime]], carrier: str
) -> None:
    end = BEGUN + timedelta(hours=400)
    alone = coverage([text(outlet, moment) for outlet, moment in told], until=end)
    carried = coverage([text(outlet, moment, carrier) for outlet, moment in told], until=end)
    assert (carried.days, carried.strength) == (alone.days, alone.strength)


@pytest.mark.parametrize(
    ("days", "trend"), [([9.9], "rising"), ([1, 2, 3], "fading"), ([2, 4, 6, 8, 9.95, 7.95], "steady"), ([], "steady")]
)
def test_a_story_rises_with_new_outlets_and_fades_without(days: list[float], trend: str) -> None:
    told = [text("Lindow Echo", BEGUN + timedelta(days=day)) for day in days]
    assert coverage(told, until=BEGUN + timedelta(days=10)).trend == trend


def test_what_is_told_later_is_not_known_yet() -> None:
    later = text("Lindow Echo", BEGUN + timedelta(days=3))
    assert coverage([later], until=BEGUN).days == ()


def test_coverage_is_told_in_words() -> None:
    told = [text("Lindow Echo", BEGUN), text("Saltmarsh Post", BEGUN + timedelta(days=2))]
    assert coverage(told, until=BEGUN + timedelta(days=3)).in_words == (
        "Rising: 2 independent sources, 1 to 3 May 2024."
    )
    assert coverage(told, until=BEGUN + timedelta(days=9)).in_words == (
        "Fading: 2 independent sources, 1 to 3 May 2024; nothing since, up to 10 May 2024."
    )
