"""Measures speed and memory here: commands, answers over a large library, ingest beside plain LangChain."""

from __future__ import annotations

import itertools
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench import corpus
from eval.bench.render import as_markdown
from eval.errors import EvaluationError
from eval.reference_systems import langchain_pipeline
from eval.runs import machine, results, subprocesses
from rag.errors import UsageError

__all__ = ["Measurement", "Options", "as_markdown", "run"]

_WORKERS = "eval.bench.workers"
_RUNS_OF_HELP = 7
_RUNS_OF_ASK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What to measure.

    `library` keeps the large library between runs; `compared_articles` go through both ingest pipelines.
    """

    data: Path | None
    passages: int
    questions: int
    compared_articles: int
    library: Path | None
    langchain: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One figure.

    `target` is what is promised, None where nothing is; whether less or more is good is in `higher_is_better`.
    """

    name: str
    value: float
    unit: str
    n: int
    target: float | None = None
    higher_is_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.higher_is_better else self.value < self.target

    def as_json(self) -> dict[str, Any]:
        """The figure with its target."""
        return {
            "name": self.name, "value": round(self.value, 3), "unit": self.unit, "n": self.n,
            "target": self.target, "met": self.met,
        }  # fmt: skip


def run(options: Options, *, echo: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Measure everything and describe the machine: `{machine, corpus, measurements, provenance}`."""
    if options.langchain:
        langchain_pipeline.check_packages()
    texts = corpus.load_corpus(options.data)
    with ExitStack() as stack:
        # Absolute, since the measured processes run in the temporary folder.
        work = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="newsdesk-bench-", ignore_cleanup_errors=True))
        )
        library = options.library.absolute() if options.library else work / "large"
        bench = _Bench(options, texts, work, library, echo)
        measured = [*bench.commands_alone(), *bench.ingest(), *bench.answers()]
    return {
        "machine": machine.describe(),
        "corpus": texts.name,
        "measurements": [measurement.as_json() for measurement in measured],
        "provenance": {"newsdesk": results.newsdesk_version(), "commit": results.git_commit()},
    }


class _Bench:
    """The measurements, in the order in which they are made: the quiet ones first."""

    def __init__(
        self, options: Options, texts: corpus.Corpus, work: Path, library: Path, echo: Callable[[str], None]
    ) -> None:
        self._options = options
        self._texts = texts
        self._work = work
        self._library = library
        self._echo = echo

    def commands_alone(self) -> list[Measurement]:
        """`newsdesk --help`, from start to end of the process."""
        self._echo("timing newsdesk --help")
        seconds = self._timed(["--help"], runs=_RUNS_OF_HELP)
        return [_median("newsdesk --help", seconds, target=0.5)]

    def ingest(self) -> list[Measurement]:
        """The same texts through both pipelines, each in a process of its own."""
        options = self._options
        chosen = list(itertools.islice(corpus.endless(self._texts.articles), options.compared_articles))
        source = self._work / "compared.jsonl"
        corpus.write_jsonl(source, chosen)
        words = corpus.words_in(chosen)
        self._echo(f"ingesting {len(chosen)} articles")
        ours = self._worker("ingest", self._work / "compared", source)
        if ours["problems"]:
            raise EvaluationError(
                f"{ours['problems']} of {len(chosen)} articles had problems; look at them with `newsdesk ingest`"
            )
        measured = _rates("ingest", ours, words)
        self._echo("the same passages through the encoder alone")
        alone = self._worker("encode", self._work / "compared", source)
        self._echo("the same articles again")
        again = self._worker("again", self._work / "compared", source)
        if again["changes"]:
            raise EvaluationError(f"{again['changes']} of {len(chosen)} articles changed when they were ingested again")
        measured += [
            Measurement(
                name="ingest, share of the encoder's own speed",
                value=alone["seconds"] / ours["seconds"],
                unit="share",
                n=alone["passages"],
                target=0.9,
                higher_is_better=True,
            ),
            Measurement(
                name="the same articles again, no change",
                value=again["unchanged"] / again["seconds"],
                unit="articles/s",
                n=again["unchanged"],
            ),
        ]
        if options.langchain:
            self._echo("the same texts through the plain LangChain pipeline")
            theirs = self._worker("langchain", self._work / "langchain", source)
            faster = theirs["seconds"] / ours["seconds"]
            measured += _rates("plain LangChain ingest", theirs, words)
            measured.append(
                Measurement(
                    name="ingest, times as fast as LangChain",
                    value=faster,
                    unit="x",
                    n=len(chosen),
                    target=2.0,
                    higher_is_better=True,
                )
            )
        return measured

    def answers(self) -> list[Measurement]:
        """Answers over the large library: one command from cold, and a desk that stays open."""
        self._fill()
        questions = self._work / "questions.json"
        questions.write_text(json.dumps(self._texts.questions), encoding="utf-8")
        self._echo("opening the library once, so that its indexes are complete")
        self._worker("ask", self._library, questions, "1")
        self._echo("timing newsdesk ask from cold")
        cold = self._timed(["ask", self._texts.questions[0], "--library", str(self._library)], runs=_RUNS_OF_ASK)
        self._echo(f"timing {self._options.questions} questions")
        asked = self._worker("ask", self._library, questions, str(self._options.questions))
        p50, p95 = np.percentile(asked["milliseconds"], [50, 95])
        size = f"{asked['passages']:,} passages"
        count = len(asked["milliseconds"])
        measured = [
            _median(f"newsdesk ask from cold, {size}", cold, target=4.0),
            Measurement(name=f"question to checked answer, p50, {size}", value=float(p50), unit="ms", n=count),
            Measurement(
                name=f"question to checked answer, p95, {size}", value=float(p95), unit="ms", n=count, target=300.0
            ),
            Measurement(name="of these questions answered", value=asked["answered"] / count, unit="share", n=count),
        ]
        return measured + _memory(f"peak memory of the open desk, {size}", asked, target=1000.0)

    def _fill(self) -> None:
        self._echo(f"filling the library up to {self._options.passages:,} passages")
        supply = self._work / "supply.jsonl"
        corpus.write_jsonl(supply, self._texts.articles)
        filled = self._worker("fill", self._library, supply, str(self._options.passages))
        self._echo(f"it holds {filled['passages']:,} passages after {filled['seconds']:.0f} s")

    def _worker(self, task: str, library: Path, source: Path, *numbers: str) -> dict[str, Any]:
        return subprocesses.worker(_WORKERS, [task, str(library), str(source), *numbers], folder=self._work)

    def _timed(self, arguments: Sequence[str], *, runs: int) -> list[float]:
        """Seconds of each run; one before them warms the disk's cache and is not counted."""
        command = subprocesses.newsdesk(*arguments)
        seconds = []
        for _ in range(runs + 1):
            start = time.perf_counter()
            done = subprocess.run(
                command, cwd=self._work, env=subprocesses.environment(), capture_output=True, text=True, check=False
            )
            seconds.append(time.perf_counter() - start)
            if done.returncode != 0:
                raise UsageError(
                    f"`newsdesk {arguments[0]}` ended with {done.returncode}: {subprocesses.last_line(done.stderr)}"
                )
        return seconds[1:]


def _median(name: str, seconds: Sequence[float], *, target: float) -> Measurement:
    return Measurement(name=f"{name}, median", value=float(np.median(seconds)), unit="s", n=len(seconds), target=target)


def _rates(name: str, run: dict[str, Any], words: int) -> list[Measurement]:
    counts = {"articles": run["articles"], "passages": run["passages"], "words": words}
    rates = [
        Measurement(name=f"{name}, {what}", value=count / run["seconds"], unit=f"{what}/s", n=count)
        for what, count in counts.items()
    ]
    return rates + _memory(f"{name}, peak memory", run, target=None)


def _memory(name: str, run: dict[str, Any], *, target: float | None) -> list[Measurement]:
    if run["peak_mb"] is None:
        return []
    return [Measurement(name=name, value=run["peak_mb"], unit="MB", n=1, target=target)]
