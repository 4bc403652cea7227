"""The page on the real core: `python app.py` fills an empty library with the sample articles and answers from it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Readers

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_sample_library_answers_the_first_example_with_exact_quotes(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.page.get_by_role("button", name="Why does China object?").click()
    reader.finished(0)
    cites = reader.page.locator(".nd-answer .nd-cite")
    assert cites.count() >= 2
    for number in range(cites.count()):
        quote = reader.page.locator(".nd-quote blockquote").nth(number).inner_text()
        cites.nth(number).click()
        mark = reader.page.locator(".nd-paper mark")
        expect(reader.page.locator(".nd-paper")).to_have_attribute("data-reference", f"0:citation:{number + 1}")
        assert mark.inner_text() in quote
        expect(mark).to_be_in_viewport()


def test_every_example_on_the_page_is_answered(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    examples = reader.page.locator("[data-ask]").all_inner_texts()
    assert len(examples) == 4
    for example in examples:
        reader.answered(example)
    expect(reader.page.locator(".nd-missing")).to_have_count(0)


def test_the_sample_library_says_when_it_does_not_know(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("How do I keep a sourdough starter alive?")
    expect(reader.page.get_by_text("The answer is not in these articles.")).to_be_visible()
    expect(reader.page.locator(".nd-nearest li")).not_to_have_count(0)


def test_an_outlet_limit_holds(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.page.get_by_role("button", name="Limit to dates, outlets or tags").click()
    reader.page.locator("#nd-outlets").get_by_role("combobox").click()
    reader.page.get_by_role("option", name="Civic Lantern").click()
    reader.answered("What has CrowdStrike promised to change?")
    outlets = reader.page.locator(".nd-sources .nd-byline").all_inner_texts()
    assert outlets
    assert all(outlet.startswith("Civic Lantern") for outlet in outlets)


def test_the_start_page_says_what_this_is_and_that_the_sample_is_invented(readers: Readers, app: str) -> None:
    welcome = readers(address=app).page.locator(".nd-welcome")
    expect(welcome).to_contain_text("Answers come only from the articles in this library")
    # Another reader of this library may have added an article of his own.
    expect(welcome).to_contain_text(re.compile(r"outlets and articles are invented|a sample, from invented outlets"))


def test_the_briefing_opens_filled_and_a_period_makes_another(readers: Readers, app: str) -> None:
    page = readers(address=app).page
    page.get_by_role("tab", name="Briefing").click()
    page.locator("#nd-briefing .nd-story").first.wait_for()
    expect(page.locator(".nd-periods [aria-pressed=true]")).to_have_count(1)
    page.get_by_role("button", name="Newest day").click()
    day = page.locator(".nd-periods button", has_text="Newest day").locator("span").inner_text()
    expect(page.locator(".nd-periods [aria-pressed=true]")).to_contain_text("Newest day")
    expect(page.locator(".nd-brief .nd-byline").first).to_contain_text(day)
    expect(page.get_by_label("Since")).to_have_value("2024-09-19")


def test_sub_headings_are_headings(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("Why does China object?")
    reader.page.locator(".nd-answer .nd-cite").first.click()
    expect(reader.page.get_by_role("heading", name="A tenant with a second landlord", level=3)).to_be_visible()


def test_a_briefing_is_made_opened_and_taken_away(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    page = reader.page
    page.get_by_role("tab", name="Briefing").click()
    page.get_by_role("textbox", name="Topic, or nothing").fill("Putin and Kim")
    page.get_by_role("textbox", name="Topic, or nothing").press("Enter")
    page.locator(".nd-story").first.wait_for()
    page.locator(".nd-told .nd-cite").first.click()
    mark = page.locator(".nd-paper mark")
    expect(mark).to_be_in_viewport()
    assert mark.inner_text() in page.locator(".nd-told blockquote").first.inner_text()
    for name, label in (("briefing.md", "Markdown"), ("briefing.html", "HTML"), ("briefing.eml", "E-mail")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name
        assert "Pyongyang" in download.value.path().read_text(encoding="utf-8")


def test_an_article_is_summarised_in_its_panel(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    reader.answered("Why does China object?")
    reader.page.locator(".nd-answer .nd-cite").first.click()
    reader.page.get_by_role("button", name="Summarise this").click()
    items = reader.page.locator(".nd-short li")
    expect(items).to_have_count(3)
    body = reader.page.locator(".nd-paper-body").inner_text()
    assert items.first.inner_text().strip("“”") in body


def test_the_views_are_tabs_for_the_keyboard(readers: Readers, app: str) -> None:
    reader = readers(address=app)
    ask = reader.page.get_by_role("tab", name="Ask")
    ask.focus()
    ask.press("ArrowRight")
    expect(reader.page.get_by_role("tab", name="Briefing")).to_be_focused()
    expect(reader.page.get_by_role("textbox", name="Topic, or nothing")).to_be_visible()
    expect(reader.page.get_by_label("Your question")).to_be_hidden()
