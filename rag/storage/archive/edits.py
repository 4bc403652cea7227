"""What a reader corrected of an article's metadata: kept beside the article, so that reading its source again does not
undo it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import notes
from rag.types import Article

_PREFIX = "edited:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """Metadata in place of what the source says; None leaves that as it is, and an empty value says that nobody knows.

    `published` is an ISO date.
    """

    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    authors: tuple[str, ...] | None = None
    language: str | None = None

    def applied(self, article: Article) -> Article:
        """The article with this metadata; a day that it was published on keeps its time."""
        ref = replace(
            article.ref,
            title=article.ref.title if self.title is None else self.title,
            outlet=article.ref.outlet if self.outlet is None else self.outlet,
        )
        if self.published is not None and self.published != _day(ref.published):
            day = date.fromisoformat(self.published) if self.published else None
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
            ref = replace(ref, published=moment, precision="day", is_ahead=False)
        return replace(
            article,
            ref=ref,
            authors=article.authors if self.authors is None else self.authors,
            language=article.language if self.language is None else self.language,
        )


class EditStore:
    """The archive's edits. Reach it as `Archive.edits`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def of(self, article_id: str) -> Edit:
        """What was corrected of an article; nothing where nobody did."""
        with self._database.reading() as connection:
            return _kept(connection, article_id)

    @retried
    def keep(self, article_id: str, edit: Edit) -> None:
        """Keep what was corrected, over what was before."""
        with self._database.writing(article=article_id) as connection:
            merged = json.dumps({**_set(_kept(connection, article_id)), **_set(edit)})
            put = self._database.insert(notes).values(key=_PREFIX + article_id, value=merged)
            connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": merged}))

    def applied(self, article: Article) -> Article:
        """The article with what was corrected of it."""
        return self.of(article.ref.id).applied(article)


def _kept(connection: sql.Connection, article_id: str) -> Edit:
    kept = connection.scalar(sql.select(notes.c.value).where(notes.c.key == _PREFIX + article_id))
    fields = json.loads(kept) if kept is not None else {}
    if fields.get("authors") is not None:
        fields["authors"] = tuple(fields["authors"])
    return Edit(**fields)


def _set(edit: Edit) -> dict[str, object]:
    return {name: value for name, value in asdict(edit).items() if value is not None}


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
