"""Downloads of ProQuest: articles between lines of underscores, or each closed by the name of its database."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata.dates import first_stated
from ingest.readers.downloads.part import PartFields, cut_behind, part_fields

_UNDERSCORES = re.compile(r"_{20,}")
_DATABASE = re.compile(r"database: .+", re.IGNORECASE)
_COUNTED = re.compile(r"document \d{1,5} of \d{1,5}", re.IGNORECASE)
_LABEL = re.compile(r"(?P<name>[A-Z][\w]*(?:[ /-]{1,3}[\w]+){0,4})\s?:(?:\s+(?P<value>.*)|$)")
_TEXT = re.compile(r"full[ -]?text\s?:?\s*(?P<first>.*)", re.IGNORECASE)
_DETAILS = frozenset(["details", "links"])
_SURE = frozenset(["publication title", "publication date", "proquest document id", "publication info"])
_BELOW = _SURE | frozenset(
    ["subject", "location", "people", "person", "company / organization", "company/organization", "title",
     "business indexing term", "classification", "identifier / keyword", "identifier/keyword", "credit",
     "illustration", "ticker symbol", "product name", "publication subject", "first page", "publication year",
     "document type", "source type", "language of publication", "copyright"]
)  # fmt: skip
"""Names of fields that stand below a text."""

_FEWEST_SURE = 2
_OWN_PAGE = re.compile(r"(?:report information from proquest|table of contents|contact us at|database copyright)", re.I)


class ProQuest:
    """See `ingest.readers.downloads.cutting.Service`."""

    name = "ProQuest"

    def parts(self, lines: Sequence[str]) -> list[list[str]]:
        """Cut at lines of underscores, or behind "Database: ..."."""
        ends = _UNDERSCORES if any(map(_UNDERSCORES.fullmatch, lines)) else _DATABASE
        return cut_behind(lines, lambda line: ends.fullmatch(line) is not None)

    def fields(self, part: Sequence[str]) -> PartFields | None:
        """Read the fields, by their names, around the text."""
        lines = [line for line in part if not (_UNDERSCORES.fullmatch(line) or _COUNTED.fullmatch(line))]
        named = _labelled(lines)
        begin = next((number for number, line in enumerate(lines) if _TEXT.fullmatch(line)), None)
        if begin is None or len(_SURE & named.keys()) < _FEWEST_SURE:
            return None
        end = _text_ends(lines, begin + 1)
        opening = _TEXT.fullmatch(lines[begin])
        info = named.get("publication info", "")
        return part_fields(
            [opening["first"] if opening else "", *lines[begin + 1 : end]],
            title=named.get("title", "") or next((line for line in lines if line and not _OWN_PAGE.match(line)), ""),
            outlet=_outlet(named.get("publication title", "") or info),
            published=named.get("publication date", "") or _date_in(info),
            authors="; ".join(map(_in_order, named.get("author", "").split(";"))),
            language=named.get("language of publication", "").split(";")[0],
            id=named.get("proquest document id", ""),
        )

    def is_own_page(self, part: Sequence[str]) -> bool:
        """Whether the part is the list of articles, or whom to ask for help."""
        told = [line for line in part if line and not _UNDERSCORES.fullmatch(line)]
        return not told or any(map(_OWN_PAGE.match, told))


def _labelled(lines: Sequence[str]) -> dict[str, str]:
    """The fields by their names in small letters, each with the lines that go on with it; the last of each counts."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        label = _LABEL.fullmatch(line)
        if label:
            name = label["name"].casefold()
            found[name] = label["value"] or ""
        elif not line:
            name = name if name and not found[name] else ""
        elif name:
            found[name] = f"{found[name]} {line}".strip()
    return found


def _text_ends(lines: Sequence[str], begin: int) -> int:
    """Go up from the first sure field below the text, over those that stand between."""
    end = next((number for number in range(begin, len(lines)) if _name(lines[number]) in _SURE), len(lines))
    while end > begin and (not lines[end - 1] or _name(lines[end - 1]) in _BELOW):
        end -= 1
    return end


def _name(line: str) -> str:
    if line.casefold() in _DETAILS:
        return "title"
    label = _LABEL.fullmatch(line)
    return label["name"].casefold() if label else ""


def _outlet(told: str) -> str:
    """The name alone of "Oakvale Herald, Late Edition; Oakvale"."""
    name, _, edition = told.partition(";")[0].partition(", ")
    return name if not edition or "edition" in edition.casefold() else f"{name}, {edition}"


def _date_in(info: str) -> str:
    """The day in "Oakvale Herald; Oakvale [Oakvale]12 Oct 2024: A.1."."""
    found = first_stated(info.replace("]", "] "))
    return found[0].date().isoformat() if found else ""


def _in_order(name: str) -> str:
    """The name of "Ruiz, Ana", first name first."""
    family, _, first = name.strip().partition(", ")
    return f"{first} {family}" if first and "," not in first else name.strip()
