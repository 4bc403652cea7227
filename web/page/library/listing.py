"""What a library holds, as the Library view lists it: searched, filtered, sorted and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from rag.retrieval.rivals import Rival, rivals_among
from rag.scope import Scope
from rag.text.formatting import month_in_words
from rag.text.search_terms import without_accents
from rag.types import ArticleRef
from rag.wording import _

if TYPE_CHECKING:
    from rag.desk import Desk

Sort = Literal["newest", "oldest", "outlet", "title"]
Only = Literal["", "copies", "corrected", "incomplete"]

ON_A_PAGE = 50
MOST_BARS = 24
MOST_OUTLETS = 8
"""The largest ones: more would push the list off the screen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the reader looks for. `words` must all stand in title or outlet; `only` names a kind of article."""

    words: str = ""
    scope: Scope = Scope()
    only: Only = ""
    sort: Sort = "newest"
    page: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article with the others that carry its text, how often it was corrected, its tags, and whose address it
    claims."""

    ref: ArticleRef
    copies: tuple[ArticleRef, ...] = ()
    corrections: int = 0
    tags: tuple[str, ...] = ()
    rival: Rival | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What its source did not say."""
        ref = self.ref
        known = {"title": ref.title, "outlet": ref.outlet, "date": ref.published, "address": ref.url}
        return tuple(name for name, value in known.items() if not value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One page of entries, how many there are in all, and what all of them are by month and by outlet."""

    entries: tuple[Entry, ...]
    total: int
    page: int
    months: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]

    @property
    def pages(self) -> int:
        """Pages that all of them fill; at least 1."""
        return max(1, -(-self.total // ON_A_PAGE))


def listing(desk: Desk, wanted: Wanted) -> Listing:
    """The articles that are wanted; `page` beyond the last one is the last one."""
    refs = [ref for ref in desk.articles(scope=wanted.scope) if _holds(ref, wanted.words)]
    if wanted.only == "incomplete":
        refs = [ref for ref in refs if Entry(ref=ref).lacks]
    corrections = desk.corrections()
    if wanted.only == "copies":
        copies = _copies(desk, refs)
        refs = [ref for ref in refs if copies.get(ref.id)]
    if wanted.only == "corrected":
        refs = [ref for ref in refs if corrections.get(ref.id)]
    refs = _sorted(refs, wanted.sort)
    page = min(max(0, wanted.page), max(0, -(-len(refs) // ON_A_PAGE) - 1))
    shown = refs[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    # The stories of a whole library are looked up only where the reader asks for copies.
    copies = _copies(desk, shown)
    tags = desk.library.archive.tags.of([ref.id for ref in shown])
    rivals = rivals_among(desk.library.archive, [ref.id for ref in shown])
    return Listing(
        entries=tuple(
            Entry(
                ref=ref,
                copies=copies.get(ref.id, ()),
                corrections=corrections.get(ref.id, 0),
                tags=tags.get(ref.id, ()),
                rival=rivals.get(ref.id),
            )
            for ref in shown
        ),
        total=len(refs),
        page=page,
        months=_months(refs),
        outlets=tuple(Counter(ref.outlet or _("unknown outlet") for ref in refs).most_common(MOST_OUTLETS)),
    )


def _copies(desk: Desk, refs: Sequence[ArticleRef]) -> dict[str, tuple[ArticleRef, ...]]:
    """Article -> the others of its story."""
    archive = desk.library.archive
    stories = archive.stories_of([ref.id for ref in refs])
    members = archive.story_members(sorted(set(stories.values())))
    return {
        name: tuple(other for other in members.get(story, ()) if other.id != name) for name, story in stories.items()
    }


def _holds(ref: ArticleRef, words: str) -> bool:
    text = without_accents(f"{ref.title} {ref.outlet}")
    return all(word in text for word in without_accents(words).split())


def _sorted(refs: Sequence[ArticleRef], sort: Sort) -> list[ArticleRef]:
    """As asked for; undated articles and unknown names last."""
    if sort == "newest":
        return list(refs)
    if sort == "oldest":
        dated = [ref for ref in refs if ref.believed]
        return [*reversed(dated), *(ref for ref in refs if not ref.believed)]
    named = [(ref.outlet if sort == "outlet" else ref.title, ref) for ref in refs]
    return [ref for name, ref in sorted(named, key=lambda pair: (not pair[0], without_accents(pair[0]), pair[1].id))]


def _months(refs: Sequence[ArticleRef]) -> tuple[tuple[str, int], ...]:
    """Articles by month, oldest first, months without any between them; by year where there are too many."""
    dates = [ref.believed for ref in refs if ref.believed]
    if not dates:
        return ()
    first, last = min(dates), max(dates)
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_BARS:
        years = Counter(day.year for day in dates)
        return tuple((str(year), years[year]) for year in range(first.year, last.year + 1))[-MOST_BARS:]
    months = Counter((day.year, day.month) for day in dates)
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append((month_in_words(date(year, month, 1)), months[(year, month)]))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return tuple(found)
