"""Answers that were kept, and whether their quotes still stand in the articles that they cite.

Answers are kept only where the setting `keep_answers` says so: a question tells about the one who asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Protocol

import sqlalchemy as sql

from rag.errors import UsageError
from rag.storage.archive.database import Database, retried
from rag.storage.archive.rows import moment_of
from rag.storage.archive.schema import answer_citations, answers, articles
from rag.types import Article

QuoteState = Literal["holds", "moved", "changed", "removed"]

_REMEDY = "give what `newsdesk ask --json` printed"

# An answer cites few articles, and most of them more than once.
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
    """An answer as it was given: `answer` is its public JSON (`rag.public_json.answer_json`)."""

    id: int
    asked: datetime
    answer: Mapping[str, Any]


class StoredArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...


class AnswerStore:
    """The archive's kept answers. Reach it as `Archive.answers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def keep(self, answer: Mapping[str, Any], *, now: datetime) -> int:
        """Keep an answer's public JSON and return its number; raises `UsageError` where it is no answer."""
        cited = _cited(answer)
        row = {"asked": now.timestamp(), "answer": json.dumps(answer)}
        with self._database.writing(repeatable=False) as connection:
            number: int = connection.execute(answers.insert().returning(answers.c.id), row).scalar_one()
            rows = [
                {"answer_id": number, "article_id": name, "article_digest": _digest_if_held(connection, name, cited)}
                for name in sorted({citation.article_id for citation in cited})
            ]
            if rows:
                connection.execute(answer_citations.insert(), rows)
        return number

    @retried
    def kept(self, *, citing: str | None = None, suspect: bool = False) -> list[SavedAnswer]:
        """Kept answers, newest first; `citing` is an article's id.

        `suspect` leaves those that cite an article which changed or went since: of the others every quote holds.
        """
        cited = answer_citations.c
        query = sql.select(answers).order_by(answers.c.id.desc())
        if citing is not None:
            query = query.where(answers.c.id.in_(sql.select(cited.answer_id).where(cited.article_id == citing)))
        if suspect:
            both = answer_citations.outerjoin(articles, cited.article_id == articles.c.id)
            changed = articles.c.digest.is_distinct_from(cited.article_digest)
            query = query.where(answers.c.id.in_(sql.select(cited.answer_id).select_from(both).where(changed)))
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    @retried
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

    def look_up(name: str) -> str | None:
        article = archive.article(name)
        return None if article is None else article.text

    text_of = lru_cache(maxsize=_TEXTS_AT_HAND)(look_up)
    return [
        CitationCheck(
            marker=citation.marker,
            article_id=citation.article_id,
            quote=citation.quote,
            state=citation.state(text_of(citation.article_id)),
        )
        for citation in _cited(answer)
    ]


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
