"""Answers that were kept, and whether their quotes still stand in the articles that they cite.

Answers are kept only where the setting `keep_answers` says so: a question tells about the one who asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Protocol

import sqlalchemy as sql

from rag.errors import UsageError
from rag.storage.archive.database import Database
from rag.storage.archive.rows import moment_of
from rag.storage.archive.schema import answer_citations, answers, articles
from rag.types import Article

QuoteState = Literal["holds", "moved", "changed", "removed"]

_REMEDY = "give what `newsdesk ask --json` printed"

# Answers cite few articles, and those that cite the same one are often neighbours.
_TEXTS_AT_HAND = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class CitationCheck:
    """What became of a quote.

    `holds`: it stands where it was cited. `moved`: word for word, but elsewhere in the article. `changed`: the article
    no longer says it. `removed`: the article is gone.
    """

    marker: int
    article_id: str
    quote: str
    state: QuoteState


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedAnswer:
    """An answer as it was given: `answer` is its public JSON (`rag.types.answer_json`)."""

    id: int
    asked: datetime
    answer: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutdatedAnswer:
    """A kept answer and its citations that no longer hold, at least one."""

    kept: SavedAnswer
    citations: tuple[CitationCheck, ...]


class StoredArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...


class AnswerStore:
    """The archive's kept answers. Reach it as `Archive.answers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, answer: Mapping[str, Any], *, now: datetime) -> int:
        """Keep an answer's public JSON and return its number; raises `UsageError` where it is no answer."""
        cited = _cited(answer)
        row = {"asked": now.timestamp(), "answer": json.dumps(answer)}
        with self._database.writing() as connection:
            number: int = connection.execute(answers.insert().returning(answers.c.id), row).scalar_one()
            rows = [
                {"answer_id": number, "article_id": name, "article_digest": _digest_if_held(connection, name, cited)}
                for name in sorted({citation.article_id for citation in cited})
            ]
            if rows:
                connection.execute(answer_citations.insert(), rows)
        return number

    def kept(self, *, citing: str | None = None, limit: int | None = None, offset: int = 0) -> list[SavedAnswer]:
        """Kept answers, newest first; `citing` is an article's id."""
        query = sql.select(answers).order_by(answers.c.id.desc()).limit(limit).offset(offset)
        if citing is not None:
            of_article = sql.select(answer_citations.c.answer_id).where(answer_citations.c.article_id == citing)
            query = query.where(answers.c.id.in_(of_article))
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def outdated(self) -> list[OutdatedAnswer]:
        """Kept answers of which a quote no longer stands where it was cited, newest first.

        Only answers that cite an article which changed or went since are looked at.
        """
        cited, now = answer_citations.c, articles.c
        both = answer_citations.outerjoin(articles, cited.article_id == now.id)
        suspect = sql.select(cited.answer_id).select_from(both).where(now.digest.is_distinct_from(cited.article_digest))
        query = sql.select(answers).where(answers.c.id.in_(suspect)).order_by(answers.c.id.desc())
        found = []
        with self._database.reading() as connection:
            text_of = lru_cache(maxsize=_TEXTS_AT_HAND)(lambda name: _text(connection, name))
            for row in connection.execute(query).all():
                kept = _kept(row)
                checks = _checked(_cited(kept.answer), text_of)
                if broken := tuple(check for check in checks if check.state != "holds"):
                    found.append(OutdatedAnswer(kept=kept, citations=broken))
        return found

    def forget(self, answer_id: int) -> bool:
        """Delete one kept answer; False where there is none of that number."""
        with self._database.writing() as connection:
            connection.execute(answer_citations.delete().where(answer_citations.c.answer_id == answer_id))
            return connection.execute(answers.delete().where(answers.c.id == answer_id)).rowcount > 0

    def forget_all(self) -> int:
        """Delete every kept answer and return how many there were."""
        with self._database.writing() as connection:
            connection.execute(answer_citations.delete())
            return connection.execute(answers.delete()).rowcount


def check_citations(answer: Mapping[str, Any], archive: StoredArticles) -> list[CitationCheck]:
    """What became of each citation of an answer, in the answer's order.

    `answer` is what `newsdesk ask --json` printed, from wherever it was saved; only its citations are read. Raises
    `UsageError` where it is no such thing.
    """

    def text_of(name: str) -> str | None:
        article = archive.article(name)
        return None if article is None else article.text

    return _checked(_cited(answer), lru_cache(maxsize=_TEXTS_AT_HAND)(text_of))


@dataclass(frozen=True, slots=True)
class _Cited:
    marker: int
    article_id: str
    start: int
    end: int
    quote: str

    def state(self, text: str | None) -> QuoteState:
        if text is None:
            return "removed"
        if text[self.start : self.end] == self.quote:
            return "holds"
        return "moved" if self.quote in text else "changed"


def _cited(answer: object) -> list[_Cited]:
    """The citations of an answer's JSON, checked: it may come from a file that anybody wrote."""
    listed = answer.get("citations") if isinstance(answer, Mapping) else None
    if not isinstance(listed, list):
        raise UsageError(f"this is no answer: it has no list of 'citations'; {_REMEDY}")
    return [_citation(item, place) for place, item in enumerate(listed, start=1)]


def _citation(item: object, place: int) -> _Cited:
    values = item if isinstance(item, Mapping) else {}
    for name, kind in (("marker", int), ("article_id", str), ("start", int), ("end", int), ("quote", str)):
        if type(values.get(name)) is not kind:
            raise UsageError(f"citation number {place} of this answer has no usable {name!r}; {_REMEDY}")
    cited = _Cited(**{name: values[name] for name in _Cited.__slots__})
    if not cited.quote or not 0 <= cited.start < cited.end:
        raise UsageError(f"citation number {place} of this answer quotes nothing; {_REMEDY}")
    # JSON can spell half a character, and the database takes whole ones only.
    if not cited.article_id.isprintable():
        raise UsageError(f"citation number {place} of this answer names no article; {_REMEDY}")
    return cited


def _checked(cited: Iterable[_Cited], text_of: Callable[[str], str | None]) -> list[CitationCheck]:
    return [
        CitationCheck(
            marker=citation.marker,
            article_id=citation.article_id,
            quote=citation.quote,
            state=citation.state(text_of(citation.article_id)),
        )
        for citation in cited
    ]


def _text(connection: sql.Connection, article_id: str) -> str | None:
    return connection.scalar(sql.select(articles.c.text).where(articles.c.id == article_id))


def _digest_if_held(connection: sql.Connection, article_id: str, cited: Iterable[_Cited]) -> str:
    """The digest with which these citations hold; "" where one does not: the article changed while the answer was made.

    As long as the article has this digest, its citations need not be looked at.
    """
    query = sql.select(articles.c.text, articles.c.digest).where(articles.c.id == article_id)
    row = connection.execute(query).one_or_none()
    mine = [citation for citation in cited if citation.article_id == article_id]
    held = row is not None and all(citation.state(row.text) == "holds" for citation in mine)
    return row.digest if row is not None and held else ""


def _kept(row: Any) -> SavedAnswer:
    asked = moment_of(row.asked)
    assert asked is not None, "the column is never NULL"
    return SavedAnswer(id=row.id, asked=asked, answer=json.loads(row.answer))
