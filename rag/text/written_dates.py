"""Dates of a text, as far as the text gives them: a day, a month, or a month of a year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.calendar_names import MONTH_NUMBERS, MONTHS, SHORT_MONTHS

_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})\b|(?:{'|'.join(SHORT_MONTHS)})\b\.?)"
DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b",
        # "COVID-19 may spread" gives no day.
        rf"(?<![A-Za-z]-)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>(?:19|20)\d\d)\b)?",
        rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?[:%])(?:,?\s(?P<year>(?:19|20)\d\d)\b)?",
        rf"\b{_MONTH}\s(?:of\s)?(?P<year>(?:19|20)\d\d)\b",
        r"(?<=\b(?:in|of|by|to)\s)(?<!-(?:in|of|by|to)\s)(?P<month>may|march)\b(?=[\s.,;]|$)",
        rf"\b(?P<month>{'|'.join(month for month in MONTHS if month not in ('march', 'may'))})\b",
    )
)
"""Ways to write a date, longest first; what one has matched is not read again by the next."""

RANGE_FROM_DAY = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\s?(?:[-\u2013]|to|and)\s?$", re.IGNORECASE)
"""Ahead of a date: "24 to 26 May"."""

RANGE_TO_DAY = re.compile(
    r"\s?(?:[-\u2013]|to|and|through|until)\s?(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!\s?[:%]|[.,]?\d|\s[a-z]|-)",
    re.IGNORECASE,
)
"""Behind a date: "May 24 to 26", and not "May 24 and 26 others"."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as the text gives it; 0 stands for a part that it does not give."""

    year: int
    month: int
    day: int
    text: str

    def covers(self, claim: Day) -> bool:
        """Whether every part that the claim gives is given here too and is the same."""
        return all(
            theirs in (0, ours)
            for ours, theirs in zip(
                (self.year, self.month, self.day), (claim.year, claim.month, claim.day), strict=True
            )
        )


def read_day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else MONTH_NUMBERS[parts["month"].lower().rstrip(".")]
    return Day(int(parts.get("year") or 0), month, int(parts.get("day") or 0), match.group().strip())
