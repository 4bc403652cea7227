"""A small invented history with a correction, copies and a moved date, and libraries that hold a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from ingest.preparing.prepare import preparer
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.library import Library, open_library
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import settings_for

FLOOD = (
    "The river Tamber rose over its banks on Sunday night. "
    "Fire crews led {count} people from the lower town of Ostrin. "
    "The water works stood still until Monday morning. Mayor Lena Holt said that the old dam had held."
)
RATES = (
    "The Central Bank of Norvia kept its main rate at {rate}% on Thursday. Governor Pavel Grin said that prices had "
    "risen less than expected. Exporters had asked for a cut since the spring."
)


def said(
    text: str, day: str, *, title: str = "", outlet: str = "Harbour Post", name: str = "", fetched: str = ""
) -> Article:
    """An article of a day, fetched on that day unless said otherwise; `day` "" leaves it undated."""
    article = make_article(text, title=title, outlet=outlet, published=day or None, article_id=name or None)
    return replace(article, fetched=datetime.combine(date.fromisoformat((fetched or day)[:10]), time(12), tzinfo=UTC))


FLOOD_FIRST = said(FLOOD.format(count="40"), "2024-03-04", title="Tamber floods Ostrin", name="flood")
FLOOD_LATER = replace(
    said(FLOOD.format(count="65"), "2024-03-04", title="Tamber floods Ostrin", name="flood", fetched="2024-03-20")
)
FLOOD_MOVED = said(
    FLOOD.format(count="70") + " A relief fund was opened.",
    "2024-04-10",
    title="Ostrin after the flood",
    name="flood",
    fetched="2024-04-10",
)
HISTORY: tuple[Article, ...] = (
    said("The ferry Alma will run to Skerry Island from June. A ticket costs 12 crowns.", "2024-02-01", name="ferry"),
    said("Moths were seen over the old mill in Ostrin. Nobody could say why.", "", fetched="2024-02-20", name="moths"),
    FLOOD_FIRST,
    said(FLOOD.format(count="40"), "2024-03-05", title="Flood in Ostrin", outlet="Evening Mail", name="copy"),
    said(RATES.format(rate="4.25"), "2024-03-07", title="Norvia holds rate", outlet="Norvia Wire", name="rates"),
    said("Ana Ruiz was elected chair of the harbour board. She won 7 of 12 votes.", "2024-03-15", name="chair"),
    FLOOD_LATER,
    said(FLOOD.format(count="65"), "2024-03-21", title="Ostrin flood", outlet="Norvia Wire", name="late-copy"),
    said(RATES.format(rate="3.75"), "2024-04-04", title="Norvia cuts rate", outlet="Norvia Wire", name="cut"),
    FLOOD_MOVED,
    said("The ferry Alma will not run this year. Her engine failed in Ostrin.", "2024-05-02", name="no-ferry"),
    said("Moths over the mill in Ostrin are gypsy moths, a museum said.", "2024-05-09", name="gypsy"),
    said("Ana Ruiz resigned as chair of the harbour board on Friday.", "2024-06-07", name="resigned"),
)


def end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.max, tzinfo=UTC)


def known_by(day: str, history: Iterable[Article] = HISTORY) -> list[Article]:
    """What had been fetched and published by the end of a day: in this history every version is fetched on its day."""
    return [article for article in history if article.fetched <= end_of(day)]


@contextmanager
def library_of(folder: Path, articles: Sequence[Article], **given: object) -> Iterator[Library]:
    chosen = settings_for(folder, **{"vector_index": "exact", **given})
    with open_library(chosen, embedder=HashingEmbedder(), stay_open=True) as library:
        prepare = preparer(library.archive)
        for article in articles:
            if library.archive.digest_of(article.ref.id) != article.digest:
                item = prepare(article, None)
                assert item is not None
                library.put([item])
        yield library
