"""Batches that are embedded while the next ones are read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.pipeline import ingest_articles
from ingest.run import BATCH_ARTICLES
from ingest.stages.embedding_queue import AHEAD, EmbeddingQueue
from ingest.types import RawArticle
from rag.errors import StorageError
from rag.models.embedder import Vectors
from tests.ingest.fakes import FakeLibrary


class WaitingLibrary(FakeLibrary):
    """Its encoder works only once it may."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.may_embed = threading.Event()
        self.embedded: list[int] = []

    def embed(self, batch: Sequence[Any]) -> Vectors:
        assert self.may_embed.wait(timeout=60)
        self.embedded.append(len(batch))
        return np.zeros((len(batch), 2), dtype=np.float32)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[WaitingLibrary]:
    library = WaitingLibrary(tmp_path)
    yield library
    library.may_embed.set()


def raw(number: int) -> RawArticle:
    words = " ".join(f"word{number * 1000 + i}" for i in range(60))
    return RawArticle(where=f"{number}", source="test", text=f"Article {number} says {words}.", title=f"Title {number}")


def test_batches_come_back_in_the_order_in_which_they_were_given(waiting: WaitingLibrary) -> None:
    ahead: EmbeddingQueue[str] = EmbeddingQueue(waiting)
    for name in "abcd":
        ahead.submit(name, [])
    waiting.may_embed.set()
    assert [name for name, _ in ahead.finished(leave=0)] == ["a", "b", "c", "d"]
    ahead.close()


def test_batches_are_given_back_only_beyond_those_that_may_be_in_flight(waiting: WaitingLibrary) -> None:
    ahead: EmbeddingQueue[int] = EmbeddingQueue(waiting)
    for number in range(AHEAD):
        ahead.submit(number, [])
    assert list(ahead.finished()) == []
    ahead.submit(AHEAD, [])
    assert [number for number, _ in ahead.finished()] == [0]
    waiting.may_embed.set()
    ahead.close()


def test_reading_goes_on_while_the_encoder_works(waiting: WaitingLibrary) -> None:
    given: list[int] = []

    def articles() -> Iterator[RawArticle]:
        for number in range(BATCH_ARTICLES * (AHEAD + 1)):
            given.append(number)
            yield raw(number)
            if len(given) == BATCH_ARTICLES * (AHEAD + 1) - 1:
                # All but one article of the last batch were read, and no vector was made yet.
                assert waiting.embedded == []
                waiting.may_embed.set()

    report = ingest_articles(articles(), waiting)  # type: ignore[arg-type]
    assert report.added == len(given)
    assert [article.ref.title for article in waiting.articles] == [f"Title {number}" for number in given]


def test_an_article_that_the_encoder_cannot_take_costs_no_other(tmp_path: Path) -> None:
    class Choking(FakeLibrary):
        def embed(self, batch: Sequence[Any]) -> Vectors:
            if any("word7000" in prepared.article.text for prepared in batch):
                raise RuntimeError("the encoder cannot take this")
            return super().embed(batch)

    library = Choking(tmp_path)
    report = ingest_articles(map(raw, range(40)), library)  # type: ignore[arg-type]
    assert (report.added, [problem.where for problem in report.problems]) == (39, ["7"])


def test_a_full_disk_ends_the_run_with_what_was_stored_before(tmp_path: Path) -> None:
    def refuse(batch: Sequence[Any]) -> None:
        if any(prepared.article.ref.title == f"Title {BATCH_ARTICLES}" for prepared in batch):
            raise StorageError("the disk is full")

    library = FakeLibrary(tmp_path, refuse=refuse)
    report = ingest_articles(map(raw, range(100)), library)  # type: ignore[arg-type]
    assert (report.added, report.complete) == (BATCH_ARTICLES, False)
    assert len(library.articles) == BATCH_ARTICLES
