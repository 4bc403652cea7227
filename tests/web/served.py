"""The page as `app.py` serves it, a process of its own over a library of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


@dataclass
class Site:
    """A served page over a library of its own, and its event that adds files."""

    process: subprocess.Popen[str]
    address: str
    event: int

    def titles(self) -> list[str]:
        """The titles of all articles."""
        found = httpx.get(f"{self.address}/api/v1/articles", timeout=60).json()["articles"]
        return [article["title"] for article in found]

    def stop(self) -> None:
        """End it as a service manager would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@contextmanager
def serving(library: Path) -> Iterator[Site]:
    """The page of `app.py` over a library that is made there."""
    command = [sys.executable, "app.py", "--library", str(library), "--port", "0", "--no-sample"]
    environment = os.environ | {"NEWSDESK_EMBEDDER": "hashing"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = next(line for line in process.stderr if "Newsdesk is open at" in line)
            address = next(word for word in said.split() if word.startswith("http"))
            config = httpx.get(f"{address}/config", timeout=60).json()
            kinds = {part["id"]: part["type"] for part in config["components"]}
            files = [
                one["id"] for one in config["dependencies"] if [kinds[part] for part in one["inputs"]][:1] == ["file"]
            ]
            yield Site(process, address, files[0])
        finally:
            process.terminate()
