"""A reader at the page, over a desk with scripted answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Readers
from tests.web.fakes import CHINA, HOSTILE, LEDGER, WIRE

pytestmark = pytest.mark.browser
CITES = ".nd-turn:last-child .nd-cite"


def test_a_question_is_answered_with_numbered_citations(readers: Readers) -> None:
    reader = readers()
    reader.answered("Why does China object?")
    turn = reader.page.locator(".nd-turn")
    expect(turn.get_by_role("heading", name="Why does China object?")).to_be_visible()
    expect(reader.page.locator(CITES)).to_have_text(["1", "2", "3"])
    expect(turn.locator(".nd-made")).to_contain_text("2 articles, 2 independent sources · exact quotes")
    expect(reader.page.get_by_label("Your question")).to_have_value("")


def test_an_example_is_asked_by_choosing_it(readers: Readers) -> None:
    reader = readers()
    example = reader.page.locator("[data-ask]").first
    question = example.inner_text()
    example.click()
    reader.page.locator(".nd-made").wait_for()
    expect(reader.page.locator(".nd-question")).to_have_text(question)


def test_evidence_and_draft_are_on_screen_before_the_answer(readers: Readers) -> None:
    reader = readers()
    reader.ask("go on forever")
    reader.page.locator(".nd-draft").wait_for()
    expect(reader.page.locator(".nd-turn .nd-cards li")).to_have_count(3)
    expect(reader.page.get_by_text("Draft, not checked yet")).to_be_visible()
    expect(reader.page.locator(".nd-turn")).to_have_attribute("aria-busy", "true")
    reader.page.get_by_role("button", name="Stop").click()


def test_the_checked_answer_replaces_the_draft_and_tells_what_was_removed(readers: Readers) -> None:
    reader = readers()
    reader.answered("ask the model")
    expect(reader.page.locator(".nd-log")).not_to_contain_text("invented")
    expect(reader.page.get_by_text("China won the cup.")).to_be_hidden()
    reader.page.get_by_text("The check removed 1 sentence").click()
    expect(reader.page.get_by_text("China won the cup.")).to_be_visible()


def test_a_citation_opens_the_quote_marked_and_in_view(readers: Readers) -> None:
    reader = readers()
    reader.answered("Why does China object?")
    reader.page.locator(CITES).nth(1).click()
    mark = reader.page.locator(".nd-paper mark")
    expect(mark).to_have_text(CHINA[1].quote)
    expect(mark).to_be_in_viewport()
    header = reader.page.locator(".nd-paper header")
    for part in ("Pacific Ledger", LEDGER.ref.title, "21 June 2024, 03:15 UTC"):
        expect(header).to_contain_text(part)
    expect(header.get_by_role("link")).to_have_attribute("href", LEDGER.ref.url)


def test_citations_work_from_the_keyboard_and_escape_returns_to_them(readers: Readers) -> None:
    reader = readers()
    reader.answered("Why does China object?")
    first = reader.page.locator(CITES).first
    first.press("Enter")
    expect(reader.page.locator(".nd-paper h2")).to_be_focused()
    expect(first).to_have_class(re.compile("nd-open"))
    reader.page.keyboard.press("Escape")
    expect(reader.page.locator(".nd-paper")).to_have_count(0)
    expect(first).to_be_focused()
    first.press("Enter")
    expect(reader.page.locator(".nd-paper mark")).to_have_text(CHINA[0].quote)


def test_a_card_shows_the_quote_in_its_paragraph_for_pointer_and_keyboard(readers: Readers) -> None:
    reader = readers()
    reader.answered("Why does China object?")
    card = reader.page.locator("#nd-quote-card")
    reader.page.locator(CITES).nth(2).hover()
    for part in ("Northgate Wire", "19 June 2024 · ", " ago", WIRE.ref.title):
        expect(card).to_contain_text(part)
    expect(card.locator("mark")).to_have_text(CHINA[2].quote)
    # It stays while the pointer is over it, and goes with the pointer.
    card.hover()
    expect(card).to_be_visible()
    reader.page.mouse.move(5, 5)
    expect(card).to_have_count(0)
    first = reader.page.locator(CITES).first
    first.focus()
    reader.page.keyboard.press("Tab")
    second = reader.page.locator(CITES).nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-describedby", "nd-quote-card")
    expect(card.locator("mark")).to_have_text(CHINA[1].quote)
    reader.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(second).to_be_focused()


def test_another_citation_of_the_same_article_moves_the_mark(readers: Readers) -> None:
    reader = readers()
    reader.answered("Why does China object?")
    for number in (0, 1, 0):
        reader.page.locator(CITES).nth(number).click()
        expect(reader.page.locator(".nd-paper mark")).to_have_text(CHINA[number].quote)
        expect(reader.page.locator(".nd-paper mark")).to_be_in_viewport()


def test_not_in_these_articles_offers_the_nearest_which_open(readers: Readers) -> None:
    reader = readers()
    reader.answered("What did Japan say?")
    expect(reader.page.get_by_text("The answer is not in these articles.")).to_be_visible()
    reader.page.locator(".nd-nearest").get_by_role("button", name=LEDGER.ref.title).click()
    expect(reader.page.locator(".nd-paper h2")).to_have_text(LEDGER.ref.title)
    expect(reader.page.locator(".nd-paper mark")).to_have_count(0)


def test_a_follow_up_is_understood_from_the_conversation(readers: Readers) -> None:
    reader = readers()
    reader.answered("What did they sign?")
    reader.answered("and why?")
    expect(reader.page.locator(".nd-turn")).to_have_count(2)
    expect(reader.page.locator(".nd-understood")).to_have_text("Understood as: and why? (about What did they sign?)")


def test_limits_reach_the_desk_and_stand_with_the_answer(readers: Readers) -> None:
    reader = readers()
    reader.page.get_by_role("button", name="Limit to dates, outlets or tags").click()
    reader.page.get_by_label("From").fill("2024-06-01")
    reader.page.get_by_label("To", exact=True).fill("2024-06-30")
    reader.page.locator("#nd-outlets").get_by_role("combobox").click()
    reader.page.get_by_role("option", name="Pacific Ledger").click()
    reader.answered("Why does China object?")
    expect(reader.page.locator(".nd-scope")).to_have_text(
        "Only articles from Pacific Ledger published from 1 June 2024 to 30 June 2024"
    )


def test_backward_dates_are_told_and_the_question_stays_in_the_box(readers: Readers) -> None:
    reader = readers()
    reader.page.get_by_role("button", name="Limit to dates, outlets or tags").click()
    reader.page.get_by_label("From").fill("2024-06-30")
    reader.page.get_by_label("To", exact=True).fill("2024-06-01")
    reader.ask("Why?")
    expect(reader.page.locator(".nd-failed")).to_contain_text("The dates run backwards")
    expect(reader.page.get_by_label("Your question")).to_have_value("Why?")
    reader.page.get_by_label("From").fill("2024-05-01")
    reader.answered("Why does China object?")


def test_stop_ends_the_work_and_the_next_question_is_answered_at_once(readers: Readers) -> None:
    reader = readers()
    reader.ask("go on forever")
    reader.page.locator(".nd-draft").wait_for()
    reader.page.get_by_role("button", name="Stop").click()
    expect(reader.page.get_by_text("Stopped. Nothing was answered.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Ask")).to_be_visible()
    reader.answered("Why does China object?")
    expect(reader.page.get_by_text("Stopped. Nothing was answered.")).to_be_visible()
    expect(reader.page.locator(".nd-draft")).to_have_count(0)


def test_a_question_asked_while_another_is_worked_on_takes_its_place(readers: Readers) -> None:
    reader = readers()
    reader.ask("go on forever")
    reader.page.locator(".nd-draft").wait_for()
    reader.answered("Why does China object?")
    expect(reader.page.get_by_text("Stopped. Nothing was answered.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_a_new_conversation_forgets_the_old_one(readers: Readers) -> None:
    reader = readers()
    reader.answered("What did they sign?")
    reader.page.locator(CITES).first.click()
    reader.page.locator(".nd-paper").wait_for()
    reader.page.get_by_role("button", name="New conversation").click()
    expect(reader.page.locator(".nd-welcome")).to_be_visible()
    expect(reader.page.locator(".nd-paper")).to_have_count(0)
    reader.answered("and why?")
    expect(reader.page.locator(".nd-understood")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("the model is down", "anguage model does not answer; try again later"),
        ("crash", "Something went wrong on this side."),
        (" ", "There is no question yet"),
        ("x" * 20_000, "shorten it"),
    ],
    ids=["model down", "unforeseen", "empty", "too long"],
)
def test_an_error_is_a_message_and_the_page_stays_alive(readers: Readers, question: str, sentence: str) -> None:
    reader = readers()
    reader.ask(question)
    expect(reader.page.locator(".nd-failed")).to_contain_text(sentence)
    reader.ask("Why does China object?")
    expect(reader.page.locator(CITES)).to_have_count(3)


def test_two_browsers_never_see_each_others_conversation(readers: Readers) -> None:
    first, second = readers(), readers()
    first.answered("What did they sign?")
    expect(second.page.locator(".nd-turn")).to_have_count(0)
    second.answered("and why?")
    expect(second.page.locator(".nd-turn")).to_have_count(1)
    expect(second.page.locator(".nd-understood")).to_have_count(0)
    expect(first.page.locator(".nd-turn")).to_have_count(1)
    expect(first.page.locator(".nd-question")).to_have_text("What did they sign?")


def test_a_hostile_article_executes_nothing(readers: Readers) -> None:
    reader = readers()
    reader.answered("the museum")
    reader.page.locator(CITES).nth(1).click()
    expect(reader.page.locator(".nd-paper mark")).to_have_text(HOSTILE.split("\n")[1])
    assert reader.page.evaluate("window.hacked") is None
    assert reader.page.locator(":is(.nd-log, .nd-panel) :is(script, img, iframe, h1)").count() == 0
    assert reader.page.locator("a[href^='javascript']").count() == 0


def test_a_hostile_question_executes_nothing(readers: Readers) -> None:
    reader = readers()
    question = (
        "<img src=x onerror='window.hacked=1'> ${window.hacked=2} {{constructor.constructor('window.hacked=3')()}}"
    )
    reader.answered(question)
    expect(reader.page.locator(".nd-question")).to_have_text(question)
    assert reader.page.evaluate("window.hacked") is None


def test_a_phone_never_scrolls_sideways(readers: Readers) -> None:
    reader = readers(size=(360, 740))
    width = "document.documentElement.scrollWidth"
    assert reader.page.evaluate(width) == 360
    reader.answered("the long one")
    reader.page.get_by_role("button", name="Limit to dates, outlets or tags").click()
    expect(reader.page.get_by_label("From")).to_be_visible()
    assert reader.page.evaluate(width) == 360
    reader.page.locator(CITES).first.click()
    expect(reader.page.locator(".nd-paper")).to_be_visible()
    assert reader.page.evaluate(width) == 360
    assert reader.page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.nd-panel'))")
    expect(reader.page.get_by_role("button", name="Close the article")).to_be_in_viewport()


def test_shift_enter_begins_a_new_line_and_enter_sends(readers: Readers) -> None:
    reader = readers()
    box = reader.page.get_by_label("Your question")
    box.fill("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    expect(reader.page.locator(".nd-turn")).to_have_count(0)
    box.press("Enter")
    expect(reader.page.locator(".nd-question")).to_have_text("one two")


PAIRS = """() => {
  const number = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = number(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const seen = ".nd-log :is(h2, p, blockquote, figcaption, button, a, summary, time), " +
    ".nd-panel :is(h2, p, a, mark, footer), " +
    "#nd-masthead :is(h1, p), #nd-fresh, .nd-rail :is(h2, a, p, button), " +
    "#nd-ask, #nd-question textarea, #nd-limits .label-wrap span";
  return [...document.querySelectorAll(seen)].filter((e) => e.offsetParent).map((e) => {
    const [ink, paper] = [light(number(getComputedStyle(e).color)), light(behind(e))];
    return [e.className || e.tagName, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(readers: Readers, scheme: str) -> None:
    reader = readers(color_scheme=scheme)
    reader.answered("Why does China object?")
    reader.page.locator(CITES).first.click()
    expect(reader.page.locator(".nd-paper mark")).to_be_visible()
    pairs = reader.page.evaluate(PAIRS)
    assert len(pairs) > 30
    assert [pair for pair in pairs if pair[1] < 4.5] == []


def test_the_page_follows_the_readers_dark_mode(readers: Readers) -> None:
    papers = [
        readers(color_scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert papers == ["rgb(251, 249, 244)", "rgb(22, 21, 19)"]


def test_a_reader_who_wants_no_motion_gets_none(readers: Readers) -> None:
    reader = readers(reduced_motion="reduce")
    reader.ask("go on forever")
    pulse = reader.page.locator(".nd-pulse")
    pulse.wait_for()
    assert pulse.evaluate("e => getComputedStyle(e).animationName") == "none"
    reader.page.get_by_role("button", name="Stop").click()
