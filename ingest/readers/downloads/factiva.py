"""Downloads of Factiva: the article as it is shown, or its fields by their two letters; each ends with its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.metadata.dates import stated_date
from ingest.metadata.exported_fields import known_fields
from ingest.metadata.people import people_in
from ingest.metadata.source_locale import language_code
from ingest.readers.downloads.part import PartFields, cut_behind, part_fields

_NUMBER = re.compile(r"[^\W\d_]+ (?P<number>[A-Z0-9]{2,10}0{2,}(?:19|20)\d{6}[0-9a-z]{6,12})")
"""How an article ends, in the language of the page: "Document OAKH000020241012ekac0001x"."""

_CODES = frozenset(
    [
        "HD",
        "BY",
        "CR",
        "CX",
        "WC",
        "PD",
        "ET",
        "SN",
        "SC",
        "SE",
        "ED",
        "PG",
        "VOL",
        "LA",
        "CY",
        "LP",
        "TD",
        "CT",
        "RF",
        "CO",
        "IN",
        "NS",
        "RE",
        "IPC",
        "IPD",
        "PUB",
        "AN",
        "ART",
        "CLM",
        "DLN",
        "NGC",
        "GC",
    ]
)
_CODED = re.compile(r"(?P<code>[A-Z]{2,3})(?:\s*\|\s*|\s+|$)(?P<value>.*)")
_FEWEST_CODES = 4
_WORDS = re.compile(r"\d[\d.,\u00a0\u202f ]{0,9} [^\W\d_]+")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?: ?[AP]M)?(?: [A-Z]{2,4})?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:copyright\b|\(c\)|©|\u24b8)", re.IGNORECASE)
_BYLINE = re.compile(r"(?:by|von|par|por|di|door)\s", re.IGNORECASE)
_MAX_HEAD_LINES = 16
_MAX_BYLINE_WORDS = 12
_OWN_PAGE = re.compile(r"(?:search summary|results found|suchzusammenfassung|.*factiva, inc\b)", re.IGNORECASE)


class Factiva:
    """See `ingest.readers.downloads.cutting.Service`."""

    name = "Factiva"

    def parts(self, lines: Sequence[str]) -> list[list[str]]:
        """Cut behind each article's number."""
        return cut_behind(lines, lambda line: _NUMBER.fullmatch(line) is not None)

    def fields(self, part: Sequence[str]) -> PartFields | None:
        """Read the fields by their letters where they have them, else by their order."""
        numbers = [number["number"] for line in part if (number := _NUMBER.fullmatch(line))]
        if not numbers:
            return None
        lines = [line for line in part if not _NUMBER.fullmatch(line)]
        return _by_letters(lines, numbers[-1]) or _by_order(lines, numbers[-1])

    def is_own_page(self, part: Sequence[str]) -> bool:
        """Whether the part tells what was searched for."""
        return any(map(_OWN_PAGE.match, part)) and not any(map(_NUMBER.fullmatch, part))


def _by_letters(lines: Sequence[str], number: str) -> PartFields | None:
    """Read "HD", "BY", "WC" ..., each with its value behind it or below it; None where they are not all there."""
    values: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        coded = _CODED.fullmatch(line)
        if coded and coded["code"] in _CODES and coded["code"] not in values:
            code = coded["code"]
            values[code] = [coded["value"]]
        elif code:
            values[code].append(line)
    if len(values) < _FEWEST_CODES or not {"HD", "PD"} <= values.keys() or values.keys().isdisjoint({"LP", "TD"}):
        return None
    texts = {code: "\n".join(told).strip() for code, told in values.items()}
    fields = known_fields({code: text for code, text in texts.items() if text and code not in ("LP", "TD")})
    named = {name: " ".join(str(value).split()) for name, value in fields.items()}
    body = [text for code in ("LP", "TD") if (text := texts.get(code, ""))]
    return part_fields(["\n\n".join(body)], **{**named, "id": number})


def _by_order(lines: Sequence[str], number: str) -> PartFields | None:
    """Read headline, byline, count of words, date, time, outlet, language and copyright in their order."""
    filled = [place for place, line in enumerate(lines) if line]
    for here, below in pairwise(filled):
        if _WORDS.fullmatch(lines[here]) and stated_date(lines[below]):
            break
    else:
        return None
    title, byline = _title_and_byline([line for line in lines[:here] if line])
    clock, outlet, language, begin = _source(lines, below + 1)
    return part_fields(
        lines[begin:],
        title=title,
        authors=byline,
        published=f"{lines[below]} {clock}".strip(),
        outlet=outlet,
        language=language,
        id=number,
    )


def _title_and_byline(above: Sequence[str]) -> tuple[str, str]:
    """The headline is the longest line above the count of words; a section may stand over it, who wrote below it."""
    byline = ""
    if len(above) > 1 and _is_byline(above[-1]):
        *above, byline = above
    return max(above, key=len, default=""), byline


def _is_byline(line: str) -> bool:
    names = people_in(line)
    is_short = len(line.split()) <= _MAX_BYLINE_WORDS
    return is_short and bool(names) and (_BYLINE.match(line) is not None or line in names)


def _source(lines: Sequence[str], begin: int) -> tuple[str, str, str, int]:
    """Clock, outlet and language, and where the text begins: behind the copyright, or behind the language."""
    clock = outlet = language = ""
    end = begin
    for place in range(begin, min(len(lines), begin + _MAX_HEAD_LINES)):
        line = lines[place]
        if not line:
            continue
        if _COPYRIGHT.match(line):
            return clock, outlet, language, place + 1
        if not outlet and _CLOCK.fullmatch(line):
            clock = line
        elif not outlet:
            outlet, end = line, place + 1
        elif not language and len(language_code(line)) == 2:
            language, end = language_code(line), place + 1
    return clock, outlet, language, end
