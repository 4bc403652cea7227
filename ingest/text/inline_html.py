"""HTML that stands inside text: tags and entities become the plain text that they show."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

from ingest.text.markup_bounds import has_vast_attributes

_NAMES = (
    "a|abbr|article|aside|b|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|div|dl|dt|em|embed|figcaption"
    "|figure|font|footer|form|h[1-6]|head|header|hr|html|i|img|ins|label|li|link|main|mark|meta|nav|object|ol|p|picture|pre"
    "|q|s|section|small|source|span|strike|strong|sub|sup|table|tbody|td|template|tfoot|th|thead|time|title|tr|tt|u|ul|wbr"
)
_NO_ENGLISH_WORDS = "button|iframe|input|noscript|script|style|svg|video"
# Prose may hold "<b and c>": a name alone or with attributes that have values is a tag, anything else is text.
_AFTER_LESS_THAN = (
    rf"(?:/?(?P<name>{_NAMES})(?:\s[^<>=]*+=[^<>]*+|\s+(?:border|hidden|inert|itemscope|nowrap))?\s*+/?>"
    rf"|/?(?P<other>{_NO_ENGLISH_WORDS})(?:[\s/][^<>]*+)?>|!--|!doctype\s)"
)
_TAG = re.compile(f"<{_AFTER_LESS_THAN}", re.IGNORECASE)
_LESS_THAN = re.compile(f"<(?:{_AFTER_LESS_THAN})?", re.IGNORECASE)
_WRITTEN_LESS_THAN = re.compile(r"&(?:lt;?|LT;?|#0{0,9}60;?|#[xX]0{0,9}3[cC];?)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_UNSEEN = frozenset(
    ["button", "form", "head", "iframe", "input", "noscript", "object", "script", "style", "svg", "template", "video"]
)
_BLOCKS = frozenset(
    ["article", "aside", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
     "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
     "table", "td", "th", "tr", "ul"]
)  # fmt: skip
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-(?:\d{4,}|9{3})|clip\s*:\s*rect\((?:[01](?:px)?[\s,]*){4}\)"
    r"|(?<![\w-])(?:max-)?height\s*:\s*0(?![.\d])[^{}]*overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_BREAK = "\v"
"""Stands for a line break that a block makes, until lines are joined."""

_SHOWN_LESS_THAN = "\ufdd0"
"""Stands for a `<` that the text writes as an entity, until all tags are gone; Unicode keeps it free for such uses."""

_CELL_MARK = " | "
_MAX_CELL_CHARACTERS = 300
"""Longer cells are columns of a layout: they are blocks of their own."""

_TABLE_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr", "cell": "td", "gridcell": "td",
    "columnheader": "th", "rowheader": "th",
}  # fmt: skip
"""https://www.w3.org/TR/wai-aria-1.2/#table: what a table is where other elements make one."""

_VOID = frozenset(["br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])
_SIBLINGS = frozenset(["dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"])
"""Elements that end where the next one begins, and never stand in each other by themselves."""

_MAX_DEPTH, _MAX_UNSEEN_DEPTH = 200, 1000
"""Tags deeper than this are left out and their text stays: lxml drops what stands more than 2,048 deep."""

_ROUNDS = 5
"""Taking tags out can put new ones together: "<<b>b>"."""

_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>", re.IGNORECASE)
_CDATA_BEGINS = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SINGLE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


def without_markup(text: str) -> str:
    """Return what a reader of the text would see: HTML as plain text, one block a line, entities as characters.

    What is no HTML stays: "5 < 6". Scripts, styles, comments and forms go with their content.
    """
    text = without_cdata_marks(text)
    if not _TAG.search(text):
        return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    text = text.replace("\0", "").replace(_BREAK, "\n").replace(_SHOWN_LESS_THAN, "")
    text = _shown(_WRITTEN_LESS_THAN.sub(_SHOWN_LESS_THAN, text))
    for _ in range(_ROUNDS):
        if not _TAG.search(text):
            return text.replace(_SHOWN_LESS_THAN, "<")
        text = _shown(text.replace("&", "&amp;"))
    return text.replace("<", " ").strip().replace(_SHOWN_LESS_THAN, "<")


def without_cdata_marks(text: str) -> str:
    """Take out the marks around CDATA, which HTML takes for a comment; what stands between them stays."""
    return _CDATA_MARK.sub("", text) if _CDATA_BEGINS.search(text) else text


def is_tag(text: str) -> bool:
    """Whether the text begins with an HTML tag of a known element, or a comment."""
    return _TAG.match(text) is not None


def is_hidden(element: Any) -> bool:
    """Whether a page says that readers shall not see the element."""
    return (
        element.get("hidden", "until-found").lower() != "until-found"  # that one is shown to who looks for its words
        or element.get("aria-hidden") == "true"
        or _HIDING_STYLE.search(element.get("style", "")) is not None
    )


def _shown(source: str) -> str:
    """Return the text that a piece of HTML shows."""
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = document_fromstring(f"<div>{_parsable(source)}</div>".encode("utf-8", "ignore"), parser=parser)
    make_tables(root)
    shown = "".join(_pieces(root, wraps_lines=_has_blocks(root)))
    return _SPACES.sub(lambda spaces: _one_space(spaces.group()), shown).strip()


def make_tables(tree: Any) -> None:
    """Make tables of the elements whose roles say that they are some."""
    for element in tree.iter():
        if isinstance(element.tag, str) and (tag := _TABLE_ROLES.get((element.get("role") or "").strip().lower())):
            element.tag = tag


def _parsable(source: str) -> str:
    """Write each `<` that begins no tag as an entity, and leave out the tags that nest too deeply."""
    opened: Counter[str] = Counter()
    left_out: Counter[str] = Counter()

    def settled(found: re.Match[str]) -> str:
        tag, name = found.group(), (found["name"] or found["other"] or "").lower()
        if has_vast_attributes(tag):
            tag = f"</{name}>" if tag.startswith("</") else f"<{name}>"  # a parser compares each with all others
        if tag == "<":
            return "&lt;"
        if not name or name in _VOID or name in _SIBLINGS:
            return tag
        if not tag.startswith("</"):
            kept = opened.total() < (_MAX_UNSEEN_DEPTH if name in _UNSEEN else _MAX_DEPTH)
            (opened if kept else left_out)[name] += 1
            return tag if kept else ""
        ended = left_out if left_out[name] else opened
        ended[name] -= ended[name] > 0
        return tag if ended is opened else ""

    return _LESS_THAN.sub(settled, source)


def _has_blocks(root: Any) -> bool:
    return sum(element.tag in _BLOCKS for element in root.iter()) > 1  # the outermost one was put around the text


def _pieces(root: Any, *, wraps_lines: bool) -> list[str]:
    """Return the visible text of the tree in order, with breaks around blocks; iterative, for trees of any depth."""
    pieces: list[str] = []
    waiting: list[Any] = [root]
    of_layouts = _rows_around_tables(root)
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        if item.tag == "tr" and item is not root and item not in of_layouts and (row := _row(item)):
            pieces += [_BREAK, row, _BREAK]
            waiting.append(_text(item.tail, wraps_lines))
            continue
        around = "\n\n" if item.tag == "p" else _BREAK if item.tag in _BLOCKS else ""
        waiting += [_text(item.tail, wraps_lines), around]
        if item.tag not in _UNSEEN and not is_hidden(item):
            waiting += [*reversed(item), _text(item.text, wraps_lines)]
        waiting.append(around)
    return pieces


def _rows_around_tables(root: Any) -> frozenset[Any]:
    """Return the rows that hold a table: those of a page's layout."""
    found: set[Any] = set()
    for table in root.iter("table"):
        for row in table.iterancestors("tr"):
            if row in found:
                break
            found.add(row)
    return frozenset(found)


def _row(row: Any) -> str:
    """Return a row of a table as one line with marks between its cells; empty where a cell holds paragraphs."""
    if is_hidden(row):
        return ""
    if any(cell.tag not in ("td", "th") for cell in row) or (row.text or "").strip():
        return ""
    cells = [cell for cell in row if not is_hidden(cell)]
    shown = [_SPACES.sub(lambda spaces: _one_space(spaces.group()), _of_cell(cell)).strip() for cell in cells]
    if any("\n\n" in cell or len(cell) > _MAX_CELL_CHARACTERS for cell in shown):
        return ""
    return _CELL_MARK.join(cell.replace("\n", " ") for cell in shown if cell)


def _of_cell(cell: Any) -> str:
    return "".join(_pieces(cell, wraps_lines=True)).removesuffix(_text(cell.tail, wraps_lines=True))


def _text(text: str | None, wraps_lines: bool) -> str:
    """A single line break is a space where blocks make the lines."""
    return _SINGLE_BREAK.sub(" ", text or "") if wraps_lines else text or ""


def _one_space(spaces: str) -> str:
    if "\n" in spaces or _BREAK in spaces:
        return "\n\n" if spaces.count("\n") > 1 else "\n"
    return " " if len(spaces) > 1 else spaces
