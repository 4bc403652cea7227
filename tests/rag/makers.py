"""Small articles and libraries for the tests of the core."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.preparing.chunking import cut_passages
from rag.models.hashing_embedder import HashingEmbedder
from rag.settings import Settings
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import IndexEntry
from rag.storage.indexes.writer import entry_of
from rag.storage.library import Library, Prepared, open_library
from rag.testing import make_article
from rag.types import UNKNOWN_ORIGIN, Article, Origin

BRIDGE = make_article(
    "The bridge over the Saltmarsh closed on Monday. Engineers found cracks in two of its piers. "
    "The mayor, Ana Ruiz, said that repairs would take nine weeks.",
    title="Saltmarsh bridge closes",
    outlet="Evening Mail",
    url="https://evening-mail.example/bridge",
    published="2024-05-06T09:00:00+00:00",
)
STRIKE = make_article(
    "Ferry crews in Port Lindow began a strike on Tuesday. The union asks for 7% more pay. "
    "The company offered 3% because fuel has become dearer.",
    title="Ferry crews walk out",
    outlet="Harbour Post",
    url="https://harbour-post.example/strike",
    published="2024-06-11T18:30:00+00:00",
)
UNDATED = make_article("Moths were seen over the old mill. Nobody could say why.", title="Moths at the mill")


def prepared(article: Article, *, story: str = "", bands: tuple[int, ...] = ()) -> Prepared:
    return Prepared(article=article, passages=cut_passages(article), story=story, bands=bands)


def settings_for(folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"library": folder, "embedder": "hashing", **given})


def library_with(folder: Path, articles: Sequence[Article], *, stay_open: bool = True, **given: object) -> Library:
    """A library that owns its indexes; exact vectors unless `vector_index` says otherwise."""
    settings = settings_for(folder, **{"vector_index": "exact", **given})
    library = open_library(settings, embedder=HashingEmbedder(), stay_open=stay_open)
    library.put([prepared(article) for article in articles])
    return library


def stored(archive: Archive, article: Article, *, origin: Origin = UNKNOWN_ORIGIN) -> str:
    """Put an article into a bare archive."""
    passages = cut_passages(article)
    vectors = HashingEmbedder().embed_passages([p.text for p in passages])
    return archive.put(article, passages, vectors, origin=origin)


def entries(archive: Archive, *articles: Article) -> list[IndexEntry]:
    return [entry_of(passage) for passage in archive.stored_passages([a.ref.id for a in articles])]
