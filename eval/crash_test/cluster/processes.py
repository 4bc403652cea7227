"""The processes of a cluster on loopback, each a group of its own that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from eval.errors import EvaluationError
from eval.runs import subprocesses

START_SECONDS = 90.0
_POLL_SECONDS = 0.1
# Debian keeps each version's programs apart, and off the path.
_DEBIAN = Path("/usr/lib/postgresql")
# What a killed process wrote is there; it is the machine that does not lose its power here.
POSTGRESQL_CONFIGURATION = """
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 100
shared_buffers = 64MB
"""


def postgresql_programs() -> Path | None:
    """The folder of PostgreSQL's programs, None where it is not installed."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda program: float(program.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process(ABC):
    """One process with its children. `start` returns at once, `wait_until_up` when it can be used."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What is run."""

    @abstractmethod
    def is_up(self) -> bool:
        """Whether it can be used."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Its environment."""
        return os.environ

    @property
    def user(self) -> str | None:
        """Whose process it is, where that is not this one's user."""
        return None

    def start(self) -> None:
        """Start it, its output going into `NAME.log`."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._running = subprocess.Popen(
                self.command(),
                cwd="/" if self.user else self.folder,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self.user,
                group=self.user,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End the whole group at once (SIGKILL)."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order; at once where that takes too long."""
        self._signal(signal.SIGTERM)
        if self._running is not None:
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(timeout=10)
            self.kill()

    def code(self) -> int | None:
        """With which status it ended; None while it runs."""
        return None if self._running is None else self._running.poll()

    def complaint(self) -> str:
        """The last line of its output."""
        return subprocesses.last_line((self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace"))

    def wait_until_up(self) -> None:
        """Return when it can be used; one that ended meanwhile is started again, as whoever runs it would.

        Raises `EvaluationError` where that takes too long.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if time.monotonic() > deadline:
                raise EvaluationError(f"{self.name} does not start: {self.complaint()}")
            if self.code() is not None:
                self.start()
            time.sleep(_POLL_SECONDS)

    def _signal(self, number: int) -> None:
        if self._running is not None and self._running.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)
            if number == signal.SIGKILL:
                self._running.wait()


class Postgresql(Process):
    """A server reached over a Unix socket in its folder. As root it runs as the user `postgres`."""

    def __init__(self, folder: Path) -> None:
        """Make its files; raises `EvaluationError` where PostgreSQL is not installed."""
        super().__init__("postgresql", folder)
        programs = postgresql_programs()
        if programs is None:
            raise EvaluationError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self._programs = programs
        self._data = folder / "data"
        if self.user:
            shutil.chown(folder, self.user, self.user)
        made = ["--no-sync", "--auth=trust", "--username=newsdesk", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [str(programs / "initdb"), "-D", str(self._data), *made]
        subprocess.run(command, check=True, cwd="/", user=self.user, group=self.user, stdout=subprocess.DEVNULL)
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(POSTGRESQL_CONFIGURATION + f"unix_socket_directories = '{folder}'\n")

    @property
    def address(self) -> str:
        """What `NEWSDESK_ARCHIVE` is set to."""
        return f"postgresql+psycopg://newsdesk@/postgres?host={self.folder}"

    @property
    def user(self) -> str | None:
        """See `Process`; the server refuses to be root's."""
        return "postgres" if os.geteuid() == 0 else None

    def command(self) -> Sequence[str]:
        """See `Process`."""
        return [str(self._programs / "postgres"), "-D", str(self._data)]

    def is_up(self) -> bool:
        """See `Process`."""
        ready = [str(self._programs / "pg_isready"), "--quiet", "--host", str(self.folder), "--username=newsdesk"]
        return subprocess.run(ready, check=False).returncode == 0


class Chroma(Process):
    """A Chroma server, as the package itself runs one."""

    def __init__(self, folder: Path) -> None:
        super().__init__("chroma", folder)
        self._port = free_port()

    @property
    def address(self) -> str:
        """What `NEWSDESK_CHROMA` is set to."""
        return f"http://127.0.0.1:{self._port}"

    def command(self) -> Sequence[str]:
        """See `Process`."""
        program = Path(sys.executable).with_name("chroma")
        place = ["--path", str(self.folder / "vectors"), "--host", "127.0.0.1", "--port", str(self._port)]
        return [str(program), "run", *place]

    def is_up(self) -> bool:
        """See `Process`."""
        return _answers(f"{self.address}/api/v2/heartbeat")


class Newsdesk(Process):
    """A command of Newsdesk on one of the machines."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str], *arguments: str) -> None:
        super().__init__(name, folder)
        self._settings = settings
        self._arguments = arguments

    @property
    def environment(self) -> Mapping[str, str]:
        """See `Process`."""
        return subprocesses.environment(self._settings)

    def command(self) -> Sequence[str]:
        """See `Process`."""
        return subprocesses.newsdesk(*self._arguments)

    def is_up(self) -> bool:
        """See `Process`; a command is used as soon as it runs."""
        return True


class Page(Newsdesk):
    """The page on one of the machines."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str], *arguments: str) -> None:
        self._port = free_port()
        where = ("--host", "127.0.0.1", "--port", str(self._port))
        super().__init__(name, folder, settings, "serve", *where, *arguments)

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self._port}"

    def is_up(self) -> bool:
        """See `Process`."""
        return _answers(f"{self.address}/readyz")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as got:
            return bool(got.status == 200)
    except OSError:
        return False
