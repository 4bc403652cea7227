"""Several archives read as one. What is written, is written into each of them alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from rag.errors import NoSuchArticle, UsageError
from rag.scope import Scope
from rag.storage.archive.archive import Archive, StoredPassage
from rag.storage.archive.database import ChangeListener, PollingListener
from rag.storage.archive.history import ArticleChanges, History, Version
from rag.storage.archive.provenance.origins import OriginStore
from rag.storage.archive.provenance.pdfs import PdfStore
from rag.storage.archive.rows import Vectors
from rag.storage.archive.tags import Tagging, Tags, TagStore
from rag.storage.joint.holdings import Holdings
from rag.storage.joint.stories import JointStories
from rag.types import UNKNOWN_ORIGIN, Article, ArticleRef, Origin, Passage

ONE_TO_CHANGE = "several libraries are open, to be read alone; name the one that is to change with a single --library"

# Nouns of an archive that several together do not have.
_OF_ONE = ("answers", "beside", "database", "edits", "feeds", "place", "shared")


class JointArchive(Archive):
    """Archives as one, each under the name that articles get as theirs (`ArticleRef.library`).

    An article that stands in several counts once (`Holdings`), copies are found across them (`JointStories`). Methods
    that are not of reading raise `UsageError`.
    """

    def __init__(self, archives: Mapping[str, Archive]) -> None:
        """The archives by their names; closing them stays with whoever opened them."""
        self.names = tuple(archives)
        self.archives = tuple(archives.values())
        self.holdings = Holdings(self.archives)
        self.stories = JointStories(self.archives, self.holdings)
        self.read_only = True
        self.history = _JointHistory(self)
        self.tags = _JointTags(self)
        self.origins = _JointOrigins(self)
        self.pdfs = _JointPdfs(self)

    def __getattr__(self, name: str) -> NoReturn:
        if name in _OF_ONE:
            raise UsageError(ONE_TO_CHANGE)
        raise AttributeError(name)

    @property
    def name(self) -> str:
        """See `Archive`."""
        return ", ".join(archive.name for archive in self.archives)

    def close(self) -> None:
        """See `Archive`; each library closes its own."""

    def listener(self) -> ChangeListener:
        """See `Archive`."""
        return PollingListener()

    def named(self, ref: ArticleRef, number: int) -> ArticleRef:
        """A reference of an archive, with that archive's name."""
        return replace(ref, library=self.names[number])

    def revision(self) -> int:
        """The sum of the archives' revisions, which grows with every change of any."""
        return sum(archive.revision() for archive in self.archives)

    def count(self) -> int:
        """See `Archive`."""
        return len(self.holdings.now().all())

    def passage_count(self) -> int:
        """See `Archive`; those that stand in several archives count once."""
        total = sum(archive.passage_count() for archive in self.archives)
        now = self.holdings.now()
        shared = sorted(now.several)
        held = [archive.beside.passage_count(shared) for archive in self.archives]
        counted = [self.archives[number].beside.passage_count(names) for number, names in now.by_home(shared)]
        return total - sum(held) + sum(counted)

    def story_count(self) -> int:
        """Number of stories as the archives name them: near copies across archives are joined when they are read."""
        return len(set().union(*(archive.beside.story_ids() for archive in self.archives)))

    def article(self, article_id: str) -> Article | None:
        """See `Archive`."""
        home = self.holdings.now().home(article_id)
        article = None if home is None else self.archives[home].article(article_id)
        return article if article is None or home is None else replace(article, ref=self.named(article.ref, home))

    def digest_of(self, article_id: str) -> str | None:
        """See `Archive`."""
        home = self.holdings.now().home(article_id)
        return None if home is None else self.archives[home].digest_of(article_id)

    def refs(self, scope: Scope = Scope(), *, limit: int | None = None, offset: int = 0) -> list[ArticleRef]:
        """See `Archive`."""
        # As many more as the one archive may hold of what counts in another.
        now = self.holdings.now()
        most = None if limit is None else offset + limit + len(now.several)
        found: dict[str, ArticleRef] = {}
        for number, archive in enumerate(self.archives):
            for ref in archive.refs(scope, limit=most):
                home = now.home(ref.id)
                if home is not None and now.counts_in(number, ref.id):
                    found[ref.id] = self.named(ref, home)
        ordered = sorted(found.values(), key=_newest_first)
        return ordered[offset : None if limit is None else offset + limit]

    def outlets(self) -> list[str]:
        """See `Archive`."""
        return sorted({outlet for archive in self.archives for outlet in archive.outlets()})

    def languages(self) -> list[str]:
        """See `Archive`."""
        return sorted({language for archive in self.archives for language in archive.languages()})

    def period(self) -> tuple[datetime | None, datetime | None]:
        """See `Archive`."""
        firsts, lasts = zip(*(archive.period() for archive in self.archives), strict=True)
        return min(filter(None, firsts), default=None), max(filter(None, lasts), default=None)

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """See `Archive`."""
        found: dict[str, Passage] = {}
        for number, ids in self._passages_by_home(passage_ids):
            for name, passage in self.archives[number].passages_by_id(ids).items():
                found[name] = replace(passage, article=self.named(passage.article, number))
        return found

    def stored_passages(self, article_ids: Sequence[str]) -> list[StoredPassage]:
        """See `Archive`."""
        found = [
            replace(one, passage=replace(one.passage, article=self.named(one.passage.article, number)))
            for number, names in self.holdings.now().by_home(article_ids)
            for one in self.archives[number].stored_passages(names)
        ]
        return sorted(found, key=lambda one: (one.passage.article.id, one.passage.position))

    def vectors_of(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """See `Archive`."""
        found: dict[str, Vectors] = {}
        for number, ids in self._passages_by_home(passage_ids):
            found |= self.archives[number].vectors_of(ids)
        return found

    def article_ids(self) -> list[str]:
        """See `Archive`."""
        return sorted(self.holdings.now().all())

    def story_of(self, article_id: str) -> str | None:
        """See `Archive`; the story over all archives."""
        return self.stories_of([article_id]).get(article_id)

    def stories_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """See `Archive`; the stories over all archives."""
        return self.stories.of_articles(article_ids)

    def story_members(self, stories: Sequence[str]) -> dict[str, list[ArticleRef]]:
        """See `Archive`; the stories over all archives."""
        parts, now = self.stories.parts_of(stories), self.holdings.now()
        wanted: list[set[str]] = [set() for _ in self.archives]
        for number, part in frozenset().union(*parts.values()):
            wanted[number].add(part)
        held = [
            archive.story_members(sorted(own)) if own else {}
            for archive, own in zip(self.archives, wanted, strict=True)
        ]
        members = {
            story: [
                self.named(ref, number)
                for number, part in joined
                for ref in held[number].get(part, ())
                if now.home(ref.id) == number
            ]
            for story, joined in parts.items()
        }
        return {story: sorted(refs, key=_earliest_first) for story, refs in members.items() if refs}

    def _passages_by_home(self, passage_ids: Iterable[str]) -> list[tuple[int, list[str]]]:
        of_article: dict[str, list[str]] = {}
        for name in passage_ids:
            of_article.setdefault(name.rpartition(":")[0], []).append(name)
        return [
            (number, [one for name in names for one in of_article[name]])
            for number, names in self.holdings.now().by_home(of_article)
        ]

    # --- what only a single archive can -----------------------------------------------------------------------------

    def _refused(self, *given: object, **named: object) -> NoReturn:
        raise UsageError(ONE_TO_CHANGE)

    note = set_note = first_note = forget_note = _refused
    vector_matrix = changed_since = band_candidates = _refused
    put = remove = replace_vectors = _refused


class _JointHistory(History):
    """The former versions of each article, in the archive that it counts for."""

    def __init__(self, joint: JointArchive) -> None:
        self._joint = joint

    def versions(self, article_id: str) -> list[Version]:
        """See `History`."""
        home = self._joint.holdings.now().home(article_id)
        if home is None:
            return []
        found = self._joint.archives[home].history.versions(article_id)
        return [
            replace(one, article=replace(one.article, ref=self._joint.named(one.article.ref, home))) for one in found
        ]

    def corrections(self) -> dict[str, int]:
        """See `History`."""
        now = self._joint.holdings.now()
        return {
            name: times
            for number, archive in enumerate(self._joint.archives)
            for name, times in archive.history.corrections().items()
            if now.home(name) == number
        }

    def changes(self, article_id: str, *, since: int | None = None) -> ArticleChanges:
        """See `History`."""
        home = self._joint.holdings.now().home(article_id)
        if home is None:
            raise NoSuchArticle.of(article_id)
        return self._joint.archives[home].history.changes(article_id, since=since)


class _JointTags(TagStore):
    """The tags that an article has in any of the archives that hold the version that counts."""

    def __init__(self, joint: JointArchive) -> None:
        self._joint = joint

    def of(self, article_ids: Sequence[str]) -> dict[str, Tags]:
        """See `TagStore`."""
        found: dict[str, set[str]] = {}
        now = self._joint.holdings.now()
        for number, archive in enumerate(self._joint.archives):
            for name, tags in archive.tags.of(article_ids).items():
                if now.counts_in(number, name):
                    found.setdefault(name, set()).update(tags)
        return {name: tuple(sorted(tags)) for name, tags in found.items()}

    def counts(self) -> dict[str, int]:
        """See `TagStore`; an article counts once for a tag that it has in several archives."""
        shared = sorted(self._joint.holdings.now().several)
        found = Counter[str]()
        for archive in self._joint.archives:
            found.update(archive.tags.counts())
            found.subtract(tag for tags in archive.tags.of(shared).values() for tag in tags)
        found.update(tag for tags in self.of(shared).values() for tag in tags)
        return {tag: number for tag, number in sorted(found.items()) if number}

    def history(self, article_id: str) -> list[Tagging]:
        """See `TagStore`."""
        home = self._joint.holdings.now().home(article_id)
        return [] if home is None else self._joint.archives[home].tags.history(article_id)


class _JointOrigins(OriginStore):
    """Where each article came from, as the archive says that it counts for."""

    def __init__(self, joint: JointArchive) -> None:
        self._joint = joint

    def of(self, article_id: str) -> Origin:
        """See `OriginStore`."""
        home = self._joint.holdings.now().home(article_id)
        return UNKNOWN_ORIGIN if home is None else self._joint.archives[home].origins.of(article_id)

    def rivals(self, article_ids: Sequence[str]) -> dict[str, ArticleRef]:
        """See `OriginStore`; the article at an address is looked for in the same archive."""
        return {
            name: self._joint.named(holder, number)
            for number, names in self._joint.holdings.now().by_home(article_ids)
            for name, holder in self._joint.archives[number].origins.rivals(names).items()
        }


class _JointPdfs(PdfStore):
    """The PDF of each article, as the archive keeps it that it counts for."""

    def __init__(self, joint: JointArchive) -> None:
        self._joint = joint

    def file(self, article_id: str) -> bytes | None:
        """See `PdfStore`."""
        home = self._joint.holdings.now().home(article_id)
        return None if home is None else self._joint.archives[home].pdfs.file(article_id)


def _newest_first(ref: ArticleRef) -> tuple[bool, float, str]:
    return ref.believed is None, -ref.believed.timestamp() if ref.believed else 0.0, ref.id


def _earliest_first(ref: ArticleRef) -> tuple[bool, float, str]:
    return ref.believed is None, ref.believed.timestamp() if ref.believed else 0.0, ref.id
