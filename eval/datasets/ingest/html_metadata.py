"""Saved pages with their titles, authors, dates, and strings that their text must and must not hold.

`--data` is one file with a page a line: `id`, `url`, `html`, `title`, `author` (several parted by ";", "," or "and";
empty where nobody noted one), `date` (a day), `sitename`, `text_with`, `text_without`. The strings and their metric are
those of trafilatura's own evaluation (github.com/adbar/trafilatura, tests/comparison.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from pydantic import Field

from eval.datasets import Options
from eval.datasets.ingest import pages
from eval.datasets.ingest.pages import Notes, Reading
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.estimates import Estimate, estimated
from eval.reference_systems import bm25_and_vectors, trafilatura_alone
from eval.runs.results import Result, provenance
from ingest.metadata.dates import all_stated

NAME = "html-metadata"
ESTIMATES = pages.ESTIMATES | {
    "stated_date_found": Estimate(statistic="mean", columns=("stated_date_found",)),
    "stated_date_accuracy": Estimate(statistic="mean", columns=("stated_date_right",)),
    "text_f1": Estimate(statistic="ratio", columns=("text_right_twice", "text_counted")),
}
_NUMERIC_DAY = re.compile(r"(?<!\d)(?:(\d{4})([-/.]?)(\d\d)\2(\d\d)|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?!\d{3})")


class Page(Row):
    """A saved page with what a person noted of it."""

    id: str
    url: str
    html: str
    title: str
    author: str | None = None
    date: str | None = None
    sitename: str | None = None
    text_with: list[str] = Field(default_factory=list)
    text_without: list[str] = Field(default_factory=list)

    @property
    def notes(self) -> Notes:
        """What was noted of title, author, date and outlet.

        An author that nobody noted counts nothing: many of these pages do name one.
        """
        return Notes(
            id=self.id,
            title=self.title,
            author=self.author or None,
            date=self.date,
            outlet=[self.sitename] if self.sitename else [],
        )


def evaluate(options: Options) -> Result:
    """Take every page in as ingest does and compare what would be stored of it."""
    file = file_of_half(options, set_name=NAME)
    half, digest = read_rows(file, Page)
    half = half[: options.limit]
    rows = []
    for done, page in enumerate(half, start=1):
        row = _row(page, pages.stored(page.html, name=page.id, url=page.url))
        score = partial(_scores, page)
        rows.append(row | trafilatura_alone.found_by(options.baselines, page.html, url=page.url, score=score))
        options.progress(done, len(half))
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(ESTIMATES, rows),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"pages": digest}),
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside(ESTIMATES, rows),
    )


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


def _scores(page: Page, found: Reading) -> dict[str, Any]:
    """The columns of `ESTIMATES`."""
    given = pages.scores(page.notes, found)
    stated = page.notes.day is not None and states_day(page.html, page.notes.day)
    held, extra, missing = text_counts(found.text, page.text_with, page.text_without)
    counted = 2 * held + extra + missing
    return given | {
        "stated_date_found": given["date_found"] if stated else None,
        "stated_date_right": given["date_right"] if stated else None,
        "text_right_twice": float(2 * held) if counted else None,
        "text_counted": float(counted) if counted else None,
    }


def _row(page: Page, found: Reading) -> dict[str, Any]:
    faults = pages.faults(page.notes, found)
    text = text_counts(found.text, page.text_with, page.text_without)
    if any(text[1:]):
        faults.append(f"text: right, extra, missing {text}")
    return {
        "id": page.id,
        "url": page.url,
        "scores": _scores(page, found),
        "fault": "\n  ".join([page.url, *faults]) if faults else "",
    }
