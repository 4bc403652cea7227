"""Text and Markdown files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.readers.base import ArticleReader
from ingest.readers.markdown import MarkdownReader, plain_text
from ingest.readers.plain_text import TextReader, unwrapped
from ingest.report import Problem
from ingest.types import Document, Limits, RawArticle

LIMITS = Limits(max_mb=1)


def only(reader: ArticleReader, path: Path, content: str) -> RawArticle | Problem:
    path.write_text(content, encoding="utf-8")
    (found,) = reader.read(Document.of_file(path), LIMITS)
    return found


def article(reader: ArticleReader, path: Path, content: str) -> RawArticle:
    found = only(reader, path, content)
    assert isinstance(found, RawArticle)
    return found


def test_a_text_file_is_one_article_with_what_it_states(tmp_path: Path) -> None:
    read = article(
        TextReader(), tmp_path / "a.txt", "New chair\r\nJune 19, 2024\r\n\r\nThe council met.\u200b It voted."
    )
    assert (read.title, read.published, read.precision) == ("New chair", datetime(2024, 6, 19, tzinfo=UTC), "day")
    assert read.text == "The council met. It voted."
    assert (read.where, read.source) == (str(tmp_path / "a.txt"), "a.txt")


def test_wrapped_paragraphs_are_joined_and_other_lines_kept() -> None:
    wrapped = (
        "The council met on Monday evening and chose a new\nchair, Ana Ruiz, who will serve for the next two\nyears."
    )
    lines = (
        "The council met on Monday evening and chose Ruiz.\nShe serves two years, then another one comes.\nIt ended."
    )
    listed = (
        "- The council met on Monday evening and chose a new one\n- chair, Ana Ruiz, who will serve for the next two"
    )
    assert unwrapped(f"{wrapped}\n\n{lines}\n\n{listed}") == f"{wrapped.replace(chr(10), ' ')}\n\n{lines}\n\n{listed}"


FRONT = """---
title: "Council: a new chair"
outlet: Harbour Standard
published: 2024-06-19T10:30:00+02:00
url: https://Harbour-Standard.example/chair/?utm_source=x
authors: ["Ana Ruiz", "Tom Hale"]
language: en
section: [ignored, {deep: 1}]
---
"""


def test_front_matter_is_the_metadata(tmp_path: Path) -> None:
    read = article(MarkdownReader(), tmp_path / "a.md", f"{FRONT}\nThe council met.")
    assert (read.title, read.outlet, read.authors) == (
        "Council: a new chair",
        "Harbour Standard",
        ("Ana Ruiz", "Tom Hale"),
    )
    assert (read.url, read.language) == ("https://harbour-standard.example/chair", "en")
    assert (read.published, read.precision) == (datetime(2024, 6, 19, 8, 30, tzinfo=UTC), "minute")
    assert (read.text, read.notes) == ("The council met.", ())


def test_front_matter_has_the_names_that_other_tools_write(tmp_path: Path) -> None:
    front = (
        "---\ntitle: New chair\nauthor: Ana Ruiz; Tom Hale\nsitename: Harbour Standard\nhostname: harbour.example\n"
        "url: https://harbour.example/chair\ndate: 2024-06-19\n---\n"
    )
    read = article(MarkdownReader(), tmp_path / "a.md", f"{front}The council met.")
    assert (read.outlet, read.authors, read.url) == (
        "Harbour Standard",
        ("Ana Ruiz", "Tom Hale"),
        "https://harbour.example/chair",
    )
    assert (read.published, read.precision, read.text) == (datetime(2024, 6, 19, tzinfo=UTC), "day", "The council met.")


def test_a_day_in_front_matter_is_known_to_the_day(tmp_path: Path) -> None:
    read = article(MarkdownReader(), tmp_path / "a.md", "---\npublished: 2024-06-19\ntitle: 1984\n---\nText here.")
    assert (read.published, read.precision, read.title) == (datetime(2024, 6, 19, tzinfo=UTC), "day", "1984")


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    read = article(MarkdownReader(), tmp_path / "a.md", "# A *new* chair\n\nThe council met.")
    assert (read.title, read.text) == ("A new chair", "The council met.")


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [unclosed\n", "has front matter that is not valid YAML (line 3)"),
        ("title: a: b\n", "has front matter that is not valid YAML (line 2)"),
        ("- only\n- a list\n", "has front matter without names and values (line 2)"),
        ("x: !!python/object/apply:os.system ['true']\n", "has front matter that is not valid YAML (line 2)"),
        ("[" * 5000 + "\n", "has front matter that is not valid YAML (line 2)"),
    ],
)
def test_broken_front_matter_is_a_problem_with_its_line(tmp_path: Path, front: str, reason: str) -> None:
    assert only(MarkdownReader(), tmp_path / "a.md", f"---\n{front}---\nText.") == Problem(
        str(tmp_path / "a.md"), reason
    )


def test_aliases_in_front_matter_do_not_multiply(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    read = article(MarkdownReader(), tmp_path / "a.md", f"---\n{bomb}title: *i\n---\nText.")
    assert (read.title, read.notes) == ("", ("field 'title' is not text; it is left out",))


MARKDOWN = """Intro with *emphasis*, **strength**, `code` and a [link](https://x.example "t"), wrapped
over two lines. 5 < 6 &amp; <b>bold</b>. <i style="display:none">Hidden.</i> AT&amp;T
is <script>steal()</script><custom>seen</custom>.

## A heading

- first *item*
- second item
  1. nested
  2. more

3. third
4. fourth

> A quoted
> remark.

![a picture](https://x.example/p.png)

| Town | Votes |
|------|-------|
| Oslo | 12    |

<div onclick="x()">Block <script>alert(1)</script>text</div>

```
code line
```
Last\\
line.
"""


def test_markdown_becomes_the_text_that_a_reader_sees() -> None:
    _, text = plain_text(MARKDOWN)
    assert [line for line in text.split("\n") if line] == [
        "Intro with emphasis, strength, code and a link, wrapped over two lines. 5 < 6 & bold. AT&T is seen.",
        "A heading",
        "- first item",
        "- second item",
        "1. nested",
        "2. more",
        "3. third",
        "4. fourth",
        "A quoted remark.",
        "Town | Votes",
        "Oslo | 12",
        "Block text",
        "code line",
        "Last",
        "line.",
    ]


@pytest.mark.parametrize("unit", ["[", "*a ", "> ", "`", "![", "<a ", "- ", "|a", "_a*", "\n#"])
def test_hostile_markdown_is_read_to_its_end(unit: str) -> None:
    _, text = plain_text(unit * 3000 + "\n\nThe end.")
    assert text.endswith("The end.")


def test_the_byline_below_a_markdown_heading_is_read(tmp_path: Path) -> None:
    content = "# New chair\n\nBy Ana Ruiz, Oakvale Herald, 12 October 2026\n\nThe council met. It voted.\n"
    read = article(MarkdownReader(), tmp_path / "a.md", content)
    assert (read.title, read.outlet, read.authors) == ("New chair", "Oakvale Herald", ("Ana Ruiz",))
    assert (read.published, read.text) == (datetime(2026, 10, 12, tzinfo=UTC), "The council met. It voted.")
