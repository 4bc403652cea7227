"""The cluster of compose.cluster.yaml: bounded, closed to the outside, and started here as it says, on loopback."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.crash_test.cluster.processes import free_port
from rag.settings import load_settings
from tests.postgresql_server import PostgresqlServer

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("page-1", "page-2", "worker")
PASSWORD = "correct horse battery"
START_SECONDS = 90


def test_every_service_is_bounded_and_comes_back() -> None:
    for name, service in SERVICES.items():
        assert {"mem_limit", "cpus", "restart"} <= service.keys(), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "healthcheck" in service or name == "worker"
        assert ":latest" not in service["image"]


def test_the_balancer_alone_is_reached_from_outside_and_from_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"balancer": ["127.0.0.1:7860:8080"]}


def test_secrets_are_files_and_no_service_is_told_one() -> None:
    assert all("file" in secret for secret in COMPOSE["secrets"].values())
    assert {secret for service in SERVICES.values() for secret in service.get("secrets", ())} == set(COMPOSE["secrets"])
    assert not re.search(r"(?i)password: |token", yaml.safe_dump(SERVICES))


def test_every_variable_of_ours_is_a_setting_and_pages_have_a_place_each() -> None:
    for name in OURS:
        given = {key: value for key, value in SERVICES[name]["environment"].items() if key.startswith("NEWSDESK_")}
        assert load_settings(environment=given, folder=ROOT / "docs").users == Path("archive")
    places = [volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]]
    assert len(set(places)) == len(places)


def test_a_page_is_given_the_time_that_an_answer_takes() -> None:
    from web.launch import DRAIN_SECONDS

    for name in ("page-1", "page-2"):
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS


class Started:
    """The services as processes of this machine: names are loopback's, ports and folders are free ones."""

    def __init__(self, folder: Path, archive: str) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("page-1", "page-2", "chroma", "balancer")}
        self._archive = archive
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.cookies: list[str] = []

    def start(self, name: str) -> None:
        service = SERVICES[name]
        entry = service.get("entrypoint") or ([] if name == "balancer" else ["newsdesk"])
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self.command(name, [*entry, *service["command"]]),
                cwd=ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def command(self, name: str, written: list[str]) -> list[str]:
        """What stands in the file, with what is elsewhere here."""
        programs = {
            "newsdesk": [sys.executable, "-m", "cli"],
            "chroma": [str(Path(sys.executable).with_name("chroma"))],
            "python": [sys.executable],
        }
        first, *others = written
        return [*programs.get(first, [first]), *(self._here(name, one) for one in others)]

    def environment(self, name: str) -> dict[str, str]:
        outside = {key: value for key, value in os.environ.items() if not key.startswith("NEWSDESK_")}
        # As the image has it.
        given = {"NEWSDESK_LIBRARY": "/library/news", "PYTHONPATH": str(ROOT), "HOME": str(self.folder)}
        if "NEWSDESK_CACHE" in os.environ:
            given["NEWSDESK_CACHE"] = os.environ["NEWSDESK_CACHE"]
        elif "HOME" in os.environ:
            given["HOME"] = os.environ["HOME"]
        if name == "balancer":
            given["PAGES"] = "page-1:7860 page-2:7860"
        given |= SERVICES[name].get("environment", {})
        return outside | {key: self._here(name, value) for key, value in given.items()}

    def answers_of(self, page: str) -> float:
        """How many answers a page has given."""
        _, figures = self.asked("/metrics", password=PASSWORD, at=page)
        return sum(float(line.rpartition(" ")[2]) for line in figures.splitlines() if "answers_total{" in line)

    def is_healthy(self, name: str) -> bool:
        _, *check = SERVICES[name]["healthcheck"]["test"]
        if shutil.which(check[0]) is None and check[0] != "python":
            return self.asked("/healthz")[0] == 200
        done = subprocess.run(self.command(name, check), capture_output=True, check=False, env=self.environment(name))
        return done.returncode == 0

    def wait_until_healthy(self, name: str) -> None:
        waiting, looks = threading.Event(), 0
        while not self.is_healthy(name):
            assert self._running[name].poll() is None, (self.folder / f"{name}.log").read_text(encoding="utf-8")
            assert looks < START_SECONDS, f"{name} does not become healthy"
            looks += 1
            waiting.wait(1)

    def end(self, name: str) -> int:
        """As `docker compose stop`: SIGTERM, and its exit status."""
        running = self._running.pop(name)
        with suppress(ProcessLookupError):
            running.send_signal(signal.SIGTERM)
        return running.wait(timeout=110)

    def end_all(self) -> None:
        for running in self._running.values():
            running.kill()
            running.wait()

    def asked(
        self, path: str, *, password: str = "", body: object = None, cookie: str = "", at: str = "balancer"
    ) -> tuple[int, Any]:
        """Status and JSON of a request; through the balancer, or at one of the pages."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports[at]}{path}", headers={"cookie": cookie})
        if password:
            request.add_header("authorization", f"Basic {base64.b64encode(f'ada:{password}'.encode()).decode()}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                self.cookies = [cookie.partition(";")[0] for cookie in got.headers.get_all("set-cookie", [])]
                read = got.read()
                is_json = "json" in got.headers.get_content_type()
                return got.status, json.loads(read) if is_json else read.decode()
        except urllib.error.HTTPError as error:
            return error.code, None
        except OSError:
            return 0, None

    def _here(self, name: str, text: str) -> str:
        """A text of the file with the addresses and folders of this machine."""
        if text.startswith("postgresql"):
            return self._archive
        text = text.replace("/etc/caddy/Caddyfile", str(ROOT / "deploy" / "Caddyfile"))
        text = text.replace("/library", str(self.folder / name))
        for other, port in (("page-1", "7860"), ("page-2", "7860"), ("chroma", "8000")):
            text = text.replace(f"{other}:{port}", f"127.0.0.1:{self.ports[other]}")
        own = self.ports.get(name)
        for port in ("7860", "8000", "8080"):
            text = re.sub(rf"(^|127\.0\.0\.1:|^http://:){port}\b", rf"\g<1>{own}", text)
        return text.replace("0.0.0.0", "127.0.0.1")


@pytest.fixture
def started(tmp_path: Path, postgresql: PostgresqlServer) -> Iterator[Started]:
    if shutil.which("caddy") is None:
        pytest.skip("Caddy is not installed (Debian: apt-get install caddy)")
    cluster = Started(tmp_path, postgresql.new_place())
    yield cluster
    cluster.end_all()


@pytest.mark.slow
def test_what_the_file_starts_answers_through_the_balancer_also_when_a_page_ends(
    started: Started, tmp_path: Path
) -> None:
    add = started.command("worker", ["newsdesk", "users", "add", "ada", "--stdin"])
    subprocess.run(
        add, cwd=ROOT, env=started.environment("worker"), input=PASSWORD.encode(), check=True, capture_output=True
    )
    for name in ("chroma", "page-1", "page-2"):
        started.start(name)
    for name in ("chroma", "page-1", "page-2"):
        started.wait_until_healthy(name)
    for name in ("worker", "balancer"):
        started.start(name)
    started.wait_until_healthy("balancer")

    article = tmp_path / "kell.md"
    article.write_text("The lighthouse at Kell cost 7 million crowns to build, the mayor said.", encoding="utf-8")
    ingest = started.command("worker", ["newsdesk", "ingest", str(article)])
    subprocess.run(ingest, cwd=ROOT, env=started.environment("worker"), check=True, capture_output=True)

    question = {"question": "How much did the lighthouse at Kell cost?"}
    assert started.asked("/api/v1/ask", body=question)[0] == 401
    for _ in range(2):
        status, answer = started.asked("/api/v1/ask", password=PASSWORD, body=question)
        assert status == 200
        assert "7 million crowns" in answer["text"]

    status, _ = started.asked("/", password=PASSWORD)
    (cookie,) = [one for one in started.cookies if one.startswith("newsdesk-page=")]
    before = [started.answers_of(page) for page in ("page-1", "page-2")]
    for _ in range(3):
        assert started.asked("/api/v1/ask", password=PASSWORD, body=question, cookie=cookie)[0] == 200
    after = [started.answers_of(page) for page in ("page-1", "page-2")]
    assert sorted(now - then for now, then in zip(after, before, strict=True)) == [0, 3], "a tab stays at one page"

    assert started.end("page-1") == 0
    status, answer = started.asked("/api/v1/ask", password=PASSWORD, body=question)
    assert status == 200
    assert "7 million crowns" in answer["text"]
    assert started.end("worker") == 0
