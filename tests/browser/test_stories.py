"""Stories have addresses: opened from every view, left with Back, opened again by whoever is given the address; topics
are saved, looked at and followed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Readers
from tests.browser.test_views import LOOKS, library, view, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TREATY = "Putin and Kim sign treaty"


def whole(page: Page) -> Page:
    page.locator(".nd-whole h2").wait_for(timeout=60_000)
    return page


def test_a_story_is_opened_from_the_briefing_and_left_with_back(readers: Readers, app: str) -> None:
    page = readers(address=app).page
    view(page, "Briefing")
    page.get_by_role("button", name="Everything").click()
    link = page.locator("#nd-briefing .nd-story-link", has_text=TREATY)
    link.click()
    whole(page)
    expect(page.locator(".nd-whole h2")).to_contain_text(TREATY)
    expect(page).to_have_url(re.compile(r"#view=briefing&story=[0-9a-f]{16}$"))
    expect(page).to_have_title(re.compile(TREATY))
    expect(page.get_by_role("tab", name="Briefing")).to_have_attribute("aria-selected", "true")
    for heading in ("Who says what", "Timeline", "How much it is told", "Related stories", "All articles"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.locator(".nd-whole .nd-cite").first.click()
    page.locator(".nd-paper mark").wait_for()
    page.go_back()
    expect(page.locator(".nd-paper")).to_have_count(0)
    expect(page.locator(".nd-whole h2")).to_be_visible()
    page.go_back()
    expect(link).to_be_visible()
    expect(page.locator(".nd-whole h2")).to_be_hidden()
    expect(link).to_be_focused()
    page.go_forward()
    expect(page.locator(".nd-whole h2")).to_be_visible()


def test_whoever_is_given_the_address_reads_the_story_and_goes_on_to_related_ones(readers: Readers, app: str) -> None:
    page = library(readers(address=app))
    page.locator("tr", has_text="Seoul says it may rethink").get_by_role("link", name="Story").click()
    whole(page)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    whole(page)
    page.locator(".nd-whole .nd-story-link", has_text=TREATY).click()
    expect(page.locator(".nd-whole h2")).to_contain_text(TREATY)
    page.get_by_role("tab", name="Ask").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    assert "story=" not in page.url


def test_the_story_of_a_cited_article_is_one_step_away(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("What did Putin and Kim sign in Pyongyang?")
    page = reader.page
    page.locator(".nd-sources").get_by_role("link", name="Whole story").first.click()
    expect(whole(page).locator(".nd-whole h2")).to_contain_text(TREATY)
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".nd-answer")).to_be_visible()
    page.locator(".nd-answer .nd-cite").first.click()
    page.get_by_role("link", name="The whole story").click()
    expect(page.locator(".nd-paper")).to_have_count(0)
    expect(page.locator(".nd-whole h2")).to_contain_text(TREATY)


def test_a_story_that_is_not_there_is_told_so(readers: Readers, app: str) -> None:
    page = readers(address=app).page
    page.goto(f"{app}/#story=0000000000000000")
    expect(page.locator("#nd-story-place")).to_contain_text("no such story here")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_story_keeps_nobody_out(readers: Readers, app: str, size: tuple[int, int], scheme: str) -> None:
    page = readers(address=app, size=size, color_scheme=scheme, reduced_motion="reduce").page
    view(page, "Briefing")
    page.locator("#nd-briefing .nd-story").first.wait_for()
    for line in page.locator(".nd-fold summary:visible").all():
        line.click()
    page.get_by_label("Topic, or nothing").fill("treaty")
    page.get_by_role("button", name="Save this topic").click()
    expect(page.locator(".nd-topic-list")).to_contain_text("treaty")
    assert violations(page) == []
    page.locator("#nd-briefing .nd-story-link").first.click()
    whole(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_topic_is_saved_looked_at_and_forgotten(readers: Readers, app: str) -> None:
    page = readers(address=app).page
    view(page, "Briefing")
    page.get_by_role("button", name="Save this topic").click()
    expect(page.locator(".nd-said")).to_contain_text("Type a topic above")
    page.get_by_label("Topic, or nothing").fill("Kenya tax bill")
    page.get_by_role("button", name="Save this topic").click()
    line = page.locator(".nd-topic-list li")
    expect(line).to_contain_text("saved; what comes in from now on is new")
    feed = line.get_by_role("link", name="Feed of the topic").get_attribute("href")
    got = page.request.get(f"{app}/{feed}")
    assert got.headers["content-type"].startswith("application/atom+xml")
    page.reload()
    expect(line).to_contain_text("nothing new since")
    line.locator("[data-look]").click()
    expect(page.locator("[data-looked]")).to_contain_text("nothing new")
    line.get_by_role("button", name="Forget").click()
    expect(line).to_have_count(0)
    expect(page.get_by_role("button", name="Save this topic")).to_be_focused()
    page.locator(".nd-said").get_by_role("button", name="Undo").click()
    expect(line).to_have_count(1)
