"""What an article said before: its former versions, and what a correction changed.

Former versions are read here and nowhere else: they have no passages and no vectors, so they never answer a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

import sqlalchemy as sql

from rag.errors import NoSuchArticle, UsageError
from rag.storage.archive.database import Database, retried
from rag.storage.archive.rows import article_of
from rag.storage.archive.schema import articles, former
from rag.text.sentences import split_sentences
from rag.types import Article

MAX_FORMER_VERSIONS = 20
"""Former versions kept of one article, the latest ones.

A correction or two is what an article gets. A live blog, or two sources that take turns at one URL, changes at every
ingest: without a bound such an article would fill the disk.
"""

# Aligning takes the square of the length, and more where sentences repeat: two texts made for it, of 5,000 sentences
# each, took .9 s, of 10,000 each 4.4 s. No article is that long.
_MAX_ALIGNED_SENTENCES = 10_000

_COPIED = tuple(column.name for column in former.c if column.name in articles.c)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """An article as it once stood. `number` counts from 1 and stays; `replaced` is None for the current version."""

    number: int
    article: Article
    replaced: datetime | None

    @property
    def fetched(self) -> datetime:
        """When this version was fetched."""
        return self.article.fetched


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """A piece of metadata that changed; "" stands for unknown, dates are ISO 8601, authors are joined by "; "."""

    name: Literal["title", "outlet", "url", "published", "authors", "language"]
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentenceChange:
    """A sentence that is gone or new. One that was reworded is both, the old wording first."""

    kind: Literal["removed", "added"]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleChanges:
    """What differs from version `before` to version `after`; `sentences` in reading order.

    Both are empty where only spacing differs.
    """

    article_id: str
    before: int
    after: int
    fields: tuple[FieldChange, ...]
    sentences: tuple[SentenceChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The public JSON form (`newsdesk show ID --changes --json`)."""
        return asdict(self)


class History:
    """The archive's former versions. Reach it as `Archive.history`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def versions(self, article_id: str) -> list[Version]:
        """Every version kept, oldest first, the current one last; empty where there is no such article."""
        query = sql.select(former, former.c.article_id.label("id")).where(former.c.article_id == article_id)
        # One transaction: a correction in between would be in neither of the two.
        with self._database.reading() as connection:
            current = connection.execute(sql.select(articles).where(articles.c.id == article_id)).one_or_none()
            rows = connection.execute(query.order_by(former.c.number)).all()
        if current is None:
            return []
        number = rows[-1].number + 1 if rows else 1
        return [*map(_version, rows), Version(number=number, article=article_of(current), replaced=None)]

    @retried
    def corrections(self) -> dict[str, int]:
        """Article -> how many former versions are kept; articles without one are left out."""
        query = sql.select(former.c.article_id, sql.func.count().label("number")).group_by(former.c.article_id)
        with self._database.reading() as connection:
            return {str(row.article_id): int(row.number) for row in connection.execute(query)}

    def version(self, article_id: str, number: int) -> Version | None:
        """One version, None where there is none of that number."""
        return next((version for version in self.versions(article_id) if version.number == number), None)

    def changes(self, article_id: str, *, since: int | None = None) -> ArticleChanges:
        """What changed from version `since` to the current one; without `since`, what the last correction changed.

        Raises `LibraryError` where there is no such article, `UsageError` where there is no such version of it.
        """
        versions = self.versions(article_id)
        if not versions:
            raise NoSuchArticle.of(article_id)
        numbers = [version.number for version in versions]
        before = versions[-2:][0] if since is None else next((v for v in versions if v.number == since), None)
        if before is None:
            raise UsageError(
                f"there is no version {since} of article {article_id!r}; choose one from {numbers[0]} to {numbers[-1]}"
            )
        after = versions[-1]
        return ArticleChanges(
            article_id=article_id,
            before=before.number,
            after=after.number,
            fields=tuple(_field_changes(before.article, after.article)),
            sentences=tuple(sentence_changes(before.article.text, after.article.text)),
        )


def keep_version(connection: sql.Connection, article_id: str, *, replaced: datetime) -> None:
    """Copy the article as it stands to its former versions, within the transaction that is about to replace it."""
    last = sql.select(sql.func.max(former.c.number)).where(former.c.article_id == article_id)
    number = (connection.scalar(last) or 0) + 1
    added = {"article_id": article_id, "number": number, "replaced": replaced.isoformat()}
    # Copied inside the database: an ingest never reads a text that it replaces.
    row = sql.select(*(sql.literal(value) for value in added.values()), *(articles.c[name] for name in _COPIED))
    connection.execute(former.insert().from_select([*added, *_COPIED], row.where(articles.c.id == article_id)))
    too_old = former.c.number <= number - MAX_FORMER_VERSIONS
    connection.execute(former.delete().where(former.c.article_id == article_id, too_old))


def forget_versions(connection: sql.Connection, article_id: str) -> None:
    """Delete an article's former versions, within the transaction that removes the article."""
    connection.execute(former.delete().where(former.c.article_id == article_id))


def sentence_changes(before: str, after: str) -> Iterator[SentenceChange]:
    """Yield the sentences that differ between two texts, in reading order; spacing is no difference.

    Of very long texts, first every sentence that is gone and then every new one: a sentence that only moved is neither.
    """
    old, new = _sentences(before), _sentences(after)
    if len(old) + len(new) > _MAX_ALIGNED_SENTENCES:
        pairs = [(_without(old, new), _without(new, old))]
    else:
        operations = SequenceMatcher(a=old, b=new).get_opcodes()
        pairs = [(old[i:j], new[m:n]) for operation, i, j, m, n in operations if operation != "equal"]
    for gone, come in pairs:
        yield from (SentenceChange(kind="removed", text=text) for text in gone)
        yield from (SentenceChange(kind="added", text=text) for text in come)


def _without(sentences: list[str], others: list[str]) -> list[str]:
    """The sentences that stand more often here than among the others."""
    left = Counter(others)
    kept = []
    for text in sentences:
        if left[text]:
            left[text] -= 1
        else:
            kept.append(text)
    return kept


def _sentences(text: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in split_sentences(text)]


def _field_changes(before: Article, after: Article) -> Iterator[FieldChange]:
    old, new = _fields(before), _fields(after)
    return (FieldChange(name=name, before=old[name], after=new[name]) for name in old if old[name] != new[name])


def _fields(article: Article) -> dict[Any, str]:
    ref = article.ref
    return {
        "title": ref.title,
        "outlet": ref.outlet,
        "url": ref.url,
        "published": ref.published.isoformat() if ref.published else "",
        "authors": "; ".join(article.authors),
        "language": article.language,
    }


def _version(row: Any) -> Version:
    return Version(number=row.number, article=article_of(row), replaced=datetime.fromisoformat(row.replaced))
