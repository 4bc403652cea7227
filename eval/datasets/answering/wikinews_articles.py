"""The articles of the Wikinews sets, and where their numbered sentences stand in what Newsdesk stored of them.

A file of articles (`articles.jsonl.gz`: `id`, `url`, `title`, `outlet`, `published`, `text`, `sentences`, which are
offsets into `text`) may stand in the half's folder, beside it, or in both places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.cases import GoldSpan
from eval.datasets.rows import Row, files_in_or_beside, read_rows
from eval.errors import CaseError
from ingest.metadata.dates import published_of
from ingest.text.unicode import normalised
from ingest.types import RawArticle

if TYPE_CHECKING:
    from rag.storage.archive.archive import Archive

# A sentence that what was stored does not hold: of no article, so that it is known by its text alone.
_NOWHERE = ""


class WikinewsArticle(Row):
    """One line of the file; sentences are counted from 0."""

    id: str
    url: str
    title: str
    outlet: str
    published: str
    text: str
    sentences: list[tuple[int, int]]

    def raw(self) -> RawArticle:
        """The article as a reader gives it; a date that is none is left out."""
        try:
            published, precision = published_of(self.published)
        except ValueError:
            published, precision = None, "day"
        return RawArticle(
            where=self.id,
            text=self.text,
            title=self.title,
            outlet=self.outlet,
            url=self.url,
            published=published,
            precision=precision,
            given_id=self.id,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedSentences:
    """The sentences of an article by their numbers, as they stand in the library under `article_id`."""

    article_id: str
    spans: tuple[GoldSpan, ...]


def read_articles(folder: Path) -> tuple[list[WikinewsArticle], dict[str, str]]:
    """Every article for the half in this folder, each id once, with the digests of their files."""
    found: dict[str, WikinewsArticle] = {}
    digests = {}
    for number, file in enumerate(files_in_or_beside(folder, "articles"), start=1):
        rows, digests["articles" if number == 1 else f"articles {number}"] = read_rows(file, WikinewsArticle)
        found = {row.id: row for row in rows} | found
    return list(found.values()), digests


def located(
    articles: Sequence[WikinewsArticle], ids: Sequence[str], archive: Archive
) -> Mapping[str, NumberedSentences]:
    """For each article's id in the file its sentences in the library; `ids` are those of the library, in order."""
    return {row.id: _located(row, name, archive) for row, name in zip(articles, ids, strict=True)}


def _located(row: WikinewsArticle, article_id: str, archive: Archive) -> NumberedSentences:
    stored = archive.article(article_id) if article_id else None
    text = stored.text if stored is not None else ""
    spans, place = [], 0
    for number, (start, end) in enumerate(row.sentences):
        sentence = normalised(row.text[start:end])
        if not sentence.strip():
            raise CaseError(f"article {row.id!r}: sentence {number} is empty; correct its offsets")
        at = text.find(sentence, place)
        place = at + len(sentence) if at >= 0 else place
        home = article_id if at >= 0 else _NOWHERE
        spans.append(GoldSpan(article_id=home, start=max(at, 0), end=max(at, 0) + len(sentence), text=sentence))
    return NumberedSentences(article_id=article_id, spans=tuple(spans))
