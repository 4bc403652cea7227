"""Takes the README's screenshots: the page on the sample library, one question answered and its second quote opened.

    python docs/make_screenshots.py

Needs the development requirements and a `chromium` on the path.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
QUESTION = "Why does China object?"


class Shot(NamedTuple):
    """One picture: its file, the window's size and the reader's colours."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    opened: bool


SHOTS = (
    Shot("page-light.png", 1280, 860, "light", True),
    Shot("page-dark.png", 1280, 860, "dark", True),
    Shot("page-phone.png", 390, 844, "light", False),
    Shot("page-phone-article.png", 390, 844, "light", True),
)


def main() -> int:
    """Write the pictures into docs/images."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not on the path; install it (Debian: apt-get install chromium)", file=sys.stderr)
        return 2
    IMAGES.mkdir(exist_ok=True)
    with page_on_the_sample() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            take(browser, address, shot)
        browser.close()
    return 0


@contextmanager
def page_on_the_sample() -> Iterator[str]:
    """Serve the page on a new sample library, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "app.py", "--library", f"{folder}/library", "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as app:
            try:
                assert app.stderr is not None
                if not any("Newsdesk is open" in line for line in app.stderr):
                    raise SystemExit("the page did not start")
                yield f"http://127.0.0.1:{port}"
            finally:
                app.terminate()


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Ask, open the second quote where the shot wants it, and write the picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name=QUESTION).click()
    page.locator(".nd-made").wait_for()
    if shot.opened:
        page.locator(".nd-cite").nth(1).click()
        page.locator(".nd-paper mark").wait_for()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=IMAGES / shot.name, caret="hide")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
