"""The Library view as HTML: the table with its pages, and what all the articles in it are by month and by outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text.formatting import clipped, count
from rag.types import ArticleRef
from web.page.html.charts import bar_chart
from web.page.html.rendering import render
from web.page.html.words import counted, title_of
from web.page.library.listing import ON_A_PAGE, Entry, Listing

_TITLE_SHOWN = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An article of the table, and what is known of it in words."""

    reference: str
    article: ArticleRef
    title: str
    known: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacking:
    """An article of which something is not known."""

    reference: str
    name: str
    lacks: str


def library_html(found: Listing, *, editing: bool) -> str:
    """The table and the charts; `editing` offers to remove articles."""
    first = found.page * ON_A_PAGE + 1
    return render(
        "library.html",
        total=found.total,
        shown=f"{first:,} to {first + len(found.entries) - 1:,}",
        rows=[_row(entry) for entry in found.entries],
        page_number=found.page,
        pages=found.pages,
        place=f"Page {found.page + 1:,} of {found.pages:,}",
        months=bar_chart("Articles over time", found.months),
        outlets=[(name, number, f"{number:,}") for name, number in found.outlets],
        most=max((number for _, number in found.outlets), default=0),
        editing=editing,
    )


def removed_html(message: str, *, article: str) -> str:
    """What came of a removal; `article` is the id of what can be put back, empty where nothing can."""
    return render("removed.html", message=message, article=article)


def lacking_html(refs: Sequence[ArticleRef]) -> str:
    """Articles that do not say everything, each to be opened and corrected; empty where there are none."""
    rows = [
        Lacking(reference=f"edit:{ref.id}", name=clipped(title_of(ref), _TITLE_SHOWN), lacks=" and no ".join(lacks))
        for ref in refs
        if (lacks := [name for name in Entry(ref=ref).lacks if name != "address"])
    ]
    return render("lacking.html", articles=rows)


def _row(entry: Entry) -> Row:
    title = clipped(title_of(entry.ref), _TITLE_SHOWN)
    known = ", ".join(_known(entry))
    return Row(reference=f"article:{entry.ref.id}", article=entry.ref, title=title, known=known)


def _known(entry: Entry) -> Iterator[str]:
    if entry.copies:
        outlets = {other.outlet for other in (entry.ref, *entry.copies)}
        yield f"carried by {counted(len(outlets), 'outlet')}"
    if entry.rival is not None:
        yield entry.rival.briefly
    if entry.corrections:
        yield f"corrected {count(entry.corrections, 'time')}"
    yield from (f"no {name}" for name in entry.lacks)
    if entry.tags:
        yield f"tagged {', '.join(f'“{tag}”' for tag in entry.tags)}"
