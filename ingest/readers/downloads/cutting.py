"""A download of a news service -> its articles, whatever the file was: plain text, RTF, Word or PDF.

What is not known for an article or for the service's own pages stays an article, as a file of other text does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.metadata.named_fields import article_from_fields
from ingest.metadata.plain_text import stated_in
from ingest.readers.downloads.factiva import Factiva
from ingest.readers.downloads.nexis import Nexis
from ingest.readers.downloads.part import PartFields
from ingest.readers.downloads.proquest import ProQuest
from ingest.types import RawArticle


class Service(Protocol):
    """The form of one service's downloads."""

    name: str

    def parts(self, lines: Sequence[str]) -> list[list[str]]:
        """Cut the lines where an article ends; one part where nothing says so."""

    def fields(self, part: Sequence[str]) -> PartFields | None:
        """The fields of an article; None where the part is none in this form."""

    def is_own_page(self, part: Sequence[str]) -> bool:
        """Whether a part is the service's: a cover, a table of contents, what was searched for."""


SERVICES: tuple[Service, ...] = (Nexis(), Factiva(), ProQuest())


@dataclass(frozen=True, slots=True)
class _Part:
    lines: list[str]
    fields: PartFields | None


@dataclass(frozen=True, slots=True)
class _Download:
    service: Service
    parts: list[_Part]


def articles_of_download(text: str, *, where: str) -> list[RawArticle]:
    """Return the articles of a service's download in their order; none where the text is no download.

    The first says how many there are.
    """
    download = _download(text)
    if download is None:
        return []
    service, parts = download.service, download.parts
    known = sum(part.fields is not None for part in parts)
    articles = [_article(part, service, f"{where}, article {n}") for n, part in enumerate(parts, start=1)]
    return [replace(articles[0], left_out=(_told(service, known, len(parts) - known),)), *articles[1:]]


def _download(text: str) -> _Download | None:
    lines = [line.strip() for line in text.split("\n")]
    for service in SERVICES:
        parts = [_Part(part, service.fields(part)) for part in service.parts(lines) if _has_words(part)]
        if any(part.fields is not None for part in parts):
            kept = [part for part in parts if part.fields is not None or not service.is_own_page(part.lines)]
            return _Download(service, kept)
    return None


def _has_words(part: Sequence[str]) -> bool:
    return any(character.isalpha() for line in part for character in line)


def _told(service: Service, known: int, unknown: int) -> str:
    cut = f"is a download of {service.name}, cut into {known} article{'' if known == 1 else 's'}"
    if unknown:
        return f"{cut}; {unknown} more part{'' if unknown == 1 else 's'} in no form of theirs went in as they are"
    return cut


def _article(part: _Part, service: Service, where: str) -> RawArticle:
    if part.fields is not None:
        return article_from_fields(part.fields.named, text=part.fields.text, where=where, source=service.name)
    stated = stated_in("\n".join(part.lines))
    return stated.as_article(where=where, source=service.name)
