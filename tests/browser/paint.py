"""When each view paints first, and how much moves while it opens: `python -m tests.browser.paint [ADDRESS]`.

The tests hold what moves (`test_settled.py`); times depend on the machine and are only printed.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import SWITCHES

MOST_SHIFTED = 0.02
"""Cumulative layout shift; .1 is what Lighthouse calls good."""

SIZES = ((1280, 860), (360, 780))
OPENED = {
    "ask": ".nd-welcome",
    "briefing": "#nd-briefing .nd-story",
    "newsletter": "#nd-preview .nd-preview",
    "library": ".nd-library table",
    "quality": ".nd-quality",
}
"""Each view, and what it has to hold to be open."""

_WATCH = """
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((shift) => {
  const moved = shift.sources.map((source) => source.node?.id || source.node?.className || source.node?.nodeName);
  if (!shift.hadRecentInput) shifts.push([shift.value, moved]);
})).observe({ type: "layout-shift", buffered: true });
"""
_READ = """() => new Promise((done) => setTimeout(() => done([
  performance.getEntriesByName("first-contentful-paint")[0].startTime, shifts]), 500))"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What a browser measured while a view opened: milliseconds to its first contentful paint, and what moved."""

    first_paint: float
    shifts: list[tuple[float, list[str]]]

    @property
    def shifted(self) -> float:
        """The cumulative layout shift."""
        return sum(value for value, _ in self.shifts)


def opening(page: Page, address: str, view: str) -> Opening:
    """Open a view by its address in a new page, and measure until half a second after it is there."""
    page.add_init_script(_WATCH)
    page.goto(f"{address}/#view={view}")
    page.locator(OPENED[view]).first.wait_for()
    first_paint, shifts = page.evaluate(_READ)
    return Opening(first_paint=first_paint, shifts=shifts)


def main(address: str) -> None:
    """Print a line for each view and width."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        for width, height in SIZES:
            for view in OPENED:
                print(_line(browser, address, view, width, height), flush=True)
        browser.close()


def _line(browser: Browser, address: str, view: str, width: int, height: int) -> str:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    found = opening(page, address, view)
    page.close()
    return f"{width:5} px  {view:10}  first paint {found.first_paint / 1000:.2f} s  moved {found.shifted:.4f}"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860")
