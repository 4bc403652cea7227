"""Takes the pictures of README and docs on the sample library: a question answered with its second quote opened, a
briefing, a story told whole, the library, the figures, and an issue of the example newsletter.

    python docs/make_screenshots.py

Needs the development requirements and a `chromium` on the path.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
QUESTION = "Why does China object?"

Step = Callable[[Page], None]


class Shot(NamedTuple):
    """One picture: its file, the window's size, the reader's colours, and what is done before it is taken."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    steps: tuple[Step, ...]
    """Each is taken on the page in turn."""


def ask(page: Page) -> None:
    """Ask the example question and wait for the answer."""
    page.get_by_role("button", name=QUESTION).click()
    page.locator(".nd-made").wait_for()


def open_quote(page: Page) -> None:
    """Open the second quote in its article."""
    page.locator(".nd-cite").nth(1).click()
    page.locator(".nd-paper mark").wait_for()


def brief(page: Page) -> None:
    """Make a briefing of June 2024."""
    page.get_by_role("tab", name="Briefing").click()
    page.locator("#nd-briefing .nd-story").first.wait_for()
    folds = page.locator("#nd-briefing .nd-fold summary:visible").all()
    for fold in folds:
        fold.click()
    page.get_by_label("Since").fill("2024-06-10")
    page.get_by_label("Until").fill("2024-06-30")
    page.get_by_role("button", name="Make briefing").click()
    page.locator(".nd-brief .nd-byline", has_text="10 June 2024 to").first.wait_for()
    for fold in folds:
        fold.click()


def tell(page: Page) -> None:
    """Open the story of the treaty whole."""
    brief(page)
    page.locator("#nd-briefing .nd-story-link").first.click()
    page.locator(".nd-whole h2").wait_for(timeout=120_000)


def show(name: str, holds: str) -> Step:
    """Show another view, once it holds something."""

    def step(page: Page) -> None:
        page.get_by_role("tab", name=name).click()
        page.locator(holds).first.wait_for()

    return step


SHOTS = (
    Shot("page-light.png", 1280, 860, "light", (ask, open_quote)),
    Shot("page-dark.png", 1280, 860, "dark", (ask, open_quote)),
    Shot("page-phone.png", 390, 844, "light", (ask,)),
    Shot("page-phone-article.png", 390, 844, "light", (ask, open_quote)),
    Shot("briefing.png", 1200, 1000, "light", (brief,)),
    Shot("briefing-phone.png", 360, 780, "dark", (brief,)),
    Shot("story.png", 1200, 1400, "light", (tell,)),
    Shot("library.png", 1200, 1000, "light", (show("Library", ".nd-library table"),)),
    Shot("library-phone.png", 360, 780, "dark", (show("Library", ".nd-library table"),)),
    Shot("quality.png", 1200, 1000, "light", (show("Quality", ".nd-sentences"),)),
)
NEWSLETTER = (
    Shot("newsletter.png", 1200, 1000, "light", ()),
    Shot("newsletter-phone.png", 360, 780, "dark", ()),
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
        with newsletter_on_the_sample() as issue:
            for shot in NEWSLETTER:
                take(browser, issue, shot)
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


@contextmanager
def newsletter_on_the_sample() -> Iterator[str]:
    """Build the example issue over a new sample library, and give the address of its HTML."""
    with tempfile.TemporaryDirectory() as folder:
        newsdesk = [sys.executable, "-m", "cli", "--library", f"{folder}/library"]
        config = Path(folder, "weekly.toml")
        shutil.copyfile(ROOT / "examples" / "weekly.toml", config)
        for command in (["ingest", "ingest/sample"], ["newsletter", str(config), "--out", f"{folder}/issue"]):
            subprocess.run([*newsdesk, *command], cwd=ROOT, check=True, capture_output=True)
        yield Path(folder, "issue", "issue.html").as_uri()


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Open the address, take the shot's steps, and write the picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    for step in shot.steps:
        step(page)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=IMAGES / shot.name, caret="hide")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
