"""The Library view as HTML: the table with its pages, and what all the articles in it are by month and by outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text.formatting import clipped
from rag.types import ArticleRef
from rag.wording import N_, _, ngettext, translated
from rag.wording.numbers import number_in_words
from web.page.html.charts import bar_chart
from web.page.html.rendering import render
from web.page.html.words import title_of
from web.page.library.listing import ON_A_PAGE, Entry, Listing

_TITLE_SHOWN = 120
_NO = {"title": N_("no title"), "outlet": N_("no outlet"), "date": N_("no date"), "address": N_("no address")}


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


def library_html(found: Listing, *, editing: bool, is_empty: bool = False) -> str:
    """The table and the charts; `editing` offers to remove articles. Where the whole library `is_empty` the page's
    script opens what is to be added."""
    first = found.page * ON_A_PAGE + 1
    return render(
        "library.html",
        total=found.total,
        shown=_(
            "{first} to {last}",
            first=number_in_words(first),
            last=number_in_words(first + len(found.entries) - 1),
        ),
        rows=[_row(entry) for entry in found.entries],
        page_number=found.page,
        pages=found.pages,
        place=_("Page {page} of {pages}", page=number_in_words(found.page + 1), pages=number_in_words(found.pages)),
        months=bar_chart(_("Articles over time"), found.months),
        outlets=[(name, number, number_in_words(number)) for name, number in found.outlets],
        most=max((number for _, number in found.outlets), default=0),
        editing=editing,
        is_empty=is_empty,
    )


def removed_html(message: str, *, article: str) -> str:
    """What came of a removal; `article` is the id of what can be put back, empty where nothing can."""
    return render("removed.html", message=message, article=article)


def lacking_html(refs: Sequence[ArticleRef]) -> str:
    """Articles that do not say everything, each to be opened and corrected; empty where there are none."""
    rows = [
        Lacking(reference=f"edit:{ref.id}", name=clipped(title_of(ref), _TITLE_SHOWN), lacks=_one_and_another(lacks))
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
        yield ngettext("carried by {n} outlet", "carried by {n} outlets", len(outlets))
    if entry.rival is not None:
        yield entry.rival.briefly
    if entry.corrections:
        yield ngettext("corrected {n} time", "corrected {n} times", entry.corrections)
    yield from (translated(_NO[name]) for name in entry.lacks)
    if entry.tags:
        yield _("tagged {tags}", tags=", ".join(f"“{tag}”" for tag in entry.tags))


def _one_and_another(lacks: Sequence[str]) -> str:
    """`no title and no date`."""
    said = translated(_NO[lacks[0]])
    for name in lacks[1:]:
        said = _("{names} and {last}", names=said, last=translated(_NO[name]))
    return said
