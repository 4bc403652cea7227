"""The article panel: a whole article as HTML, with the quote that was opened marked at its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.summaries.summary_types import Summary
from rag.types import Article
from web.page.conversation import Opened
from web.page.html.rendering import render
from web.page.html.words import outlet_of
from web.page.places import place_in_article

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")

CHANGED = "This article has changed since the answer was given, so the quote is no longer marked. It read:"
LOST = "This article has changed since its address was made, so that the quote is no longer marked."


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph in three pieces, of which the middle one is marked; it is empty where nothing is."""

    before: str
    marked: str
    after: str


def article_html(article: Article, opened: Opened, *, reference: str, summary: Summary | None = None) -> str:
    """The panel's HTML; where the text at the quote's place is no longer the quote, it says so and marks nothing."""
    is_intact = article.text[opened.start : opened.end] == opened.quote
    start, end = (opened.start, opened.end) if is_intact else (0, 0)
    return render(
        "article.html",
        article=article,
        reference=reference,
        carried_by=list(dict.fromkeys(outlet_of(copy) for copy in opened.copies)),
        changed=LOST if opened.is_lost else "" if is_intact else CHANGED,
        quote="" if is_intact else opened.quote,
        place=place_in_article(start, end, opened.quote) if start < end else "",
        summary=summary,
        paragraphs=list(_paragraphs(article.text, start, end)),
    )


def body_html(body: str, start: int, end: int) -> str:
    """Paragraphs of `body`, with the characters from `start` to `end` inside `<mark>` (one a paragraph)."""
    return render("article_body.html", paragraphs=list(_paragraphs(body, start, end)))


def problem_html(message: str) -> str:
    """The panel where the article cannot be shown."""
    return render("article_problem.html", message=message)


def _paragraphs(body: str, start: int, end: int) -> Iterator[Paragraph]:
    for found in _PARAGRAPH.finditer(body):
        first, last = found.span()
        left, right = max(first, start), min(last, end)
        if left < right:
            yield Paragraph(before=body[first:left], marked=body[left:right], after=body[right:last])
        else:
            yield Paragraph(before=body[first:last], marked="", after="")
