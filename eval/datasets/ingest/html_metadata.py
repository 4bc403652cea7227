"""Saved pages with their titles, authors, dates, and strings that their text must and must not hold.

`--data` is one file with a page a line: `id`, `url`, `html`, `title`, `author` (several parted by ";", "," or "and";
empty where nobody noted one), `date` (a day), `text_with`, `text_without`. The strings and their metric are those of
trafilatura's own evaluation (github.com/adbar/trafilatura, tests/comparison.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field

from eval.datasets import Options
from eval.datasets.ingest.pages import stored_article
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.bootstrap import ratio_with_interval
from eval.metrics.per_case import Metric, mean_with_interval
from eval.runs.results import Result, measured, provenance
from ingest.metadata.dates import all_stated
from rag.types import Article

NAME = "html-metadata"
_FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "…": "..."}  # noqa: RUF001
)
_NAME_ENDS = re.compile(r"\s*(?:[;,&]|\b(?:and|und|et)\b)\s*")
_BY = re.compile(r"(?:by|von)\s+")
_NUMERIC_DAY = re.compile(r"(?<!\d)(?:(\d{4})([-/.]?)(\d\d)\2(\d\d)|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?!\d{3})")


class Page(Row):
    """A saved page with what a person noted of it."""

    id: str
    url: str
    html: str
    title: str
    author: str | None = None
    date: str | None = None
    text_with: list[str] = Field(default_factory=list)
    text_without: list[str] = Field(default_factory=list)


def evaluate(options: Options) -> Result:
    """Take every page in as ingest does and compare what would be stored of it."""
    file = file_of_half(options, set_name=NAME)
    pages, digest = read_rows(file, Page)
    pages = pages[: options.limit]
    rows = []
    for done, page in enumerate(pages, start=1):
        rows.append(_row(page, stored_article(page.html, name=page.id, url=page.url)))
        options.progress(done, len(pages))

    def column(name: str) -> list[Any]:
        return [row["scores"][name] for row in rows]

    return Result(
        set=NAME,
        data=str(file),
        metrics=measured(
            title_accuracy=mean_with_interval(column("title")),
            author_f1=_micro_f1(column("authors")),
            date_found=mean_with_interval(column("date_found")),
            date_accuracy=mean_with_interval(column("date_right")),
            stated_date_found=mean_with_interval(column("stated_date_found")),
            stated_date_accuracy=mean_with_interval(column("stated_date_right")),
            text_f1=_micro_f1(column("text")),
        ),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"pages": digest}),
        cases=rows,
    )


def _micro_f1(counts: Sequence[tuple[int, int, int]]) -> Metric | None:
    """2 tp / (2 tp + fp + fn) over all pages: van Rijsbergen, Information Retrieval (1979), chapter 7."""
    doubled = [2 * tp for tp, _, _ in counts]
    return ratio_with_interval(doubled, [2 * tp + fp + fn for tp, fp, fn in counts])


def folded(text: str) -> str:
    """The text without differences of case, white space, quotation marks and dashes."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold().split())


def names_in(author: str) -> frozenset[str]:
    """The names in an author field, folded, without "by"."""
    parts = (_BY.sub("", part, count=1).strip(" .") for part in _NAME_ENDS.split(folded(author)))
    return frozenset(part for part in parts if part)


def author_counts(gold: str, found: Sequence[str]) -> tuple[int, int, int]:
    """Names that are right, that nobody noted, and that were missed: sets of folded names, compared whole.

    A page for which no author was noted counts nothing: many of these do name one.
    """
    wanted = names_in(gold)
    if not wanted:
        return 0, 0, 0
    given = frozenset(name for author in found for name in names_in(author))
    return len(wanted & given), len(given - wanted), len(wanted - given)


def text_counts(text: str, wanted: Sequence[str], unwanted: Sequence[str]) -> tuple[int, int, int]:
    """Wanted strings in the text, unwanted ones in it, wanted ones that it lacks (white space folded)."""
    spaced = " ".join(text.split())
    held = sum(" ".join(string.split()) in spaced for string in wanted)
    return held, sum(" ".join(string.split()) in spaced for string in unwanted), len(wanted) - held


def states_day(html: str, day: date) -> bool:
    """Whether the file of a page names a day, in figures or in words, in any place and zone.

    A file that was saved on another day than it was annotated may not.
    """
    for found in _NUMERIC_DAY.finditer(html):
        year, _, month, number, first, second, last = found.groups()
        if year and (int(year), int(month), int(number)) == (day.year, day.month, day.day):
            return True
        if last and int(last) == day.year and {int(first), int(second)} == {day.month, day.day}:
            return True
    return any(stated[0].date() == day for stated in all_stated(html))


def _row(page: Page, article: Article | None) -> dict[str, Any]:
    title = article.ref.title if article else ""
    published = article.ref.published if article else None
    authors = article.authors if article else ()
    day = date.fromisoformat(page.date) if page.date else None
    found = None if day is None else float(published is not None)
    right = float(published.date() == day) if day and published else None
    stated = day is not None and states_day(page.html, day)
    scores: dict[str, Any] = {
        "title": float(folded(title) == folded(page.title)),
        "authors": author_counts(page.author or "", authors),
        "date_found": found,
        "date_right": right,
        "stated_date_found": found if stated else None,
        "stated_date_right": right if stated else None,
        "text": text_counts(article.text if article else "", page.text_with, page.text_without),
    }
    wrong = {
        f"title {title!r}, not {page.title!r}": not scores["title"],
        f"authors {authors!r}, not {page.author!r}": any(scores["authors"][1:]),
        f"date {published.date() if published else None}, not {day}": right == 0 or found == 0,
        f"text: right, extra, missing {scores['text']}": any(scores["text"][1:]),
    }
    faults = [fault for fault, is_wrong in wrong.items() if is_wrong]
    return {
        "id": page.id,
        "url": page.url,
        "scores": scores,
        "fault": "\n  ".join([page.url, *faults]) if faults else "",
    }
