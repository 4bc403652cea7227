"""An article's metadata corrected by a reader: a new version of it, which reading the source again does not undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ingest.preparing.prepare import preparer
from ingest.text.unicode import one_line
from rag.errors import NoSuchArticle, UsageError
from rag.storage.archive.edits import Edit
from rag.text.unseen_characters import visible
from rag.types import MOST_AHEAD, Article

if TYPE_CHECKING:
    from rag.storage.library import Library

_LONGEST = 500


def edit_article(library: Library, article_id: str, edit: Edit, *, now: datetime) -> Article:
    """Give an article this metadata and return it; the former version stays in its history.

    Raises `LibraryError` where there is no article of that id or the library cannot be changed, `UsageError` for a date
    that is none or lies ahead, and for what is too long.
    """
    library.refuse_if_read_only()
    stored = library.archive.article(article_id)
    if stored is None:
        raise NoSuchArticle.of(article_id)
    cleaned = _cleaned(edit, now)
    article = replace(cleaned.applied(stored), fetched=now)
    if replace(article, fetched=stored.fetched) == stored:
        return stored
    library.archive.edits.keep(article_id, cleaned)
    put_back(library, article)
    return article


def put_back(library: Library, article: Article) -> None:
    """Store an article as it is, such as one that was removed a moment ago."""
    prepared = preparer(library.archive)(article, None)
    # Whatever was stored once had passages.
    assert prepared is not None
    library.put([prepared])


def _cleaned(edit: Edit, now: datetime) -> Edit:
    """Each value on one line, without characters that nobody sees."""
    if edit.published:
        try:
            day = date.fromisoformat(edit.published)
        except ValueError as error:
            raise UsageError(f"{edit.published[:40]!r} is no date; write it as 2024-06-30, or clear it") from error
        if day > (now + MOST_AHEAD).date():
            raise UsageError(f"{edit.published} lies ahead; write the day on which the article was published")
    names = None if edit.authors is None else tuple(filter(None, map(_line, edit.authors)))
    return Edit(
        title=None if edit.title is None else _line(edit.title),
        outlet=None if edit.outlet is None else _line(edit.outlet),
        published=edit.published,
        authors=names,
        language=None if edit.language is None else _line(edit.language).lower(),
    )


def _line(text: str) -> str:
    line = one_line(visible(text))
    if len(line) > _LONGEST:
        raise UsageError(f"{line[:40]!r} and what follows has {len(line)} characters; shorten it to {_LONGEST}")
    return line
