"""A library as it stood at the end of a day, so that no later article, correction or copy can reach an answer.

It is a library of its own in a temporary folder: what was known by that day is stored as an ingest would have stored
it, so that word statistics, stories and copies are those of then. Vectors are copied where the text is the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.errors import StorageError, UsageError
from rag.storage.archive.archive import Archive
from rag.storage.archive.snapshot import ArticleVersion, past_of
from rag.storage.index_contract import Vectors, indexed_text
from rag.storage.library import Library, Prepared
from rag.storage.place import ARCHIVE_FILE
from rag.text.formatting import day_in_words
from rag.types import Article, Passage
from rag.wording import _

# An ingest compares an article with the 256 before it and with what is stored: fewer at once miss no copy.
_BATCH_ARTICLES = 128


class Prepare(Protocol):
    """Makes an article ready to be stored, with the story that it belongs to among those stored before it.

    It is cut into passages where `passages` is None. None comes back for an article without a sentence.
    """

    def __call__(self, article: Article, passages: tuple[Passage, ...] | None) -> Prepared | None: ...


Preparer = Callable[[Archive], Prepare]
"""What prepares articles for an archive. Ingest gives it (`ingest.preparing.prepare.preparer`): the core does not know
how articles are cut and compared."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a library stands at; `notice` is one line for the reader where nothing was known by then."""

    day: date
    notice: str = ""

    @property
    def moment(self) -> datetime:
        """The last instant of the day (UTC)."""
        return datetime.combine(self.day, time.max, tzinfo=UTC)


class LibrarySnapshot(Library):
    """A copy of another library as it stood; `close` removes it. Make it with `library_as_of`."""

    def __init__(self, source: Library, as_of: AsOf) -> None:
        embedder = source.embedder
        self.as_of = as_of
        try:
            self._scratch = tempfile.TemporaryDirectory(prefix="newsdesk-as-of-", ignore_cleanup_errors=True)
        except OSError as error:
            raise StorageError(
                f"cannot make a temporary folder ({error.strerror}); make room there, or set TMPDIR to another folder"
            ) from error
        folder = Path(self._scratch.name)
        try:
            archive = Archive(folder / ARCHIVE_FILE)
        except BaseException:
            self._scratch.cleanup()
            raise
        # Exact search needs no files and misses nothing; an answer of then is no answer to keep beside those of today.
        changed = {"library": folder, "vector_index": "exact", "read_only": False, "keep_answers": False, "chroma": ""}
        super().__init__(source.settings.model_copy(update=changed), archive, embedder=embedder, stay_open=True)
        self.spending = source.spending

    def close(self) -> None:
        """Close everything and remove the temporary folder."""
        # What is not indexed yet goes away with the folder.
        self._wrote = False
        try:
            super().close()
        finally:
            self._scratch.cleanup()


def library_as_of(source: Library, day: date, preparer: Preparer) -> LibrarySnapshot:
    """The library as it stood at the end of `day` (UTC); close it to remove it. `source` is only read.

    Raises `StorageError` where there is no room for it, and what opening the embedder raises.
    """
    made = LibrarySnapshot(source, AsOf(day))
    try:
        with past_of(source.archive, made.as_of.moment) as past:
            if not len(past) and past.first_known is not None:
                made.as_of = AsOf(day, _nothing_known(day, past.first_known))
            prepare = preparer(made.archive)
            for batch in past.batches(_BATCH_ARTICLES):
                _store(made, batch, prepare)
        # Tags are the reader's own: those of today limit what was known then.
        names = made.archive.article_ids()
        made.archive.tags.adopt(source.archive.tags.of(names), now=made.as_of.moment)
        made.settle()
    except BaseException:
        made.close()
        raise
    return made


def day_of(value: date | str) -> date:
    """A reader's day; raises `UsageError` for what is none, a time of day included."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise UsageError(f"{value!r} is not a date; write it as 2024-06-19") from error
    if isinstance(day, datetime):
        raise UsageError(f"{value!s} is a moment; give a day, such as 2024-06-19: its end counts")
    return day


def _store(made: LibrarySnapshot, batch: Sequence[ArticleVersion], prepare: Prepare) -> None:
    known: dict[tuple[str, str], Vectors] = {}
    items: list[Prepared] = []
    for standing in batch:
        known |= {(p.passage.article.id, indexed_text(p.passage)): p.vector for p in standing.stored}
        passages = tuple(p.passage for p in standing.stored) if standing.is_present else None
        item = prepare(standing.article, passages)
        if item is not None:
            items.append(replace(item, origin=standing.origin))
    wanted = [(item.article.ref.id, indexed_text(p)) for item in items for p in item.passages]
    missing = [key for key in dict.fromkeys(wanted) if key not in known]
    if missing:
        known |= zip(missing, made.embedder.embed_passages([text for _, text in missing]), strict=True)
    if items:
        made.store(items, np.stack([known[key] for key in wanted]))


def _nothing_known(day: date, first: datetime) -> str:
    first = first.astimezone(UTC)
    return _(
        "Nothing here was known by {day}: the earliest article of this library is from {first}.",
        day=day_in_words(day),
        first=day_in_words(first),
    )
