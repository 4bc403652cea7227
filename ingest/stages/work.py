"""What a worker does, wherever it runs: tasks and results that can be sent, and nothing that knows of a library."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.attempt import attempt
from ingest.report import Problem
from ingest.stages.draft import Draft, cut_of, draft_of
from ingest.types import Document, Limits, RawArticle
from rag.errors import EmbedderMismatch
from rag.types import Article

if TYPE_CHECKING:
    from rag.models.embedder import Embedder, Vectors
    from rag.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class SentDocument:
    """A document with its bytes; `reader` is the name of its format. See `ingest.types.Document` for the others."""

    where: str
    name: str
    data: bytes
    reader: str
    url: str = ""
    charset: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingTask:
    """Documents to read, and articles that were read already, in their order; `fetched` is when.

    A problem among them is given back as it is.
    """

    items: tuple[SentDocument | RawArticle | Problem, ...]
    limits: Limits
    fetched: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddingTask:
    """Texts to embed by the embedder that the library's vectors come from, which `identity` names.

    `cache` is where this machine keeps prepared models; None leaves that to the worker's own settings.
    """

    texts: tuple[str, ...]
    embedder: str
    runtime: str
    identity: str
    cache: Path | None = None


def introduced(_: None) -> str:
    """The version of Newsdesk that works here."""
    return metadata.version("newsdesk")


def read(task: ReadingTask) -> tuple[Draft | Problem, ...]:
    """Read, clean and cut; a document that cannot be read is a problem, and the others are read."""
    return tuple(made for item in task.items for made in _made_of(item, task))


def embed(task: EmbeddingTask) -> Vectors:
    """One vector a text. Raises `EmbedderMismatch` where this worker's embedder is another than the library's."""
    embedder = _embedder(task.embedder, task.runtime, task.cache)
    if embedder.identity != task.identity:
        raise EmbedderMismatch(
            f"the worker on {platform.node()!r} makes vectors with {embedder.identity!r}, this library has those of "
            f"{task.identity!r}; set up the same version of Newsdesk there"
        )
    return embedder.embed_passages(task.texts)


def embedding_task(texts: tuple[str, ...], settings: Settings, identity: str, *, is_here: bool) -> EmbeddingTask:
    """Ask for vectors as the settings make them; `is_here` says that the worker runs on this machine."""
    return EmbeddingTask(
        texts=texts,
        embedder=settings.embedder,
        runtime=settings.embedder_runtime,
        identity=identity,
        cache=settings.cache if is_here else None,
    )


def _made_of(item: SentDocument | RawArticle | Problem, task: ReadingTask) -> Iterator[Draft | Problem]:
    raws = _read_document(item, task.limits) if isinstance(item, SentDocument) else [item]
    for raw in raws:
        if isinstance(raw, Problem):
            yield raw
            continue
        draft = draft_of(raw, fetched=task.fetched)
        if isinstance(draft.article, Article):
            article = draft.article
            cut = attempt(lambda: cut_of(article), where=raw.where)  # noqa: B023  (called at once)
            # What cannot be cut is met again by whoever stores it, where it becomes a problem of the report.
            yield draft if isinstance(cut, Problem) else replace(draft, cut=cut)
        else:
            yield draft


def _read_document(sent: SentDocument, limits: Limits) -> Iterator[RawArticle | Problem]:
    from ingest.readers.registry import READERS

    document = Document.of_bytes(sent.data, where=sent.where, name=sent.name, url=sent.url, charset=sent.charset)
    reader = next(known for known in READERS if known.name == sent.reader)
    articles = iter(reader.read(document, limits))
    while (found := attempt(lambda: next(articles, None), where=sent.where)) is not None:
        assert isinstance(found, RawArticle | Problem)
        yield found


@cache
def _embedder(name: str, runtime: str, cache_folder: Path | None) -> Embedder:
    from rag.models.load_embedder import open_embedder
    from rag.settings import load_settings

    # One thread: there are as many workers as cores.
    return open_embedder(load_settings(embedder=name, embedder_runtime=runtime, embedder_threads=1, cache=cache_folder))
