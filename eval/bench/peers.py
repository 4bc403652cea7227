"""Newsdesk beside other systems: the same texts, the same questions, the same embedding model, no language model.

The others are installed into an environment of their own, which is made for the run: what they need contradicts what
Newsdesk pins.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench import corpus
from eval.bench.render import measured_on
from eval.cases import golden_files, load_cases
from eval.errors import EvaluationError
from eval.runs import machine, results, subprocesses

_PEERS = "eval.reference_systems.peers"
OURS = "newsdesk_itself"
SYSTEMS = {
    OURS: "Newsdesk",
    "langchain_chroma": "LangChain, Chroma",
    "llama_index_alone": "LlamaIndex",
}
REQUIREMENTS = (
    *("langchain-chroma==1.1.0", "langchain-huggingface==1.2.3", "langchain-text-splitters==1.1.3"),
    *("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
)
"""Beside them torch and sentence-transformers, of the versions that Newsdesk has."""

_SHARED_VERSIONS = ("torch", "sentence-transformers", "transformers", "chromadb")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question with the sentences of which one should be among the passages found."""

    question: str
    gold: tuple[str, ...]


def run(articles: int, *, echo: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Measure all systems over so many articles: the sample articles, then variations of them.

    Returns `{machine, corpus, systems, provenance}`. Raises `EvaluationError` where the others cannot be installed or
    one of them fails.
    """
    from rag.models.onnx_export import DEFAULT_MODEL, weights_folder

    texts = corpus.load_corpus(None)
    model = weights_folder(DEFAULT_MODEL)
    if model is None:
        raise EvaluationError(f"the weights of {DEFAULT_MODEL} are not there; `make setup` installs them")
    with tempfile.TemporaryDirectory(prefix="newsdesk-peers-", ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        source, questions, first = work / "texts.jsonl", work / "questions.json", work / "first.json"
        chosen = list(itertools.islice(corpus.endless(texts.articles), articles))
        corpus.write_jsonl(source, chosen)
        asked = golden_questions(chosen)
        questions.write_text(json.dumps([one.question for one in asked]), encoding="utf-8")
        first.write_text(json.dumps([asked[0].question]), encoding="utf-8")
        echo("making the environment of the others")
        theirs = environment(work / "environment")
        measured = []
        for module, name in SYSTEMS.items():
            python = Path(sys.executable) if module == OURS else theirs
            store = work / module
            echo(f"{name}: {len(chosen)} articles")
            built = _process(python, module, "build", source, store, model)
            _process(python, module, "search", first, store, model)
            start = time.perf_counter()
            _process(python, module, "search", first, store, model)
            cold = time.perf_counter() - start
            echo(f"{name}: {len(asked)} questions")
            searched = _process(python, module, "search", questions, store, model)
            measured.append({"system": name, **_figures(built, searched, asked, cold, bytes_below(store))})
    return {
        "machine": machine.describe(),
        "corpus": f"{texts.name}, {articles} articles of {corpus.words_in(chosen)} words",
        "questions": len(asked),
        "systems": measured,
        "provenance": {"newsdesk": results.newsdesk_version(), "commit": results.git_commit()},
    }


def golden_questions(articles: Iterable[corpus.Row]) -> list[Asked]:
    """The golden questions that these articles answer, and that need nothing that was said before."""
    texts = _plain("\n".join(str(row["text"]) for row in articles))
    found = []
    for case in load_cases(golden_files()):
        gold = tuple(quote.quote for fact in case.facts for quote in fact.any_of if _plain(quote.quote) in texts)
        if gold and not case.history and not case.outlets:
            found.append(Asked(question=case.question, gold=gold))
    return found


def recall(found: Sequence[Sequence[str]], asked: Sequence[Asked]) -> float:
    """The share of questions of which a gold sentence stands whole in a passage found; white space does not count."""
    hits = [
        any(_plain(gold) in _plain(text) for gold in one.gold for text in texts)
        for one, texts in zip(asked, found, strict=True)
    ]
    return sum(hits) / len(hits)


def as_markdown(report: dict[str, Any]) -> str:
    """The table, below what it was measured on."""
    lines = [
        *measured_on(report),
        f"texts: {report['corpus']}; {report['questions']} questions.",
        "",
        "| | passages | articles/s | peak memory | disk | from cold | p50 | p95 | gold@5 | words of the five |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *map(_row, report["systems"]),
    ]
    return "\n".join(lines) + "\n"


def _row(one: Mapping[str, Any]) -> str:
    cells = (
        *(one["system"], f"{one['passages']:,}", f"{one['articles_per_second']:.1f}", f"{one['peak_mb']:.0f} MB"),
        *(f"{one['disk_mb']:.1f} MB", f"{one['cold_seconds']:.1f} s"),
        *(f"{one['p50_ms']:.0f} ms", f"{one['p95_ms']:.0f} ms", f"{one['gold_at_5']:.3f}", f"{one['words_found']:.0f}"),
    )
    return f"| {' | '.join(cells)} |"


def environment(folder: Path) -> Path:
    """An environment with the other systems; its interpreter. Raises `EvaluationError` where it cannot be made."""
    from importlib import metadata

    shared = [f"{name}=={metadata.version(name)}" for name in _SHARED_VERSIONS]
    own = [sys.executable, "-m", "uv"]
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wheels = [f"--find-links={place}" for place in os.environ.get("PIP_FIND_LINKS", "").split()]
    for command in (
        [*own, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [*own, "pip", "install", "--quiet", "--python", str(python), *wheels, *REQUIREMENTS, *shared],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = subprocesses.last_line(done.stderr)
            raise EvaluationError(f"the environment of the other systems cannot be made: {said}")
    return python


def bytes_below(folder: Path) -> int:
    """The size of all files of a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _figures(
    built: dict[str, Any], searched: dict[str, Any], asked: Sequence[Asked], cold: float, size: int
) -> dict[str, Any]:
    p50, p95 = np.percentile(searched["milliseconds"], [50, 95])
    return {
        "passages": built["passages"],
        "articles_per_second": built["articles"] / built["seconds"],
        "peak_mb": built["peak_mb"],
        "disk_mb": size / machine.MEGABYTE,
        "cold_seconds": cold,
        "p50_ms": float(p50),
        "p95_ms": float(p95),
        "gold_at_5": recall(searched["found"], asked),
        # Who shows more words finds more: a passage may be an article.
        "words_found": float(np.mean([sum(len(text.split()) for text in texts) for texts in searched["found"]])),
    }


def _process(python: Path, module: str, task: str, source: Path, store: Path, model: Path) -> dict[str, Any]:
    command = [str(python), "-m", f"{_PEERS}.{module}", task, str(source), str(store), str(model)]
    done = subprocess.run(
        command, cwd=source.parent, env=subprocesses.environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EvaluationError(f"{module} {task} ended with {done.returncode}: {subprocesses.last_line(done.stderr)}")
    answer: dict[str, Any] = json.loads(subprocesses.last_line(done.stdout))
    return answer


def _plain(text: str) -> str:
    return " ".join(text.split())
