"""A Chroma server of the tests' own, as the package itself runs one."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from pathlib import Path

from eval.crash_test.cluster.processes import free_port


class RunningChroma:
    """Started at once; `stop` it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = Path(sys.executable).with_name("chroma")
        place = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([str(program), "run", *place], stdout=log, stderr=log)
        waiting = threading.Event()
        while self._process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/api/v2/heartbeat", timeout=5):
                return
            waiting.wait(0.1)
        raise RuntimeError((self._folder / "log").read_text(encoding="utf-8", errors="replace"))

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
