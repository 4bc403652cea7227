"""Sources read by workers: documents are sent to them, articles that were read here are cleaned and cut by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from ingest.attempt import attempt
from ingest.report import Problem
from ingest.sources import Readable
from ingest.stages.draft import Draft
from ingest.stages.work import ReadingTask, SentDocument, read
from ingest.stages.workers import WorkerLost, Workers, in_order
from ingest.types import Limits, RawArticle

_ITEMS_A_TASK = 16
_BYTES_A_TASK = 2_000_000

# Files of one article, or of few. What is a list of articles or of links is read here, in a stream.
_SENT_FORMATS = frozenset({"text", "markdown", "html", "pdf", "docx", "rtf", "eml"})


def is_sent(readable: Readable) -> bool:
    """Whether a document is read by a worker."""
    return readable.reader.name in _SENT_FORMATS


def read_by_workers(
    found: Iterable[RawArticle | Readable], workers: Workers, limits: Limits
) -> Iterator[Draft | Problem]:
    """Yield what workers make of documents and articles, in their order."""
    for task, made in in_order(workers, read, _tasks(found, limits)):
        try:
            yield from made.result()
        except WorkerLost:
            yield from _one_by_one(task, workers)


def _one_by_one(task: ReadingTask, workers: Workers) -> Iterator[Draft | Problem]:
    """Find the document that ends whoever reads it."""
    for item in task.items:
        alone = replace(task, items=(item,))
        made = attempt(lambda: workers.submit(read, alone).result(), where=item.where)  # noqa: B023  (called at once)
        if isinstance(made, Problem):
            yield made
        else:
            yield from made


def _tasks(found: Iterable[RawArticle | Readable], limits: Limits) -> Iterator[ReadingTask]:
    items: list[SentDocument | RawArticle | Problem] = []
    held = 0
    for one in found:
        item = _sent(one, limits) if isinstance(one, Readable) else one
        items.append(item)
        held += len(item.data) if isinstance(item, SentDocument) else len(getattr(item, "text", ""))
        if len(items) >= _ITEMS_A_TASK or held >= _BYTES_A_TASK:
            yield ReadingTask(items=tuple(items), limits=limits, fetched=datetime.now(UTC))
            items, held = [], 0
    if items:
        yield ReadingTask(items=tuple(items), limits=limits, fetched=datetime.now(UTC))


def _sent(readable: Readable, limits: Limits) -> SentDocument | Problem:
    document = readable.document
    data = attempt(lambda: document.read(limits), where=document.where)
    if isinstance(data, Problem):
        return data
    return SentDocument(
        where=document.where,
        name=document.name,
        data=data,
        reader=readable.reader.name,
        url=document.url,
        charset=document.charset,
    )
