"""Workers on the nodes of a Ray cluster, behind a process that speaks to it (`ray_bridge`)."""

from __future__ import annotations

import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from ingest.stages.messages import Answer, Asked, Capacity, Refusal
from ingest.stages.ray_bridge import serve
from ingest.stages.workers import LOST, Result, Task, WorkerLost
from rag.errors import ClusterUnavailable, UsageError

_MOST_SECONDS_WITHOUT_NODES = 60
_SECONDS_TO_END = 15
_STARTS_A_CLUSTER = "local"


class RayWorkers:
    """See `Workers`. `address` is as Ray has it: `host:6379`, `auto`, `ray://host:10001`.

    Raises `ClusterUnavailable` where the cluster cannot be used.
    """

    is_here = False

    def __init__(self, address: str) -> None:
        if address in ("", _STARTS_A_CLUSTER):
            # A head that Ray starts asks clouds' metadata services where it runs, which cannot be switched off.
            raise UsageError("--ray needs the address of a Ray cluster that runs; on this machine alone use --workers")
        self._address = address
        self.slots = 1
        self._numbers = itertools.count()
        self._guard = threading.Lock()
        self._sending = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._gone: ClusterUnavailable | None = None
        self._without_nodes_since: float | None = None
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._bridge = context.Process(target=serve, args=(theirs, address), daemon=True, name="newsdesk-ray")
        self._bridge.start()
        # With the other end held here, too, nobody would notice that the process has ended.
        theirs.close()
        self._listening: threading.Thread | None = None
        self._begin()
        self._listening = threading.Thread(target=self._listen, daemon=True, name="newsdesk-ray")
        self._listening.start()

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Result]:
        """See `Workers`."""
        future: Future[Result] = Future()
        number = next(self._numbers)
        with self._guard:
            if self._gone is not None:
                future.set_exception(self._gone)
                return future
            self._waiting[number] = future
        # Whoever listens meets the same end of the connection, and says so to all that wait.
        with self._sending, suppress(OSError):
            self._connection.send(Asked(number=number, work=work, task=task))
        return future

    def close(self) -> None:
        """See `Workers`."""
        with self._guard:
            self._gone = self._gone or ClusterUnavailable("the run has ended", address=self._address)
        with self._sending, suppress(OSError):
            self._connection.send(None)
        self._bridge.join(timeout=_SECONDS_TO_END)
        if self._bridge.is_alive():
            self._bridge.kill()
            self._bridge.join()
        if self._listening is not None:
            self._listening.join()
        self._connection.close()

    def _begin(self) -> None:
        try:
            said = self._connection.recv()
        except EOFError:
            self._bridge.join()
            said = Refusal("it does not answer; name the address that `ray start --head` printed")
        if isinstance(said, Refusal):
            self.close()
            raise ClusterUnavailable(
                f"the Ray cluster at {self._address!r} cannot be used: {said.reason}", address=self._address
            )
        self._note_capacity(said)

    def _listen(self) -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    said = self._connection.recv()
                    if isinstance(said, Answer):
                        self._finish(said)
                    elif isinstance(said, Capacity):
                        self._note_capacity(said)
        finally:
            self._give_up("no longer answers")

    def _finish(self, answer: Answer) -> None:
        with self._guard:
            future = self._waiting.pop(answer.number, None)
        if future is None:
            return
        if answer.is_lost:
            future.set_exception(WorkerLost(LOST))
        elif answer.raised is not None:
            future.set_exception(answer.raised)
        else:
            future.set_result(answer.value)

    def _note_capacity(self, said: Capacity) -> None:
        self.slots = max(said.slots, 1)
        if said.slots:
            self._without_nodes_since = None
        elif self._without_nodes_since is None:
            self._without_nodes_since = time.monotonic()
        elif time.monotonic() - self._without_nodes_since > _MOST_SECONDS_WITHOUT_NODES:
            self._give_up("has no node left")

    def _give_up(self, what: str) -> None:
        stored = "what was stored until then stays, and the same command goes on from there"
        sentence = f"the Ray cluster {what}; {stored}"
        with self._guard:
            self._gone = self._gone or ClusterUnavailable(sentence, address=self._address)
            waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            future.set_exception(self._gone)
