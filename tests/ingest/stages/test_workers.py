"""What holds for every kind of workers: those in processes of this machine, and those of a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.stages.processes import ProcessWorkers
from ingest.stages.ray_workers import RayWorkers
from ingest.stages.workers import WorkerLost, Workers, in_order
from rag.errors import ClusterUnavailable, EmbedderMismatch, UsageError
from tests.ingest.stages.fakes import Inline
from tests.ingest.stages.tasks import doubled, ended, refused
from tests.ray_cluster import RayCluster, missing


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    running = RayCluster()
    yield running
    running.stop()


@pytest.fixture(
    scope="module",
    params=[
        "processes",
        pytest.param("ray", marks=[pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]),
    ],
)
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    is_ray = request.param == "ray"
    made: Workers = RayWorkers(request.getfixturevalue("cluster").address) if is_ray else ProcessWorkers(2)
    yield made
    made.close()


def test_every_task_is_carried_out(workers: Workers) -> None:
    futures = [workers.submit(doubled, number) for number in range(10)]
    assert [future.result() for future in futures] == list(range(0, 20, 2))
    assert workers.slots >= 1


def test_what_the_work_raises_is_raised_here(workers: Workers) -> None:
    with pytest.raises(EmbedderMismatch, match="another embedder made these vectors"):
        workers.submit(refused, 1).result()


def test_a_task_that_ends_its_workers_costs_no_other(workers: Workers) -> None:
    lost = workers.submit(ended, 1)
    others = [workers.submit(doubled, number) for number in range(4)]
    assert [future.result() for future in others] == [0, 2, 4, 6]
    with pytest.raises(WorkerLost):
        lost.result()
    assert workers.submit(doubled, 4).result() == 8


def test_results_come_in_the_order_of_the_tasks_which_are_taken_when_there_is_room() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(6):
            taken.append(number)
            yield number

    results = in_order(Inline(slots=2), doubled, tasks())
    task, future = next(results)
    assert (task, future.result(), taken) == (0, 0, [0, 1, 2])
    assert [(task, future.result()) for task, future in results] == [(number, 2 * number) for number in range(1, 6)]


@pytest.mark.parametrize("address", ["", "local"])
def test_a_cluster_is_never_started(address: str) -> None:
    with pytest.raises(UsageError, match="on this machine alone use --workers"):
        RayWorkers(address)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_cluster_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(ClusterUnavailable, match=r"nobody answers there; name the address that `ray start --head`"):
        RayWorkers("127.0.0.1:1")


@pytest.mark.skipif(not missing(), reason="Ray is installed")
def test_where_ray_is_not_installed_the_extra_is_named() -> None:
    with pytest.raises(ClusterUnavailable, match=r"make setup EXTRAS=ray"):
        RayWorkers("127.0.0.1:1")
