"""A quote from a PDF shows its page, with the passage marked: on its card and in the article's panel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from ingest.pipeline import ingest
from rag.settings import load_settings
from rag.storage.library import open_library
from tests.browser.conftest import Readers, served_app
from tests.browser.test_views import violations
from tests.ingest.readers.pdf_files import CALM, MET, ROSE, document, wrapped

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = "(picture) => picture.complete && picture.naturalWidth > 0"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over a library of one PDF of two pages, whose quote stands on the second."""
    folder: Path = tmp_path_factory.mktemp("paper")
    file = folder / "council.pdf"
    file.write_bytes(document([["The council has a new chair", "3 June 2024", *wrapped(MET, ROSE)], wrapped(CALM)]))
    with open_library(load_settings(library=folder / "library")) as library:
        assert ingest([file], library).added == 1
    with served_app(folder / "library") as address:
        yield address


def drawn(picture: Locator) -> None:
    picture.scroll_into_view_if_needed()
    handle = picture.element_handle()
    assert handle is not None
    picture.page.wait_for_function(DRAWN, arg=handle)


@pytest.mark.parametrize("size", [(1280, 860), (360, 780)])
def test_the_page_of_the_pdf_is_shown_with_the_quote_marked(
    readers: Readers, paper: str, size: tuple[int, int]
) -> None:
    reader = readers(address=paper, size=size)
    page = reader.page
    reader.answered("With what did the council go on?")
    page.locator(".nd-answer .nd-cite").first.focus()
    card = page.locator("#nd-quote-card")
    expect(card).to_contain_text("page 2")
    drawn(card.get_by_role("img", name="The quote marked on page 2"))
    page.keyboard.press("Enter")
    expect(page.locator(".nd-paper")).to_contain_text("The quote stands on page 2 of the PDF.")
    drawn(page.get_by_role("img", name="The quote marked on page 2"))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
