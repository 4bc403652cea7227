"""The crash test: an ingest that is killed again and again must lose nothing.

Articles of our own invention go in through `newsdesk ingest` with the real archive and indexes. The process is killed
(SIGKILL) at random moments and, every second time, as an index is being written; now and then a question is asked of
what the kill left. When a run gets through, the library is checked and the next version of every article goes in, so
that replacing is killed as well as adding.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from eval.crash_test.articles import article_url, invent, write_jsonl
from eval.crash_test.report import CrashReport, Options
from eval.errors import EvaluationError
from eval.runs import subprocesses

Aim = Literal["random", "index"]

# Embedding is not what is tested: a hashing embedder makes the runs short.
SETTINGS = {"embedder": "hashing", "vector_index": "chroma"}

ASK_AFTER_EVERY = 3
_POLL_SECONDS = 0.002
_AFTER_A_WRITE_SECONDS = 0.05
# Chroma's graph, anything of Chroma's, anything of tantivy's.
_WRITTEN = ("vectors-*/**/*.bin", "vectors-*/**/*", "words-*/**/*")
_QUESTIONS = 3


@dataclass(kw_only=True, slots=True)
class Report(CrashReport):
    """See `CrashReport`; kills are counted by their aim."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(get_args(Aim), 0))
    asked: int = 0

    def as_json(self) -> dict[str, Any]:
        """Counts and faults."""
        return CrashReport.as_json(self) | {"asked_after_a_kill": self.asked}

    def as_text(self) -> str:
        """A few lines for the terminal."""
        summary = (
            f"{self.killed} kills ({self.kills['random']} at random, {self.kills['index']} at an index being written) "
            f"while {self.options.articles} articles went in, {self.completed} versions completed, {self.seconds:.0f} s"
        )
        return "\n".join([summary, *(self.faults or ["nothing was lost"])])


def run(options: Options, *, echo: Callable[[str], None] = lambda line: None) -> Report:
    """Kill, complete, check; stops at the first fault."""
    report = Report(options=options)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="newsdesk-crash-", ignore_cleanup_errors=True) as folder:
        test = _CrashTest(Path(folder), report, echo)
        while not report.faults and (report.killed < options.kills or test.unfinished):
            test.step()
        if report.faults and options.keep:
            shutil.copytree(folder, options.keep)
            echo(f"what is left of it is in {options.keep}")
    report.seconds = time.monotonic() - start
    return report


class _CrashTest:
    """One library, its current version of the articles, and the next run to be killed."""

    def __init__(self, folder: Path, report: Report, echo: Callable[[str], None]) -> None:
        self.unfinished = True
        self._folder = folder
        self._library = folder / "library"
        self._report = report
        self._echo = echo
        self._chance = random.Random(report.options.seed)
        # Kills fall within the length of a whole run: guessed at first, then as measured.
        self._run_seconds = 3 + report.options.articles / 100
        self._version = 0
        self._next_version()

    def step(self) -> None:
        """One run of the ingest, killed or completed."""
        self.unfinished = True
        killed = self._report.killed
        if killed >= self._report.options.kills:
            self._ingest(None)
        else:
            self._ingest("index" if killed % 2 else "random")

    def _ingest(self, aim: Aim | None) -> None:
        complaints = self._folder / "stderr"
        start = time.monotonic()
        with complaints.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(
                subprocesses.newsdesk("ingest", str(self._source), "--library", str(self._library), "--json"),
                cwd=self._folder,
                env=subprocesses.environment(SETTINGS),
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
            killed = aim is not None and self._kill(process, aim)
            code = process.wait()
        if killed and aim is not None:
            self._note_kill(aim, time.monotonic() - start)
        elif code == 0:
            self._run_seconds = time.monotonic() - start
            self._complete()
        else:
            said = subprocesses.last_line(complaints.read_text(encoding="utf-8", errors="replace"))
            self._fault(f"a run ended by itself with {code}: {said}")

    def _kill(self, process: subprocess.Popen[bytes], aim: Aim) -> bool:
        """Kill the process at a moment of that kind; False where it ended before."""
        wait = self._chance.uniform(0, self._run_seconds)
        if aim == "index":
            watch = IndexWatch(self._library / "indexes", self._chance)
            while process.poll() is None and not watch.is_due():
                time.sleep(_POLL_SECONDS)
            wait = self._chance.uniform(0, _AFTER_A_WRITE_SECONDS)
        try:
            process.wait(timeout=wait)
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            return True

    def _note_kill(self, aim: Aim, seconds: float) -> None:
        report = self._report
        report.kills[aim] += 1
        self._echo(f"kill {report.killed}/{report.options.kills} after {seconds:.1f} s ({aim})")
        if report.killed % ASK_AFTER_EVERY == 0 and (self._library / "archive.sqlite3").exists():
            report.asked += 1
            self._ask_for_stored()

    def _ask_for_stored(self) -> None:
        """Whatever the kill left opens; what the archive holds of the articles can be asked for."""
        listed = self._newsdesk("articles", "--json")
        stored = {str(ref["url"]) for ref in listed["articles"]} if listed else set()
        numbers = [number for number in range(self._report.options.articles) if article_url(number) in stored]
        if numbers:
            self._ask(self._chance.choice(numbers), versions=(self._version, self._version - 1))

    def _ask(self, number: int, *, versions: tuple[int, ...]) -> None:
        made = [invent(number, version=version, seed=self._report.options.seed) for version in versions if version > 0]
        # A hashing embedder ranks almost by chance: the article's own hour leaves only its passages to choose from.
        hour = made[0].published
        answer = self._newsdesk("ask", made[0].question, "--after", hour, "--before", hour, "--json")
        quotes = {citation["quote"] for citation in answer["citations"]} if answer else set()
        if answer and not quotes & {article.fact for article in made}:
            self._fault(f"{made[0].question!r} was {answer['outcome']} without its sentence")

    def _complete(self) -> None:
        options, report = self._report.options, self._report
        report.completed += 1
        self._echo(f"version {self._version} went in after {report.killed} kills; checking")
        self.unfinished = False
        status = self._newsdesk("status", "--json")
        if status and not (status["clean"] and status["articles"] == options.articles):
            self._fault(f"status is not clean: {status['articles']} articles, problems {status['problems']}")
        arguments = [str(self._library), str(options.articles), str(self._version), str(options.seed)]
        try:
            found = subprocesses.worker("eval.crash_test.check", arguments, folder=self._folder, settings=SETTINGS)[
                "faults"
            ]
        except EvaluationError as error:
            found = [str(error)]
        for fault in found:
            self._fault(fault)
        for number in self._chance.sample(range(options.articles), min(_QUESTIONS, options.articles)):
            self._ask(number, versions=(self._version,))
        if report.killed < options.kills:
            self._next_version()

    def _next_version(self) -> None:
        self._version += 1
        self._source = self._folder / f"articles-{self._version}.jsonl"
        options = self._report.options
        write_jsonl(self._source, articles=options.articles, version=self._version, seed=options.seed)

    def _newsdesk(self, *arguments: str) -> dict[str, Any] | None:
        """Run a command and read its JSON; a command that fails or crashes is a fault."""
        done = subprocess.run(
            subprocesses.newsdesk(*arguments, "--library", str(self._library)),
            cwd=self._folder,
            env=subprocesses.environment(SETTINGS),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            self._fault(f"newsdesk {arguments[0]} ended with {done.returncode}: {subprocesses.last_line(done.stderr)}")
            return None
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    def _fault(self, fault: str) -> None:
        self._report.faults.append(fault)
        self._echo(f"FAULT: {fault}")


class IndexWatch:
    """Tells when the files of one kind of index have been seen to change a few times."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._pattern = chance.choice(_WRITTEN)
        self._remaining = chance.randint(1, 6)
        self._seen = self._state()

    def is_due(self) -> bool:
        """Look once; true from the last awaited change on."""
        now = self._state()
        if now != self._seen:
            self._seen = now
            self._remaining -= 1
        return self._remaining <= 0

    def _state(self) -> dict[str, tuple[int, int]]:
        state = {}
        for file in self._folder.glob(self._pattern):
            try:
                found = file.stat()
            except FileNotFoundError:
                continue
            state[str(file)] = (found.st_size, found.st_mtime_ns)
        return state
