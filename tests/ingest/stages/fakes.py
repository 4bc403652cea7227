"""Workers that need no process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from ingest.stages.workers import LOST, Result, Task, WorkerLost


class Inline:
    """Carries out each task when it is submitted; a task of which `loses` is true ends its worker."""

    is_here = True

    def __init__(self, *, slots: int = 2, loses: Callable[[object], bool] = lambda task: False) -> None:
        self.slots = slots
        self.submitted: list[object] = []
        self._loses = loses

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Result]:
        self.submitted.append(task)
        future: Future[Result] = Future()
        if self._loses(task):
            future.set_exception(WorkerLost(LOST))
        else:
            future.set_result(work(task))
        return future

    def close(self) -> None:
        """Nothing is held."""
