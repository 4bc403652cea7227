"""Word documents (DOCX): paragraphs, lists and tables as lines, read straight from the XML in the archive.

Only the members that hold the text and the properties are unpacked, each under the limit, and their XML is never a
tree in memory. python-docx would unpack every picture too, whatever its size, and leave out content controls and
tracked insertions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ingest.metadata.office_properties import believable_authors, believable_title
from ingest.metadata.plain_text import stated_in
from ingest.readers.base import BySuffix
from ingest.readers.docx_xml import BodyText, MainPart, Properties
from ingest.readers.downloads.cutting import articles_of_download
from ingest.readers.rtf import RICH_TEXT, RtfReader
from ingest.readers.zip import SEPARATOR, zip_members
from ingest.report import Problem, Skipped
from ingest.text.unicode import normalised, one_line
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK"
_SNIFFED_BYTES = 1 << 16
_READ_AT_ONCE = 1 << 16
_CONTENT_TYPES = "[Content_Types].xml"
_CORE_PROPERTIES = "docProps/core.xml"
_NO_DOCUMENT = "is no Word document; save it as .docx anew"


class DocxReader(BySuffix):
    """`.docx` and `.docm`; one article a document, or those of a news service's download.

    Rich text under Word's name is read as such; older formats are told how to be saved.

    The date comes only from what the text states: the properties hold when a file was made, not when it was published.
    """

    name: str = "docx"
    suffixes: tuple[str, ...] = (".docx", ".docm", ".doc")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        try:
            head = document.head(_SNIFFED_BYTES)
            if head.startswith(RICH_TEXT):
                yield from RtfReader().read(document, limits)
                return
            if refusal := _refusal(head):
                raise SourceError(refusal)
            yield from _articles(document, limits)
        except SourceError as error:
            yield Problem(document.where, str(error))


def _refusal(head: bytes) -> str:
    if head.startswith(_OLD_OFFICE):
        if _ENCRYPTED in head:
            return "is protected by a password; save it without one"
        return "is in Word's old format (.doc); open it in a word processor and save it as .docx"
    return "" if head.startswith(_ZIP) else _NO_DOCUMENT


def _articles(document: Document, limits: Limits) -> list[RawArticle]:
    members = _members(document, limits)
    main, body, properties = MainPart(), BodyText(), Properties()
    _parse(members, _CONTENT_TYPES, main)
    _parse(members, main.name, body)
    if _CORE_PROPERTIES in members:
        with suppress(SourceError):
            _parse(members, _CORE_PROPERTIES, properties)
    text = normalised(body.text)
    # A download's titles may have the style of one, too, which `BodyText` takes out of the text.
    if articles := articles_of_download(f"{normalised(body.title)}\n{text}", where=document.where):
        return articles
    return [_article(document, body, properties, text)]


def _article(document: Document, body: BodyText, properties: Properties, text: str) -> RawArticle:
    stated = stated_in(text)
    if not stated.text and not body.title:
        raise SourceError("has no text")
    return replace(
        stated.as_article(where=document.where, source=document.name),
        title=one_line(body.title) or stated.title or believable_title(properties.title),
        authors=stated.authors or believable_authors(properties.creator),
    )


def _members(document: Document, limits: Limits) -> dict[str, Document | Problem]:
    """Return the archive's members by name; raises SourceError where the archive itself is refused."""
    prefix = document.where + SEPARATOR
    members: dict[str, Document | Problem] = {}
    for member in zip_members(document, limits):
        if member.where == document.where and isinstance(member, Problem):
            raise SourceError(member.reason)
        if not isinstance(member, Skipped):
            members[member.where.removeprefix(prefix)] = member
    return members


def _parse(members: Mapping[str, Document | Problem], name: str, target: Any) -> None:
    """Feed one member to the target; raises SourceError where it is missing, refused or no XML."""
    from lxml import etree

    member = members.get(name)
    if member is None:
        raise SourceError(_NO_DOCUMENT)
    if isinstance(member, Problem):
        raise SourceError(member.reason)
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with member.open() as file:
            while data := file.read(_READ_AT_ONCE):
                parser.feed(data)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise SourceError("is damaged: its text is not valid XML; save it as .docx anew") from error
