"""The page in another language, and mirrored for one that is written from right to left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader, Readers
from tests.browser.test_views import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENGLISH = ("Ask", "Briefing", "Newsletter", "Library", "Quality")
SPANISH = ("Preguntar", "Resumen", "Boletín", "Biblioteca", "Calidad")


def views_of(page: Page) -> tuple[str, ...]:
    return tuple(page.get_by_role("tab").all_inner_texts())


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_the_page_speaks_the_language_of_the_readers_browser(readers: Readers) -> None:
    page = readers(locale="es-MX").page
    assert views_of(page) == SPANISH
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator(".nd-welcome h2")).to_have_text("¿Qué quiere saber?")
    box = page.get_by_label("Su pregunta")
    box.fill("Why does China object?")
    box.press("Enter")
    expect(page.locator(".nd-made")).to_contain_text("citas exactas")
    page.get_by_role("tab", name="Biblioteca").click()
    expect(page.get_by_label("Buscar", exact=True).last).to_have_attribute("placeholder", "En el título o el medio")
    assert violations(page) == []


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
def test_the_name_of_the_page_is_whole_on_a_phone(readers: Readers, locale: str) -> None:
    page = readers(size=(360, 740), locale=locale).page
    name = page.locator("#nd-masthead h1")
    buttons = page.locator(".nd-head-buttons").bounding_box()
    right = name.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect().right }"
    )
    assert buttons is not None
    column = page.locator("#nd-masthead").bounding_box()
    assert column is not None
    assert right <= column["x"] + column["width"] <= buttons["x"]
    assert overflow(page) == 0


def test_readers_choose_the_language_and_the_browser_keeps_it(readers: Readers) -> None:
    page = readers(locale="en-GB").page
    assert views_of(page) == ENGLISH
    page.get_by_label("Language of the page").select_option("es")
    expect(page.get_by_role("tab").first).to_have_text("Preguntar")
    page.reload()
    expect(page.get_by_role("tab").first).to_have_text("Preguntar")
    page.get_by_label("Idioma de la página").select_option("en")
    expect(page.get_by_role("tab").first).to_have_text("Ask")


def test_a_page_goes_on_in_its_language_when_another_tab_chooses_one(readers: Readers) -> None:
    reader = readers(locale="es-ES")
    page = reader.page
    page.context.add_cookies([{"name": "newsdesk_language", "value": "en", "url": reader.address}])
    for _ in range(2):
        box = page.get_by_label("Su pregunta")
        box.fill("Why does China object?")
        box.press("Enter")
        page.locator(".nd-made").last.wait_for()
    expect(page.locator(".nd-turn")).to_have_count(2)
    expect(page.locator(".nd-made").last).to_contain_text("citas exactas")


@pytest.mark.parametrize("width", [360, 1280])
def test_from_right_to_left_the_page_is_mirrored_and_nothing_sticks_out(readers: Readers, width: int) -> None:
    reader = readers(size=(width, 860))
    page = reader.page
    _answer(reader)
    page.evaluate("document.documentElement.dir = 'rtl'")
    for name in ENGLISH:
        page.get_by_role("tab", name=name).click()
        assert overflow(page) == 0, name
    tabs = [box["x"] for tab in page.get_by_role("tab").all() if (box := tab.bounding_box())]
    assert tabs == sorted(tabs, reverse=True)
    page.get_by_role("tab", name="Ask").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Briefing")).to_be_focused()
    page.get_by_role("tab", name="Ask").click()
    page.locator(".nd-cite").first.click()
    page.locator(".nd-paper mark").wait_for()
    assert overflow(page) == 0


def _answer(reader: Reader) -> None:
    reader.answered("Why does China object?")
