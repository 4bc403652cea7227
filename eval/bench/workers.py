"""What a bench measures in processes of their own.

`python -m eval.bench.workers TASK LIBRARY SOURCE ...` prints one JSON object on its last line.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from eval.bench import corpus
from eval.runs import machine

WARM_UP = 5
_WORDS_A_PASSAGE = 140
_WARM_UP_TEXT = "The first text of a process takes longer than all others."


def ingest(library: Path, source: Path) -> dict[str, Any]:
    """Ingest a JSONL file until the indexes have caught up. The model is loaded before the clock starts."""
    from ingest.pipeline import ingest as read_in
    from rag.settings import load_settings
    from rag.storage.library import open_library

    target = open_library(load_settings(library=library))
    target.embedder.embed_passages([_WARM_UP_TEXT])
    start = time.perf_counter()
    try:
        report = read_in([source], target)
    finally:
        target.close()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "passages": report.passages,
        "articles": report.articles,
        "problems": len(report.problems),
        "peak_mb": machine.peak_memory_mb(),
    }


def again(library: Path, source: Path) -> dict[str, Any]:
    """Ingest a file that is in the library already, from start to end of the work; nothing should change."""
    from ingest.pipeline import ingest as read_in
    from rag.settings import load_settings
    from rag.storage.library import open_library

    start = time.perf_counter()
    with open_library(load_settings(library=library)) as target:
        report = read_in([source], target)
    return {
        "seconds": time.perf_counter() - start,
        "unchanged": report.unchanged,
        "changes": report.added + report.changed,
        "peak_mb": machine.peak_memory_mb(),
    }


def encode(library: Path, source: Path) -> dict[str, Any]:
    """Embed the passages of a library once more, all in one call: what the encoder does when nothing else is to do."""
    from rag.settings import load_settings
    from rag.storage.index_contract import indexed_text
    from rag.storage.library import open_library

    with open_library(load_settings(library=library)) as target:
        archive = target.archive
        texts = [indexed_text(passage) for name in archive.article_ids() for passage in archive.passages(name)]
        target.embedder.embed_passages([_WARM_UP_TEXT])
        start = time.perf_counter()
        target.embedder.embed_passages(texts)
    return {"seconds": time.perf_counter() - start, "passages": len(texts)}


def memory(library: Path, source: Path, articles: int) -> dict[str, Any]:
    """Peak memory while that many articles are read, and once they are stored and indexed.

    The articles come from an endless supply, the vectors from the hashing embedder: a language model has a fixed size.
    """
    from ingest.pipeline import IngestOptions
    from ingest.pipeline import ingest as read_in
    from rag.settings import load_settings
    from rag.storage.library import open_library

    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "articles.jsonl")
        corpus.write_jsonl(texts, itertools.islice(corpus.endless(corpus.load_corpus(source).articles), articles))
        with open_library(load_settings(library=library, embedder="hashing")) as target:
            read_in([texts], target, IngestOptions(dry_run=True))
            reading = machine.peak_memory_mb()
            report = read_in([texts], target)
    return {
        "articles": report.articles,
        "passages": report.passages,
        "peak_reading_mb": reading,
        "peak_mb": machine.peak_memory_mb(),
    }


def fill(library: Path, source: Path, passages: int) -> dict[str, Any]:
    """Ingest articles from an endless supply until the library holds at least that many passages."""
    from ingest.pipeline import ingest as read_in
    from rag.settings import load_settings
    from rag.storage.library import open_library

    start = time.perf_counter()
    articles = corpus.load_corpus(source).articles
    supply = corpus.endless(articles)
    passages_an_article = max(1.0, corpus.words_in(articles) / len(articles) / _WORDS_A_PASSAGE)
    with open_library(load_settings(library=library)) as target, tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part.jsonl")
        while (missing := passages - target.archive.passage_count()) > 0:
            corpus.write_jsonl(part, itertools.islice(supply, max(1, round(0.8 * missing / passages_an_article))))
            read_in([part], target)
        target.catch_up()
        held = target.archive.passage_count()
    return {"seconds": time.perf_counter() - start, "passages": held}


def ask(library: Path, source: Path, questions: int) -> dict[str, Any]:
    """Open the library as the page does and time its answers; the memory is the peak of the whole process."""
    from rag.desk import open_desk
    from rag.settings import load_settings

    asked = json.loads(source.read_text(encoding="utf-8"))
    with open_desk(settings=load_settings(library=library)) as desk:
        for question in _around(asked, WARM_UP):
            desk.ask(question)
        milliseconds, answered = [], 0
        for question in _around(asked, questions):
            start = time.perf_counter()
            answer = desk.ask(question)
            milliseconds.append((time.perf_counter() - start) * 1000)
            answered += answer.outcome != "not_found"
        status = desk.status()
    return {
        "milliseconds": milliseconds,
        "answered": answered,
        "passages": status.passages,
        "vector_index": status.vector_index,
        "peak_mb": machine.peak_memory_mb(),
    }


def langchain(library: Path, source: Path) -> dict[str, Any]:
    """The plain pipeline of the LangChain tutorial on the same texts and model.

    The model is loaded before the clock starts.
    """
    from eval.reference_systems.langchain_pipeline import build

    return build(library, source, warm_up=_WARM_UP_TEXT)


def _around(questions: list[str], count: int) -> Iterable[str]:
    return itertools.islice(itertools.cycle(questions), count)


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    task.__name__: task for task in (ingest, again, encode, memory, fill, ask, langchain)
}


def main() -> None:
    """Run one task and print what it measured."""
    # Without typer, whose 5 MB and 50 ms would stand in what is measured.
    try:
        task, library, source, *numbers = sys.argv[1:]
        run, given = TASKS[task], [int(number) for number in numbers]
    except (KeyError, ValueError):
        sys.exit(f"usage: python -m eval.bench.workers TASK LIBRARY SOURCE [NUMBER], TASK one of {', '.join(TASKS)}")
    print(json.dumps(run(Path(library), Path(source), *given)))


if __name__ == "__main__":
    main()
