"""Nothing leaves the machine: neither what Newsdesk is made of nor what it starts tells anybody that it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.models.onnx_export import DEFAULT_MODEL, prepared_model
from rag.telemetry import SWITCHES, switch_off_telemetry
from tests import ray_cluster
from tests.network_trap import attempts, missing

ROOT = Path(__file__).parents[1]
NEWS = {
    "title": "A bridge for Elmford",
    "outlet": "Elmford Echo",
    "published": "2025-03-04",
    "text": "The council of Elmford opened a footbridge on Tuesday. It cost 4 million crowns.",
}
QUESTION = "How much did the footbridge in Elmford cost?"
# Serves the page as `app.py` does and asks it over HTTP.
SERVE_AND_ASK = f"""
import threading, urllib.request
from pathlib import Path
from rag.settings import load_settings
from web import launch

asked = threading.Event()

def ask(line):
    print(line)
    if " at http" not in line:
        return
    address = line.split(" at ")[1].split()[0]
    urllib.request.urlopen(address).read()
    body = b'{{"question": "{QUESTION}"}}'
    headers = {{"Content-Type": "application/json"}}
    urllib.request.urlopen(urllib.request.Request(address + "/api/v1/ask", body, headers)).read()
    asked.set()

launch.announce = ask
launch._wait_for_the_end = asked.wait
launch.serve(load_settings(), sample=False)
"""
CONTROL = """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(("192.0.2.1", 443))
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).connect_ex(("2001:db8::1", 443))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(("127.0.0.1", 9))
"""
LOOK_UP = """
import socket
try:
    socket.getaddrinfo("newsdesk.invalid", 443)
except OSError:
    pass
"""

# Starts a cluster, on which the ingest works.
INGEST_ON_RAY = """
import subprocess, sys
from tests.ray_cluster import RayCluster

cluster = RayCluster()
try:
    ingest = [sys.executable, "-m", "cli", "ingest", "news.jsonl", "--ray", cluster.address]
    subprocess.run(ingest, check=True)
finally:
    cluster.stop()
"""

trapped = pytest.mark.skipif(bool(missing()), reason=f"no trap can be laid: {missing()}")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own without one of our switches, and the model that is prepared already."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in SWITCHES and name != "CI"}
    return kept | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONPATH": str(ROOT),
        "NEWSDESK_CACHE": str(prepared_model(DEFAULT_MODEL).folder.parents[1]),
    }


@trapped
def test_the_trap_sees_every_address_but_those_of_this_machine(tmp_path: Path, environment: dict[str, str]) -> None:
    found = attempts([sys.executable, "-c", CONTROL], log=tmp_path / "log", folder=tmp_path, environment=environment)
    assert found == ["192.0.2.1:443", "2001:db8::1:443"]


@trapped
def test_the_trap_sees_a_name_being_looked_up(tmp_path: Path, environment: dict[str, str]) -> None:
    assert attempts([sys.executable, "-c", LOOK_UP], log=tmp_path / "log", folder=tmp_path, environment=environment)


@trapped
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-m", "cli", "ingest", "news.jsonl"], id="ingest"),
        pytest.param(["-m", "cli", "ask", QUESTION, "--json"], id="ask"),
        pytest.param(["-c", SERVE_AND_ASK], id="page"),
        pytest.param(["-m", "eval", "run", "--set", "golden", "--limit", "2"], id="eval"),
    ],
)
def test_nothing_reaches_out_or_looks_a_name_up(
    command: list[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps(NEWS), encoding="utf-8")
    if "ingest" not in command:
        ingest = [sys.executable, "-m", "cli", "ingest", "news.jsonl"]
        subprocess.run(ingest, cwd=tmp_path, env=environment, check=True, capture_output=True)
    found = attempts([sys.executable, *command], log=tmp_path / "log", folder=tmp_path, environment=environment)
    assert found == []
    kept = [path for path in (tmp_path / "home").rglob("*") if "onnxruntime" in path.name or "Microsoft" in path.name]
    assert kept == []


@trapped
@pytest.mark.slow
@pytest.mark.skipif(bool(ray_cluster.missing()), reason=ray_cluster.missing())
def test_an_ingest_on_ray_reaches_nothing_but_its_cluster(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps(NEWS), encoding="utf-8")
    command = [sys.executable, "-c", INGEST_ON_RAY]
    found = attempts(command, log=tmp_path / "log", folder=tmp_path, environment=environment)
    # The name service's daemon is asked for users and for this machine's own name; a name of elsewhere goes to port 53.
    assert [attempt for attempt in found if not attempt.endswith("nscd/socket")] == []


def test_what_a_user_has_set_does_not_switch_telemetry_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SWITCHES:
        monkeypatch.setenv(name, "")
    switch_off_telemetry()
    assert {name: os.environ[name] for name in SWITCHES} == SWITCHES
