"""A port that cannot be listened on is told, with a command that works."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from rag.errors import UsageError
from web.serving.port import refuse_taken_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_taken_without_a_word() -> None:
    refuse_taken_port("127.0.0.1", 0, by_make=False)


@pytest.mark.parametrize(("by_make", "advice"), [(False, "--port {}"), (True, 'make run ARGS="--port {}"')])
def test_a_port_in_use_is_told_with_the_next_one_as_it_must_be_typed(taken: int, by_make: bool, advice: str) -> None:
    with pytest.raises(UsageError) as refused:
        refuse_taken_port("127.0.0.1", taken, by_make=by_make)
    another = taken + 1 if taken < 65535 else 7860
    assert str(refused.value) == (f"port {taken} of 127.0.0.1 is in use; choose another: {advice.format(another)}")


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match=f"there is no port {port}; choose another: --port 7860"):
        refuse_taken_port("127.0.0.1", port, by_make=False)


def test_a_host_that_is_none_is_told_with_one_that_is() -> None:
    with pytest.raises(UsageError, match=r"no address of this machine; choose another: --host 127\.0\.0\.1"):
        refuse_taken_port("a..b", 7860, by_make=False)


def test_make_run_tells_about_a_port_in_use_before_it_makes_a_library(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    ended = CliRunner().invoke(app.app, ["--port", str(taken), "--library", str(tmp_path / "library")])
    assert ended.exit_code == 2
    said = ended.stderr
    assert said.startswith(f"error: port {taken} of 127.0.0.1 is in use; choose another: make run ARGS=")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
