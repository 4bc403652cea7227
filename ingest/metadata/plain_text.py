"""What a bare text says about itself: title, byline, outlet and date where it states them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.metadata.dates import Published, published_of, stated_date
from ingest.types import RawArticle
from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.types import DatePrecision

_MAX_TITLE_WORDS = 20
_MAX_TITLE_CHARACTERS = 140
_MIN_TITLE_SPACES = 3
_TOP_LINES = 6
_MAX_BYLINE_CHARACTERS = 200

_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z ]{1,20})\s?:\s*(?P<value>\S.*)")
_HEADER_FIELDS = {
    "title": "title", "headline": "title", "outlet": "outlet", "source": "outlet", "publisher": "outlet",
    "publication": "outlet", "newspaper": "outlet", "date": "published", "published": "published",
    "publication date": "published", "published on": "published", "posted": "published", "posted on": "published",
    "author": "authors", "authors": "authors", "by": "authors", "byline": "authors", "url": "url", "link": "url",
    "language": "language",
}  # fmt: skip
_PUBLISHED_LINE = re.compile(r"(?:first )?(?:published|posted)(?: on)?\s*:?\s+(?P<date>.{6,60})", re.IGNORECASE)
_BYLINE = re.compile(r"(?:[Bb]y|BY|Par|Von|Por) (?P<names>[^\W\d_].{2,120})")
_WRITTEN_FOR = re.compile(r"for (?:the )?(?=[A-Z])")
_NAME_WORD = r"(?:[^\W\d_a-zà-ÿ][\w.'\u2019-]*|de|da|del|der|van|von|al|bin|la)"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,4}}")
_OUTLET_NAME = re.compile(r"[A-Z][\w&.'’-]*(?: [\w&.'’-]+){0,5}")  # noqa: RUF001
_PARTED = re.compile(r"\s*[|•·]\s*|\s*/\s*(?=\d)|[,:]\s+|\s+[-–—]\s+|\s+(?=\()|\s+(?:on|of|vom|du)\s+")  # noqa: RUF001
_BAR = re.compile(r"\s*[|•·]\s*")
_DASH = re.compile(r"\s+[-–—|]\s+")  # noqa: RUF001
_SOURCE_LABEL = re.compile(r"(?:source:|from(?: the)?|(?:first )?published (?:by|in)(?: the)?)\s+", re.IGNORECASE)
_READING_TIME = re.compile(r"\s*(?:[|•·]|\s[-–—]\s)\s*\d{1,3}[\s-]min(?:ute)?s?(?: read)?$", re.IGNORECASE)  # noqa: RUF001
_PAGE = re.compile(r"\s*(?:[|•·,]|\s[-–—]\s)\s*(?:page|pg\.?|p\.)\s?[A-Z]?\d{1,3}$", re.IGNORECASE)  # noqa: RUF001
_SMALL_WORD = r"(?:of|the|and|&|for|in|de|del|des|di|du|der|die|das|la|le|el|und|et|y)"
_CAPITALISED = re.compile(rf"[A-Z][\w&.'\u2019-]*(?: (?:{_SMALL_WORD}|[A-Z\d][\w&.'\u2019-]*)){{0,5}}")
_IN_A_PLACE = re.compile(rf"(?P<name>{_NAME.pattern}) in [A-Z][^\d,]{{1,40}}")
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^\d()]{1,50}?)(?:,? (?P<date>\w[\w., ]{3,24}))? ?\((?P<agency>[A-Z][\w .&-]{1,30})\) ?[-–—]"  # noqa: RUF001
)
_SENTENCE_END = re.compile(r"[.!…。！:;,][\"'”’»)\]]*$")  # noqa: RUF001
_NOT_NAMES = frozenset((*WEEKDAYS, *MONTHS, "contrast", "far", "then", "now", "late", "early", "all"))
"""What may follow "By" at the beginning of a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What the text states, and the text without the lines that state nothing else."""

    text: str
    title: str = ""
    outlet: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    precision: DatePrecision = "minute"

    def as_article(self, *, where: str, source: str) -> RawArticle:
        """The article of a text of which nothing else is known."""
        return RawArticle(
            where=where,
            source=source,
            text=self.text,
            title=self.title,
            outlet=self.outlet,
            url=self.url,
            published=self.published,
            precision=self.precision,
            authors=self.authors,
            language=self.language,
        )


def stated_in(text: str, *, title: str = "") -> Stated:
    """Read the metadata that stands above and at the beginning of a bare text, whose title may be known."""
    stated = _from_headers(text.strip("\n"))
    stated = replace(stated, title=stated.title or title)
    stated = _from_last_line(_from_top_lines(stated))
    return _from_dateline(stated)


def split_authors(names: str) -> tuple[str, ...]:
    """Split "A, B and C" into names."""
    return tuple(name.strip() for name in re.split(r",|;| and | & | und | et | y ", names) if name.strip())


def _from_headers(text: str) -> Stated:
    """Take "Title: …", "Date: …" lines from the top, up to the first line that is none."""
    lines = text.split("\n")
    found: dict[str, str] = {}
    number = 0
    for line in lines:
        header = _HEADER.fullmatch(line.strip())
        name = _HEADER_FIELDS.get(header["name"].strip().lower(), "") if header else ""
        if header is None or not name or name in found:
            break
        found[name] = header["value"].strip()
        number += 1
    stated = Stated(
        text="\n".join(lines[number:]).strip("\n"),
        title=found.get("title", ""),
        outlet=found.get("outlet", ""),
        url=found.get("url", ""),
        authors=split_authors(found.get("authors", "")),
        language=found.get("language", ""),
    )
    if dated := _dated_byline(stated.outlet):
        _, outlet, (published, precision) = dated
        stated = replace(stated, outlet=outlet or stated.outlet, published=published, precision=precision)
    return _dated(stated, found["published"]) if "published" in found else stated


def _dated(stated: Stated, date: str) -> Stated:
    try:
        published, precision = published_of(date)
    except ValueError:
        return stated
    return replace(stated, published=published, precision=precision)


def _from_top_lines(stated: Stated) -> Stated:
    """Take a title line, a byline and a date line from the first lines, and leave the rest as the text."""
    lines = stated.text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines[:_TOP_LINES]):
        words = line.strip()
        below = [rest.strip() for rest in lines[number + 1 :] if rest.strip()]
        if not any(kept) and _is_outlet_below_byline(stated, words, below):
            stated = replace(stated, outlet=words)
            continue
        changed = _taken(stated, words, is_first=not any(kept), has_more=bool(below))
        if changed is None:
            kept.append(line)
            if _SENTENCE_END.search(words):
                return replace(stated, text="\n".join(kept + lines[number + 1 :]).strip("\n"))
        else:
            stated = changed
    return replace(stated, text="\n".join(kept + lines[_TOP_LINES:]).strip("\n"))


def _from_last_line(stated: Stated) -> Stated:
    """Take the source that a cutting names at its end, "(Oakvale Herald, 12 October 2026)"."""
    text, _, last = stated.text.rstrip().rpartition("\n")
    dated = _dated_byline(last.strip()) if text and not (stated.outlet or stated.published) else None
    if dated is None or not dated[1]:
        return stated
    authors, outlet, (published, precision) = dated
    return replace(
        stated,
        text=text.rstrip(),
        authors=stated.authors or authors,
        outlet=outlet,
        published=published,
        precision=precision,
    )


def _taken(stated: Stated, line: str, *, is_first: bool, has_more: bool) -> Stated | None:
    """Return what is stated with what the line adds, or None where the line is text."""
    if not line or not has_more:
        return None
    published_line = _PUBLISHED_LINE.fullmatch(line)
    date = stated_date(published_line["date"] if published_line else line)
    if date:
        return stated if stated.published else replace(stated, published=date[0], precision=date[1])
    if dated := _dated_byline(line) or _barred(line) or _dated_in_outlet(published_line):
        authors, outlet, (published, precision) = dated
        stated = replace(stated, authors=stated.authors or authors, outlet=stated.outlet or outlet)
        return stated if stated.published else replace(stated, published=published, precision=precision)
    if byline := _byline(line) or _labelled(line):
        authors, outlet = byline
        return replace(stated, authors=stated.authors or authors, outlet=stated.outlet or outlet)
    if is_first and not stated.title and (titled := _title_before_byline(line)):
        title, authors, outlet, (published, precision) = titled
        stated = replace(stated, title=title, authors=stated.authors or authors, outlet=stated.outlet or outlet)
        return stated if stated.published else replace(stated, published=published, precision=precision)
    if is_first and not stated.title and _is_title(line):
        return replace(stated, title=line)
    return None


def _is_outlet_below_byline(stated: Stated, line: str, below: list[str]) -> bool:
    """Whether a line between a byline and a date is nothing but a name."""
    if not stated.authors or stated.outlet or stated.published or len(below) < 2:
        return False
    return " " in line and _CAPITALISED.fullmatch(line) is not None and stated_date(below[0]) is not None


def _is_title(line: str) -> bool:
    is_short = len(line) <= _MAX_TITLE_CHARACTERS and len(line.split()) <= _MAX_TITLE_WORDS
    return (
        is_short and not _SENTENCE_END.search(line) and len(line.split()) > 1 and not line.startswith(("-", "*", "•"))
    )


def _byline(line: str) -> tuple[tuple[str, ...], str] | None:
    """Read "By Ana Ruiz and Tom Hale, Harbour Standard": names, and the outlet where it is given."""
    found = _BYLINE.fullmatch(line)
    if found is None or _SENTENCE_END.search(line):
        return None
    people, _, rest = re.sub(r"\s*\|\s*", ", ", found["names"]).partition(", ")
    place = _IN_A_PLACE.fullmatch(people)
    authors = (place["name"],) if place else split_authors(people)
    while rest and _is_person(rest.partition(", ")[0]) and "," in rest:
        person, _, rest = rest.partition(", ")
        authors += split_authors(person)
    if not authors or not all(_is_person(author) for author in authors):
        return None
    if date := stated_date(rest):
        return (authors, "") if date else None
    rest = _WRITTEN_FOR.sub("", rest)
    return (authors, rest if _OUTLET_NAME.fullmatch(rest) else "")


def _labelled(line: str) -> tuple[tuple[str, ...], str] | None:
    """Read "Source: Oakvale Herald" and "Author: Ana Ruiz" below a title."""
    header = _HEADER.fullmatch(line)
    field = _HEADER_FIELDS.get(header["name"].strip().lower(), "") if header else ""
    if header is None or not _CAPITALISED.fullmatch(header["value"]):
        return None
    if field == "outlet":
        return (), header["value"]
    names = split_authors(header["value"]) if field == "authors" else ()
    return (names, "") if names and all(map(_is_person, names)) else None


def _dated_byline(line: str) -> tuple[tuple[str, ...], str, Published] | None:
    """Read "Oakvale Herald, 12 October 2026", also with "By Ana Ruiz" or a name in front, or the date first."""
    if len(line) > _MAX_BYLINE_CHARACTERS:
        return None
    if line.startswith("(") and line.endswith(")"):
        line = line[1:-1]
    line = _PAGE.sub("", line)
    line = _READING_TIME.sub("", _SOURCE_LABEL.sub("", line, count=1) if _SOURCE_LABEL.match(line) else line)
    for mark in _PARTED.finditer(line):
        for who, when in ((line[: mark.start()], line[mark.end() :]), (line[mark.end() :], line[: mark.start()])):
            if mark.group().startswith(":") and " " not in who.strip():
                continue  # "Updated: 12 October 2026"
            date = stated_date(when.strip(" ()"))
            named = _named(who.strip()) if date else None
            if date and named is not None:
                return (*named, date)
    return None


def _barred(line: str) -> tuple[tuple[str, ...], str, Published] | None:
    """Read "The Oakvale Herald | 12 October 2026 | Ana Ruiz" in any order; two names alike are left out."""
    parts = [part.strip() for part in _BAR.split(line)] if len(line) <= _MAX_BYLINE_CHARACTERS else []
    if len(parts) != 3:
        return None
    dates = {number: date for number, part in enumerate(parts) if (date := stated_date(part))}
    names = [part for number, part in enumerate(parts) if number not in dates]
    if len(dates) != 1 or not all(_CAPITALISED.fullmatch(name) for name in names):
        return None
    (date,) = dates.values()
    for who, outlet in (names, reversed(names)):
        is_told = who.lower().startswith("by ") or outlet.startswith("The ") or not _is_person(outlet)
        person = re.sub(r"^by ", "", who, flags=re.IGNORECASE)
        if is_told and _is_person(person) and not who.startswith("The "):
            return (person,), outlet, date
    return (), "", date


def _title_before_byline(line: str) -> tuple[str, tuple[str, ...], str, Published] | None:
    """Read "Pier to open again - Oakvale Herald, 12 October 2026"."""
    if len(line) > _MAX_TITLE_CHARACTERS + _MAX_BYLINE_CHARACTERS:
        return None
    for mark in _DASH.finditer(line):
        dated = _dated_byline(line[mark.end() :]) if _is_title(line[: mark.start()]) else None
        if dated and dated[1]:
            return (line[: mark.start()], *dated)
    return None


def _dated_in_outlet(line: re.Match[str] | None) -> tuple[tuple[str, ...], str, Published] | None:
    """Read "First published: 12 October 2026 in the Oakvale Herald"."""
    when, _, outlet = line["date"].partition(" in ") if line else ("", "", "")
    name = outlet.removeprefix("the ")
    date = stated_date(when) if " " in name and _CAPITALISED.fullmatch(name) else None
    return ((), name, date) if date else None


def _named(who: str) -> tuple[tuple[str, ...], str] | None:
    """Read the names before a date: of authors, of an outlet, or of both; None where they are none.

    A single word may be a place as well as an outlet: it is taken for neither.
    """
    if byline := _byline(who):
        return byline
    parts = [part for part in _PARTED.split(who) if part]
    if not 1 <= len(parts) <= 2 or not all(_CAPITALISED.fullmatch(part) for part in parts):
        return None
    if len(parts) == 1:
        place = _IN_A_PLACE.fullmatch(who)
        return ((place["name"],), "") if place else ((), who if " " in who else "")
    person, outlet = parts
    return ((person,), outlet) if _is_person(person) and " " in outlet else None


def _is_person(name: str) -> bool:
    if name.isupper() and name.count(" ") >= _MIN_TITLE_SPACES:
        return False  # a title
    return _NAME.fullmatch(name) is not None and name.split()[0].lower() not in _NOT_NAMES


def _from_dateline(stated: Stated) -> Stated:
    """Read "LONDON, June 19, 2024 (Reuters) -" at the beginning of the text, which keeps it."""
    found = _DATELINE.match(stated.text)
    if found is None or not found["place"].strip(" ,").split()[0].isupper():
        return stated
    if not stated.outlet:
        stated = replace(stated, outlet=found["agency"].strip())
    if found["date"] and not stated.published and (date := stated_date(found["date"])):
        stated = replace(stated, published=date[0], precision=date[1])
    return stated
