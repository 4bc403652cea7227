"""Corrections: the old text no longer answers, what it said can be shown, and deleted means deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.preparing.chunking import cut_passages
from rag.desk import open_desk
from rag.errors import LibraryError, StorageError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.archive.archive import Archive
from rag.storage.archive.history import MAX_FORMER_VERSIONS, FieldChange, SentenceChange, sentence_changes
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import BRIDGE, STRIKE, prepared, settings_for, stored

LATER = datetime(2024, 5, 7, tzinfo=UTC)
TEN_WEEKS = replace(BRIDGE, text=BRIDGE.text.replace("nine weeks", "ten weeks"), fetched=LATER)


def test_an_article_that_never_changed_has_one_version(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, BRIDGE)
    (only,) = archive.history.versions(BRIDGE.ref.id)
    assert (only.number, only.article, only.fetched, only.replaced) == (1, BRIDGE, BRIDGE.fetched, None)
    assert archive.history.versions("no such id") == []


def test_a_correction_keeps_what_the_article_said_before_with_its_times(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, TEN_WEEKS)
    first, second = archive.history.versions(BRIDGE.ref.id)
    assert (first.number, first.article, first.replaced) == (1, BRIDGE, LATER)
    assert (second.number, second.article, second.replaced) == (2, TEN_WEEKS, None)
    assert archive.history.version(BRIDGE.ref.id, 1) == first
    assert archive.history.version(BRIDGE.ref.id, 3) is None


def test_a_former_version_has_no_passages_and_no_vectors(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, TEN_WEEKS)
    assert archive.passages(BRIDGE.ref.id) == cut_passages(TEN_WEEKS)
    assert len(archive.vector_matrix().passage_ids) == archive.passage_count() == len(cut_passages(TEN_WEEKS))


def test_going_back_to_an_earlier_text_is_a_version_of_its_own(archive: Archive) -> None:
    for article in (BRIDGE, TEN_WEEKS, BRIDGE):
        stored(archive, article)
    versions = archive.history.versions(BRIDGE.ref.id)
    assert [version.article.text for version in versions] == [BRIDGE.text, TEN_WEEKS.text, BRIDGE.text]
    assert [version.number for version in versions] == [1, 2, 3]


def test_removing_an_article_removes_what_it_said_before(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, TEN_WEEKS)
    archive.remove(BRIDGE.ref.id)
    assert archive.history.versions(BRIDGE.ref.id) == []
    stored(archive, TEN_WEEKS)
    assert [version.article for version in archive.history.versions(BRIDGE.ref.id)] == [TEN_WEEKS]


def test_the_latest_versions_are_kept_and_keep_their_numbers(archive: Archive) -> None:
    texts = [f"The count stands at {number} votes." for number in range(MAX_FORMER_VERSIONS + 5)]
    for article in (STRIKE, replace(STRIKE, text="The strike is over.")):
        stored(archive, article)
    for text in texts:
        stored(archive, replace(BRIDGE, text=text))
    versions = archive.history.versions(BRIDGE.ref.id)
    assert [version.article.text for version in versions] == texts[-MAX_FORMER_VERSIONS - 1 :]
    assert [version.number for version in versions] == list(range(5, len(texts) + 1))
    assert len(archive.history.versions(STRIKE.ref.id)) == 2
    assert archive.history.changes(BRIDGE.ref.id, since=5).before == 5
    with pytest.raises(UsageError, match="choose one from 5 to 25"):
        archive.history.changes(BRIDGE.ref.id, since=4)


def test_a_correction_that_cannot_be_stored_leaves_article_and_history_as_they_were(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, TEN_WEEKS)
    twice = cut_passages(STRIKE)[:1] * 2
    broken = replace(TEN_WEEKS, text=STRIKE.text)
    with pytest.raises(StorageError):
        archive.put(broken, twice, np.ones((2, 64), dtype=np.float32))
    assert archive.article(BRIDGE.ref.id) == TEN_WEEKS
    assert [version.article for version in archive.history.versions(BRIDGE.ref.id)] == [BRIDGE, TEN_WEEKS]


def test_changes_are_the_sentences_and_the_fields_that_differ(archive: Archive) -> None:
    ref = replace(BRIDGE.ref, title="Saltmarsh bridge closes for ten weeks", published=LATER)
    text = TEN_WEEKS.text.replace("Engineers found", "Divers helped. Engineers found")
    stored(archive, BRIDGE)
    stored(archive, replace(TEN_WEEKS, ref=ref, text=text, authors=("Iris Moll", "T. Sand")))
    changes = archive.history.changes(BRIDGE.ref.id)
    assert (changes.before, changes.after) == (1, 2)
    assert changes.fields == (
        FieldChange(name="title", before="Saltmarsh bridge closes", after="Saltmarsh bridge closes for ten weeks"),
        FieldChange(name="published", before="2024-05-06T09:00:00+00:00", after="2024-05-07T00:00:00+00:00"),
        FieldChange(name="authors", before="", after="Iris Moll; T. Sand"),
    )
    said = "The mayor, Ana Ruiz, said that repairs would take {} weeks."
    assert changes.sentences == (
        SentenceChange(kind="added", text="Divers helped."),
        SentenceChange(kind="removed", text=said.format("nine")),
        SentenceChange(kind="added", text=said.format("ten")),
    )


def test_changes_are_those_of_the_last_correction_or_since_a_version(archive: Archive) -> None:
    stored(archive, BRIDGE)
    assert archive.history.changes(BRIDGE.ref.id).sentences == ()
    stored(archive, TEN_WEEKS)
    stored(archive, replace(TEN_WEEKS, text=f"{TEN_WEEKS.text} Buses run instead."))
    assert [change.text for change in archive.history.changes(BRIDGE.ref.id).sentences] == ["Buses run instead."]
    assert len(archive.history.changes(BRIDGE.ref.id, since=1).sentences) == 3
    with pytest.raises(LibraryError, match="no article 'nothing'"):
        archive.history.changes("nothing")


def test_other_spacing_is_no_changed_sentence() -> None:
    assert list(sentence_changes("The bridge  closed. Nobody knew.", "The bridge closed.\n\nNobody knew.")) == []


def test_two_very_long_texts_are_compared_sentence_by_sentence_all_the_same() -> None:
    before = [f"The count of district {number} is done." for number in range(6_000)]
    after = [*before[1:], "All are done.", "All are done."]
    changes = list(sentence_changes(" ".join(before), " ".join(after)))
    assert [(change.kind, change.text) for change in changes] == [
        ("removed", before[0]),
        ("added", "All are done."),
        ("added", "All are done."),
    ]


SENTENCES = st.lists(st.sampled_from(["It rained.", "It snowed.", "The sun shone.", "A storm came."]), min_size=1)


@given(before=SENTENCES, after=SENTENCES)
def test_taking_the_removed_out_and_the_added_in_makes_the_new_text(before: list[str], after: list[str]) -> None:
    changes = list(sentence_changes(" ".join(before), " ".join(after)))
    left = sorted(before)
    for change in changes:
        if change.kind == "removed":
            left.remove(change.text)
    left += [change.text for change in changes if change.kind == "added"]
    assert sorted(left) == sorted(after)
    assert bool(changes) == (before != after)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["It rained.", "It snowed.", "It rained. It snowed."])),
        st.tuples(st.sampled_from(["a", "b"]), st.none()),
    ),
    max_size=12,
)


def version_of(name: str, text: str) -> Article:
    return make_article(text, article_id=name)


@settings(max_examples=40)
@given(steps=STEPS)
def test_the_last_version_is_always_the_article_and_the_others_are_what_it_said_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None]]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("history") / "archive.sqlite3")
    told: dict[str, list[str]] = {"a": [], "b": []}
    for name, text in steps:
        if text is None:
            archive.remove(name)
            told[name] = []
        elif stored(archive, version_of(name, text)) != "unchanged":
            told[name].append(text)
        for article, texts in told.items():
            versions = archive.history.versions(article)
            assert [version.article.text for version in versions] == texts
            assert (versions[-1].article if versions else None) == archive.article(article)
    archive.close()


def test_the_desk_shows_versions_and_changes(tmp_path: Path) -> None:
    chosen = settings_for(tmp_path, vector_index="exact")
    with open_desk(settings=chosen, embedder=HashingEmbedder(), stay_open=False) as desk:
        desk.library.put([prepared(BRIDGE)])
        desk.library.put([prepared(TEN_WEEKS)])
        assert [version.article for version in desk.versions(BRIDGE.ref.id)] == [BRIDGE, TEN_WEEKS]
        assert [change.kind for change in desk.changes(BRIDGE.ref.id).sentences] == ["removed", "added"]
        assert desk.changes(BRIDGE.ref.id, since=2).sentences == ()
        assert "nine weeks" not in desk.ask("How long will the repairs of the bridge take?").text
        for call in (desk.versions, desk.changes):
            with pytest.raises(LibraryError, match="no article 'nothing'"):
                call("nothing")


def test_times_of_versions_keep_their_zone(archive: Archive) -> None:
    tokyo = LATER.astimezone(timezone(timedelta(hours=9)))
    stored(archive, BRIDGE)
    stored(archive, replace(TEN_WEEKS, fetched=tokyo))
    replaced = archive.history.versions(BRIDGE.ref.id)[0].replaced
    assert replaced is not None
    assert replaced.isoformat() == tokyo.isoformat()
