"""Markup that takes a parser far longer than its length: refused, or read as plain text, before it is parsed."""

from __future__ import annotations

import re

from rag.errors import SourceError

MOST_ATTRIBUTES = 1000
"""Of one element: parsers compare each with all others (60,000 took 41 s)."""

MOST_TAGS = 100_000
"""Of one page; the largest pages of news have a tenth."""

MOST_MARKS = 200
"""Of emphasis, links and code in one paragraph of Markdown: each is looked for up to the paragraph's end."""

# Each quantifier keeps what it took, so that nothing is tried twice.
_TAG = re.compile(r"<[a-zA-Z](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[\s/\"'][^\s/>=\"']")
_MARK = re.compile(r"[\[\]*_`~<&!]")


def refuse_vast_markup(page: str) -> None:
    """Raise `SourceError` where the page has more tags, or one of them more attributes, than any page of news needs."""
    if page.count("<") > MOST_TAGS:
        raise SourceError(f"has over {MOST_TAGS:,} tags; save the page as text")
    for tag in _TAG.finditer(page):
        if tag.end() - tag.start() <= 2 * MOST_ATTRIBUTES:
            continue
        if len(_ATTRIBUTE.findall(_QUOTED.sub('"', tag.group()))) > MOST_ATTRIBUTES:
            raise SourceError(f"has an element with over {MOST_ATTRIBUTES:,} attributes; save the page as text")


def is_overmarked(paragraph: str) -> bool:
    """Whether a paragraph of Markdown holds more marks than prose does."""
    return len(paragraph) > MOST_MARKS and len(_MARK.findall(paragraph)) > MOST_MARKS
