"""One library: the archive, and the indexes that follow it, kept in step.

Only one process owns the indexes; any number may read, and any number may write to the archive. Whatever a process
leaves behind when it is killed, the next one that opens the library completes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from rag.errors import EmbedderMismatch, LibraryBusy, UsageError
from rag.settings import Settings
from rag.storage import place
from rag.storage.archive.archive import Archive, Change
from rag.storage.archive.dates_ahead import mark_dates_ahead
from rag.storage.archive.shared.stores import SharedStores
from rag.storage.index_contract import Hit, Vectors, indexed_text
from rag.storage.indexes.chroma import loading_chroma
from rag.storage.indexes.chroma_server import ChromaServer
from rag.storage.indexes.health import are_current, disk_problems, disk_revisions, was_interrupted
from rag.storage.indexes.reader import IndexReader
from rag.storage.indexes.writer import EXACT_UP_TO_PASSAGES, IndexWriter
from rag.storage.library_status import LibraryStatus
from rag.storage.place import archive_of, refuse_if_incomplete
from rag.types import UNKNOWN_ORIGIN, Article, Origin, Passage, Question

if TYPE_CHECKING:
    from rag.checking.sentence_check import SentenceCheck
    from rag.models.embedder import Embedder
    from rag.models.reader.sentence_reader import SentenceReader
    from rag.models.reranker import Reranker
    from rag.models.spending import Spending

# More waiting changes than this are left to the background (`Desk` watches), so that no question waits for a long
# catch-up.
CATCH_UP_WITHIN_A_QUESTION = 32

_EMBEDDER = "embedder"
_REEMBEDDING = "re-embedding"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """An article ready to be stored, with its MinHash `bands`, source and PDF; `story` "" means one of its own."""

    article: Article
    passages: tuple[Passage, ...]
    bands: tuple[int, ...] = ()
    story: str = ""
    origin: Origin = UNKNOWN_ORIGIN
    file: bytes = b""


class Library:
    """See the module. Make it with `open_library`; use it as a context manager or call `close`."""

    def __init__(self, settings: Settings, archive: Archive, *, embedder: Embedder | None, stay_open: bool) -> None:
        self.settings = settings
        self.folder = settings.library
        self.archive = archive
        self._given_embedder = embedder
        self._stay_open = stay_open
        self._indexes: IndexWriter | IndexReader | None = None
        self._guard = threading.RLock()
        self._wrote = False
        self._loading: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder, loaded at first use.

        Raises `EmbedderMismatch` where the library's vectors come from another.
        """
        from rag.models.load_embedder import open_embedder

        embedder = self._given_embedder or open_embedder(self.settings)
        self._check_embedder(embedder.identity)
        return embedder

    def use_embedder(self, embedder: Embedder) -> None:
        """Take one that is loaded already; raises `EmbedderMismatch` where the vectors come from another."""
        self._check_embedder(embedder.identity)
        self._given_embedder = embedder

    @property
    def shared(self) -> SharedStores | None:
        """What the pages of several machines keep together; None where the archive is one machine's."""
        return self.archive.shared if self.archive.database.is_shared else None

    @cached_property
    def check(self) -> SentenceCheck:
        """The check of a model's sentences that the settings name; loaded at the first draft."""
        from rag.checking.sentence_check import open_check

        return open_check(self.settings)

    @cached_property
    def spending(self) -> Spending:
        """The account of what language models cost."""
        from rag.models.spending import Spending

        return Spending(self.settings, account=self.shared.spending if self.shared else None)

    @cached_property
    def reader(self) -> SentenceReader | None:
        """The reader of the settings, loaded at first use; None where it is off."""
        from rag.models.reader.sentence_reader import open_reader

        return open_reader(self.settings)

    @cached_property
    def reranker(self) -> Reranker | None:
        """The cross-encoder of the settings, loaded at first use; None where none is set."""
        from rag.models.reranker import open_reranker

        return open_reranker(self.settings)

    def put(self, batch: Sequence[Prepared]) -> list[Change]:
        """Embed a batch together, then store each article in a transaction of its own.

        Unchanged ones are not embedded.
        """
        self.refuse_if_read_only()
        fresh = [item for item in batch if self.archive.digest_of(item.article.ref.id) != item.article.digest]
        changes = dict(zip(map(id, fresh), self.store(fresh, self.embed(fresh)), strict=True))
        return [changes.get(id(item), "unchanged") for item in batch]

    def embed(self, batch: Sequence[Prepared]) -> Vectors:
        """The vectors of all passages of a batch, in order; the library is not asked, so that any thread may do it."""
        return self.embedder.embed_passages([indexed_text(p) for item in batch for p in item.passages])

    def store(self, batch: Sequence[Prepared], vectors: Vectors) -> list[Change]:
        """Store each article of a batch in a transaction of its own, with what `embed` returned for the batch."""
        self.refuse_if_read_only()
        if batch:
            # Another process may start the same library, or change it over, with another embedder.
            identity = self.embedder.identity
            if (self.archive.note(_EMBEDDER) or self.archive.first_note(_EMBEDDER, identity)) != identity:
                self._check_embedder(identity)
        changes: list[Change] = []
        start = 0
        for item in batch:
            end = start + len(item.passages)
            self._wrote = True
            put = partial(self.archive.put, item.article, item.passages, vectors[start:end])
            changes.append(put(bands=item.bands, story=item.story, origin=item.origin, file=item.file))
            start = end
        return changes

    def remove(self, article_id: str) -> bool:
        """Remove an article; it stops answering at once. False where there is none of that id."""
        self.refuse_if_read_only()
        removed = self.archive.remove(article_id)
        self._wrote = self._wrote or removed
        return removed

    def tag(self, article_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> bool:
        """Give an article tags and take others away, in the form of `rag.question.tags.tags_of`; False where it was so.

        Raises `LibraryError` where there is no article of that id.
        """
        self.refuse_if_read_only()
        changed = self.archive.tags.change(article_id, add=add, remove=remove, now=datetime.now(UTC))
        self._wrote = self._wrote or changed
        return changed

    def search_words(self, question: Question, limit: int) -> list[Hit]:
        """Passage ids by BM25, best first."""
        languages = {"en", *self.archive.languages()}
        text = f"{question.complete} {question.context}"
        return self._ready().search_words(text, question.scope, limit, languages=sorted(languages))

    def search_vectors(self, question: Question, vector: np.typing.NDArray[np.float32], limit: int) -> list[Hit]:
        """Passage ids by cosine to `vector`, best first."""
        return self._ready().search_vectors(vector, question.scope, limit)

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Term -> how rare it is in this library, from 0 (everywhere) to 1 (nowhere)."""
        return self._ready().words.rarity(terms)

    def frequencies(self, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """Number of passages, and term -> how many of them hold it."""
        return self._ready().words.frequencies(terms)

    def near_words(self, term: str, slips: int, limit: int) -> list[Hit]:
        """Passages with a word that differs from a term by `slips` at most (1 or 2); see `BM25Index.near`."""
        return self._ready().words.near(term, slips, limit)

    def catch_up(self) -> int:
        """Bring the indexes to the archive's revision; returns how many articles were applied."""
        with self._guard:
            indexes = self._open_indexes(writing=True)
            applied = indexes.catch_up()
            if isinstance(indexes, IndexWriter):
                indexes.verify()
            return applied

    def expect_writing(self) -> None:
        """Load what `settle` will need, in the background: importing Chroma takes seconds that an encoder can use."""
        if self._indexes is None and self._loading is None:
            self._loading = loading_chroma()

    def settle(self) -> None:
        """Complete on disk what this process, or a killed one, has not indexed; quick where nothing is behind."""
        if self._stay_open or not are_current(self.folder, self.archive) or was_interrupted(self.folder):
            self.catch_up()
        self._wrote = False

    def catch_up_if_behind(self) -> None:
        """Follow what other processes stored; quick where nothing changed. Questions are answered meanwhile."""
        with self._guard:
            indexes = self._open_indexes(writing=False)
        if self.archive.revision() > min(indexes.vectors.revision, indexes.words.revision):
            indexes.catch_up()

    def behind(self) -> int:
        """By how many changes the words that are searched here are behind the archive."""
        indexes = self._indexes
        reached = indexes.words.revision if indexes else disk_revisions(self.folder, self.archive)[1]
        return self.archive.revision() - reached

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Make both indexes anew from the archive; with another embedder in the settings, make the vectors anew first.
        Dates too far ahead of an older library are marked as those of a newer one are.

        Raises `LibraryBusy` while another process owns the indexes.
        """
        self.refuse_if_read_only()
        with self._guard:
            if self._indexes is not None:
                self._indexes.close()
                self._indexes = None
            mark_dates_ahead(self.archive.database)
            self._reembed_if_needed(progress)
            owned = IndexWriter(self.folder, self.archive, vector_kind="exact", server=self._server)
            try:
                # Opened as exact, a broken vector index is never touched; both are then built fresh on disk.
                owned.rebuild_on_disk(progress, chroma=self.settings.vector_index != "exact")
            finally:
                owned.close()
            self._wrote = False

    def status(self) -> LibraryStatus:
        """Counts, dates and problems."""
        first, last = self.archive.period()
        vectors, words = disk_revisions(self.folder, self.archive)
        indexes = self._indexes
        exact_only = self.settings.vector_index == "exact"
        revision = self.archive.revision()
        return LibraryStatus(
            folder=str(self.folder),
            archive=self.archive.name,
            articles=self.archive.count(),
            passages=self.archive.passage_count(),
            stories=self.archive.story_count(),
            outlets=tuple(self.archive.outlets()),
            first_published=first,
            last_published=last,
            revision=revision,
            vectors_revision=revision if exact_only else vectors,
            words_revision=words,
            embedder=self.archive.note(_EMBEDDER) or "",
            vector_index=indexes.vectors.name if indexes else "exact" if exact_only else "chroma",
            owns_indexes=isinstance(indexes, IndexWriter),
            problems=tuple(indexes.problems if indexes else disk_problems(self.folder, self.archive)),
        )

    def close(self) -> None:
        """Let the indexes catch up with what this process wrote, and close everything."""
        with self._guard:
            try:
                if self._wrote:
                    self.catch_up()
            finally:
                if self._loading is not None:
                    # An import that goes on when the process ends fails with a traceback that nobody can act on.
                    self._loading.join()
                if self._indexes is not None:
                    self._indexes.close()
                    self._indexes = None
                self.archive.close()

    def _ready(self) -> IndexWriter | IndexReader:
        with self._guard:
            indexes = self._open_indexes(writing=False)
            behind = self.archive.revision() - min(indexes.vectors.revision, indexes.words.revision)
            if 0 < behind <= CATCH_UP_WITHIN_A_QUESTION or (behind and not self._stay_open):
                indexes.catch_up(wait=False)
            return indexes

    def _open_indexes(self, *, writing: bool) -> IndexWriter | IndexReader:
        if isinstance(self._indexes, IndexWriter) or (self._indexes is not None and not writing):
            return self._indexes
        if self._should_own(writing=writing):
            try:
                kind = self.settings.vector_index
                owned = IndexWriter(self.folder, self.archive, vector_kind=kind, server=self._server)
            except LibraryBusy:
                owned = None
            if owned is not None:
                if self._indexes is not None:
                    self._indexes.close()
                self._indexes = owned
                owned.catch_up()
                owned.verify()
                return owned
        if self._indexes is None:
            self._indexes = IndexReader(self.folder, self.archive, server=self._server_to_ask())
        return self._indexes

    @property
    def _server(self) -> ChromaServer | None:
        address = self.settings.chroma
        token = self.settings.chroma_token.get_secret_value()
        return ChromaServer(address=address, token=token) if address else None

    def _server_to_ask(self) -> ChromaServer | None:
        """The server where it is the way to search: few vectors are searched sooner in memory."""
        kind = self.settings.vector_index
        is_large = kind == "chroma" or (kind == "auto" and self.archive.passage_count() > EXACT_UP_TO_PASSAGES)
        return self._server if is_large else None

    def _should_own(self, *, writing: bool) -> bool:
        if self.archive.read_only or place.cannot_be_written(self.folder):
            return False
        if writing or self._stay_open or not are_current(self.folder, self.archive):
            return True
        return self.settings.vector_index == "chroma" or self.archive.passage_count() > EXACT_UP_TO_PASSAGES

    def _check_embedder(self, identity: str) -> None:
        if self.archive.note(_REEMBEDDING):
            raise EmbedderMismatch(
                "changing the embedder of this library was interrupted; run `newsdesk rebuild` to complete it"
            )
        built_with = self.archive.note(_EMBEDDER)
        if built_with is not None and built_with != identity:
            raise EmbedderMismatch(
                f"the library was built with the embedder {built_with!r}, the settings ask for {identity!r}; "
                "run `newsdesk rebuild` to change it over, or set the old one again"
            )

    def _reembed_if_needed(self, progress: Callable[[int, int], None] | None) -> None:
        from rag.models.load_embedder import open_embedder

        embedder = self._given_embedder or open_embedder(self.settings)
        built_with = self.archive.note(_EMBEDDER)
        if built_with in (None, embedder.identity) and not self.archive.note(_REEMBEDDING):
            return
        self.archive.set_note(_REEMBEDDING, embedder.identity)
        names = self.archive.article_ids()
        for done, name in enumerate(names, start=1):
            passages = self.archive.passages(name)
            self.archive.replace_vectors(name, embedder.embed_passages([indexed_text(p) for p in passages]))
            if progress is not None:
                progress(done, len(names))
        self.archive.set_note(_EMBEDDER, embedder.identity)
        self.archive.set_note(_REEMBEDDING, "")

    def refuse_if_read_only(self) -> None:
        """Raise UsageError where the settings forbid every change."""
        if self.settings.read_only:
            raise UsageError("this library is open for reading only; unset NEWSDESK_READ_ONLY to change it")


def open_library(
    settings: Settings, *, embedder: Embedder | None = None, stay_open: bool = False, create: bool = True
) -> Library:
    """Open the library that the settings name.

    `stay_open` takes ownership of the indexes where nobody else has it. The folder holds this machine's indexes, and
    the archive where the settings name no database for it. Raises `LibraryError` where there is no library and
    `create` is False, or where folder or database hold something else or only part of a library; `StorageError` where
    disk or server refuse.
    """
    archive = archive_of(settings, create=create and not settings.read_only)
    try:
        refuse_if_incomplete(archive)
    except BaseException:
        archive.close()
        raise
    return Library(settings, archive, embedder=embedder, stay_open=stay_open)
