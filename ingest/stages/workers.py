"""The seam for workers: whoever carries out tasks elsewhere, and how their results come back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Protocol, TypeVar

from rag.errors import SourceError

LOST = "ended the process that worked on it; the other articles went in"

Task = TypeVar("Task")
Result = TypeVar("Result")


class WorkerLost(SourceError):
    """The process that worked on a task ended, also when the task was tried again elsewhere."""


class Workers(Protocol):
    """Carries out tasks in any order and at the same time; a task whose worker dies is given to another one.

    A future raises what the work raised, `WorkerLost` where the task itself ends its workers, and `ClusterUnavailable`
    where there are no workers any longer.
    """

    is_here: bool

    @property
    def slots(self) -> int:
        """How many tasks are worked on at the same time; may change while they run."""

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Result]:
        """Have `work`, a function of a module, called with a task; both are sent."""

    def close(self) -> None:
        """End the workers; what is not finished is given up."""


def in_order(
    workers: Workers, work: Callable[[Task], Result], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Future[Result]]]:
    """Yield each task with its result, in the order of the tasks, of which no more are taken than the workers need."""
    under_way: deque[tuple[Task, Future[Result]]] = deque()
    for task in tasks:
        under_way.append((task, workers.submit(work, task)))
        while len(under_way) > workers.slots:
            yield under_way.popleft()
    yield from under_way
