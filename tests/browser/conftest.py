"""A served page and a browser that reports whatever a reader must never meet."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from eval.crash_test.cluster.processes import free_port

ROOT = Path(__file__).parents[2]
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
WIDE = (1280, 860)
PATIENCE = 60_000
"""Milliseconds after which what a page should show is given up: an issue takes seconds, on a busy machine many."""


def address_in(lines: IO[str], mark: str) -> str:
    """Read until the line that holds `mark` and an address; fails with everything read where there is none."""
    read = []
    for line in lines:
        read.append(line)
        if mark in line:
            return next(word for word in line.split() if word.startswith("http")).rstrip("/")
    pytest.fail(f"the page did not start:\n{''.join(read)}")


@contextmanager
def fake_page(*arguments: str) -> Iterator[str]:
    """The address of the page over the fake desk, in a process of its own; `arguments` are those of `serve_fake`."""
    command = [sys.executable, "-m", "tests.browser.serve_fake", str(free_port()), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            yield address_in(process.stdout, "http")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the page over the fake desk."""
    with fake_page() as address:
        yield address


@contextmanager
def served_app(library: Path, *arguments: str) -> Iterator[str]:
    """The address of the app on a library of its own; ended as a service manager would."""
    command = [sys.executable, "app.py", "--library", str(library), "--port", str(free_port()), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            yield address_in(process.stderr, "Newsdesk is open at")
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app on a sample library of its own."""
    with served_app(tmp_path_factory.mktemp("sample") / "library") as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed (`apt-get install chromium`)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


_ENDED = re.compile(r"AbortError: signal is aborted|Connection errored out")
"""What Gradio's client says of a stream that the browser closes as it leaves a page."""


@dataclass
class Reader:
    """One reader: a browser context with one page, and everything that went wrong or left the page's own origin."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    loads: int = 0

    def watch(self) -> None:
        """Record requests to other origins, failed answers, console errors and exceptions."""
        page = self.page
        page.on(
            "request", lambda sent: self._complain(sent.url, not sent.url.startswith((self.address, "data:", "blob:")))
        )
        page.on("response", lambda got: self._complain(f"{got.status} {got.url}", got.status >= 400))
        page.on("console", lambda said: self._complain(said.text, said.type == "error"))
        page.on("domcontentloaded", lambda _: self._loaded())
        page.on("pageerror", lambda error: self._complain(str(error), True))
        page.on("dialog", lambda dialog: self._complain(f"dialog: {dialog.message}", True) or dialog.dismiss())

    def arrive(self) -> None:
        """Open the page and wait until it can be used."""
        self.page.goto(self.address)
        self.page.locator(".nd-welcome").wait_for()

    def ask(self, question: str) -> None:
        """Write a question and press Enter."""
        box = self.page.get_by_label("Your question")
        box.fill(question)
        box.press("Enter")

    def answered(self, question: str) -> None:
        """Ask, and wait for the end of the newest turn."""
        turns = self.page.locator(".nd-turn").count()
        self.ask(question)
        self.finished(turns)

    def finished(self, number: int) -> None:
        """Wait for the end of a turn, which must be an answer."""
        turn = self.page.locator(f".nd-turn[data-turn='{number}']")
        turn.locator(":is(.nd-made, .nd-message, .nd-failed)").first.wait_for()
        assert turn.locator(".nd-failed").all_inner_texts() == []

    def faults(self) -> list[str]:
        """Everything that went wrong; what Gradio says of streams that a reload ended is no fault."""
        return [one for one in self.complaints if self.loads < 2 or not _ENDED.search(one)]

    def _loaded(self) -> None:
        self.loads += 1

    def _complain(self, what: str, wrong: bool) -> None:
        if wrong:
            self.complaints.append(what)


Readers = Callable[..., Reader]


@pytest.fixture
def readers(chromium: Browser, served: str) -> Iterator[Readers]:
    """Makes readers; each must have met nothing wrong when the test ends."""
    made: list[Reader] = []
    contexts: list[BrowserContext] = []

    def new(*, size: tuple[int, int] = WIDE, address: str = served, **options: str) -> Reader:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        reader = Reader(context.new_page(), address)
        reader.watch()
        reader.arrive()
        made.append(reader)
        return reader

    yield new
    faults = [fault for reader in made for fault in reader.faults()]
    for context in contexts:
        context.close()
    assert faults == []
