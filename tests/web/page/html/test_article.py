from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.rivals import Rival
from rag.testing import make_article
from tests.web.fakes import BAD, COURIER, HOSTILE, LEDGER, WIRE, cite
from tests.web.inert import Page
from web.page.conversation import Opened
from web.page.html.article import CHANGED, article_html, body_html, problem_html

# Characters that HTML cannot carry are replaced one for one; `test_rendering` holds that.
SENDABLE = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t<>&\"'")


def opened(marker: int = 1, *, article=LEDGER, quote: str = "The trade is worth billions.") -> Opened:
    citation = cite(marker, article, quote, (WIRE.ref, COURIER.ref))
    return Opened(
        article=citation.article, start=citation.start, end=citation.end, quote=citation.quote, copies=citation.copies
    )


@given(st.text(SENDABLE, min_size=1), st.data())
def test_the_mark_holds_exactly_the_quote_in_any_article(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    page = Page(body_html(body, start, end))
    lines = [line for line in body.split("\n") if line.strip()]
    assert page.text == "".join(lines)
    kept = "".join(character for character, on in _with_line(body) if start <= on < end)
    assert "".join(page.marked) == kept


def _with_line(body: str) -> list[tuple[str, int]]:
    """Every character that the panel shows (none of line ends and blank lines) with its offset."""
    shown, offset = [], 0
    for line in body.split("\n"):
        if line.strip():
            shown += [(character, offset + index) for index, character in enumerate(line)]
        offset += len(line) + 1
    return shown


def test_a_quote_inside_a_paragraph_is_one_mark() -> None:
    page = Page(article_html(LEDGER, opened(), reference="0:citation:1"))
    assert page.marked == ["The trade is worth billions."]


def test_the_panel_tells_outlet_title_date_link_and_who_else_carried_it() -> None:
    page = Page(article_html(LEDGER, opened(), reference="0:citation:1"))
    for part in ("Pacific Ledger", LEDGER.ref.title, "21 June 2024, 03:15 UTC", "Northgate Wire and Meridian Courier"):
        assert part in page.text
    assert set(page.links_out) == {LEDGER.ref.url}


def test_a_changed_article_marks_nothing_and_says_so() -> None:
    moved = dataclasses.replace(LEDGER, text="Correction. " + LEDGER.text)
    page = Page(article_html(moved, opened(), reference="0:citation:1"))
    assert page.marked == []
    assert CHANGED in page.text
    assert "The trade is worth billions." in page.text


def test_an_article_opened_as_a_whole_marks_nothing_and_warns_of_nothing() -> None:
    page = Page(article_html(LEDGER, Opened(article=LEDGER.ref), reference="0:nearest:0"))
    assert page.marked == []
    assert CHANGED not in page.text


def test_a_hostile_article_is_only_text() -> None:
    page = Page(article_html(BAD, opened(article=BAD, quote=HOSTILE.split("\n")[0]), reference="0:citation:1"))
    for line in HOSTILE.split("\n"):
        assert line in page.text
    assert page.links_out == []


@given(st.text(), st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_metadata_of_an_article_can_act(
    title: str, outlet: str, url: str, author: str, tongue: str, ref: str
) -> None:
    article = make_article("Text.", title=title, outlet=outlet, url=url, language=tongue, article_id="a")
    article = dataclasses.replace(article, authors=(author,))
    Page(article_html(article, Opened(article=article.ref), reference=ref))


@given(st.text())
def test_no_message_can_act(message: str) -> None:
    Page(problem_html(message))


def test_a_short_line_over_a_paragraph_is_a_heading_and_others_are_not() -> None:
    body = "It rained.\nWhat happens now\nThe sluices open. Nobody is sure when.\nBread\nMilk\nEnd of the list"
    source = body_html(body, 0, 0)
    assert source.count("<h3") == 1
    assert ">What happens now</h3>" in source


def test_an_article_that_claims_the_address_of_another_says_whose() -> None:
    rival = Rival(holder=WIRE.ref, is_copy=False)
    page = Page(article_html(LEDGER, Opened(article=LEDGER.ref), reference="0:nearest:0", rival=rival))
    assert f"At its address stands \u201c{WIRE.ref.title}\u201d ({WIRE.ref.outlet})" in page.text
    Page(article_html(LEDGER, opened(), reference="0:citation:1", rival=Rival(holder=BAD.ref, is_copy=True)))
