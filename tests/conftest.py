"""What holds for every test: no settings, keys or network from outside, and the same examples in every run of CI."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

from eval.crash_test.cluster.processes import postgresql_programs
from rag.storage.indexes.chroma_server import ChromaServer
from rag.telemetry import SWITCHES
from tests.chroma_server import RunningChroma
from tests.postgresql_server import PostgresqlServer

hypothesis.settings.register_profile("newsdesk", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("newsdesk")


@pytest.fixture(scope="session", autouse=True)
def nothing_from_outside() -> Iterator[None]:
    """Take the reader's own settings and model keys out of the environment, and turn off what would call out."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("NEWSDESK_", "LANGSMITH_", "LANGCHAIN_")) or name.endswith("_API_KEY"):
                patch.delenv(name)
        for name, value in SWITCHES.items():
            patch.setenv(name, value)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A server of PostgreSQL; skipped, with the reason, where it is not installed."""
    if postgresql_programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    server = PostgresqlServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def running_chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningChroma]:
    """A Chroma server that may be stopped and started."""
    running = RunningChroma(tmp_path_factory.mktemp("chroma"))
    yield running
    running.stop()


@pytest.fixture
def chroma_server(running_chroma: RunningChroma) -> ChromaServer:
    """Where it is."""
    return ChromaServer(address=running_chroma.address)
