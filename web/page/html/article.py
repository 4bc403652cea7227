"""The article panel: a whole article as HTML, with the quote that was opened marked at its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rag.retrieval.rivals import Rival
from rag.summaries.summary_types import Summary
from rag.text.standalone import can_be_quoted
from rag.types import Article
from rag.wording import N_, translated
from web.page.conversation import Opened
from web.page.html.edit_form import EditForm
from web.page.html.rendering import render
from web.page.html.words import outlet_of
from web.page.places import place_in_article

_LONGEST_HEADING = 100
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")

CHANGED = N_("This article has changed since the answer was given, so the quote is no longer marked. It read:")
LOST = N_("This article has changed since its address was made, so that the quote is no longer marked.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph in three pieces, of which the middle one is marked; it is empty where nothing is.

    `is_heading`: a short line that ends no sentence and stands over a paragraph that does.
    """

    before: str
    marked: str
    after: str
    is_heading: bool = False


def article_html(
    article: Article,
    opened: Opened,
    *,
    reference: str,
    summary: Summary | None = None,
    form: EditForm | None = None,
    tags: Sequence[str] = (),
    rival: Rival | None = None,
) -> str:
    """The panel's HTML; where the text at the quote's place is no longer the quote, it says so and marks nothing.

    `form` lets the reader correct what is known of the article; `rival` says that another one stands at its address.
    """
    is_intact = article.text[opened.start : opened.end] == opened.quote
    start, end = (opened.start, opened.end) if is_intact else (0, 0)
    return render(
        "article.html",
        article=article,
        reference=reference,
        carried_by=list(dict.fromkeys(outlet_of(copy) for copy in opened.copies)),
        changed=translated(LOST if opened.is_lost else "" if is_intact else CHANGED),
        quote="" if is_intact else opened.quote,
        place=place_in_article(start, end, opened.quote) if start < end else "",
        summary=summary,
        form=form,
        tags=tags,
        rival=rival,
        pdf_page=article.ref.pages.page_at(start) if article.ref.pages and start < end else 0,
        quote_start=start,
        quote_end=end,
        paragraphs=list(_paragraphs(article.text, start, end)),
    )


def body_html(body: str, start: int, end: int) -> str:
    """Paragraphs of `body`, with the characters from `start` to `end` inside `<mark>` (one a paragraph)."""
    return render("article_body.html", paragraphs=list(_paragraphs(body, start, end)))


def problem_html(message: str) -> str:
    """The panel where the article cannot be shown."""
    return render("article_problem.html", message=message)


def _paragraphs(body: str, start: int, end: int) -> Iterator[Paragraph]:
    lines = [found.span() for found in _PARAGRAPH.finditer(body)]
    for (first, last), below in zip_longest(lines, lines[1:]):
        is_heading = below is not None and _heads(body[first:last], body[slice(*below)])
        left, right = max(first, start), min(last, end)
        if left >= right:
            left = right = last
        yield Paragraph(before=body[first:left], marked=body[left:right], after=body[right:last], is_heading=is_heading)


def _heads(line: str, below: str) -> bool:
    return len(line) <= _LONGEST_HEADING and not can_be_quoted(line) and can_be_quoted(below)
