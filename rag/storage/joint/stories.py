"""Copies across archives: the stories of each, joined where an article of one is a near copy of one of another."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from rag.storage.archive.archive import Archive
from rag.storage.joint.holdings import Holdings
from rag.storage.near_copies import grams_of, similarity

Story = tuple[int, str]
"""A story of one archive: the archive's number, and the story's id there."""

# A text that this many others share a band with is compared with the first of them, as at an ingest.
_MOST_COMPARED = 64


class JointStories:
    """Joins stories when they are asked for, and remembers what it found until an archive changes.

    Whichever article of a story is asked for, the same stories are joined: those with the same id, those that hold the
    same article, and those of which two articles are near copies (the rule that an ingest goes by).
    """

    def __init__(self, archives: Sequence[Archive], holdings: Holdings) -> None:
        self._archives = archives
        self._holdings = holdings
        self._guard = threading.RLock()
        self._revisions: tuple[int, ...] = ()
        self._joined: dict[Story, frozenset[Story]] = {}

    def of_articles(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Article id -> the id of its joined story: the least of the ids that the archives gave it."""
        with self._guard:
            own: dict[str, Story] = {}
            for number, names in self._holdings.now().by_home(article_ids):
                own |= {name: (number, story) for name, story in self._archives[number].stories_of(names).items()}
            joined = self._closed(set(own.values()))
            return {name: min(story for _, story in joined[at]) for name, at in own.items()}

    def parts_of(self, stories: Sequence[str]) -> dict[str, frozenset[Story]]:
        """The id of a joined story -> the stories of archives that it is made of, some of which may hold nothing."""
        with self._guard:
            numbers = range(len(self._archives))
            joined = self._closed({(number, story) for story in stories for number in numbers})
            return {story: frozenset().union(*(joined[number, story] for number in numbers)) for story in stories}

    def _closed(self, wanted: set[Story]) -> dict[Story, frozenset[Story]]:
        """Each of these stories with all that it is joined with, itself among them."""
        revisions = self._holdings.now().revisions
        if self._revisions != revisions:
            self._revisions, self._joined = revisions, {}
        joined: dict[Story, frozenset[Story]] = {}
        frontier = {story for story in wanted if story not in self._joined}
        seen: set[Story] = set()
        while frontier:
            seen |= frontier
            beside = self._beside(frontier)
            for story, others in beside.items():
                together = frozenset().union(*(joined.get(one, {one}) for one in (story, *others)))
                joined |= dict.fromkeys(together, together)
            frontier = {other for others in beside.values() for other in others} - seen
        self._joined |= joined
        return {story: self._joined[story] for story in wanted}

    def _beside(self, stories: Iterable[Story]) -> dict[Story, set[Story]]:
        """Each story with those of the other archives that it is joined with directly."""
        found: dict[Story, set[Story]] = {story: set() for story in stories}
        for number, archive in enumerate(self._archives):
            own = [story for at, story in found if at == number]
            members = {story: [ref.id for ref in refs] for story, refs in archive.story_members(own).items()}
            story_of = {name: story for story, names in members.items() for name in names}
            for other, neighbour in enumerate(self._archives):
                if other == number or not own:
                    continue
                alike = {name: {name} for name in neighbour.beside.versions(list(story_of))}
                for name, copies in self._copies(archive, neighbour, list(story_of)).items():
                    alike.setdefault(name, set()).update(copies)
                theirs = neighbour.stories_of(sorted({copy for copies in alike.values() for copy in copies}))
                for name, copies in alike.items():
                    found[number, story_of[name]] |= {(other, theirs[copy]) for copy in copies if copy in theirs}
                for story in neighbour.story_members(own):
                    found[number, story].add((other, story))
        return found

    def _copies(self, archive: Archive, neighbour: Archive, names: Sequence[str]) -> dict[str, set[str]]:
        """Article -> the near copies of it that a neighbour holds."""
        bands = archive.beside.bands_of(names)
        holders = neighbour.beside.holders_of(sorted({band for own in bands.values() for band in own}))
        found: dict[str, set[str]] = {}
        for name, own in bands.items():
            candidates = sorted({other for band in own for other in holders.get(band, ()) if other != name})
            article = archive.article(name) if candidates else None
            if article is None:
                continue
            grams = grams_of(article.text)
            for candidate in candidates[:_MOST_COMPARED]:
                other = neighbour.article(candidate)
                if other is not None and similarity(grams, grams_of(other.text)) > 0:
                    found.setdefault(name, set()).add(candidate)
        return found
