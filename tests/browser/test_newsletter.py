"""An editor at the Newsletter view: sees the issue as it will look, changes it, comes back to it, takes it away."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from newsletter.text import EDITORS_NOTE
from tests.browser.conftest import Reader, Readers
from tests.browser.test_views import LOOKS, view, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def issue(reader: Reader) -> Page:
    view(reader.page, "Newsletter")
    reader.page.locator(".nd-card").first.wait_for()
    reader.page.locator("#nd-preview .nd-preview").wait_for()
    return reader.page


def headlines(page: Page) -> list[str]:
    return page.locator(".nd-card:not(.nd-out) h4").all_inner_texts()


def previewed(page: Page) -> Locator:
    return page.frame_locator("#nd-preview iframe").locator("h3")


def test_the_preview_follows_every_change_and_a_reload_brings_it_back(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = issue(reader)
    before = headlines(page)
    page.get_by_role("button", name=f"Move down: {before[0]}").click()
    expect(page.locator(".nd-card h4").first).to_have_text(before[1])
    expect(previewed(page).first).to_have_text(before[1])
    page.get_by_role("button", name=f"Leave out: {before[2]}").click()
    expect(page.get_by_role("button", name=f"Put back: {before[2]}")).to_be_focused()
    expect(previewed(page)).to_have_count(len(before) - 1)
    first = page.locator(".nd-card").first
    first.locator("summary").click()
    first.get_by_label("note").fill("Read this one first.")
    first.get_by_label("note").press("Tab")
    expect(page.frame_locator("#nd-preview iframe").locator("body")).to_contain_text(
        f"{EDITORS_NOTE}:Read this one first."
    )
    old = first.locator("blockquote").first.inner_text()
    first.get_by_role("button", name="Replace quote 1").click()
    other = first.locator(".nd-others button").first.inner_text()
    first.locator(".nd-others button").first.click()
    expect(first.locator("blockquote").first).to_have_text(other)
    assert other != old
    first.locator("summary").click()
    page.get_by_role("button", name=f"Move down: {before[1]}").click()
    expect(page.locator(".nd-card").nth(1).get_by_label("note")).to_have_value("Read this one first.")
    expect(page.locator(".nd-card").first.get_by_label("note")).to_have_value("")
    page.get_by_role("button", name=f"Move up: {before[1]}").click()
    expect(page.locator(".nd-card").first.get_by_label("note")).to_have_value("Read this one first.")
    now = headlines(page)
    page.reload()
    page.locator(".nd-card").first.wait_for()
    assert headlines(page) == now
    expect(page.locator(".nd-card").first.get_by_label("note")).to_have_value("Read this one first.")
    expect(page.locator(".nd-card blockquote").first).to_have_text(other)


def test_what_was_being_written_when_the_issue_is_made_anew_is_in_it(readers: Readers, app: str) -> None:
    page = issue(readers(address=app))
    page.get_by_label("Subject of the mail").fill("Ferries, and what else there was")
    with page.expect_request(lambda one: "choices" in (one.post_data or "")) as asked:
        page.get_by_role("button", name="Make the issue").click()
    assert "Ferries, and what else there was" in (asked.value.post_data or "")


def test_the_keyboard_alone_edits_an_issue(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = issue(reader)
    before = headlines(page)
    page.get_by_role("button", name=f"Move up: {before[1]}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".nd-card h4").first).to_have_text(before[1])
    # It stands first by now, so that only the way down is open.
    expect(page.get_by_role("button", name=f"Move down: {before[1]}")).to_be_focused()
    expect(page.locator("#nd-preview [role=status]")).to_contain_text("Now 1 of")
    page.keyboard.press("Enter")
    expect(page.locator(".nd-card h4").first).to_have_text(before[0])
    replace = page.locator(".nd-card").first.get_by_role("button", name="Replace quote 1")
    replace.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".nd-others")).to_be_visible()
    expect(replace).to_be_focused()
    page.locator(".nd-others button").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".nd-others")).to_have_count(0)
    subject = page.get_by_label("Subject of the mail")
    subject.fill("Everything else")
    subject.press("Tab")
    expect(page.locator("#nd-preview [role=status]")).to_have_text("Kept.")


def test_what_is_taken_away_is_what_the_command_line_reads(readers: Readers, app: str, tmp_path: Path) -> None:
    reader = readers(address=app)
    page = issue(reader)
    page.get_by_role("button", name=f"Leave out: {headlines(page)[0]}").click()
    page.get_by_role("button", name="Put back").wait_for()
    files = {}
    for label in ("HTML", "Plain text", "E-mail draft", "Your changes", "Settings"):
        with page.expect_download() as waiting:
            page.locator("#nd-editor").get_by_role("button", name=label, exact=True).click()
        made = waiting.value
        made.save_as(tmp_path / made.suggested_filename)
        files[made.suggested_filename] = (tmp_path / made.suggested_filename).read_text("utf-8")
    assert tomllib.loads(files["edits.toml"])["stories"][0]["drop"] is True
    assert tomllib.loads(files["newsletter.toml"])["sections"]
    assert files["issue.html"].startswith("<!DOCTYPE html>")
    assert "X-Unsent: 1" in files["issue.eml"]


@pytest.mark.parametrize(("size", "scheme"), [*LOOKS, ((768, 1024), "light")])
def test_the_view_keeps_nobody_out(readers: Readers, app: str, size: tuple[int, int], scheme: str) -> None:
    reader = readers(address=app, size=size, color_scheme=scheme, reduced_motion="reduce")
    page = issue(reader)
    page.locator(".nd-card summary").first.click()
    page.get_by_role("button", name="Replace quote 1").first.click()
    page.locator(".nd-others").wait_for()
    page.get_by_role("button", name="Phone").click()
    page.locator("#nd-preview").get_by_role("button", name="Plain text", exact=True).click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
