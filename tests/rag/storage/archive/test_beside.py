"""What is asked of an archive that is read beside others, on every engine."""

from __future__ import annotations

from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.archive.archive import Archive
from rag.storage.archive.beside import HeldVersion
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, prepared


def put(archive: Archive) -> None:
    for article, bands in ((BRIDGE, (1, -7)), (STRIKE, (1, 9))):
        item = prepared(article, bands=bands)
        vectors = HashingEmbedder().embed_passages([passage.text for passage in item.passages])
        archive.put(article, item.passages, vectors, bands=bands)


def test_versions_are_told_by_digest_and_time_of_fetching(archive: Archive) -> None:
    put(archive)
    found = archive.beside.versions()
    assert set(found) == {BRIDGE.ref.id, STRIKE.ref.id}
    assert found[BRIDGE.ref.id] == HeldVersion(digest=BRIDGE.digest, fetched=BRIDGE.fetched.isoformat())
    assert set(archive.beside.versions([BRIDGE.ref.id, UNDATED.ref.id])) == {BRIDGE.ref.id}
    assert archive.beside.versions([]) == {}


def test_bands_lead_from_article_to_article(archive: Archive) -> None:
    put(archive)
    assert {name: sorted(own) for name, own in archive.beside.bands_of([BRIDGE.ref.id]).items()} == {
        BRIDGE.ref.id: [-7, 1]
    }
    held = archive.beside.holders_of([1, 9, 4])
    assert {band: sorted(names) for band, names in held.items()} == {
        1: sorted([BRIDGE.ref.id, STRIKE.ref.id]),
        9: [STRIKE.ref.id],
    }


def test_stories_and_passages_are_counted(archive: Archive) -> None:
    put(archive)
    assert archive.beside.story_ids() == {BRIDGE.ref.id, STRIKE.ref.id}
    assert archive.beside.passage_count([BRIDGE.ref.id, "nowhere"]) == len(archive.passages(BRIDGE.ref.id))
