"""Several libraries that a question may span.

Words are ranked in each library by its own BM25, whose scores say nothing beside those of another: the ranks are fused.
Vectors come from one embedder, so that their cosines are compared as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rag.errors import EmbedderMismatch, NewsdeskError, UsageError
from rag.settings import Settings
from rag.storage.index_contract import Hit, Vectors
from rag.storage.indexes.bm25 import BACKGROUND_PASSAGES, rarity_of
from rag.storage.joint.archive import ONE_TO_CHANGE, JointArchive
from rag.storage.library import Library, Prepared, open_library
from rag.storage.library_snapshot import AsOf, Preparer, library_as_of
from rag.storage.library_status import LibraryStatus
from rag.types import Question

if TYPE_CHECKING:
    from rag.models.embedder import Embedder
    from rag.models.spending import Spending


class JointLibrary(Library):
    """Libraries as one, to be read; each is opened and followed as it is alone. Make it with `open_libraries`."""

    def __init__(self, libraries: Mapping[str, Library]) -> None:
        """The libraries by their names, which citations give; closing this closes them."""
        self.names = tuple(libraries)
        self.libraries = tuple(libraries.values())
        first = self.libraries[0]
        self._joint = JointArchive({name: library.archive for name, library in libraries.items()})
        settings = first.settings.model_copy(update={"read_only": True, "keep_answers": False})
        super().__init__(settings, self._joint, embedder=None, stay_open=False)

    @cached_property
    def embedder(self) -> Embedder:
        """See `Library`; one for all. Raises `EmbedderMismatch` where a library was built with another."""
        embedder = self.libraries[0].embedder
        for name, library in zip(self.names, self.libraries, strict=True):
            try:
                library.use_embedder(embedder)
            except EmbedderMismatch as error:
                raise EmbedderMismatch(f"{name}: {error}") from error
        return embedder

    @property
    def shared(self) -> None:
        """See `Library`; nothing is kept in several."""
        return None

    @cached_property
    def spending(self) -> Spending:
        """See `Library`; the account of the first, also where it is asked as of a day."""
        return self.libraries[0].spending

    def search_words(self, question: Question, limit: int) -> list[Hit]:
        """Passage ids, the best of each library in turn; of scores only the order means anything."""
        found = (library.search_words(question, limit) for library in self.libraries)
        ranked = [[hit.passage_id for hit in self._that_count(number, hits)] for number, hits in enumerate(found)]
        in_turn = dict.fromkeys(name for names in zip_longest(*ranked) for name in names if name is not None)
        return [Hit(passage_id=name, score=1.0 / rank) for rank, name in enumerate(list(in_turn)[:limit], start=1)]

    def search_vectors(self, question: Question, vector: Vectors, limit: int) -> list[Hit]:
        """See `Library`."""
        found = (library.search_vectors(question, vector, limit) for library in self.libraries)
        return _best(hit for number, hits in enumerate(found) for hit in self._that_count(number, hits))[:limit]

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """See `Library`; over all passages."""
        total, seen = self.frequencies(terms)
        return {term: rarity_of(number, total + BACKGROUND_PASSAGES) for term, number in seen.items()}

    def frequencies(self, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """See `Library`; over all passages."""
        wanted, total = list(terms), 0
        seen = dict.fromkeys(wanted, 0)
        for library in self.libraries:
            passages, held = library.frequencies(wanted)
            total += passages
            for term, number in held.items():
                seen[term] += number
        return total, seen

    def near_words(self, term: str, slips: int, limit: int) -> list[Hit]:
        """See `Library`."""
        found = (library.near_words(term, slips, limit) for library in self.libraries)
        return _best(hit for number, hits in enumerate(found) for hit in self._that_count(number, hits))

    def catch_up(self) -> int:
        """See `Library`."""
        return sum(library.catch_up() for library in self.libraries)

    def catch_up_if_behind(self) -> None:
        """See `Library`."""
        for library in self.libraries:
            library.catch_up_if_behind()

    def behind(self) -> int:
        """See `Library`; of the one that is furthest behind."""
        return max(library.behind() for library in self.libraries)

    def settle(self) -> None:
        """See `Library`."""
        for library in self.libraries:
            library.settle()

    def status(self) -> LibraryStatus:
        """See `Library`; counts are over all, revisions are sums."""
        each = [library.status() for library in self.libraries]
        first, last = self.archive.period()
        return LibraryStatus(
            folder=", ".join(one.folder for one in each),
            archive=self.archive.name,
            articles=self.archive.count(),
            passages=self.archive.passage_count(),
            stories=self.archive.story_count(),
            outlets=tuple(self.archive.outlets()),
            first_published=first,
            last_published=last,
            revision=sum(one.revision for one in each),
            vectors_revision=sum(one.vectors_revision for one in each),
            words_revision=sum(one.words_revision for one in each),
            embedder=each[0].embedder,
            vector_index=", ".join(dict.fromkeys(one.vector_index for one in each)),
            owns_indexes=all(one.owns_indexes for one in each),
            problems=tuple(
                f"{name}: {problem}" for name, one in zip(self.names, each, strict=True) for problem in one.problems
            ),
        )

    def close(self) -> None:
        """Close every library."""
        with ExitStack() as closing:
            for library in self.libraries:
                closing.callback(library.close)

    def refuse_if_read_only(self) -> NoReturn:
        """Raise `UsageError`: one of several libraries is changed alone."""
        raise UsageError(ONE_TO_CHANGE)

    def put(self, batch: Sequence[Prepared]) -> NoReturn:
        """Refused."""
        self.refuse_if_read_only()

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> NoReturn:
        """Refused."""
        self.refuse_if_read_only()

    def _that_count(self, number: int, hits: Iterable[Hit]) -> Iterator[Hit]:
        """A library's hits without those of articles of which another library holds a later version."""
        now = self._joint.holdings.now()
        return (hit for hit in hits if now.counts_in(number, hit.passage_id.rpartition(":")[0]))


def open_libraries(
    settings: Settings, folders: Sequence[Path], *, embedder: Embedder | None = None, stay_open: bool = False,
    create: bool = True,
) -> Library:  # fmt: skip
    """The library of a folder, or those of several as one; everything else is as `settings` say.

    Raises what `open_library` does, and `UsageError` where several folders would have one archive, that of a database
    which the settings name.
    """
    distinct = list({folder.resolve(): folder for folder in folders}.values())
    if len(distinct) > 1 and settings.archive.get_secret_value():
        raise UsageError(
            "the setting `archive` names one database, which is one library; unset it to ask several folders at once"
        )
    opened: list[Library] = []
    try:
        for folder in distinct:
            own = settings.model_copy(update={"library": folder})
            opened.append(open_library(own, embedder=embedder, stay_open=stay_open, create=create))
    except BaseException:
        for library in opened:
            with suppress(NewsdeskError):
                library.close()
        raise
    return opened[0] if len(opened) == 1 else JointLibrary(dict(zip(names_of(distinct), opened, strict=True)))


def names_of(folders: Sequence[Path]) -> list[str]:
    """What readers call the libraries: the names of their folders, with as much of the path as tells them apart."""
    parts = [folder.resolve().parts for folder in folders]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-length:]) for part in parts]
        if len(set(names)) == len(names):
            break
    return names


def joint_as_of(source: Library, day: date, preparer: Preparer) -> tuple[Library, AsOf]:
    """A library, or several as one, as it stood at the end of a day; see `library_as_of`."""
    if not isinstance(source, JointLibrary):
        single = library_as_of(source, day, preparer)
        return single, single.as_of
    made: dict[str, Library] = {}
    stood: list[AsOf] = []
    source.embedder  # noqa: B018  shared by all before any of them asks for one
    try:
        for name, library in zip(source.names, source.libraries, strict=True):
            then = library_as_of(library, day, preparer)
            made[name] = then
            stood.append(then.as_of)
    except BaseException:
        for library in made.values():
            library.close()
        raise
    # One line for the reader only where none of them had anything.
    as_of = next((one for one in stood if not one.notice), stood[0])
    return JointLibrary(made), as_of


def _best(hits: Iterable[Hit]) -> list[Hit]:
    """Each passage once, best first; one that two libraries hold has the same score in both."""
    scores: dict[str, float] = {}
    for hit in hits:
        scores[hit.passage_id] = max(hit.score, scores.get(hit.passage_id, hit.score))
    ordered = sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))
    return [Hit(passage_id=name, score=score) for name, score in ordered]
