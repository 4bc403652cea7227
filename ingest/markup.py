"""HTML that stands inside text: tags and entities become the plain text that they show."""

from __future__ import annotations

import html
import re
from typing import Any

_NAMES = (
    "a|abbr|article|aside|b|blockquote|body|br|caption|center|cite|code|dd|del|div|dl|dt|em|embed|figcaption|figure|font"
    "|footer|form|h[1-6]|head|header|hr|html|i|img|ins|label|li|link|main|mark|meta|nav|object|ol|p|picture|pre|q|s|section"
    "|small|source|span|strike|strong|sub|sup|table|tbody|td|template|tfoot|th|thead|time|title|tr|tt|u|ul"
)
_NO_ENGLISH_WORDS = "button|iframe|input|noscript|script|style|svg|video"
# Prose may hold "<b and c>": a name alone or with attributes that have values is a tag, anything else is text.
_AFTER_LESS_THAN = (
    rf"(?:/?(?:{_NAMES})(?:\s[^<>]*=[^<>]*|\s+(?:hidden|inert|itemscope))?\s*/?>"
    rf"|/?(?:{_NO_ENGLISH_WORDS})(?:[\s/][^<>]*)?>|!--|!doctype\s)"
)
_TAG = re.compile(f"<{_AFTER_LESS_THAN}", re.IGNORECASE)
_LESS_THAN = re.compile(f"<(?!{_AFTER_LESS_THAN})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_UNSEEN = frozenset(
    ["button", "form", "head", "iframe", "input", "noscript", "object", "script", "style", "svg", "template", "video"]
)
_BLOCKS = frozenset(
    ["article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
     "tr", "ul"]
)  # fmt: skip
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?![.\d])", re.IGNORECASE
)
_BREAK = "\v"
"""Stands for a line break that a block makes, until lines are joined."""

_SPACES = re.compile(r"\s+")
_SINGLE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


def without_markup(text: str) -> str:
    """Return what a reader of the text would see: HTML as plain text, one block a line, entities as characters.

    What is no HTML stays: "5 < 6". Scripts, styles, comments and forms go with their content.
    """
    if not _TAG.search(text):
        return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    source = "<div>" + _LESS_THAN.sub("&lt;", text.replace("\0", "").replace(_BREAK, "\n")) + "</div>"
    root = document_fromstring(source.encode("utf-8", "ignore"), parser=parser)
    shown = "".join(_pieces(root, wraps_lines=_has_blocks(root)))
    return _SPACES.sub(lambda spaces: _one_space(spaces.group()), shown).strip()


def is_tag(text: str) -> bool:
    """Whether the text begins with an HTML tag of a known element, or a comment."""
    return _TAG.match(text) is not None


def is_hidden(element: Any) -> bool:
    """Whether a page says that readers shall not see the element."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDING_STYLE.search(element.get("style", "")) is not None
    )


def _has_blocks(root: Any) -> bool:
    return sum(element.tag in _BLOCKS for element in root.iter()) > 1  # the outermost one was put around the text


def _pieces(root: Any, *, wraps_lines: bool) -> list[str]:
    """Return the visible text of the tree in order, with breaks around blocks; iterative, for trees of any depth."""
    pieces: list[str] = []
    waiting: list[Any] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        around = "\n\n" if item.tag == "p" else _BREAK if item.tag in _BLOCKS else ""
        waiting += [_text(item.tail, wraps_lines), around]
        if item.tag not in _UNSEEN and not is_hidden(item):
            waiting += [*reversed(item), _text(item.text, wraps_lines)]
        waiting.append(around)
    return pieces


def _text(text: str | None, wraps_lines: bool) -> str:
    """A single line break is a space where blocks make the lines."""
    return _SINGLE_BREAK.sub(" ", text or "") if wraps_lines else text or ""


def _one_space(spaces: str) -> str:
    if "\n" in spaces or _BREAK in spaces:
        return "\n\n" if spaces.count("\n") > 1 else "\n"
    return " " if len(spaces) > 1 else spaces
