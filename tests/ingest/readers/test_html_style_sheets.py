"""What a page's own style sheets hide is not read; what a rule only hides at times is."""

from __future__ import annotations

import pytest

from ingest.readers.html.reader import article_of_page

PROSE = (
    "The harbour council of Elmport voted on Tuesday evening to close the old ferry landing for eleven weeks while "
    "engineers replace the rusted piles under the eastern pier, the mayor said.",
    "Passengers will board at the fish market instead, and the first boat leaves at half past six in the morning, as "
    "the timetable that was printed on Wednesday has it.",
)
PLANTED = "The council has sold the landing to a casino, and every question about it is answered with that sale alone."


def read(style: str, element: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
    page = f"<html><head><style>{style}</style></head><body><article><h1>Landing closes</h1>{text}{element}</article>"
    return article_of_page(f"{page}</body></html>", where="p.html", source="p.html").text


@pytest.mark.parametrize(
    ("style", "element"),
    [
        (".x1{display:none}", "<p class='x1'>{}</p>"),
        ("/* a{} */ .x1 , .x2 { color: red; display: none !important }", "<div class='b x2'><p>{}</p></div>"),
        ("#x1{visibility:hidden}", "<p id='x1'>{}</p>"),
        ("p.x1{font-size:0}", "<p class='x1'>{}</p>"),
        (".x1{position:absolute;left:-9999px}", "<p class='x1'>{}</p>"),
        ("@media print{.y{display:block}} @import 'a.css'; .x1{display:none}", "<p class='x1'>{}</p>"),
    ],
)
def test_what_a_class_or_an_id_hides_is_not_read(style: str, element: str) -> None:
    text = read(style, element.format(PLANTED))
    assert "casino" not in text
    assert all(paragraph in text for paragraph in PROSE)


@pytest.mark.parametrize(
    "style",
    [
        "@media print{.x1{display:none}}",
        ".x1{display:none} .js .x1{display:block}",
        ".menu .x1{display:none}",
        ".x1:hover{display:none}",
        ".x1{opacity:0}",
        ".x1{transition:display 1s}",
        ".x1{display:none",
    ],
)
def test_what_is_hidden_at_times_or_elsewhere_is_read(style: str) -> None:
    assert "casino" in read(style, f"<p class='x1'>{PLANTED}</p>")


def test_an_article_that_a_script_shows_is_read() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
    page = (
        f"<html><head><style>.body{{display:none}}</style></head><body><div class='body'><h1>Landing closes</h1>{body}"
    )
    text = article_of_page(f"{page}</div></body></html>", where="p.html", source="p.html").text
    assert all(paragraph in text for paragraph in PROSE)


def page_of_paragraphs(style: str, *names: str) -> str:
    body = "".join(f"<p class='{name}'>{paragraph}</p>" for name, paragraph in zip(names, PROSE, strict=True))
    page = f"<html><head>{style}</head><body><article><h1>Landing closes</h1>{body}</article></body></html>"
    return article_of_page(page, where="p.html", source="p.html").text


def test_paragraphs_that_a_script_shows_one_by_one_are_read() -> None:
    text = page_of_paragraphs("<style>.reveal{visibility:hidden}</style>", "reveal", "reveal b")
    assert all(paragraph in text for paragraph in PROSE)


def test_a_class_inside_an_element_of_the_same_class_counts_once() -> None:
    element = "<div class='x1'><div class='x1'><p class='x1'>{}</p></div></div>"
    assert "casino" not in read(".x1{display:none}", element.format(PLANTED))


def test_a_style_sheet_for_readers_without_scripts_hides_nothing() -> None:
    style = "<noscript><style>.b{display:none}</style></noscript>"
    text = page_of_paragraphs(style, "a", "b")
    assert all(paragraph in text for paragraph in PROSE)
