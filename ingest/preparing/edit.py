"""An article's metadata corrected by a reader: a new version of it, which reading the source again does not undo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ingest.preparing.prepare import preparer
from ingest.text.unicode import one_line
from rag.errors import NoSuchArticle, UsageError
from rag.storage.archive.edits import Edit
from rag.text.unseen_characters import visible
from rag.types import MOST_AHEAD, UNKNOWN_ORIGIN, Article, Origin

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
    # Kept even where it says what stands there already: the source may say something else the next time.
    library.archive.edits.keep(article_id, _cleaned(edit, now))
    article = replace(library.archive.edits.applied(stored), fetched=now)
    if replace(article, fetched=stored.fetched) == stored:
        return stored
    _store(library, article, UNKNOWN_ORIGIN)
    return article


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """An article that was removed, with where it came from, its tags and its PDF: what `put_back` takes."""

    article: Article
    origin: Origin
    tags: tuple[str, ...] = ()
    file: bytes = b""


def take_out(library: Library, article_id: str) -> Removed | None:
    """Remove an article; None where there is none of that id. Raises `LibraryError` where nothing can be changed."""
    library.refuse_if_read_only()
    article, origin = library.archive.article(article_id), library.archive.origins.of(article_id)
    tags = library.archive.tags.of([article_id]).get(article_id, ())
    file = library.archive.pdfs.file(article_id) or b""
    if article is None or not library.remove(article_id):
        return None
    return Removed(article=article, origin=origin, tags=tags, file=file)


def put_back(library: Library, removed: Removed) -> None:
    """Store an article that was removed as it was; its former versions are gone."""
    _store(library, removed.article, removed.origin, removed.file)
    if removed.tags:
        library.tag(removed.article.ref.id, add=removed.tags)


def _store(library: Library, article: Article, origin: Origin, file: bytes = b"") -> None:
    prepared = preparer(library.archive)(article, None)
    # Whatever was stored once had passages.
    assert prepared is not None
    library.put([replace(prepared, origin=origin, file=file)])


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
