"""What Outlook's engine, which is Word's, knows of the HTML: tables, attributes and simple styles alone.

Its limits as Microsoft documents them (Word 2007 HTML and CSS rendering capabilities in Outlook): no max-width, floats,
positions and background images; colours behind text by `bgcolor`; padding on cells alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from newsletter import build_issue
from newsletter.config import DESIGNS, Design
from newsletter.html import as_html
from rag.desk import Desk
from tests.newsletter.makers import config

UNKNOWN = ("position", "float", "display", "background", "background-image", "flex", "grid", "box-shadow")


@pytest.fixture(params=DESIGNS)
def page(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> html.HtmlElement:
    design: Design = request.param
    letter = config(tmp_path, design=design, intro="Good morning.", closing="Bye.")
    return html.document_fromstring(as_html(build_issue(desk, letter), letter))


def styled(page: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, dict[str, str]]]:
    for element in page.body.iter(html.etree.Element):
        parts = [part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part]
        yield element, {name.strip(): value.strip() for name, value in parts}


def test_every_table_is_one_for_layout_with_its_width_and_borders_as_attributes(page: html.HtmlElement) -> None:
    tables = page.body.findall(".//table")
    assert tables
    for table in tables:
        assert table.get("role") == "presentation"
        assert table.get("width") == "100%"
        assert (table.get("cellpadding"), table.get("cellspacing"), table.get("border")) == ("0", "0", "0")


def test_the_column_has_a_width_of_its_own_where_max_width_is_not_known(page: html.HtmlElement) -> None:
    source = html.tostring(page, encoding="unicode")
    opened = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", source)
    assert len(opened) == 2
    assert 'width="640"' in opened[0]
    assert opened[0].count("<t") == -opened[1].count("<t") + 3
    assert opened[1] == "</td></tr></table>"


def test_no_style_says_what_the_engine_does_not_know(page: html.HtmlElement) -> None:
    for element, style in styled(page):
        # The line that mail programs show beside the subject is hidden from Outlook by a name of its own.
        if "mso-hide" in style:
            continue
        assert not set(UNKNOWN).intersection(style), html.tostring(element)[:200]


def test_every_colour_behind_text_is_an_attribute_too(page: html.HtmlElement) -> None:
    for element, style in styled(page):
        colour = style.get("background-color")
        if colour is not None and element.tag in ("td", "table", "body"):
            assert element.get("bgcolor") == colour, html.tostring(element)[:200]


def test_padding_stands_on_cells_and_what_the_engine_pads_as_well(page: html.HtmlElement) -> None:
    for element, style in styled(page):
        if any(name.startswith("padding") and value not in ("0", "0px") for name, value in style.items()):
            assert element.tag in ("td", "h3", "p"), html.tostring(element)[:200]


def test_nothing_is_loaded_and_nothing_runs(page: html.HtmlElement) -> None:
    assert not page.xpath("//script | //img | //link | //iframe | //*[@background] | //*[contains(@style, 'url(')]")


def test_it_reads_in_order_without_any_style(page: html.HtmlElement) -> None:
    for element in page.iter(html.etree.Element):
        element.attrib.pop("style", None)
        element.attrib.pop("bgcolor", None)
    said = " ".join(page.body.text_content().split())
    order = ["The Ostrel Letter", "No. 1", "Good morning.", "News", "Ostrel landslide", "Read more", "Bye."]
    places = [said.index(part, said.index("Good morning.") if part == "News" else 0) for part in order[:4]]
    assert places == sorted(places)
