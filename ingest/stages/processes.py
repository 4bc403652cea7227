"""Workers in processes of this machine."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ingest.stages.workers import LOST, Result, Task, WorkerLost

_TRIES = 2


class ProcessWorkers:
    """So many processes, each with a thread here that hands it one task after the other.

    One executor a process: where processes share an executor, one that ends fails the tasks of all.
    """

    is_here = True

    def __init__(self, count: int) -> None:
        self.slots = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="newsdesk-worker")
        self._own = threading.local()
        self._processes: list[ProcessPoolExecutor] = []

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Result]:
        """See `Workers`."""
        return self._threads.submit(self._carried_out, work, task)

    def close(self) -> None:
        """See `Workers`."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.shutdown(wait=True, cancel_futures=True)

    def _carried_out(self, work: Callable[[Task], Result], task: Task) -> Result:
        for _ in range(_TRIES):
            try:
                return self._process().submit(work, task).result()
            except BrokenProcessPool:
                self._processes.remove(self._own.process)
                del self._own.process
        raise WorkerLost(LOST)

    def _process(self) -> ProcessPoolExecutor:
        found: ProcessPoolExecutor | None = getattr(self._own, "process", None)
        if found is None:
            context = multiprocessing.get_context("spawn")
            found = self._own.process = ProcessPoolExecutor(1, mp_context=context, initializer=follow_the_parent)
            self._processes.append(found)
        return found


def follow_the_parent() -> None:
    """Leave signals to the process that started this one, and end when it has ended, however it did."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="newsdesk-parent").start()
