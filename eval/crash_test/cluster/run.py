"""The crash test of a cluster: two machines ingest into one archive while any process of it is killed.

Each machine has a folder, a page that owns its indexes, and a worker that ingests; PostgreSQL and a Chroma server are
shared. The workers' articles overlap. Whatever is killed is started again, as an orchestrator would. When both workers
get through, the next version of every article goes in, until there were kills enough; then the cluster is checked.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.crash_test.articles import write_jsonl
from eval.crash_test.cluster.check import Cluster
from eval.crash_test.cluster.processes import Chroma, Newsdesk, Page, Postgresql, Process
from eval.crash_test.report import CrashReport, Options
from eval.crash_test.run import SETTINGS
from eval.errors import EvaluationError
from eval.runs import subprocesses

Kind = Literal["worker", "page", "chroma", "postgresql"]
KINDS: tuple[Kind, ...] = ("worker", "page", "chroma", "postgresql")
MACHINES = 2

# A worker that is started again and again and does not get through is as good as a lost article.
_ROUND_SECONDS = 900.0
_MOST_STARTS = 100
_LOOK_SECONDS = 0.05
# A worker has begun after a second or two.
_FIRST_GAP = (1.0, 3.0)
_GAP = (0.2, 2.5)
_DOWN = (0.0, 2.0)
_OVERLAP = 0.2
# SIGKILL, which Windows has no name for.
_KILLED = -9


@dataclass(kw_only=True, slots=True)
class Report(CrashReport):
    """See `CrashReport`; kills are counted by what was killed, and no faults means that nothing was doubled or told
    otherwise, either."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    gave_up: int = 0

    def as_json(self) -> dict[str, Any]:
        """Counts and faults."""
        return CrashReport.as_json(self) | {"gave_up": self.gave_up}

    def as_text(self) -> str:
        """A few lines for the terminal."""
        each = ", ".join(f"{number} of {kind}" for kind, number in self.kills.items())
        summary = (
            f"{self.killed} kills ({each}) while {MACHINES} machines ingested {self.options.articles} articles, "
            f"{self.completed} versions completed, {self.gave_up} processes gave up and were run again, "
            f"{self.seconds:.0f} s"
        )
        return "\n".join([summary, *(self.faults or ["nothing was lost, nothing doubled, answers as of one machine"])])


def run(options: Options, *, echo: Callable[[str], None] = lambda line: None) -> Report:
    """Kill, complete, check; stops at the first fault. Raises `EvaluationError` where a server cannot be started."""
    report = Report(options=options)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="newsdesk-cluster-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as a user of its own.
        Path(folder).chmod(0o755)
        with _running(Path(folder), report, echo) as test:
            while not report.faults and (report.killed < options.kills or not report.completed):
                test.next_version()
            if not report.faults:
                test.check()
        if report.faults and options.keep:
            shutil.copytree(folder, options.keep, ignore_dangling_symlinks=True)
            echo(f"what is left of it is in {options.keep}")
    report.seconds = time.monotonic() - start
    return report


@contextmanager
def _running(folder: Path, report: Report, echo: Callable[[str], None]) -> Iterator[_ClusterTest]:
    with ExitStack() as ending:
        test = _ClusterTest(folder, report, echo)
        # In their order, so that what needs a server ends before it.
        for process in (test.postgresql, test.chroma, *test.pages):
            ending.callback(process.stop)
            process.start()
            if process not in test.pages:
                process.wait_until_up()
        ending.callback(test.end_workers)
        for page in test.pages:
            page.wait_until_up()
        yield test


class _ClusterTest:
    def __init__(self, folder: Path, report: Report, echo: Callable[[str], None]) -> None:
        self._folder = folder
        self._report = report
        self._echo = echo
        self._chance = random.Random(report.options.seed)
        self._deck: list[Kind] = []
        self._version = 0
        self._workers: list[Newsdesk] = []
        for name in ("postgresql", "chroma"):
            (folder / name).mkdir()
        self.postgresql = Postgresql(folder / "postgresql")
        self.chroma = Chroma(folder / "chroma")
        self._settings = {
            **SETTINGS,
            "reader_rate": "none",
            "archive": self.postgresql.address,
            "chroma": self.chroma.address,
        }
        self._libraries = [folder / f"machine-{number}" for number in range(1, MACHINES + 1)]
        self.pages = [
            Page(f"page-{place.name}", folder, self._settings, "--library", str(place)) for place in self._libraries
        ]

    def next_version(self) -> None:
        """Ingest a version of every article from all machines, killing meanwhile."""
        self._version += 1
        options = self._report.options
        everything = self._folder / "articles.jsonl"
        write_jsonl(everything, articles=options.articles, version=self._version, seed=options.seed)
        rows = everything.read_text(encoding="utf-8").splitlines(keepends=True)
        share = round(len(rows) * (1 + _OVERLAP) / MACHINES)
        self._workers = [
            self._worker(place, part)
            for place, part in zip(self._libraries, (rows[:share], rows[-share:]), strict=True)
        ]
        for worker in self._workers:
            worker.start()
        self._kill_until_done()
        if not self._report.faults:
            self._report.completed += 1
            self._echo(f"version {self._version} went in after {self._report.killed} kills")

    def check(self) -> None:
        """Look for faults of any version: an article that lost one has one former version too few."""
        report = self._report
        for page in self.pages:
            page.wait_until_up()
        described = self._folder / "cluster.json"
        Cluster(
            archive=self.postgresql.address,
            chroma=self.chroma.address,
            libraries=tuple(map(str, self._libraries)),
            pages=tuple(page.address for page in self.pages),
            articles=report.options.articles,
            version=self._version,
            seed=report.options.seed,
        ).write(described)
        try:
            worker = "eval.crash_test.cluster.check"
            found = subprocesses.worker(worker, [str(described)], folder=self._folder)["faults"]
        except EvaluationError as error:
            found = [str(error)]
        for fault in found:
            self._fault(fault)

    def end_workers(self) -> None:
        """End what still ingests."""
        for worker in self._workers:
            worker.stop()

    def _worker(self, place: Path, rows: Sequence[str]) -> Newsdesk:
        source = self._folder / f"articles-{self._version}-{place.name}.jsonl"
        source.write_text("".join(rows), encoding="utf-8")
        named = f"worker-{place.name}"
        return Newsdesk(named, self._folder, self._settings, "ingest", str(source), "--library", str(place))

    def _kill_until_done(self) -> None:
        report = self._report
        deadline = time.monotonic() + _ROUND_SECONDS
        next_kill = time.monotonic() + self._chance.uniform(*_FIRST_GAP)
        starts = 0
        while self._unfinished():
            if report.killed < report.options.kills and time.monotonic() >= next_kill:
                self._kill_one()
                next_kill = time.monotonic() + self._chance.uniform(*_GAP)
            for process in (*self._unfinished(), *self.pages):
                # One that was killed is among them; so is one that was started without a server.
                if process.code() is not None:
                    if process.code() != _KILLED:
                        report.gave_up += 1
                        self._echo(f"{process.name} gave up with {process.code()}: {process.complaint()}")
                    starts += 1
                    process.start()
            if starts > _MOST_STARTS or time.monotonic() > deadline:
                said = [worker.complaint() for worker in self._unfinished()]
                return self._fault(f"the ingest does not get through: {'; '.join(said)}")
            time.sleep(_LOOK_SECONDS)

    def _unfinished(self) -> list[Newsdesk]:
        return [worker for worker in self._workers if worker.code() != 0]

    def _kill_one(self) -> None:
        if not self._deck:
            self._deck = self._chance.sample(KINDS, len(KINDS))
        kind = self._deck.pop()
        choices: dict[Kind, list[Process]] = {
            "worker": list(self._unfinished()),
            "page": list(self.pages),
            "chroma": [self.chroma],
            "postgresql": [self.postgresql],
        }
        if not choices[kind]:
            return
        victim = self._chance.choice(choices[kind])
        victim.kill()
        self._report.kills[kind] += 1
        report = self._report
        self._echo(f"kill {report.killed}/{report.options.kills}: {victim.name}, version {self._version}")
        if kind in ("chroma", "postgresql"):
            time.sleep(self._chance.uniform(*_DOWN))
            victim.start()
            victim.wait_until_up()
        elif kind == "page":
            victim.start()

    def _fault(self, fault: str) -> None:
        self._report.faults.append(fault)
        self._echo(f"FAULT: {fault}")
