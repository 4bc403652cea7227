"""Markup that was made to keep a parser busy: 1 MB of it is read as what it says, or refused in a sentence.

A parser that compares everything with everything would take minutes here: the time limit of a test is the check.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.preparing.article import MOST_LINES, article_from
from ingest.readers.html.reader import NO_ARTICLE, HtmlReader
from ingest.readers.markdown import MarkdownReader, plain_text
from ingest.report import Problem
from ingest.text.markup_bounds import MOST_ATTRIBUTES, MOST_MARKS, MOST_TAGS, is_overmarked, refuse_vast_markup
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

MB = 1_000_000
STORY = "The bridge at Saltmarsh cost 4 million crowns, the mayor said on Monday."


def repeated(part: str) -> str:
    return part * (MB // len(part))


MARKDOWN = ["![a](", "[a](", "[a][", "[", "*a ", "**a ", "_a ", "*_a ", "`a", "~~a ", "> ", "<a ", "&#", "![["]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("part", MARKDOWN)
def test_marks_without_end_are_text(part: str) -> None:
    document = Document.of_bytes(f"{repeated(part)}\n\n{STORY}\n".encode(), where="a.md", name="a.md")
    (article,) = MarkdownReader().read(document, Limits(max_mb=100))
    assert not isinstance(article, Problem)
    assert STORY in article.text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part", ["> > a\n", "*a\n\n", "1. a\n", "# a\n", "|1|2|\n", "[a][b]\n\n", "<p>a</p>\n\n", "|a"]
)
def test_more_lines_or_columns_than_an_article_has_are_refused_in_a_sentence(part: str) -> None:
    document = Document.of_bytes(f"{repeated(part)}\n\n{STORY}\n".encode(), where="a.md", name="a.md")
    (problem,) = MarkdownReader().read(document, Limits(max_mb=100))
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("has ")


PAGES = {
    "attributes": "<p " + " ".join(f'a{number}="1"' for number in range(MB // 10)) + ">",
    "attributes without values": "<p " + " ".join(f"a{number}" for number in range(MB // 8)) + ">",
    "attributes that look like tags": "<p " + " ".join(f"a{number}='<>'" for number in range(MB // 12)) + ">",
    "paragraphs": repeated("<p>a"),
    "breaks": repeated("a<br>"),
    "links": repeated("<a>"),
    "quotes in quotes": repeated("<q>“"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("start", PAGES.values(), ids=PAGES.keys())
def test_a_page_made_to_keep_a_parser_busy_is_refused_in_a_sentence(start: str) -> None:
    page = f"<html><body><article>{start}{STORY}</p></article></body></html>"
    document = Document.of_bytes(page.encode(), where="a.html", name="a.html")
    (problem,) = HtmlReader().read(document, Limits(max_mb=100))
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("has ")
    assert problem.reason.endswith("save the page as text")


WITHIN_BOUNDS = {
    "links in a list": ("<ul>", "<li><a href='/a/{}'>The story number {} of it</a></li>", "</ul>"),
    "links in a paragraph": ("<p>", "<a href='/a/{}'>The story number {} of it</a> ", "</p>"),
    "emphasis": ("<p>", "<b>c{}</b> a ", "</p>"),
    "short paragraphs": ("", "<p>Row {} of it.</p>", ""),
    "short blocks": ("", "<div>Row {} of it.</div>", ""),
    "headings": ("", "<h3><a href='/a/{}'>The story number {} of it</a></h3>", ""),
    "cells": ("<table><tr>", "<td>{}</td>", "</tr></table>"),
    "dates": ("", "<time datetime='2024-06-19'>x{}</time> ", ""),
    "hidden blocks": ("<style>.x1{display:none}</style>", "<div class='x1'>", ""),
    "signed headings": ("", "<h2>Head {}</h2><p>By Ann Bee</p>", ""),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("is_alone", [False, True])
@pytest.mark.parametrize("parts", WITHIN_BOUNDS.values(), ids=WITHIN_BOUNDS.keys())
def test_a_page_of_as_many_tags_as_are_read_is_read_soon(parts: tuple[str, str, str], is_alone: bool) -> None:
    begin, part, end = parts
    number = (MOST_TAGS - 60) // part.count("<")
    repeats = begin + "".join(part.format(one, one) for one in range(number)) + end
    story = f"<p>{STORY}</p>" if is_alone else f"<article><h1>A bridge</h1>{f'<p>{STORY}</p>' * 12}</article>"
    page = f"<html><body>{story}{repeats}</body></html>"
    document = Document.of_bytes(page.encode(), where="a.html", name="a.html")
    (found,) = HtmlReader().read(document, Limits(max_mb=100))
    assert not isinstance(found, Problem) or found.reason == NO_ARTICLE


@pytest.mark.timeout(60)
@pytest.mark.parametrize("part", ["/*", "/**", "}", "{", ".a{display:none", ".a,", ".a{}", "@media a{"])
def test_a_style_sheet_without_end_is_looked_through_once(part: str) -> None:
    told = "".join(f"<p>{STORY} It was the {number}th of its kind.</p>" for number in range(9))
    body = f"<article><h1>A bridge</h1>{told}</article>"
    page = f"<html><head><style>{repeated(part)}</style></head><body>{body}</body></html>"
    (found,) = HtmlReader().read(Document.of_bytes(page.encode(), where="a.html", name="a.html"), Limits(max_mb=100))
    assert not isinstance(found, Problem)
    assert STORY in found.text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part",
    ["<a ", "<a '", '<a "', "<", "<a '<a \"", "<!--", "<script>", "<style></script>", "<textarea ", "</", "<a b="],
)
def test_what_never_becomes_a_tag_is_looked_through_once(part: str) -> None:
    with suppress(SourceError):
        refuse_vast_markup(repeated(part))


@given(st.integers(min_value=1, max_value=MOST_ATTRIBUTES - 1))
def test_an_element_with_fewer_attributes_passes(number: int) -> None:
    refuse_vast_markup(f"<p {' '.join(f'data-{one}=1' for one in range(number))} class='{'a b ' * 3000}'>{STORY}</p>")


@pytest.mark.parametrize(
    "around",
    ["<script>{}</script>", "<SCRIPT async>{}</SCRIPT>", "<!-- {} -->", "<style>{}</style>", "<textarea>{}</textarea>"],
)
def test_what_a_script_or_comment_compares_is_no_tag(around: str) -> None:
    compared = "for (i = 0; i<n; i++) { " + "a = b + c; " * (2 * MOST_ATTRIBUTES) + "}"
    refuse_vast_markup(f"<html><head>{around.format(compared)}</head><body><p>{STORY}</p></body></html>")


@pytest.mark.parametrize(
    "start",
    ['<td style="padding: 0; align="left" width="25%">', '<script src="a.js" " async></script>', "<p title='it's'>"],
)
def test_a_stray_quotation_mark_does_not_make_one_tag_of_all_that_follows(start: str) -> None:
    rest = '<p class="a">The mayor said "no" and it\'s done.</p>\n' * MOST_ATTRIBUTES
    refuse_vast_markup(f"<html><body>{start}{rest}</body></html>")


@pytest.mark.parametrize("start", ["<script>", "<!--", "<style>", "<script>x</script>"])
def test_an_element_is_bounded_behind_a_script_too(start: str) -> None:
    attributes = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES + 10))
    with pytest.raises(SourceError, match="attributes"):
        refuse_vast_markup(f"<html>{start}<p {attributes}>{STORY}</p>")


def test_a_paragraph_of_prose_keeps_its_markup() -> None:
    links = " ".join(f"[port {number}](https://a.example/{number})" for number in range(MOST_MARKS // 4))
    assert not is_overmarked(links)
    assert plain_text(f"{links} are *open*.")[1].endswith("port 49 are open.")


def test_an_article_of_more_lines_than_a_transcript_is_refused() -> None:
    raw = RawArticle(where="a.txt", text="a1\n" * MOST_LINES)
    assert article_from(raw, fetched=datetime.now(UTC)).text.count("\n") == MOST_LINES - 1
    with pytest.raises(SourceError, match="has over 40,000 lines; save each article as a file of its own"):
        article_from(RawArticle(where="a.txt", text="a1\n" * (MOST_LINES + 2)), fetched=datetime.now(UTC))
