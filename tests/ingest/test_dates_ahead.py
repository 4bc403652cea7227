"""An article that claims to come from the future is kept and marked, and is never the newest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pipeline import ingest_articles
from ingest.preparing.article import article_from
from ingest.types import RawArticle
from newsletter.text import source_line
from rag.answering.quote_writer import attribution
from rag.desk import Desk
from rag.models.hashing_embedder import HashingEmbedder
from rag.public_json import article_json
from rag.retrieval.retrieve import retrieve
from rag.scope import Scope
from rag.storage.library import Library, open_library
from rag.summaries.timeline import timeline
from rag.types import MOST_AHEAD, Question
from tests.rag.makers import prepared, settings_for
from web.page.html.words import published_in_words

NOW = datetime.now(UTC)
TEXT = "The harbour council of Elmport voted on Tuesday to close the old {} for eleven weeks. The work costs {} crowns."


def raw(name: str, published: datetime, *, outlet: str = "Elmport Post", cost: str = "2.4 million") -> RawArticle:
    url = f"https://elmport.example/{name}"
    text = TEXT.format(name, cost)
    return RawArticle(
        where=name, text=text, title=f"Old {name} closes", outlet=outlet, url=url, published=published, precision="day"
    )


FERRY = raw("ferry", datetime(2099, 6, 19, tzinfo=UTC))
TRAM = raw("tram", NOW - timedelta(days=1))
PIER = raw("pier", NOW - timedelta(days=30))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=HashingEmbedder()) as library:
        ingest_articles([FERRY, TRAM, PIER], library)
        yield library


def names(library: Library, scope: Scope = Scope()) -> list[str]:
    return [ref.url.rpartition("/")[2] for ref in library.archive.refs(scope)]


@pytest.mark.parametrize(("ahead", "is_ahead"), [(timedelta(), False), (MOST_AHEAD, False), (MOST_AHEAD * 1.01, True)])
def test_two_days_ahead_are_believed_and_no_more(ahead: timedelta, is_ahead: bool) -> None:
    ref = article_from(replace(TRAM, published=NOW + ahead), fetched=NOW).ref
    assert (ref.is_ahead, ref.believed is None, ref.published) == (is_ahead, is_ahead, NOW + ahead)


def test_it_is_stored_as_its_source_gives_it_marked_and_reported(tmp_path: Path) -> None:
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=HashingEmbedder()) as library:
        report = ingest_articles([FERRY, TRAM], library)
        ref = library.archive.refs()[-1]
    (problem,) = report.problems
    assert (problem.where, report.added) == ("ferry", 2)
    assert problem.reason.startswith("is dated 19 June 2099, more than two days ahead")
    assert (ref.published, ref.is_ahead) == (FERRY.published, True)
    assert article_json(ref)["date_believed"] is False
    for shown in (attribution(ref), source_line(ref), published_in_words(ref)):
        assert "19 June 2099 (not believed" in shown


def test_it_is_the_last_of_the_list_and_outside_every_period(library: Library) -> None:
    assert names(library) == ["tram", "pier", "ferry"]
    assert names(library, Scope(after=NOW - timedelta(days=7))) == ["tram"]
    assert library.archive.period()[1] == TRAM.published


def test_it_is_not_the_latest_in_search(library: Library) -> None:
    found = retrieve(library, Question(text="What is the latest on the harbour council of Elmport?"), limit=3, now=NOW)
    assert found[0].passage.article.url.endswith("/tram")


def test_a_briefing_of_the_last_days_does_not_tell_it(library: Library) -> None:
    with Desk(library) as desk:
        briefing = desk.briefing(published_after=NOW - timedelta(days=7))
    told = [ref.url.rpartition("/")[2] for story in briefing.stories for ref in story.articles]
    assert told == ["tram"]


def test_a_timeline_takes_no_day_from_it(library: Library) -> None:
    made = timeline(library, "Elmport harbour council", limit=10, now=NOW)
    assert all(event.first.year < 2090 for event in made.events)


def test_it_does_not_correct_what_its_outlet_published_before(tmp_path: Path) -> None:
    forged = raw("ferry", datetime(2099, 6, 19, tzinfo=UTC), cost="9.9 million")
    forged = replace(forged, url="https://elmport.example/ferry-2")
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=HashingEmbedder()) as library:
        ingest_articles([replace(FERRY, published=NOW - timedelta(days=3)), forged], library)
        found = retrieve(library, Question(text="What does closing the old ferry in Elmport cost?"), limit=5, now=NOW)
    assert any("2.4 million" in piece.passage.text for piece in found)


def test_a_library_of_before_marks_its_dates_when_it_is_rebuilt(tmp_path: Path) -> None:
    old = replace(article_from(FERRY, fetched=NOW), ref=replace(article_from(FERRY, fetched=NOW).ref, is_ahead=False))
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=HashingEmbedder()) as library:
        library.put([prepared(old), prepared(article_from(TRAM, fetched=NOW))])
        assert names(library) == ["ferry", "tram"]
        library.rebuild()
        assert names(library) == ["tram", "ferry"]
        assert library.archive.period()[1] == TRAM.published
        marked = library.archive.article(old.ref.id)
        assert marked is not None
        assert library.archive.digest_of(old.ref.id) == marked.digest
        report = ingest_articles([FERRY, TRAM], library)
    assert (report.changed, report.unchanged) == (0, 2)


def test_once_its_day_has_come_a_later_ingest_believes_it(library: Library) -> None:
    waited = replace(TRAM, published=NOW + timedelta(days=5), url="https://elmport.example/preview")
    early = article_from(waited, fetched=NOW)
    late = article_from(waited, fetched=NOW + timedelta(days=5))
    assert (early.ref.is_ahead, late.ref.is_ahead) == (True, False)
    assert early.digest != late.digest
