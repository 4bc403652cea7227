"""Markup that takes a parser far longer than its length: refused, or read as plain text, before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase

from rag.errors import SourceError

MOST_ATTRIBUTES = 1000
"""Of one element: parsers compare each with all others (60,000 took 41 s)."""

MOST_TAGS = 30_000
"""Of one page, with those that end an element; the largest pages of news have a fifth."""

MOST_MARKS = 200
"""Of emphasis, links and code in one paragraph of Markdown: each is looked for up to the paragraph's end."""

MOST_LINES = 20_000
"""Of one Markdown file: each may begin a block of its own, and the longest reports have a third."""

MOST_COLUMNS = 1000
"""Of a table in Markdown."""

# Each quantifier keeps what it took, so that nothing is tried twice.
_VALUE = r"=\s*+(?:\"[^\"]*+\"|'[^']*+')"
"""A quotation mark only begins a value behind "=", however many stray ones a tag holds."""

_TAG = re.compile(rf"<[a-zA-Z](?:{_VALUE}|[^>])*+")
_QUOTED = re.compile(_VALUE)
_ATTRIBUTE = re.compile(r"[\s/\"'][^\s/>=\"']")
_RAW = re.compile(r"<(!--|(?:script|style|textarea)(?=[\s/>]))")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
"""Keeps every place, which `str.lower` does not ("İ" becomes two characters)."""

_MARK = re.compile(r"[\[\]*_`~<&!]")


def refuse_vast_markup(page: str) -> None:
    """Raise `SourceError` where the page has more tags, or one of them more attributes, than any page of news needs."""
    if page.count("<") > MOST_TAGS:
        raise SourceError(f"has over {MOST_TAGS:,} tags; save the page as text")
    for tag in _tags(page):
        if has_vast_attributes(tag):
            raise SourceError(f"has an element with over {MOST_ATTRIBUTES:,} attributes; save the page as text")


def has_vast_attributes(tag: str) -> bool:
    """Whether a tag has more attributes than any page of news needs."""
    return len(tag) > 2 * MOST_ATTRIBUTES and len(_ATTRIBUTE.findall(_QUOTED.sub('="', tag))) > MOST_ATTRIBUTES


def refuse_vast_markdown(text: str) -> None:
    """Raise `SourceError` where a Markdown file has more lines than an article, or more columns than a table."""
    if text.count("\n") > MOST_LINES:
        raise SourceError(f"has over {MOST_LINES:,} lines; save each article as a file of its own")
    if any(line.count("|") > MOST_COLUMNS for line in text.split("\n")):
        raise SourceError(f"has a line with over {MOST_COLUMNS:,} columns; save the table as CSV")


def _tags(page: str) -> Iterator[str]:
    """Yield the tags of a page; "i<n" in a script or comment begins none. Each mark that ends those is looked for once
    in vain at most.
    """
    lower = page.translate(_LOWER)
    ends = dict.fromkeys(("script", "style", "textarea", "!--"), True)
    place = 0
    while (start := page.find("<", place)) >= 0:
        tag = _TAG.match(page, start)
        raw = _RAW.match(lower, start)
        name = raw.group(1) if raw else ""
        place = tag.end() if tag else start + 1
        if tag:
            yield tag.group()
        if ends.get(name):
            end = lower.find("-->" if name == "!--" else f"</{name}", place)
            ends[name] = end >= 0
            place = max(place, end)


def is_overmarked(paragraph: str) -> bool:
    """Whether a paragraph of Markdown holds more marks than prose does."""
    return len(paragraph) > MOST_MARKS and len(_MARK.findall(paragraph)) > MOST_MARKS
