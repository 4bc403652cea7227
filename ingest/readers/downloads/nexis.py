"""Downloads of Nexis: those of today, which say "End of Document", and those that count "1 of 20 DOCUMENTS"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.metadata.dates import stated_date
from ingest.readers.downloads.part import PartFields, blocks, cut_before, cut_behind, part_fields

_ENDS = re.compile(r"(?:end of document|ende des dokuments|fin du document|fin del documento|fim do documento)", re.I)
_COUNTED = re.compile(
    r"(?:\d{1,5} (?:of|von|de|di|van) \d{1,5} (?:documents?|dokumente[ns]?)"
    r"|(?:document|dokument|documento) \d{1,5} (?:of|von|de|di|van) \d{1,5})",
    re.IGNORECASE,
)
_BODY = re.compile(r"(?:body|text|hauptteil|corps|cuerpo)\s?:?", re.IGNORECASE)
_LABEL = re.compile(r"(?P<name>[^\W\d_][^\W_ -]*(?:[ -][^\W_ -]+){0,2})\s?:\s*(?P<value>.*)")
_ABOVE = {
    "section": "", "rubrik": "", "rubrique": "", "dateline": "", "highlight": "", "source": "", "type": "",
    "length": "length", "länge": "length", "longueur": "length", "longitud": "length", "lengte": "length",
    "byline": "authors", "autor": "authors", "auteur": "authors", "headline": "title",
}  # fmt: skip
"""The names of what stands above a text, in the languages of Nexis; behind those that are read, our own."""

_BELOW = {
    "load-date": "loaded", "update": "loaded", "language": "language", "sprache": "language", "langue": "language",
    "publication-type": "", "publication type": "", "subject": "", "journal code": "", "graphic": "", "series": "",
    "geographic": "", "industry": "", "company": "", "organization": "", "person": "", "city": "", "state": "",
    "country": "", "ticker": "", "acc-no": "", "correction-date": "", "document-type": "", "url": "url",
}  # fmt: skip
_NAMES = _ABOVE | _BELOW
_TAILS = frozenset(["load-date", "update", "language", "sprache", "langue", "publication-type", "publication type"])
_TAIL_BEGINS = frozenset(["classification", "klassifizierung", "classification:"])
_COPYRIGHT = re.compile(r"(?:copyright\b|\(c\) |©|all rights reserved|alle rechte vorbehalten)", re.IGNORECASE)
_LENGTH = re.compile(r"\d[\d.,\u00a0\u202f ]{0,9} [^\W\d_]+")
_PAGE = re.compile(r"(?:page|seite) \d{1,4} (?:of|von) \d{1,4}", re.IGNORECASE)
_COVER = re.compile(r"(?:job number|date and time|documents? \(\d+\)|user name|client/matter|search terms)\b", re.I)
_COVER_ENDS = re.compile(
    r"(?:about lexisnexis|privacy policy|.*terms & conditions|.*copyright ©? ?\d{4} lexisnexis)", re.IGNORECASE
)
_EDITION = re.compile(r"\b(?:edition|ausgabe|édition|edición)\b", re.IGNORECASE)
_MAX_HEAD_LINES = 60
_MAX_TAIL_WORDS = 40
"""A line of more words without a name in front is text, and so is what stands above it."""


@dataclass(frozen=True, slots=True)
class _Head:
    title: str
    outlet: str
    published: str


class Nexis:
    """See `ingest.readers.downloads.cutting.Service`."""

    name = "Nexis"

    def parts(self, lines: Sequence[str]) -> list[list[str]]:
        """Cut behind "End of Document", or before "2 of 20 DOCUMENTS"."""
        if any(map(_ENDS.fullmatch, lines)):
            return cut_behind(lines, lambda line: _ENDS.fullmatch(line) is not None)
        return cut_before(lines, lambda line: _COUNTED.fullmatch(line) is not None)

    def fields(self, part: Sequence[str]) -> PartFields | None:
        """Read what stands above "Body" and below the text."""
        lines = [line for line in part if not (_ENDS.fullmatch(line) or _COUNTED.fullmatch(line))]
        is_marked = len(lines) < len(part)
        lines = _without_cover([line for line in lines if not _PAGE.fullmatch(line)])
        first = next((number for number, line in enumerate(lines[:_MAX_HEAD_LINES]) if _head_name(line)), None)
        if first is None:
            return None
        begin = _body_begins(lines, first)
        end = _body_ends(lines, begin)
        above, below = _labelled(lines[first:begin]), _labelled(lines[end:])
        head = _head([line if not _COPYRIGHT.match(line) else "" for line in lines[:first]])
        told = len(below.keys() & {"loaded", "language"}) + (_LENGTH.match(above.get("length", "")) is not None)
        if told < (1 if is_marked else 2):
            return None
        return part_fields(
            [line for line in lines[begin:end] if line != head.title or not line],
            title=head.title or above.get("title", ""),
            outlet=head.outlet,
            published=head.published or below.get("loaded", ""),
            authors=above.get("authors", ""),
            language=below.get("language", "").split(";")[0],
            url=below.get("url", ""),
        )

    def is_own_page(self, part: Sequence[str]) -> bool:
        """Whether the part is a cover alone, or what was searched for behind the last article."""
        lines = [line for line in part if line]
        return not any(lines) or (_COVER.match(lines[0]) is not None and not any(map(_head_name, lines)))


def _head_name(line: str) -> str:
    """The name of a field above the text, where the line is one."""
    label = _LABEL.fullmatch(line)
    name = label["name"].casefold() if label else ""
    return name if name in _ABOVE else ""


def _without_cover(lines: list[str]) -> list[str]:
    """Leave out the page that lists the documents, in front of the first."""
    told = [line for line in lines if line][:4]
    if not any(map(_COVER.match, told)):
        return lines
    ends = [number for number, line in enumerate(lines) if _COVER_ENDS.match(line)]
    if ends:
        return lines[ends[-1] + 1 :]
    first = next((number for number, line in enumerate(lines) if _COPYRIGHT.match(line) or _head_name(line)), 0)
    dates = [number for number, line in enumerate(lines[:first]) if line and stated_date(line)]
    filled = [number for number, line in enumerate(lines[: dates[-1]]) if line] if dates else []
    return lines[filled[-2] :] if len(filled) > 1 else lines


def _body_begins(lines: Sequence[str], first: int) -> int:
    """The line behind "Body", or behind the last field above the text where nothing says so."""
    labelled = first
    for number, line in enumerate(lines[first : first + _MAX_HEAD_LINES], start=first):
        if _BODY.fullmatch(line):
            return number + 1
        if _head_name(line):
            labelled = number
    return labelled + 1


def _body_ends(lines: Sequence[str], begin: int) -> int:
    """The first line of what stands below the text: "Classification", or the fields in front of its date."""
    end = len(lines)
    for number in range(len(lines) - 1, begin - 1, -1):
        line = lines[number]
        label = _LABEL.fullmatch(line)
        name = label["name"].casefold() if label else ""
        if line.casefold() in _TAIL_BEGINS or name in _TAILS:
            end = number
        elif name not in _NAMES and len(line.split()) > _MAX_TAIL_WORDS:
            break
    while end > begin and end < len(lines) and (not lines[end - 1] or _COPYRIGHT.match(lines[end - 1])):
        end -= 1
    return end


def _labelled(lines: Sequence[str]) -> dict[str, str]:
    """The fields that are read, each with the lines that go on with it."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        label = _LABEL.fullmatch(line)
        if label and label["name"].casefold() in _NAMES:
            name = _NAMES[label["name"].casefold()]
            if name:
                found.setdefault(name, label["value"])
        elif not line or _BODY.fullmatch(line) or _COPYRIGHT.match(line):
            name = ""
        elif name:
            found[name] = f"{found[name]} {line}".strip()
    return found


def _head(lines: Sequence[str]) -> _Head:
    """Title, outlet and date: the title above them today, below them before."""
    filled = [line for line in lines if line]
    dates = [number for number, line in enumerate(filled) if stated_date(line)]
    if not dates:
        return _Head(" ".join(filled[:1]), "", "")
    date = dates[-1]
    if date > 1:
        return _Head(" ".join(filled[: date - 1]), filled[date - 1], filled[date])
    below = [block for block in blocks(lines) if filled[date] not in block and filled[:date] != block]
    title = " ".join(below[-1]) if below else " ".join(_without_edition(filled[date + 1 :]))
    return _Head(title, filled[date - 1] if date else "", filled[date])


def _without_edition(lines: list[str]) -> list[str]:
    """Leave out the edition above a title where no empty line parts them."""
    return lines[1:] if len(lines) > 1 and _EDITION.search(lines[0]) else lines
