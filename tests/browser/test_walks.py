"""What walking the page by eye and by keyboard has found: the focus is never lost, no note is covered, what is shown is
what holds, and an address that leads nowhere says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDE, Reader, Readers, served_app
from tests.browser.test_conversations import PHONE, kept, more
from tests.browser.test_views import library, view

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIMITS = "Limit to dates, outlets or tags"


def listed(reader: Reader, *questions: str) -> Page:
    """A reader with a conversation for each question, the list in view."""
    for question in questions:
        kept(reader, question)
        reader.page.locator("#nd-fresh").click()
        reader.page.locator(".nd-welcome").wait_for()
    drawer = reader.page.get_by_role("button", name="Conversations", exact=True)
    if drawer.is_visible():
        drawer.click()
    return reader.page


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_deleted_conversation_is_had_back_from_where_it_was_deleted(readers: Readers, size: tuple[int, int]) -> None:
    page = listed(readers(size=size), "What did they sign?", "What did Japan say?")
    more(page, "What did Japan say?", "Delete")
    expect(page.locator(".nd-talk", has_text="What did they sign?")).to_be_focused()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_in_viewport()
    # Nothing lies over it.
    undo.click()
    expect(page.locator(".nd-talk", has_text="What did Japan say?")).to_be_focused()
    expect(page.locator(".nd-talk", has_text="What did Japan say?")).to_be_visible()


def test_a_note_goes_with_its_view(readers: Readers) -> None:
    page = listed(readers(), "What did they sign?")
    more(page, "What did they sign?", "Delete")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    view(page, "Quality")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_keyboard_goes_on_above_a_list_that_is_empty_now(readers: Readers) -> None:
    page = listed(readers(), "What did they sign?")
    page.get_by_role("button", name="Delete all").press("Enter")
    expect(page.locator(".nd-talk")).to_have_count(0)
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".nd-talk")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_an_address_of_an_article_gives_it_the_focus(readers: Readers, size: tuple[int, int]) -> None:
    reader = readers(size=size)
    page = reader.page.context.new_page()
    page.goto(f"{reader.address}/#article=ledger")
    expect(page.locator(".nd-paper h2")).to_be_focused()


def test_addresses_that_lead_nowhere_say_so_in_words_of_the_page(readers: Readers) -> None:
    reader = readers()
    for place, said in (("article=nobody", ".nd-paper"), ("story=nobody", "#nd-story-place")):
        page = reader.page.context.new_page()
        page.goto(f"{reader.address}/#{place}")
        expect(page.locator(said)).to_contain_text("not whole")
        expect(page.locator(said)).not_to_contain_text("newsdesk ")
    page = reader.page.context.new_page()
    page.goto(f"{reader.address}/#view=nowhere")
    expect(page.locator(".nd-welcome")).to_be_visible()
    expect(page.get_by_role("tab", name="Ask")).to_have_attribute("aria-selected", "true")


def test_limits_are_told_where_their_fields_are_shut(readers: Readers) -> None:
    page = readers().page
    page.get_by_role("button", name=LIMITS).click()
    page.get_by_label("From").fill("2024-06-01")
    page.get_by_role("button", name=LIMITS).click()
    told = page.get_by_role("button", name="Only articles published since 1 June 2024")
    told.click()
    page.get_by_label("From").fill("")
    page.get_by_role("button", name=LIMITS).click()
    expect(page.get_by_role("button", name=LIMITS)).to_be_visible()
    expect(page.get_by_label("From")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_further_question_begins_right_under_the_head(readers: Readers, size: tuple[int, int]) -> None:
    reader = readers(size=size, reduced_motion="reduce")
    reader.answered("What did they sign?")
    reader.answered("What did Japan say?")
    # Nothing of the answer before it is seen above it.
    above = "[...document.querySelectorAll('.nd-turn')].at(-1).getBoundingClientRect().top"
    head = "(e => getComputedStyle(e).position === 'sticky' ? e.offsetHeight : 0)(document.querySelector('#nd-top'))"
    assert reader.page.evaluate(f"{above} - {head}") <= 8


# 640 x 400 is what a window of 1,280 x 800 has at 200%.
@pytest.mark.parametrize("size", [(640, 400), PHONE, WIDE])
def test_what_has_the_focus_is_seen(readers: Readers, size: tuple[int, int]) -> None:
    reader = readers(size=size, reduced_motion="reduce")
    reader.answered("What did they sign?")
    page = reader.page
    page.get_by_role("tab", name="Ask").focus()
    over = """() => {
      const one = document.activeElement;
      const { left, top, width, height } = one.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + height / 2)?.closest("#nd-composer, #nd-top");
      return seen && !seen.contains(one) ? one.outerHTML.slice(0, 120) : ""; }"""
    covered = []
    for _press in range(24):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(over))
    assert [one for one in covered if one] == []
    box = page.get_by_label("Your question")
    box.focus()
    assert box.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_the_words_of_gradio_on_its_own_work_are_read_to_nobody(readers: Readers) -> None:
    reader = readers()
    reader.ask("go on forever")
    reader.page.locator(".nd-draft").wait_for()
    assert "processing" not in reader.page.locator("body").aria_snapshot()
    reader.page.get_by_role("button", name="Stop").click()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_the_library_begins_with_what_finds_an_article(readers: Readers, app: str, size: tuple[int, int]) -> None:
    page = library(readers(address=app, size=size))
    line = page.locator("summary:visible", has_text="Add articles")
    find, add, first = (one.bounding_box() for one in (page.get_by_label("Find"), line, page.locator(".nd-library")))
    assert find is not None
    assert add is not None
    assert first is not None
    assert find["y"] < add["y"] < first["y"]
    expect(page.locator("#nd-address-library")).to_be_hidden()
    line.press("Enter")
    expect(page.locator("#nd-address-library")).to_be_visible()


def test_what_is_corrected_and_tagged_is_there_in_every_view(readers: Readers, tmp_path: Path) -> None:
    with served_app(tmp_path / "library") as address:
        _correct_and_tag(library(readers(address=address)))


def _correct_and_tag(page: Page) -> None:
    page.locator(".nd-library .nd-headline", has_text="Sous la pluie").click()
    page.locator(".nd-edit summary").click()
    page.locator(".nd-edit [name=title]").fill("Under the rain")
    page.locator(".nd-edit [name=published]").fill("2024-07-28")
    page.locator(".nd-edit [name=tags]").fill("games")
    page.locator(".nd-edit").get_by_role("button", name="Keep").click()
    row = page.locator(".nd-library tr", has_text="Under the rain")
    expect(row).to_contain_text("28 July 2024")
    expect(row).to_contain_text("games")
    expect(page.locator(".nd-history")).to_contain_text("the date was 27 July 2024, 05:45 UTC")
    page.keyboard.press("Escape")
    expect(row.locator(".nd-headline")).to_be_focused()
    view(page, "Ask")
    page.get_by_role("button", name=LIMITS).click()
    page.locator("#nd-tags").get_by_role("combobox").click()
    page.get_by_role("option", name="games").click()
    page.keyboard.press("Escape")
    box = page.get_by_label("Your question")
    box.fill("What happened at the opening ceremony?")
    box.press("Enter")
    expect(page.locator(".nd-scope")).to_have_text("Only articles tagged games")
    view(page, "Briefing")
    page.locator("#nd-briefing .nd-story").first.wait_for()
    page.locator("#nd-brief-tags").get_by_role("combobox").click()
    page.get_by_role("option", name="games").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Make briefing").click()
    expect(page.locator("#nd-briefing .nd-story")).to_have_count(1)
    view(page, "Newsletter")
    page.locator(".nd-card").first.wait_for()
    page.get_by_label(re.compile("Only articles with one of these tags")).fill("games")
    page.get_by_role("button", name="Everything").last.click()
    page.get_by_role("button", name="Make the issue").click()
    expect(page.locator(".nd-card:not(.nd-out)")).to_have_count(1)
    expect(page.locator(".nd-card h4")).to_contain_text("Under the rain")
