"""The bodies of mail as plain text: HTML as it is seen, wrapped lines joined, without what mail puts around them."""

from __future__ import annotations

import re
from typing import Any

from ingest.readers.html.reader import article_of_page
from ingest.readers.plain_text import unwrapped
from ingest.text.inline_html import without_markup
from ingest.text.markup_bounds import refuse_vast_markup
from ingest.text.unicode import make_writable, normalised
from rag.errors import SourceError

_MIN_SHARE_OF_ARTICLE = 0.5
"""A newsletter of several items has no one article: less of its words than this is one item of them."""

_MAX_BOILERPLATE_WORDS = 30
_BOILERPLATE = frozenset(
    ["add us to your address book", "advertise", "advertise with us", "all rights reserved", "contact us",
     "email preferences", "forward this email", "forward to a friend", "listen in app", "manage preferences",
     "manage subscription", "manage your preferences", "manage your subscription", "open in app", "open in browser",
     "preferences", "privacy", "privacy policy", "read in app", "read in browser", "read in your browser",
     "read online", "share this email", "terms", "terms of service", "unsubscribe", "unsubscribe here",
     "update preferences", "update your preferences", "view as a web page", "view in browser", "view in your browser",
     "view online", "view this email in your browser"]
)  # fmt: skip
_BOILERPLATE_BEGINNINGS = (
    "©", "click here to unsubscribe", "copyright ©", "copyright (c)", "forwarded this email?",
    "having trouble viewing this", "if you no longer w", "no longer want to receive", "this email was sent to",
    "this e-mail was sent to", "this message was sent to", "this newsletter was sent to", "to unsubscribe",
    "to view this email", "trouble viewing this", "unsubscribe from", "view this email in", "was this email forwarded",
    "was this newsletter forwarded", "you are receiving this", "you are subscribed to", "you received this email",
    "you're receiving this",
)  # fmt: skip
_ARTICLE = re.compile(r"<(?:article|main)[\s>]", re.IGNORECASE)
_ROWS = ("thead", "tbody", "tfoot")
_BLOCKS_OF_LAYOUT = ("table", "ul", "ol", "h1", "h2", "h3", "h4")
_PROSE_WORDS = 12
_PARTED = re.compile(r"\s*[|·•]\s*")
_ADDRESS = re.compile(r"[<(\[]?\s*https?://\S+")
_AROUND = " \t.:!>»→()[]<*-–—_"  # noqa: RUF001
_SIGNATURE = re.compile(r"^-- \n", re.MULTILINE)


def text_of_html(page: str) -> str:
    """Return the article of an HTML body, or all that it shows where that is more than one article."""
    shown = without_boilerplate(without_markup(page))
    try:
        article = without_boilerplate(article_of_page(_as_article(page), where="", source="").text)
    except SourceError:
        return shown
    return article if len(article.split()) >= _MIN_SHARE_OF_ARTICLE * len(shown.split()) else shown


def _as_article(page: str) -> str:
    """Mark the body as an article where nothing in it is, and make its tables for the layout plain parts.

    Of a page without an article, or in a cell, lists are taken for menus. Raises SourceError for vast markup.
    """
    from lxml import etree, html

    if _ARTICLE.search(page):
        return page
    refuse_vast_markup(page)
    try:
        tree = html.document_fromstring(page)
    except (ValueError, etree.LxmlError):
        return page
    make_writable(tree)
    for table in list(tree.iter("table")):
        if _is_for_the_layout(table):
            table.tag = "div"
            for part in [*table.iterchildren(*_ROWS), *table.iterchildren("tr")]:
                for row in [part, *part.iterchildren("tr")]:
                    row.tag = "div"
                    for cell in row.iterchildren("td", "th"):
                        cell.tag = "div"
    body = tree.find("body")
    if body is not None:
        article = html.Element("article")
        article.text, body.text = body.text, None
        for child in list(body):
            article.append(child)
        body.append(article)
    return str(html.tostring(tree, encoding="unicode"))


def _is_for_the_layout(table: Any) -> bool:
    """Whether a cell of the table holds a list, a heading, a table or a paragraph of prose."""
    return next(table.iterdescendants(*_BLOCKS_OF_LAYOUT), None) is not None or any(
        len(paragraph.text_content().split()) >= _PROSE_WORDS for paragraph in table.iter("p")
    )


def text_of_plain(text: str, *, is_flowed: bool = False, deletes_spaces: bool = False) -> str:
    """Return a plain body without its signature, the lines of its paragraphs joined.

    `is_flowed` and `deletes_spaces` are the parameters `format` and `delsp` of the part (RFC 3676).
    """
    body = _SIGNATURE.split(normalised(text), maxsplit=1)[0]
    return without_boilerplate(_unflowed(body, deletes_spaces) if is_flowed else unwrapped(body))


def without_boilerplate(text: str) -> str:
    """Drop the lines that belong to the mail and not to what it says: how to unsubscribe, where to see it."""
    return "\n".join(line for line in text.split("\n") if not _is_boilerplate(line)).strip()


def _is_boilerplate(line: str) -> bool:
    if not line.strip() or len(line) > 1000 or len(line.split()) > _MAX_BOILERPLATE_WORDS:
        return False
    folded = " ".join(_ADDRESS.sub(" ", line).casefold().replace("\u2019", "'").split()).strip(_AROUND)
    if folded.startswith(_BOILERPLATE_BEGINNINGS):
        return True
    pieces = [piece.strip(_AROUND) for piece in _PARTED.split(folded)]
    return any(pieces) and all(not piece or piece in _BOILERPLATE for piece in pieces)


def _unflowed(text: str, deletes_spaces: bool) -> str:
    """Join the lines that end with a space to the next (RFC 3676, section 4)."""
    lines: list[list[str]] = []
    goes_on = False
    for line in text.split("\n"):
        stuffed = line.removeprefix(" ")
        flows = stuffed.endswith(" ") and not stuffed.startswith(">")
        piece = stuffed[:-1] if flows and deletes_spaces else stuffed
        if goes_on:
            lines[-1].append(piece)
        else:
            lines.append([piece])
        goes_on = flows
    return "\n".join("".join(pieces).rstrip() for pieces in lines)
