"""Looks for damage in a library that was killed and completed.

`python -m eval.crash_test.check LIBRARY ARTICLES VERSION SEED` prints {"faults": [...]}. It is a process of its own,
since a damaged Chroma index can crash the process that opens it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from eval.crash_test.articles import InventedArticle, invent
from rag.errors import NewsdeskError
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import Hit
from rag.storage.indexes.folders import IndexFolders
from rag.storage.indexes.health import disk_revisions
from rag.storage.indexes.writer import IndexWriter
from rag.storage.place import ARCHIVE_FILE

MAX_LISTED = 20
_NEAREST = 5
# A vector's cosine to itself, as float32 gives it.
_SAME = 0.9999
# HNSW is approximate, and the invented articles are so alike that one or two of 5,826 passages do not find themselves
# among 400 candidates. More of them, or one that even a search for everything does not return, is a fault.
MAX_MISSED_SHARE = 0.001


def faults_in(folder: Path, articles: list[InventedArticle]) -> Iterator[str]:
    """Every fault of a library that should hold exactly these articles, in words."""
    archive = Archive(folder / ARCHIVE_FILE)
    try:
        with closing(sqlite3.connect(folder / ARCHIVE_FILE)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            yield f"SQLite finds the archive damaged: {verdict}"
        yield from archive_faults(archive, articles)
        yield from _index_faults(folder, archive, articles)
    finally:
        archive.close()


def archive_faults(archive: Archive, articles: list[InventedArticle]) -> Iterator[str]:
    """Every fault of an archive that should hold exactly these articles, in words."""
    stored = Counter(ref.url for ref in archive.refs())
    yield from (f"{url} is there {count} times" for url, count in stored.items() if count != 1)
    wanted = {article.url: article for article in articles}
    yield from (f"{url} is missing" for url in wanted.keys() - stored.keys())
    yield from (f"{url} was never ingested" for url in stored.keys() - wanted.keys())
    for ref in archive.refs():
        found, passages = archive.article(ref.id), archive.passages(ref.id)
        if ref.url in wanted and (found is None or wanted[ref.url].fact not in found.text):
            yield f"{ref.url} has not its newest text"
        if found is None or not passages or any(found.text[p.start : p.end] != p.text for p in passages):
            yield f"{ref.url} and its passages differ"


def _index_faults(folder: Path, archive: Archive, articles: list[InventedArticle]) -> Iterator[str]:
    revision = archive.revision()
    if disk_revisions(folder, archive) != (revision, revision):
        yield f"the indexes are at {disk_revisions(folder, archive)}, the archive at {revision}"
    before = IndexFolders(folder).current("vectors"), IndexFolders(folder).current("words")
    indexes = IndexWriter(folder, archive, vector_kind="chroma")
    try:
        if before != (IndexFolders(folder).current("vectors"), IndexFolders(folder).current("words")):
            yield "an index was damaged although its revision was complete"
        counts = (archive.passage_count(), indexes.vectors.count(), indexes.words.count())
        if len(set(counts)) != 1:
            yield f"passages in archive, vectors and words differ: {counts}"
        yield from _lookup_faults(archive, indexes, articles)
    finally:
        indexes.close()


def _lookup_faults(archive: Archive, indexes: IndexWriter, articles: list[InventedArticle]) -> Iterator[str]:
    ids = {ref.url: ref.id for ref in archive.refs()}
    missed = [
        stored
        for stored in archive.stored_passages(list(ids.values()))
        if not finds_itself(indexes.search_vectors(stored.vector, Scope(), _NEAREST), stored.passage.id)
    ]
    for stored in missed:
        everything = indexes.search_vectors(stored.vector, Scope(), indexes.vectors.count())
        if len(missed) > MAX_MISSED_SHARE * len(everything) or not finds_itself(everything, stored.passage.id):
            yield f"passage {stored.passage.id} does not find itself among the vectors"
    for article in articles:
        names = {hit.passage_id for hit in indexes.search_words(article.place, Scope(), _NEAREST, languages=["en"])}
        if not any(name.startswith(f"{ids.get(article.url)}:") for name in names):
            yield f"{article.url} is not found by its words"


def finds_itself(hits: list[Hit], passage: str) -> bool:
    """Whether a passage is among what was found by its own vector, or one that has the same."""
    return bool(hits) and (passage in {hit.passage_id for hit in hits} or hits[0].score >= _SAME)


def listed(found: list[str]) -> list[str]:
    """The first faults, and how many more there are."""
    return found[:MAX_LISTED] + ([f"and {len(found) - MAX_LISTED} more"] if len(found) > MAX_LISTED else [])


def main() -> int:
    """Print the faults as JSON; 0 whether there are any or not."""
    # Started by the crash test alone, and once for every few kills: typer would only be in the way.
    folder, (count, version, seed) = Path(sys.argv[1]), (int(text) for text in sys.argv[2:5])
    try:
        found = list(faults_in(folder, [invent(n, version=version, seed=seed) for n in range(count)]))
    except NewsdeskError as error:
        found = [f"the library does not open: {error}"]
    print(json.dumps({"faults": listed(found)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
