"""What a reader does beside asking: copy, edit, rate, look back; add, find and remove articles; read the figures."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader, Readers
from tests.web.hostile import HOSTILE_TEXTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = (1280, 860), (360, 780)
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]


TURNS_KEPT = """(wanted) => new Promise((resolve) => {
  indexedDB.open("newsdesk").onsuccess = (opened) => {
    const bodies = opened.target.result.transaction("bodies").objectStore("bodies").getAll();
    bodies.onsuccess = () => resolve(bodies.result.some((body) => body.turns.length === wanted));
  };
})"""


def view(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def library(reader: Reader) -> Page:
    view(reader.page, "Library")
    reader.page.locator(".nd-library table").wait_for()
    return reader.page


def violations(page: Page) -> list[str]:
    """What axe-core finds, of any impact."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_no_view_keeps_anybody_out(readers: Readers, app: str, size: tuple[int, int], scheme: str) -> None:
    reader = readers(address=app, size=size, color_scheme=scheme, reduced_motion="reduce")
    page = reader.page
    assert violations(page) == []
    reader.answered("Why does China object?")
    reader.answered("How do I keep a sourdough starter alive?")
    page.locator(".nd-details summary").first.click()
    assert violations(page) == []
    page.locator(".nd-answer .nd-cite").first.click()
    page.locator(".nd-paper mark").wait_for()
    assert violations(page) == []
    page.get_by_label("Close the article").click()
    if size == NARROW:
        page.get_by_role("button", name="Conversations", exact=True).click()
    page.locator(".nd-rail summary").first.click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    view(page, "Briefing")
    page.locator("#nd-briefing .nd-story").first.wait_for()
    assert violations(page) == []
    library(reader)
    assert violations(page) == []
    view(page, "Quality")
    page.locator(".nd-quality").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_story_alone_is_asked_until_everything_is_again(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    page.locator(".nd-headline", has_text="Hajj deaths pass 1,000").click()
    page.get_by_role("button", name="Ask about this story only").click()
    expect(page.locator(".nd-storyline")).to_contain_text("Hajj deaths pass 1,000")
    reader.answered("How many people died?")
    titles = page.locator(".nd-sources .nd-headline").all_inner_texts()
    assert titles
    assert all("hajj" in title.lower() for title in titles)
    expect(page.locator(".nd-scope")).to_contain_text("that tell the story")
    page.get_by_role("button", name="Ask about everything").click()
    expect(page.locator(".nd-storyline")).to_be_empty()
    reader.answered("What did Putin and Kim sign in Pyongyang?")
    expect(page.locator(".nd-sources").last).to_contain_text("Putin")


def test_an_answer_is_copied_with_its_sources(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app)
    reader.answered("Why does China object?")
    reader.page.get_by_role("button", name="Copy as Markdown").click()
    expect(reader.page.get_by_role("button", name="Copied")).to_be_visible()
    markdown = reader.page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in markdown
    assert "](<https://" in markdown
    reader.page.get_by_role("button", name="Copy", exact=True).click()
    plain = reader.page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in plain
    assert "](" not in plain


def test_a_question_is_asked_again_and_edited(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("Why does China object?")
    reader.page.get_by_role("button", name="Ask again").click()
    reader.finished(1)
    reader.page.get_by_role("button", name="Edit question").first.click()
    box = reader.page.get_by_label("Your question")
    expect(box).to_have_value("Why does China object?")
    expect(box).to_be_focused()
    box.press("End")
    box.type(" Really?")
    box.press("Enter")
    reader.finished(2)
    expect(reader.page.locator(".nd-question").last).to_have_text("Why does China object? Really?")


def test_questions_to_go_on_with_are_asked_by_choosing_them(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("Why does China object?")
    further = reader.page.locator(".nd-further button").first
    question = further.inner_text()
    further.click()
    reader.finished(1)
    expect(reader.page.locator(".nd-question").last).to_have_text(question)


def test_a_reader_says_that_it_did_not_help_and_why(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("Why does China object?")
    reader.page.get_by_text("Not helpful").click()
    reader.page.get_by_role("button", name="something is missing").click()
    expect(reader.page.get_by_text("Noted: something is missing.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Helpful", exact=True)).to_have_count(0)


def test_articles_are_found_filtered_sorted_and_read(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    rows = page.locator(".nd-library tbody tr")
    whole = rows.count()
    page.get_by_label("Find").press_sequentially("kenya")
    expect(rows.filter(has_not_text=re.compile("kenya", re.IGNORECASE))).to_have_count(0)
    assert 0 < rows.count() < whole
    page.get_by_label("Find").fill("")
    expect(rows).to_have_count(whole)
    page.get_by_label("Order").click()
    page.get_by_role("option", name="Oldest").click()
    expect(rows.first).to_contain_text("March 2024")
    page.get_by_label("Only").click()
    page.get_by_role("option", name="Carried by several outlets").click()
    expect(rows.first).to_contain_text("carried by")
    rows.first.locator(".nd-headline").click()
    expect(page.locator(".nd-paper")).to_contain_text("Also carried by")
    expect(page.locator(".nd-chart svg")).to_have_attribute("aria-label", re.compile("Articles over time"))


def test_a_file_is_added_answers_and_is_removed_in_two_steps(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    text = "---\ntitle: A lighthouse for Kell\noutlet: Kell Post\n---\nThe lighthouse at Kell cost 7 million crowns.\n"
    page.locator("#nd-files-library input[type=file]").set_input_files(
        {"name": "kell.md", "mimeType": "text/markdown", "buffer": text.encode()}
    )
    expect(page.get_by_text("1 article added.")).to_be_visible()
    view(page, "Ask")
    reader.answered("How much did the lighthouse at Kell cost?")
    expect(page.locator(".nd-answer")).to_contain_text("7 million crowns")
    library(reader)
    row = page.locator(".nd-library tr", has_text="A lighthouse for Kell")
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The article is removed.")).to_have_count(0)
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The article is removed.")).to_be_visible()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("tab", name="Library")).to_be_focused()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_what_an_own_article_does_not_say_is_asked_for_and_kept(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    text = (
        "The windmill of Kell turned for the first time in forty years. The miller of Kell sold 300 loaves that day.\n"
    )
    page.locator("#nd-files-library input[type=file]").set_input_files(
        {"name": "windmill.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    lacking = page.locator("#nd-library-place .nd-lacking")
    expect(lacking).to_contain_text("say what is missing")
    lacking.get_by_role("button").click()
    paper = page.locator(".nd-paper")
    paper.get_by_label("Title").fill("A windmill turns")
    paper.get_by_label("Outlet").fill("Kell Post")
    paper.get_by_label("Published").fill("2024-09-01")
    paper.get_by_role("button", name="Keep").click()
    expect(paper.locator("h2")).to_have_text("A windmill turns")
    expect(paper).to_contain_text("It is corrected")
    expect(paper.locator(".nd-history")).to_contain_text("the outlet was unknown")
    page.get_by_label("Close the article").click()
    reader.page.get_by_role("tab", name="Ask").click()
    reader.answered("How many loaves did the miller of Kell sell?")
    expect(page.locator(".nd-answer figcaption").first).to_contain_text("Kell Post, 1 September 2024")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "There is no address yet"),
        ("file:///etc/passwd", "is no address of the web"),
        ("http://127.0.0.1:1/", "Not read"),
    ],
)
def test_an_address_that_cannot_be_fetched_is_told(readers: Readers, app: str, address: str, said: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    page.locator("summary:visible", has_text="Add articles").click()
    page.locator("#nd-address-library").get_by_role("textbox").fill(address)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#nd-library-place .nd-adding")).to_contain_text(said)


def test_a_file_that_cannot_be_read_is_named_and_nothing_of_this_machine_is(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    page.locator("#nd-files-library input[type=file]").set_input_files(
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 broken"}
    )
    told = page.locator("#nd-library-place .nd-adding")
    expect(told).to_contain_text("broken.pdf")
    assert "/tmp" not in told.inner_text()
    assert "gradio" not in told.inner_text()


def test_hostile_articles_do_nothing_in_any_view(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = library(reader)
    rows = [
        {
            "title": text, "outlet": "Hostile Herald", "url": f"https://hostile.example/{number}", "author": text,
            "text": f"The museum of Kell burned on night {number}. {text} The mayor of Kell wept over case {number}.",
        }
        for number, text in enumerate(HOSTILE_TEXTS)
    ]  # fmt: skip
    content = "\n".join(json.dumps(row) for row in rows)
    page.locator("#nd-files-library input[type=file]").set_input_files(
        {"name": "hostile.jsonl", "mimeType": "application/jsonl", "buffer": content.encode()}
    )
    expect(page.locator("#nd-library-place .nd-adding")).to_contain_text(
        re.compile(r"\d+ articles added"), timeout=60_000
    )
    page.get_by_label("Find").fill("hostile herald")
    expect(page.locator(".nd-library tbody tr")).to_have_count(50)
    for number in range(0, 50, 7):
        page.locator(".nd-library .nd-headline").nth(number).click()
        page.locator(".nd-paper").wait_for()
    view(page, "Briefing")
    page.get_by_role("textbox", name="Topic, or nothing").fill("museum of Kell")
    page.get_by_role("button", name="Make briefing").click()
    page.locator(".nd-story").first.wait_for()
    view(page, "Ask")
    for question in ("What burned at Kell?", "Why did the mayor of Kell weep?", HOSTILE_TEXTS[0], HOSTILE_TEXTS[39]):
        reader.answered(question)
    page.wait_for_function(TURNS_KEPT, arg=4)
    page.reload()
    page.locator(".nd-turn").nth(3).wait_for()
    # What else could have happened, a request elsewhere, an error, a dialog, every reader watches for.
    assert page.evaluate("window.hacked") is None


def test_the_figures_of_the_gate_stand_in_the_quality_view(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    view(reader.page, "Quality")
    expect(reader.page.get_by_text(re.compile("Of 100 questions that the articles do not answer, "))).to_be_visible()
    reader.page.get_by_text("All figures, for developers").click()
    row = reader.page.locator(".nd-quality tr", has_text="exact_quotes")
    expect(row).to_contain_text("1.000")


def test_after_an_offered_question_the_keyboard_goes_on_from_its_answer(readers: Readers) -> None:
    page = readers().page
    page.locator(".nd-examples button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".nd-made").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.nd-turn') !== null")


def test_a_quotes_card_fits_a_phone(readers: Readers) -> None:
    reader = readers(size=(360, 740))
    reader.answered("Why does China object?")
    reader.page.locator(".nd-cite").first.focus()
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Tab")
    card = reader.page.locator("#nd-quote-card")
    card.wait_for()
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
