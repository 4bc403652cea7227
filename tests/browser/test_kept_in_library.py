"""Conversations that a library keeps for its readers' logins: there in every browser of theirs, and in no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader, Readers, fake_page
from tests.browser.serve_fake import PASSWORD
from tests.browser.test_conversations import KEPT, kept, more
from tests.browser.test_views import violations
from tests.web.fakes import CHINA

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with users that keeps their conversations."""
    with fake_page(str(tmp_path_factory.mktemp("kept"))) as address:
        yield address


def as_user(readers: Readers, name: str, address: str) -> Reader:
    return readers(address=address, http_credentials={"username": name, "password": PASSWORD})  # type: ignore[arg-type]


def names(page: Page) -> list[str]:
    return page.locator(".nd-talk span").all_inner_texts()


def test_a_conversation_goes_on_in_another_browser_of_its_reader_and_nobody_else_sees_it(
    readers: Readers, served: str
) -> None:
    first = kept(as_user(readers, "ada", served), "What did they sign?")
    expect(first.locator(".nd-rail footer")).to_contain_text("under your login")
    assert violations(first) == []

    second = as_user(readers, "ada", served).page
    second.locator(".nd-talk").click()
    expect(second.locator(".nd-question")).to_have_text("What did they sign?")
    expect(second).to_have_url(KEPT)
    second.locator(".nd-turn:last-child .nd-cite").first.click()
    expect(second.locator(".nd-paper mark")).to_have_text(CHINA[0].quote)
    box = second.get_by_label("Your question")
    box.fill("and why?")
    box.press("Enter")
    expect(second.locator(".nd-made")).to_have_count(2)

    # The first browser fell behind: what it goes on with is a conversation of its own.
    box = first.get_by_label("Your question")
    box.fill("What did Japan say?")
    box.press("Enter")
    expect(first.locator(".nd-talk")).to_have_count(2)

    other = as_user(readers, "grace", served).page
    assert names(other) == []
    other.goto(re.sub("^.*#", f"{served}/#", first.url))
    expect(other.locator(".nd-said")).to_contain_text("not among yours")


def test_they_are_searched_renamed_deleted_and_had_back(readers: Readers, served: str) -> None:
    page = kept(as_user(readers, "grace", served), "Why does China object?")
    page.reload()
    expect(page.locator(".nd-question")).to_have_text("Why does China object?")
    more(page, "Why does China object?", "Rename")
    page.get_by_label("New name").fill("The objection")
    page.get_by_label("New name").press("Enter")
    search = page.get_by_label("Search", exact=True)
    search.fill("nothing of this kind")
    expect(page.locator("[data-nothing]")).to_have_text("Nothing holds these words.")
    search.fill("bolder NEIGHBOUR")
    expect(page.locator(".nd-talk span")).to_have_text("The objection")
    search.fill("")
    more(page, "The objection", "Delete")
    expect(page.locator(".nd-talk")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".nd-talk span")).to_have_text("The objection")


def test_what_the_browser_kept_before_is_moved_where_its_reader_asks_for_it(readers: Readers, served: str) -> None:
    page = kept(as_user(readers, "ada", served), "What did they sign?")
    page.evaluate(
        """async () => {
            const names = (await indexedDB.databases()).map((one) => one.name);
            const here = names.find((name) => name.startsWith("newsdesk-"));
            const browser = await newsdesk.keeping.inBrowser(here);
            const library = newsdesk.keeping.inLibrary();
            const [head] = await library.heads();
            const turns = await library.body(head.id);
            await browser.put({ ...head, id: "00000000000000aa", name: "From before", text: "" }, turns, 0);
        }"""
    )
    page.reload()
    page.get_by_role("button", name="Move 1 conversation of this browser here").click()
    entry = page.locator(".nd-talk", has_text="From before")
    entry.click()
    expect(page.locator(".nd-question").first).to_have_text("What did they sign?")
    page.reload()
    expect(entry).to_have_count(1)
    expect(page.get_by_role("button", name="Move 1 conversation")).to_have_count(0)


def test_what_cannot_be_moved_stays_in_the_browser_and_holds_nothing_else_up(readers: Readers, served: str) -> None:
    reader = as_user(readers, "ada", served)
    page = kept(reader, "What did they sign?")
    page.evaluate(
        """async () => {
            const names = (await indexedDB.databases()).map((one) => one.name);
            const browser = await newsdesk.keeping.inBrowser(names.find((name) => name.startsWith("newsdesk-")));
            const library = newsdesk.keeping.inLibrary();
            const [head] = await library.heads();
            const turns = await library.body(head.id);
            await browser.put({ ...head, id: "0000000000000000", name: "Without an answer", text: "" }, [], 0);
            await browser.put({ ...head, name: "Under an id that is taken", text: "" }, turns, 0);
        }"""
    )
    page.reload()
    page.get_by_role("button", name="Move 2 conversations of this browser here").click()
    expect(page.locator(".nd-talk", has_text="Under an id that is taken")).to_have_count(1)
    expect(page.locator(".nd-said")).to_contain_text("cannot be reached")
    expect(page.get_by_role("button", name="Move 1 conversation of this browser here")).to_be_visible()
    expect(page.locator(".nd-talk", has_text="Without an answer")).to_have_count(0)
    assert any("400" in one for one in reader.complaints)
    reader.complaints.clear()


def test_a_long_question_is_cut_between_characters_to_name_its_conversation(readers: Readers, served: str) -> None:
    question = f"Why does China object? {'x' * 96}😀 and so on"
    page = kept(as_user(readers, "grace", served), question)
    expect(page.locator(".nd-talk[aria-current] span")).to_have_text(question[:120])
