"""On a phone a view begins with what a returning reader came for; its fields stand behind a line that opens them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WIDE, Readers, served_app
from tests.browser.paint import OPENED
from tests.browser.test_views import view, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = (360, 740)
FOLDS = [
    ("Briefing", "Other days, topics and outlets", "#nd-topic"),
    ("Library", "Add articles", "#nd-address-library"),
    ("Library", "Filter and order", "#nd-sort"),
    ("Newsletter", "What the issue is made of", ".nd-letter-form"),
]
"""View, line, and a field behind it."""
ENDS_ON_THE_FIRST_SCREEN = [
    ("Briefing", "#nd-briefing .nd-story h3"),
    ("Library", "#nd-words input"),
    ("Library", ".nd-library tbody tr"),
    ("Newsletter", ".nd-issue h2"),
]
_FOCUSED_TOP = """() => { const { top, height } = document.activeElement.getBoundingClientRect();
return [Math.round(scrollY + top + height / 2), document.activeElement.outerHTML.slice(0, 120)]; }"""


def opened(page: Page, name: str) -> Page:
    view(page, name)
    page.locator(OPENED[name.lower()]).first.wait_for()
    return page


def line(page: Page, label: str) -> Locator:
    return page.locator("summary:visible", has_text=label)


@pytest.mark.parametrize(("name", "wanted"), ENDS_ON_THE_FIRST_SCREEN)
def test_what_a_reader_came_for_ends_on_the_first_screen(readers: Readers, app: str, name: str, wanted: str) -> None:
    page = opened(readers(address=app, size=PHONE).page, name)
    box = page.locator(wanted).first.bounding_box()
    assert box is not None
    # Half a screen: what is read first is more than seen to begin.
    assert box["y"] < PHONE[1] / 2
    assert box["y"] + box["height"] < PHONE[1]


@pytest.mark.parametrize(("name", "label", "field"), FOLDS)
def test_the_keyboard_opens_and_shuts_the_fields(readers: Readers, app: str, name: str, label: str, field: str) -> None:
    page = opened(readers(address=app, size=PHONE).page, name)
    expect(page.locator(field)).to_be_hidden()
    top = line(page, label).bounding_box()
    page.get_by_role("tab", name=name).focus()
    for _press in range(6):
        page.keyboard.press("Tab")
        if line(page, label).evaluate("one => one === document.activeElement"):
            break
    expect(line(page, label)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(field)).to_be_visible()
    expect(line(page, label)).to_be_focused()
    assert line(page, label).bounding_box() == top
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.nd-folded') !== null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(field)).to_be_hidden()
    expect(line(page, label)).to_be_focused()


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("name", ["Briefing", "Library", "Newsletter"])
def test_the_focus_goes_down_the_page(readers: Readers, app: str, name: str, is_open: bool) -> None:
    page = opened(readers(address=app, size=PHONE).page, name)
    if is_open:
        for one in page.locator(".nd-fold summary:visible").all():
            one.click()
    page.get_by_role("tab", name=name).focus()
    met = []
    for _press in range(24):
        page.keyboard.press("Tab")
        met.append(page.evaluate(_FOCUSED_TOP))
    # Fields that share a line are not of one height.
    assert [pair for pair in pairwise(met) if pair[1][0] < pair[0][0] - 24] == []


def test_what_is_shown_anew_leaves_the_fields_open(readers: Readers, app: str) -> None:
    page = opened(readers(address=app, size=PHONE).page, "Briefing")
    line(page, "Other days").click()
    page.get_by_role("textbox", name="Topic, or nothing").fill("treaty")
    page.get_by_role("button", name="Make briefing").click()
    expect(page.locator("#nd-brief-title")).to_have_text("treaty")
    expect(page.locator("#nd-topic")).to_be_visible()
    opened(page, "Library")
    line(page, "Filter").click()
    page.get_by_label("Find").fill("hajj")
    expect(page.locator(".nd-library tbody tr").first).to_contain_text("ajj")
    expect(page.locator("#nd-sort")).to_be_visible()
    opened(page, "Newsletter")
    line(page, "What the issue").click()
    page.get_by_label("Name of the newsletter").fill("A week of it")
    page.get_by_role("button", name="Make the issue").click()
    expect(page.locator(".nd-issue h2")).to_have_text("A week of it")
    expect(page.locator(".nd-letter-form")).to_be_visible()
    opened(page, "Briefing")
    expect(page.locator("#nd-topic")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_fields_keep_nobody_out(readers: Readers, app: str, scheme: str) -> None:
    page = readers(address=app, size=PHONE, color_scheme=scheme, reduced_motion="reduce").page
    for name in ("Briefing", "Library", "Newsletter"):
        opened(page, name)
        for one in page.locator(".nd-fold summary:visible").all():
            one.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_where_there_is_room_the_fields_stand_open(readers: Readers, app: str) -> None:
    page = readers(address=app, size=WIDE).page
    for name, label, field in FOLDS:
        opened(page, name)
        # Articles are added seldom: that stays behind its line.
        expect(line(page, "Add articles")).to_have_count(1 if name == "Library" else 0)
        if label != "Add articles":
            expect(line(page, label)).to_have_count(0)
            expect(page.locator(field)).to_be_visible()


def test_an_empty_library_offers_at_once_what_fills_it(readers: Readers, tmp_path: Path) -> None:
    with served_app(tmp_path / "library", "--no-sample") as address:
        page = readers(address=address, size=PHONE).page
        # The names of the fields scroll under the box for questions.
        over = """e => {
          const { left, top, width, height } = e.getBoundingClientRect();
          const at = (x, y) => document.elementFromPoint(left + x * width, top + y * height);
          const seen = [0.1, 0.5, 0.9].flatMap((x) => [0.2, 0.5, 0.8].map((y) => at(x, y)));
          return seen.filter((one) => !e.contains(one)).length;
        }"""
        assert page.locator("#nd-question textarea").evaluate(over) == 0
        view(page, "Briefing")
        expect(page.locator("#nd-briefing .nd-failed")).to_have_text("The library is empty")
        view(page, "Library")
        page.locator(".nd-library .nd-notice").wait_for()
        fields = page.locator("#nd-adding-row-library")
        expect(fields).to_be_visible()
        page.locator("#nd-files-library input[type=file]").set_input_files(
            {"name": "kell.txt", "mimeType": "text/plain", "buffer": b"The lighthouse at Kell cost 7 million crowns."}
        )
        expect(page.locator("#nd-library-place .nd-adding")).to_contain_text(re.compile("1 article added"))
        # It is not shut under the hand that adds.
        page.locator(".nd-library tbody tr").wait_for()
        expect(fields).to_be_visible()
        line(page, "Add articles").click()
        expect(fields).to_be_hidden()
