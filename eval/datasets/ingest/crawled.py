"""Articles as a crawler saved them, which several sets have files of: `doc_id`, `url`, `title`, `text` and more."""

from __future__ import annotations

from eval.datasets.rows import Row
from ingest.metadata.canonical_url import host_of
from ingest.metadata.dates import published_of
from ingest.types import RawArticle


class CrawledArticle(Row):
    """One line of such a file; `publish_date` is YYYY/MM/DD."""

    doc_id: str
    url: str
    title: str
    publish_date: str = ""
    authors: tuple[str, ...] = ()
    text: str

    def raw(self) -> RawArticle:
        """The article as a reader gives it.

        The outlet is the address's host, as for a page that does not name its outlet; a date that is none is left out.
        """
        try:
            published, precision = published_of(self.publish_date.replace("/", "-"))
        except ValueError:
            published, precision = None, "day"
        return RawArticle(
            where=self.doc_id,
            text=self.text,
            title=self.title,
            outlet=host_of(self.url),
            url=self.url,
            published=published,
            precision=precision,
            authors=self.authors,
            given_id=self.doc_id,
        )
