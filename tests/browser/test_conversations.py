"""A reader comes back: conversations that are kept, and addresses that lead where they did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader, Readers
from tests.web.fakes import CHINA, LEDGER

pytestmark = pytest.mark.browser
CITES = ".nd-turn:last-child .nd-cite"
KEPT = re.compile(r"#conversation=[0-9a-f]{16}$")
PHONE = (360, 740)


def kept(reader: Reader, question: str) -> Page:
    """A reader whose question is answered and kept."""
    reader.answered(question)
    link = reader.page.locator(".nd-talk[aria-current]")
    expect(link).to_have_count(1)
    expect(reader.page).to_have_url(KEPT)
    return reader.page


def more(page: Page, name: str, what: str) -> None:
    entry = page.locator(".nd-rail li", has=page.get_by_text(name))
    entry.locator("summary").click()
    entry.get_by_role("button", name=what).click()


def test_a_reload_goes_on_where_one_was(readers: Readers) -> None:
    page = kept(readers(), "What did they sign?")
    page.reload()
    expect(page.locator(".nd-question")).to_have_text("What did they sign?")
    page.locator(CITES).first.click()
    expect(page.locator(".nd-paper mark")).to_have_text(CHINA[0].quote)
    box = page.get_by_label("Your question")
    box.fill("and why?")
    box.press("Enter")
    expect(page.locator(".nd-understood")).to_have_text("Understood as: and why? (about What did they sign?)")
    expect(page.locator(".nd-rail li")).to_have_count(1)


def test_back_and_forward_lead_through_conversations_and_views(readers: Readers) -> None:
    reader = readers()
    page = kept(reader, "What did they sign?")
    page.get_by_role("button", name="New conversation").click()
    page.locator(".nd-welcome").wait_for()
    kept(reader, "Why does China object?")
    page.get_by_role("tab", name="Quality").click()
    expect(page).to_have_url(re.compile("view=quality"))
    page.go_back()
    expect(page.get_by_role("tab", name="Ask")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.locator(".nd-question")).to_have_text("What did they sign?")
    page.go_forward()
    expect(page.locator(".nd-question")).to_have_text("Why does China object?")


def test_on_a_phone_back_closes_the_article_and_forward_opens_it(readers: Readers) -> None:
    reader = readers(size=PHONE)
    reader.answered("Why does China object?")
    page = reader.page
    page.locator(CITES).nth(1).click()
    expect(page.locator(".nd-paper mark")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".nd-paper")).to_have_count(0)
    expect(page.locator(".nd-question")).to_be_visible()
    page.go_forward()
    expect(page.locator(".nd-paper mark")).to_have_text(CHINA[1].quote)
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator(".nd-paper")).to_have_count(0)
    expect(page).to_have_url(KEPT)


def test_an_address_shows_its_article_at_the_quote(readers: Readers) -> None:
    first = readers()
    first.answered("Why does China object?")
    first.page.locator(CITES).nth(1).click()
    first.page.locator(".nd-paper mark").wait_for()
    expect(first.page).to_have_url(re.compile("article=ledger&quote="))
    address = re.sub("conversation=[^&]*&", "", first.page.url)
    other = readers().page.context.new_page()
    other.goto(address)
    expect(other.locator(".nd-paper mark")).to_have_text(CHINA[1].quote)
    expect(other.locator(".nd-paper h2")).to_have_text(LEDGER.ref.title)


def test_a_conversation_of_another_browser_is_told_to_be_elsewhere(readers: Readers) -> None:
    page = readers().page
    page.goto(f"{page.url}#conversation=0123456789abcdef")
    expect(page.locator(".nd-said")).to_contain_text("not kept in this browser")
    expect(page.locator(".nd-welcome")).to_be_visible()


def test_conversations_are_searched_renamed_exported_deleted_and_had_back(readers: Readers) -> None:
    reader = readers()
    page = kept(reader, "What did they sign?")
    page.get_by_role("button", name="New conversation").click()
    page.locator(".nd-welcome").wait_for()
    kept(reader, "What did Japan say?")
    entries = page.locator(".nd-rail li")
    search = page.get_by_label("Search", exact=True)
    search.fill("bolder neighbour")
    expect(entries).to_have_count(1)
    more(page, "What did they sign?", "Rename")
    page.get_by_label("New name").fill("The treaty")
    page.get_by_label("New name").press("Enter")
    expect(entries).to_contain_text("The treaty")
    search.fill("")
    with page.expect_download() as download:
        more(page, "The treaty", "Export")
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("# The treaty\n\n## What did they sign?")
    assert "[1]" in text
    more(page, "What did Japan say?", "Delete")
    expect(entries).to_have_count(1)
    expect(page.locator(".nd-welcome")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(entries).to_have_count(2)
    page.locator(".nd-talk", has_text="The treaty").click()
    expect(page.locator(".nd-question")).to_have_text("What did they sign?")
    page.reload()
    expect(page.locator(".nd-talk[aria-current]")).to_contain_text("The treaty")


def test_two_tabs_never_write_over_each_other(readers: Readers) -> None:
    reader = readers()
    page = kept(reader, "What did they sign?")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".nd-question").wait_for()
    for one, question in ((other, "What did Japan say?"), (page, "and why?")):
        one.get_by_label("Your question").fill(question)
        one.get_by_label("Your question").press("Enter")
        expect(one.locator(".nd-talk[aria-current]")).to_have_count(1)
        expect(one.locator(".nd-turn[data-turn='1'] :is(.nd-made, .nd-missing)").first).to_be_visible()
    expect(page.locator(".nd-rail li")).to_have_count(2)
    expect(other.locator(".nd-rail li")).to_have_count(2)


def test_the_list_is_a_drawer_on_a_phone(readers: Readers) -> None:
    reader = readers(size=PHONE)
    reader.answered("What did they sign?")
    page = reader.page
    page.get_by_role("button", name="New conversation").click()
    page.locator(".nd-welcome").wait_for()
    page.get_by_role("button", name="Conversations", exact=True).click()
    page.get_by_role("link", name="What did they sign?").click()
    expect(page.locator(".nd-question")).to_have_text("What did they sign?")
    expect(page.locator("#nd-rail")).to_be_hidden()


def test_a_hostile_question_does_nothing_in_the_list_and_when_it_comes_back(readers: Readers) -> None:
    question = "<img src=x onerror='window.hacked=1'> the museum ${window.hacked=2}"
    page = kept(readers(), question)
    page.reload()
    expect(page.locator(".nd-question")).to_have_text(question)
    expect(page.locator(".nd-talk")).to_contain_text(question)
    assert page.evaluate("window.hacked") is None
    assert page.locator(":is(.nd-log, .nd-rail) :is(script, img, iframe)").count() == 0


@pytest.mark.parametrize("width", [360, 384, 512, 600, 768, 834, 1024, 1200, 1440])
def test_the_head_is_whole_at_every_width(readers: Readers, width: int) -> None:
    page = readers(size=(width, 740)).page
    whole = page.evaluate(
        """() => [...document.querySelectorAll('#nd-top :is(h1, button)')].filter((e) => e.offsetParent).every((e) => {
          const { left, right, height } = e.getBoundingClientRect();
          return left >= 0 && right <= innerWidth && height < 60 && e.scrollWidth <= e.clientWidth + 1;
        })"""
    )
    assert whole
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 600:
        heights = page.evaluate("['#nd-top', '#nd-composer'].map((n) => document.querySelector(n).offsetHeight)")
        assert sum(heights) <= 740 / 4


@pytest.mark.parametrize("width", [1024, 1200, 1440])
def test_the_article_stands_beside_the_answer(readers: Readers, width: int) -> None:
    reader = readers(size=(width, 800))
    reader.answered("Why does China object?")
    reader.page.locator(CITES).first.click()
    reader.page.locator(".nd-paper mark").wait_for()
    answer = reader.page.locator("#nd-conversation").bounding_box()
    article = reader.page.locator(".nd-panel").bounding_box()
    assert answer is not None
    assert article is not None
    assert answer["width"] > 400
    assert article["x"] >= answer["x"] + answer["width"]
    assert article["y"] < 100
