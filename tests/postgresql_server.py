"""A PostgreSQL server of the tests' own: in a temporary folder, reached over a Unix socket there, gone at the end."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from eval.crash_test.cluster.processes import POSTGRESQL_CONFIGURATION, postgresql_programs


class PostgresqlServer:
    """Started at once; `stop` it. As root it runs as the user `postgres`: it refuses to be root's."""

    def __init__(self) -> None:
        folder = postgresql_programs()
        assert folder is not None
        self._programs = folder
        self._user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="nd-pg-"))
        if self._user:
            shutil.chown(self.folder, self._user, self._user)
        self.folder.chmod(0o755)
        self._data = self.folder / "data"
        self._numbers = itertools.count(1)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=newsdesk", "--encoding=UTF8", "--locale=C.UTF-8")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(POSTGRESQL_CONFIGURATION + f"unix_socket_directories = '{self.folder}'\n")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it lets clients in."""
        self._run("pg_ctl", "--wait", "--silent", f"--log={self.folder / 'log'}", "start")

    def stop(self) -> None:
        """End it at once; what is connected is cut off."""
        self._run("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def kill_one(self, application: str = "newsdesk") -> None:
        """Kill the server process of one client, as a crash would: the server then cuts off all, and recovers."""
        with psycopg.connect(self.address("postgres", driver="postgresql"), autocommit=True) as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
            (number,) = connection.execute(query, (application,)).fetchone() or (0,)
        if number:
            os.kill(number, signal.SIGKILL)

    def new_place(self) -> str:
        """The address of an empty schema of the one database: made a hundred times sooner than a database."""
        name = f"library_{next(self._numbers)}"
        self._execute(f"CREATE SCHEMA {name}")
        return f"{self.address('postgres')}&options=-csearch_path%3D{name}"

    def new_database(self, *, encoding: str = "UTF8") -> str:
        """The address of an empty database."""
        name = f"library_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
        return self.address(name)

    def address(self, database: str, *, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://newsdesk@/{database}?host={self.folder}"

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres", driver="postgresql"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def remove(self) -> None:
        """Stop it and delete everything of it."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        subprocess.run(command, check=True, cwd="/", user=self._user, group=self._user, stdout=subprocess.DEVNULL)
