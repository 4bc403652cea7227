"""A Ray cluster of processes on this machine, whose nodes can be killed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from eval.crash_test.cluster.processes import free_port
from rag.telemetry import SWITCHES

ROOT = Path(__file__).parents[1]
_SMALL = ["--num-cpus=1", "--object-store-memory=80000000", "--node-ip-address=127.0.0.1", "--disable-usage-stats"]


def missing() -> str:
    """Why no cluster can be started here; "" where one can."""
    return "" if importlib.util.find_spec("ray") else "Ray is not installed (make setup EXTRAS=ray)"


class RayNode:
    """One node: its processes, all of which `kill` ends at once."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        program = Path(sys.executable).with_name("ray")
        agent = f"--dashboard-agent-listen-port={free_port()}"
        self._process = subprocess.Popen(
            [str(program), "start", "--block", agent, *_SMALL, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if "Ray runtime started" in line:
                return
        raise RuntimeError("".join(said))

    def kill(self) -> None:
        """End it without a warning."""
        with suppress(psutil.NoSuchProcess):
            for one in [psutil.Process(self._process.pid), *psutil.Process(self._process.pid).children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class RayCluster:
    """A head with a processor, and as many more nodes as are added; `stop` it."""

    def __init__(self) -> None:
        # Ray's sockets stand there, whose paths must be short.
        self.home = Path(tempfile.mkdtemp(prefix="nd-"))
        # Without it a head asks clouds' metadata services where it runs.
        (self.home / "ray_bootstrap_config.yaml").write_text("{}", encoding="utf-8")
        self.environment = dict(os.environ) | SWITCHES | {"HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        start = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={self.home}"]
        self.head = RayNode(start, self.environment)
        self.nodes = [self.head]

    def add_node(self) -> RayNode:
        """Let one more node join."""
        node = RayNode([f"--address={self.address}"], self.environment)
        self.nodes.append(node)
        return node

    def stop(self) -> None:
        """End all nodes."""
        for node in reversed(self.nodes):
            node.kill()
        shutil.rmtree(self.home, ignore_errors=True)
