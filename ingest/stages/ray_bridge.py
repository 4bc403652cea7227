"""The process that speaks to a Ray cluster for an ingest.

A process of its own, because Ray ends the one that it runs in when the cluster is lost, takes its signals and writes to
its error stream: an ingest has to store what it has, and to say what happened in a sentence.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from ingest.stages.messages import Answer, Asked, Capacity, Refusal
from ingest.stages.processes import follow_the_parent
from ingest.stages.work import introduced
from rag.errors import NewsdeskError
from rag.telemetry import switch_off_telemetry

# Small letters are part of the name.
_HEAD_TIMEOUT = "RAY_gcs_rpc_server_reconnect_timeout_s"
_SECONDS_WITHOUT_HEAD = 20
_SECONDS_TO_START_A_WORKER = 120
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_TO_ANSWER = 10
# Ray tries a task again where its process or its node ended; what it raised itself is not tried again.
_TRIES_AFTER_A_LOSS = 3


def serve(connection: Connection, address: str) -> None:
    """Connect, say so, and carry out what is asked until the other side asks for no more."""
    follow_the_parent()
    switch_off_telemetry()
    os.environ[_HEAD_TIMEOUT] = str(_SECONDS_WITHOUT_HEAD)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    try:
        import ray
    except ImportError:
        connection.send(Refusal("Ray is not installed; `make setup EXTRAS=ray` installs it"))
        return
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
        _try_a_worker()
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        connection.send(Refusal(_reason(error)))
        return
    connection.send(_capacity())
    try:
        _carry_out(connection)
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError at once where nobody listens; Ray itself waits, and then ends this process."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS_TO_ANSWER).close()


def _try_a_worker() -> None:
    """Have one task carried out: a node without this Newsdesk, or a cluster without a node, is told at the start."""
    import ray

    told = ray.get(_remote(introduced).remote(None), timeout=_SECONDS_TO_START_A_WORKER)
    if told != introduced(None):
        raise ValueError(f"its nodes run Newsdesk {told}, this is {introduced(None)}; set up the same version there")


def _remote(work: Callable[[Any], Any]) -> Any:
    import ray

    return ray.remote(num_cpus=1, max_retries=_TRIES_AFTER_A_LOSS)(work)


def _carry_out(connection: Connection) -> None:
    sending = threading.Lock()
    remote: dict[Callable[[Any], Any], Any] = {}

    def send(message: Answer | Capacity) -> None:
        with sending:
            connection.send(message)

    threading.Thread(target=_tell_capacity, args=(send,), daemon=True).start()
    while True:
        asked: Asked | None = connection.recv()
        if asked is None:
            return
        if asked.work not in remote:
            remote[asked.work] = _remote(asked.work)
        done: Future[Any] = remote[asked.work].remote(asked.task).future()
        done.add_done_callback(partial(_tell, send, asked.number))


def _tell(send: Callable[[Answer], None], number: int, future: Future[Any]) -> None:
    send(_answer(number, future))


def _answer(number: int, future: Future[Any]) -> Answer:
    import ray

    error = future.exception()
    if error is None:
        return Answer(number=number, value=future.result())
    if isinstance(error, ray.exceptions.RayTaskError):
        raised = error.cause
        # Others may not be made for being sent.
        known = raised if isinstance(raised, NewsdeskError) else RuntimeError(type(raised).__name__)
        return Answer(number=number, raised=known)
    return Answer(number=number, is_lost=True)


def _tell_capacity(send: Callable[[Capacity], None]) -> None:
    """Say again and again how many tasks fit, as nodes come and go; ends with the process."""
    while True:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        send(_capacity())


def _capacity() -> Capacity:
    import ray

    resources: dict[str, float] = ray.cluster_resources()
    return Capacity(slots=int(resources.get("CPU", 0)))


def _reason(error: Exception) -> str:
    import ray

    if isinstance(error, ConnectionRefusedError | TimeoutError | socket.gaierror):
        return "nobody answers there; name the address that `ray start --head` printed"
    said = " ".join(str(error).split())
    if "No module named" in said:
        return "a node cannot load Newsdesk; install the same version in the environment that `ray start` runs in there"
    if isinstance(error, ray.exceptions.GetTimeoutError):
        return f"no node began to work within {_SECONDS_TO_START_A_WORKER} s; see `ray status` there"
    return said[:300].rstrip(".")
