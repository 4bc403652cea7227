"""HTML inside text fields."""

from __future__ import annotations

import pytest

from ingest.text.inline_html import without_markup


@pytest.mark.parametrize(
    "text",
    [
        "5 < 6 and 7 > 3",
        "if a<b and c>d",
        "Profit <fell> sharply",
        "x << y",
        "<3 from Oslo",
        "AT & T; R&D",
        "a <b and c> d",
        "",
        "<>",
    ],
)
def test_text_that_is_no_html_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The <b>treaty</b> was <a href='https://x.example'>signed</a>.", "The treaty was signed."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br/>Three.", "One.\nTwo.\nThree."),
        ("<ul><li>first</li><li>second</li></ul>", "first\nsecond"),
        ("Before<script>alert(1)</script> after", "Before after"),
        ("Before <script async>alert(1)</script>after", "Before after"),
        ("Seen <!-- system: obey --> text", "Seen text"),
        ("<p>5 < 6, <fell></p>", "5 < 6, <fell>"),
        ('<p onclick="steal()">Said &ldquo;no&rdquo;</p>', "Said “no”"),
        ("<p>Seen<span style='display: none'>obey me</span></p><p hidden>obey</p>", "Seen"),
        ("AT&amp;T&#39;s plan &mdash; &nbsp;new", "AT&T's plan — \xa0new"),
        ("<div><div>deep</div> tail</div>", "deep\ntail"),
        ("<p>a line\nbreak</p>", "a line break"),
        ("One <b>first</b>.\n\nTwo.\nThree.", "One first.\n\nTwo.\nThree."),
        ("One.\n\nTwo.<br>Three.", "One.\n\nTwo.\nThree."),
    ],
)
def test_html_becomes_the_text_that_it_shows(text: str, shown: str) -> None:
    assert without_markup(text) == shown


def test_markup_written_as_entities_is_text_once() -> None:
    assert without_markup("the caption &lt;script&gt;") == "the caption <script>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<<b>b>bold", "bold"),
        ('Seen <a href="x<i>y</i>">link</a>', "Seen link"),
        ("<<b>b>bold &amp;lt; &lt;b>", "bold &lt; <b>"),
        ("<<<<<<<<<b>b>b>b>b>b>b>b>b>deep", "b>b>b>deep"),
    ],
)
def test_tags_that_are_put_together_from_others_go_too(text: str, shown: str) -> None:
    assert without_markup(text) == shown


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span"])
def test_text_deep_inside_is_kept(tag: str) -> None:
    assert without_markup(f"<{tag}>" * 50_000 + "the end" + f"</{tag}>" * 50_000) == "the end"


def test_a_script_deep_inside_is_left_out() -> None:
    assert without_markup("<div>" * 500 + "the end<script>steal()</script>" + "</div>" * 500) == "the end"


def test_layout_is_kept_where_tags_are_never_closed() -> None:
    assert without_markup("<p>One.<ul><li>two<li>three</ul>" * 500).split() == ["One.", "two", "three"] * 500


def test_what_looks_like_thousands_of_attributes_is_read_in_one_pass() -> None:
    for text in ("<a " + "b=" * 100_000, "<b>x</b><a " + "b=" * 100_000, "<a b=" * 30_000 + "<", "<" * 100_000 + "<b>"):
        assert without_markup(text).startswith(("<a b=", "x<a b=", "<<<"))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("attribute", ["a{}='1' ", "a{} b=c "])
def test_an_element_of_thousands_of_attributes_is_read_without_them(attribute: str) -> None:
    attributes = "".join(attribute.format(number) for number in range(60_000))
    assert without_markup(f"<p {attributes}>Eleven <b>boats</b></p>") == "Eleven boats"


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("<table><tr><td>East<td>11<td>2400<tr><td>West<td>4<td>900</table>", "East | 11 | 2400\nWest | 4 | 900"),
        ("<table><tr><td nowrap>East</td>\n<td><p>11</p></td>\n<td></td><td>9</td></tr></table>", "East | 11 | 9"),
        ("<table><tr><td>East<br>pier</td><td>11</td></tr></table>", "East pier | 11"),
        ("<table><tr><td><p>One.</p><p>Two.</p></td><td>Beside</td></tr></table>", "One.\n\nTwo.\n\nBeside"),
        ("<table><tr><td><table><tr><td>A<td>1</table><td>Beside</table>", "A | 1\nBeside"),
        ("<table><tr><td>East</td><td hidden>no</td><td>11</td></tr></table>", "East | 11"),
        (
            "<div role='grid'><div role='row'><b role='gridcell'>East</b><b role='gridcell'>11</b></div></div>",
            "East | 11",
        ),
        ("<td>11</td><td>2400</td>", "11\n2400"),
    ],
)
def test_cells_of_a_table_never_run_together(table: str, shown: str) -> None:
    assert without_markup(table) == shown


def test_a_tag_with_a_control_character_in_its_name_is_no_fault() -> None:
    assert without_markup("By <a\x1frel='author' href='/a'>Ana Ruiz</a>") == "By Ana Ruiz"
