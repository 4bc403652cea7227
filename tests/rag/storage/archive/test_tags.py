"""Tags stand beside the articles: with their history, through corrections, and as a limit, on every engine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import NoSuchArticle
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.archive.tags import Tagging
from rag.testing import make_article
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, stored

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
NAMES = st.sets(st.sampled_from(["rail", "sea", "energy"]))


@pytest.fixture
def filled(archive: Archive) -> Archive:
    for article in (BRIDGE, STRIKE, UNDATED):
        stored(archive, article)
    return archive


def test_a_tag_is_given_counted_and_taken_away_and_its_history_stays(filled: Archive) -> None:
    assert filled.tags.change(BRIDGE.ref.id, add=["rail", "repairs"], now=NOW)
    assert filled.tags.change(STRIKE.ref.id, add=["rail"], now=NOW)
    assert filled.tags.of([BRIDGE.ref.id, UNDATED.ref.id]) == {BRIDGE.ref.id: ("rail", "repairs")}
    assert filled.tags.counts() == {"rail": 2, "repairs": 1}
    assert filled.tags.change(BRIDGE.ref.id, remove=["rail"], add=["repairs"], now=LATER)
    assert filled.tags.counts() == {"rail": 1, "repairs": 1}
    assert filled.tags.history(BRIDGE.ref.id) == [
        Tagging(tag="rail", added=NOW, removed=LATER),
        Tagging(tag="repairs", added=NOW, removed=None),
    ]


def test_a_tag_that_comes_back_is_a_second_line_of_its_history(filled: Archive) -> None:
    for moment, give in ((NOW, True), (LATER, False), (LATER, True)):
        given = {"add": ["rail"]} if give else {"remove": ["rail"]}
        assert filled.tags.change(BRIDGE.ref.id, now=moment, **given)
    assert [one.removed for one in filled.tags.history(BRIDGE.ref.id)] == [LATER, None]


def test_what_is_so_already_is_no_change_and_no_revision(filled: Archive) -> None:
    filled.tags.change(BRIDGE.ref.id, add=["rail"], now=NOW)
    before = filled.revision()
    assert not filled.tags.change(BRIDGE.ref.id, add=["rail"], remove=["sea"], now=LATER)
    assert filled.revision() == before


def test_a_change_of_tags_is_one_revision_of_that_article(filled: Archive) -> None:
    before = filled.revision()
    filled.tags.change(STRIKE.ref.id, add=["rail", "sea"], now=NOW)
    assert [one.article_id for one in filled.changed_since(before, limit=9)] == [STRIKE.ref.id]
    read = filled.stored_passages([STRIKE.ref.id, BRIDGE.ref.id])
    assert {one.passage.article.id: one.tags for one in read} == {STRIKE.ref.id: ("rail", "sea"), BRIDGE.ref.id: ()}


def test_a_correction_keeps_the_tags_and_is_no_correction_of_them(filled: Archive) -> None:
    filled.tags.change(BRIDGE.ref.id, add=["rail"], now=NOW)
    assert stored(filled, make_article(BRIDGE.text.replace("nine", "ten"), url=BRIDGE.ref.url)) == "changed"
    assert filled.tags.of([BRIDGE.ref.id]) == {BRIDGE.ref.id: ("rail",)}
    assert len(filled.history.versions(BRIDGE.ref.id)) == 2


def test_a_removed_article_takes_its_tags_along(filled: Archive) -> None:
    filled.tags.change(BRIDGE.ref.id, add=["rail"], now=NOW)
    filled.remove(BRIDGE.ref.id)
    assert filled.tags.counts() == {}
    stored(filled, BRIDGE)
    assert filled.tags.history(BRIDGE.ref.id) == []


def test_tags_limit_the_articles_that_are_listed(filled: Archive) -> None:
    filled.tags.change(BRIDGE.ref.id, add=["rail"], now=NOW)
    filled.tags.change(UNDATED.ref.id, add=["moths"], now=NOW)
    assert [ref.id for ref in filled.refs(Scope(tags=("rail",)))] == [BRIDGE.ref.id]
    assert [ref.id for ref in filled.refs(Scope(tags=("rail", "moths")))] == [BRIDGE.ref.id, UNDATED.ref.id]
    assert filled.refs(Scope(tags=("rail",), outlets=("Harbour Post",))) == []
    assert filled.refs(Scope(tags=("never given",))) == []


def test_an_article_that_is_not_there_cannot_be_tagged(filled: Archive) -> None:
    with pytest.raises(NoSuchArticle):
        filled.tags.change("nowhere", add=["rail"], now=NOW)


def test_a_follower_has_met_tags_from_the_first_one_on(filled: Archive) -> None:
    before = filled.revision()
    assert not filled.tags.are_known_at(before)
    filled.tags.change(BRIDGE.ref.id, add=["rail"], now=NOW)
    assert not filled.tags.are_known_at(before)
    assert filled.tags.are_known_at(filled.revision())


def test_an_archive_of_the_version_before_that_cannot_be_written_has_no_tags(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    made = Archive(path)
    stored(made, BRIDGE)
    made.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE tags; UPDATE alembic_version SET version_num = '0003'")
    archive = Archive(path, read_only=True)
    assert (archive.tags.counts(), archive.tags.of([BRIDGE.ref.id]), archive.tags.history(BRIDGE.ref.id)) == (
        {},
        {},
        [],
    )
    assert archive.refs(Scope(tags=("rail",))) == []
    assert [ref.id for ref in archive.refs()] == [BRIDGE.ref.id]
    assert archive.vector_matrix().tags == [()] * archive.passage_count()
    assert not archive.tags.are_known_at(archive.revision())
    archive.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.tuples(NAMES, NAMES), max_size=5))
def test_after_any_changes_the_tags_are_what_sets_would_hold(
    filled: Archive, steps: list[tuple[set[str], set[str]]]
) -> None:
    held = set(filled.tags.of([BRIDGE.ref.id]).get(BRIDGE.ref.id, ()))
    for add, remove in steps:
        filled.tags.change(BRIDGE.ref.id, add=add, remove=remove, now=NOW)
        held = (held | add) - remove
        assert filled.tags.of([BRIDGE.ref.id]).get(BRIDGE.ref.id, ()) == tuple(sorted(held))
        standing = [one.tag for one in filled.tags.history(BRIDGE.ref.id) if one.removed is None]
        assert sorted(standing) == sorted(held)
