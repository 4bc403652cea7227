"""Bare text files: one article a file, its metadata where the text states it, or those of a news service's download."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.metadata.plain_text import stated_in
from ingest.readers.base import BySuffix
from ingest.readers.downloads.cutting import articles_of_download
from ingest.report import Problem
from ingest.text.decoding import read_text
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

_WRAPPED_AT_MOST = 100
_WRAPPED_AT_LEAST = 45
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")  # noqa: RUF001
_LIST_MARK = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")


class TextReader(BySuffix):
    """`.txt` and `.text`."""

    name: str = "text"
    suffixes: tuple[str, ...] = (".txt", ".text")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        where = document.where
        try:
            text = normalised(read_text(document, limits))
        except SourceError as error:
            yield Problem(where, str(error))
            return
        if articles := articles_of_download(text, where=where):
            yield from (replace(article, text=unwrapped(article.text)) for article in articles)
            return
        stated = stated_in(unwrapped(text))
        yield stated.as_article(where=where, source=document.name)


def unwrapped(text: str) -> str:
    """Join the lines of paragraphs that an editor or a mail program has wrapped; other line breaks stay.

    A paragraph counts as wrapped where all its lines but the last are of nearly the same moderate length and most of
    them end inside a sentence.
    """
    paragraphs = re.split(r"(\n\s*\n)", text)
    return "".join(" ".join(part.split("\n")) if _is_wrapped(part) else part for part in paragraphs)


def _is_wrapped(paragraph: str) -> bool:
    lines = paragraph.strip("\n").split("\n")
    if len(lines) < 2 or any(_LIST_MARK.match(line) for line in lines):
        return False
    full = lines[:-1]
    if (
        not all(_WRAPPED_AT_LEAST <= len(line) <= _WRAPPED_AT_MOST for line in full)
        or len(lines[-1]) > _WRAPPED_AT_MOST
    ):
        return False
    return sum(_SENTENCE_END.search(line) is None for line in full) * 2 > len(full)
