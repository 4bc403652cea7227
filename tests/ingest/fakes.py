"""A library in memory, with what the pipeline asks of the real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.models.hashing_embedder import HashingEmbedder
from rag.settings import Settings
from rag.types import UNKNOWN_ORIGIN, Article, Origin, Passage

if TYPE_CHECKING:
    from rag.models.embedder import Vectors
    from rag.storage.library import Prepared


class FakeEdits:
    """Nobody corrected anything."""

    def applied(self, article: Article) -> Article:
        return article


class FakeArchive:
    """Articles in a dictionary."""

    def __init__(self) -> None:
        self.stored: dict[str, Prepared] = {}
        self.edits = FakeEdits()

    def digest_of(self, article_id: str) -> str | None:
        return self.stored[article_id].article.digest if article_id in self.stored else None

    def article(self, article_id: str) -> Article | None:
        return self.stored[article_id].article if article_id in self.stored else None

    @property
    def origins(self) -> FakeArchive:
        return self

    def of(self, article_id: str) -> Origin:
        return self.stored[article_id].origin if article_id in self.stored else UNKNOWN_ORIGIN

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        return self.stored[article_id].passages

    def story_of(self, article_id: str) -> str | None:
        return (self.stored[article_id].story or article_id) if article_id in self.stored else None

    def band_candidates(self, bands: Sequence[int]) -> list[str]:
        wanted = set(bands)
        return sorted(name for name, prepared in self.stored.items() if wanted & set(prepared.bands))

    def count(self) -> int:
        return len(self.stored)


class FakeLibrary:
    """Stores what it is given; `refuse` may raise for a batch before any of it is stored."""

    def __init__(
        self, folder: Path, *, refuse: Callable[[Sequence[Prepared]], None] | None = None, **given: Any
    ) -> None:
        self.folder = folder
        self.settings = Settings(library=folder, **given)
        self.archive = FakeArchive()
        self.embedder = HashingEmbedder()
        self.batches: list[int] = []
        self._refuse = refuse or (lambda batch: None)

    def put(self, batch: Sequence[Prepared]) -> list[Literal["added", "changed", "unchanged"]]:
        return self.store(batch, self.embed(batch))

    def embed(self, batch: Sequence[Prepared]) -> Vectors:
        return self.embedder.embed_passages([p.text for prepared in batch for p in prepared.passages])

    def store(self, batch: Sequence[Prepared], vectors: Vectors) -> list[Literal["added", "changed", "unchanged"]]:
        assert len(vectors) == sum(len(prepared.passages) for prepared in batch)
        self._refuse(batch)
        self.batches.append(len(batch))
        changes: list[Literal["added", "changed", "unchanged"]] = []
        for prepared in batch:
            before = self.archive.digest_of(prepared.article.ref.id)
            self.archive.stored[prepared.article.ref.id] = prepared
            is_same = before == prepared.article.digest
            changes.append("unchanged" if is_same else "added" if before is None else "changed")
        return changes

    def expect_writing(self) -> None:
        """Nothing is to be loaded here."""

    def settle(self) -> None:
        """Nothing is derived here."""

    @property
    def articles(self) -> list[Article]:
        """What is stored, in the order of storing."""
        return [prepared.article for prepared in self.archive.stored.values()]
