"""Rich text documents (RTF): an article a document, or those of a news service's download."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.metadata.plain_text import stated_in
from ingest.readers.base import BySuffix
from ingest.readers.downloads.cutting import articles_of_download
from ingest.readers.rtf_text import lines_of_rtf
from ingest.report import Problem
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

RICH_TEXT = b"{\\rtf"
"""How such a document begins, whatever its name."""


class RtfReader(BySuffix):
    """`.rtf`. The date comes only from what the text states: the document's own is of the day it was saved."""

    name: str = "rtf"
    suffixes: tuple[str, ...] = (".rtf",)

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        try:
            data = document.read(limits)
            if not data.lstrip().startswith(RICH_TEXT):
                raise SourceError("is no rich text; save it as .rtf or .docx anew")
            text = normalised("\n".join(lines_of_rtf(data)))
            if not text.strip():
                raise SourceError("has no text")
        except SourceError as error:
            yield Problem(document.where, str(error))
            return
        if articles := articles_of_download(text, where=document.where):
            yield from articles
            return
        stated = stated_in(text)
        yield stated.as_article(where=document.where, source=document.name)
