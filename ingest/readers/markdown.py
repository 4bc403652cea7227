"""Markdown files: YAML front matter for the metadata, the rest as the plain text that a reader sees."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.metadata.exported_fields import known_fields
from ingest.metadata.named_fields import article_from_fields
from ingest.metadata.plain_text import stated_in
from ingest.readers.base import BySuffix
from ingest.report import Problem
from ingest.text.decoding import read_text
from ingest.text.inline_html import is_tag, without_markup
from ingest.text.markup_bounds import is_overmarked, refuse_vast_markdown
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BLOCK_ENDS = frozenset(
    ["blockquote_close", "bullet_list_close", "code_block", "fence", "heading_close", "hr", "html_block",
     "ordered_list_close", "paragraph_close", "table_close"]
)  # fmt: skip
_MAX_FRONT_MATTER = 20_000


class MarkdownReader(BySuffix):
    """`.md` and `.markdown`."""

    name: str = "markdown"
    suffixes: tuple[str, ...] = (".md", ".markdown")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        where = document.where
        try:
            content = normalised(read_text(document, limits))
            refuse_vast_markdown(content)
            fields, body = split_front_matter(content)
        except SourceError as error:
            yield Problem(where, str(error))
            return
        heading, text = plain_text(body)
        fields = known_fields(fields)
        if heading and not fields.get("title"):
            fields["title"] = heading
        elif heading:
            text = f"{heading}\n\n{text}"
        yield _completed(article_from_fields(fields, text=text, where=where, source=document.name))


def _completed(article: RawArticle) -> RawArticle:
    """Fill what no front matter says from the lines below the title, where the text states it."""
    if not article.title or article.outlet or article.published or article.authors:
        return article
    stated = stated_in(article.text, title=article.title)
    if not stated.text or not (stated.outlet or stated.published or stated.authors):
        return article
    return replace(
        article,
        text=stated.text,
        outlet=stated.outlet,
        published=stated.published,
        precision=stated.precision,
        authors=stated.authors,
        url=article.url or stated.url,
    )


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the fields of the front matter (none where there is none) and the Markdown below it.

    Raises SourceError where the front matter is not YAML with names and values.
    """
    found = _FRONT_MATTER.match(text)
    if found is None or len(found["yaml"]) > _MAX_FRONT_MATTER:
        return {}, text
    import yaml

    try:
        fields = yaml.safe_load(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = error.problem_mark.line + 2 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 2
        raise SourceError(f"has front matter that is not valid YAML (line {line})") from error
    if not isinstance(fields, dict):
        raise SourceError("has front matter without names and values (line 2)")
    return {str(name).lower(): value for name, value in fields.items()}, text[found.end() :]


def plain_text(markdown: str) -> tuple[str, str]:
    """Return the first-level heading at the top (empty if there is none) and the rest as plain text.

    Headings, paragraphs and list items are lines of their own; links become their text, pictures go.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _parse_inline)
    tokens = parser.parse(markdown)
    heading = ""
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = _inline_text(tokens[1].children or [])
        tokens = tokens[3:]
    return heading, "\n".join(_lines(tokens)).strip()


def _parse_inline(state: StateCore) -> None:
    """Parse what stands inside each block; more marks than prose has are no markup."""
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type != "inline":
            continue
        if is_overmarked(token.content):
            token.children = [Token("text", "", 0, content=token.content)]
        else:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    mark = ""
    lists = 0
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_open":
            cells = []
        elif token.type == "inline" and cells is not None:
            cells.append(_inline_text(token.children or []))
        elif token.type == "inline":
            yield mark + _inline_text(token.children or [])
            mark = ""
        elif token.type == "tr_close":
            yield " | ".join(filter(None, cells or []))
            cells = None
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type == "html_block":
            yield without_markup(token.content)
        lists += token.nesting if token.tag in ("ul", "ol") else 0
        if lists == 0 and token.type in _BLOCK_ENDS:
            yield ""


def _inline_text(children: Sequence[Token]) -> str:
    """Return the text of a line; HTML in it counts as on a page, so that a script goes with its content."""
    has_html = any(child.type == "html_inline" and is_tag(child.content) for child in children)
    pieces = []
    for child in children:
        if child.type in ("text", "code_inline"):
            pieces.append(html.escape(child.content) if has_html else child.content)
        elif child.type == "html_inline" and is_tag(child.content):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" " if child.type == "softbreak" else "\n")
    line = "".join(pieces).strip()
    return without_markup(line) if has_html else line
