"""Whether indexes are whole and current."""

from __future__ import annotations

from pathlib import Path

from rag.errors import LibraryBusy, LibraryError
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import read_revision
from rag.storage.indexes.bm25 import BM25Index, is_of_this_format
from rag.storage.indexes.chroma import WRITING_FILE
from rag.storage.indexes.folders import INDEX_KINDS, IndexFolders

_SQLITE_HEADER = b"SQLite format 3\x00"


def are_current(folder: Path, archive: Archive) -> bool:
    """Whether both indexes on disk have reached the archive's revision, in the form of today."""
    folders = IndexFolders(folder)
    revision = archive.revision()
    reached = all(read_revision(folders.current(kind)) == revision for kind in ("words", "vectors"))
    return reached and folders.are_of(archive) and is_of_this_format(folders.current("words"))


def was_interrupted(folder: Path) -> bool:
    """Whether the vector index on disk is being written, or its last writer was killed."""
    return (IndexFolders(folder).current("vectors") / WRITING_FILE).exists()


def disk_problems(library: Path, archive: Archive) -> list[str]:
    """What is wrong with the indexes on disk, as far as a look at them tells; nothing where there are none yet.

    The words are opened and counted. Chroma's folder is not opened, which one process may do at a time: its database is
    known by its first bytes.
    """
    folders = IndexFolders(library)
    if not folders.are_of(archive):
        return ["the indexes in this folder are of another archive; run `newsdesk rebuild`"]
    revision = archive.revision()
    problems = []
    for kind in INDEX_KINDS:
        if read_revision(folders.current(kind)) > revision:
            problems.append(f"the {kind} on disk claim a revision that the archive has not; run `newsdesk rebuild`")
    words = folders.current("words")
    if words.exists():
        try:
            index = BM25Index(words, read_only=True)
            if index.revision == revision and index.count() != archive.passage_count():
                problems.append("the word index holds another number of passages; run `newsdesk rebuild`")
        except LibraryBusy:
            pass
        except LibraryError as error:
            problems.append(str(error))
    database = folders.current("vectors") / "chroma.sqlite3"
    if database.exists():
        with database.open("rb") as file:
            if file.read(len(_SQLITE_HEADER)) not in (b"", _SQLITE_HEADER):
                problems.append("the vector index is damaged; run `newsdesk rebuild`")
    return problems


def disk_revisions(folder: Path, archive: Archive) -> tuple[int, int]:
    """What the vectors and the words on disk have reached; 0 where they are of another archive."""
    folders = IndexFolders(folder)
    if not folders.are_of(archive):
        return 0, 0
    return read_revision(folders.current("vectors")), read_revision(folders.current("words"))
