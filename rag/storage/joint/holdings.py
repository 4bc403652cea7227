"""Which of several archives an article counts for."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.storage.archive.archive import Archive
from rag.storage.archive.beside import HeldVersion

_CHANGES_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What several archives hold at their `revisions`: each one's articles, and those that stand in `several`.

    An article that stands in several is one: the version that was fetched last counts, in the first archive that has
    it. Whichever archive holds the same version may answer with it; one that holds another may not.
    """

    revisions: tuple[int, ...]
    versions: tuple[dict[str, HeldVersion], ...]
    several: frozenset[str]

    def all(self) -> set[str]:
        """Every article."""
        return set().union(*self.versions)

    def home(self, article_id: str) -> int | None:
        """The number of the archive whose version counts; None where no archive holds the article."""
        holding = [number for number, held in enumerate(self.versions) if article_id in held]
        return max(holding, key=lambda number: (self.versions[number][article_id].fetched, -number), default=None)

    def counts_in(self, number: int, article_id: str) -> bool:
        """Whether an archive holds the version that counts."""
        own = self.versions[number].get(article_id)
        if own is None or article_id not in self.several:
            return own is not None
        home = self.home(article_id)
        return home is not None and own.digest == self.versions[home][article_id].digest

    def by_home(self, article_ids: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """The articles of each archive that some of them count for, in the order given."""
        parts: dict[int, list[str]] = {}
        for name in article_ids:
            home = self.home(name)
            if home is not None:
                parts.setdefault(home, []).append(name)
        yield from sorted(parts.items())


class Holdings:
    """Follows what several archives hold by their revisions. Safe to use from several threads."""

    def __init__(self, archives: Sequence[Archive]) -> None:
        self._archives = archives
        self._guard = threading.Lock()
        self._held = Held(revisions=(-1,) * len(archives), versions=tuple({} for _ in archives), several=frozenset())

    def now(self) -> Held:
        """What they hold; asks each archive for its revision, so take it once for many articles."""
        if self._is_behind():
            with self._guard:
                if self._is_behind():
                    self._held = self._followed()
        return self._held

    def _is_behind(self) -> bool:
        return any(a.revision() != reached for a, reached in zip(self._archives, self._held.revisions, strict=True))

    def _followed(self) -> Held:
        followed = [
            _read(archive, reached, held)
            for archive, reached, held in zip(self._archives, self._held.revisions, self._held.versions, strict=True)
        ]
        revisions, versions = zip(*followed, strict=True)
        times = Counter(name for held in versions for name in held)
        return Held(
            revisions=revisions,
            versions=versions,
            several=frozenset(name for name, number in times.items() if number > 1),
        )


def _read(archive: Archive, reached: int, held: dict[str, HeldVersion]) -> tuple[int, dict[str, HeldVersion]]:
    """The revision that an archive is at, and what it holds; `held` is what it held at `reached`, -1 for nothing."""
    if reached < 0:
        # Read first: a change between the two reads is then looked at twice rather than missed.
        reached = archive.revision()
        return reached, archive.beside.versions()
    while changes := archive.changed_since(reached, limit=_CHANGES_AT_ONCE):
        changed = {change.article_id for change in changes}
        kept = {name: version for name, version in held.items() if name not in changed}
        held = kept | archive.beside.versions(sorted(changed))
        reached = max(change.revision for change in changes)
    return reached, held
