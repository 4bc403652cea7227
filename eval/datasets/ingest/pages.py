"""What is read of a saved page, and how that is held against what a person noted of it.

A title, a name and an outlet are compared whole, without differences of case, white space, quotation marks and dashes.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from eval.datasets.rows import Row
from eval.metrics.estimates import Estimate
from ingest.preparing.article import article_from
from ingest.readers.html.reader import article_of_page
from rag.errors import SourceError

_FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "…": "..."}  # noqa: RUF001
)
_NAME_ENDS = re.compile(r"\s*(?:[;,&]|\b(?:and|und|et)\b)\s*")
_BY = re.compile(r"(?:by|von)\s+")

ESTIMATES = {
    "title_accuracy": Estimate(statistic="mean", columns=("title",)),
    "author_f1": Estimate(statistic="ratio", columns=("authors_right_twice", "authors_counted")),
    "date_found": Estimate(statistic="mean", columns=("date_found",)),
    "date_accuracy": Estimate(statistic="mean", columns=("date_right",)),
    "outlet_accuracy": Estimate(statistic="mean", columns=("outlet",)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a system reads of a page; empty where it reads nothing. `day` is the day of the source's own clock."""

    title: str = ""
    authors: tuple[str, ...] = ()
    day: datetime.date | None = None
    outlet: str = ""
    text: str = ""


class Notes(Row):
    """What a person noted of a page.

    `author` is None where nobody noted any, and empty where there is none. `outlet` holds every name that is right.
    """

    id: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    outlet: list[str] = Field(default_factory=list)

    @property
    def day(self) -> datetime.date | None:
        """The day on which the article was published, by the page's own clock."""
        return datetime.date.fromisoformat(self.date) if self.date else None


def stored(page: str, *, name: str, url: str) -> Reading:
    """What ingest would store of a page, by the way that every web page goes; empty where it finds no article."""
    fetched = datetime.datetime.now(datetime.UTC)
    try:
        article = article_from(article_of_page(page, where=name, source=name, url=url), fetched=fetched)
    except SourceError:
        return Reading()
    return Reading(
        title=article.ref.title,
        authors=article.authors,
        day=article.ref.published.date() if article.ref.published else None,
        outlet=article.ref.outlet,
        text=article.text,
    )


def scores(notes: Notes, found: Reading) -> dict[str, Any]:
    """The columns of `ESTIMATES`; None where nothing was noted, for `date_right` also where no date was found."""
    right, extra, missed = author_counts(notes.author, found.authors)
    counted = 2 * right + extra + missed
    dated = notes.day is not None
    return {
        "title": None if notes.title is None else float(folded(found.title) == folded(notes.title)),
        "authors_right_twice": float(2 * right) if counted else None,
        "authors_counted": float(counted) if counted else None,
        "date_found": float(found.day is not None) if dated else None,
        "date_right": float(found.day == notes.day) if dated and found.day else None,
        "outlet": float(outlet_key(found.outlet) in map(outlet_key, notes.outlet)) if notes.outlet else None,
    }


def faults(notes: Notes, found: Reading) -> list[str]:
    """What of it is wrong, in words."""
    given = scores(notes, found)
    wrong = {
        f"title {found.title!r}, not {notes.title!r}": given["title"] == 0,
        f"authors {found.authors!r}, not {notes.author!r}": given["authors_right_twice"] != given["authors_counted"],
        f"date {found.day}, not {notes.day}": given["date_right"] == 0 or given["date_found"] == 0,
        f"outlet {found.outlet!r}, not {' or '.join(notes.outlet)!r}": given["outlet"] == 0,
    }
    return [fault for fault, is_wrong in wrong.items() if is_wrong]


def folded(text: str) -> str:
    """The text without differences of case, white space, quotation marks and dashes."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold().split())


def outlet_key(name: str) -> str:
    """The letters and figures of an outlet's name, folded, without "the" before them."""
    return "".join(filter(str.isalnum, folded(name).removeprefix("the ")))


def names_in(author: str) -> frozenset[str]:
    """The names in an author field, folded, without "by"."""
    parts = (_BY.sub("", part, count=1).strip(" .") for part in _NAME_ENDS.split(folded(author)))
    return frozenset(part for part in parts if part)


def author_counts(noted: str | None, found: Sequence[str]) -> tuple[int, int, int]:
    """Names that are right, that nobody noted, and that were missed: sets of folded names, compared whole."""
    if noted is None:
        return 0, 0, 0
    wanted, given = names_in(noted), frozenset(name for author in found for name in names_in(author))
    return len(wanted & given), len(given - wanted), len(wanted - given)
