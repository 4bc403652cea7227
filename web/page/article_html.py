"""The article panel: a whole article as inert HTML, with the quote that was opened marked at its exact place."""

from __future__ import annotations

import re

from rag.summaries.summary_types import Summary
from rag.text.links import web_host
from rag.types import Article
from web.page.conversation import Opened
from web.page.html import isolated, language, link, listed, outlet_of, published, text, title_of

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")

_SUMMARISE = '<p class="nd-short"><button type="button" class="nd-summarise" data-summarise>Summarise this</button></p>'
_STORY = (
    '<p class="nd-short"><button type="button" class="nd-summarise" data-story>Ask about this story only</button></p>'
)

CHANGED = "This article has changed since the answer was given, so the quote is no longer marked. It read:"


def article_html(article: Article, opened: Opened, *, reference: str, summary: Summary | None = None) -> str:
    """The panel's HTML; where the text at the quote's place is no longer the quote, it says so and marks nothing."""
    short = _summary(summary) if summary is not None else _SUMMARISE
    intact = article.text[opened.start : opened.end] == opened.quote
    start, end = (opened.start, opened.end) if intact else (0, 0)
    changed = "" if intact else f'<p class="nd-notice">{CHANGED} <q>{text(opened.quote)}</q></p>'
    return (
        f'<article class="nd-paper" data-reference="{text(reference)}" aria-labelledby="nd-paper-title">'
        f"{_header(article, opened)}{changed}{short}{_STORY}"
        f'<div class="nd-paper-body"{language(article.language)}>{body_html(article.text, start, end)}</div>'
        f"{_footer(article)}</article>"
    )


def body_html(body: str, start: int, end: int) -> str:
    """Paragraphs of `body`, with the characters from `start` to `end` inside `<mark>` (one a paragraph)."""
    return "".join(_paragraph(body, found.span(), start, end) for found in _PARAGRAPH.finditer(body))


def problem_html(message: str) -> str:
    """The panel where the article cannot be shown."""
    return (
        '<article class="nd-paper" aria-labelledby="nd-paper-title">'
        f"{_head('', 'This article cannot be shown', '')}"
        f'<p class="nd-notice" role="alert">{text(message)}</p></article>'
    )


def _summary(summary: Summary) -> str:
    """The sentences of a summary above the article that they are from."""
    if not summary.sentences:
        return f'<p class="nd-notice">{text(summary.provenance.notice)}</p>'
    items = "".join(f'<li dir="auto">{text(sentence.text)}</li>' for sentence in summary.sentences)
    how = "quoted from the article" if summary.provenance.writer == "quotes" else "written by a model, and checked"
    return (
        f'<section class="nd-short" aria-label="Summary"><p class="nd-label">In short, {how}</p>'
        f"<ul>{items}</ul></section>"
    )


def copies_html(opened_outlets: list[str]) -> str:
    """`Also carried by …`, or nothing where no one else carried the story."""
    if not opened_outlets:
        return ""
    return f'<p class="nd-copies">Also carried by {listed([isolated(name) for name in opened_outlets])}</p>'


def _head(outlet: str, title: str, byline: str) -> str:
    """What stays in view while the article is read: whose it is, its title, its date and the way out."""
    close = '<button type="button" class="nd-close" data-close aria-label="Close the article">&times;</button>'
    return (
        f'<header><div class="nd-bar"><p class="nd-outlet">{isolated(outlet)}</p>{close}</div>'
        f'<h2 id="nd-paper-title" tabindex="-1" dir="auto">{text(title)}</h2><p class="nd-byline">{byline}</p></header>'
    )


def _header(article: Article, opened: Opened) -> str:
    ref = article.ref
    authors = f"By {listed([isolated(name) for name in article.authors])}" if article.authors else ""
    byline = " · ".join(part for part in (authors, published(ref), link(ref.url, "Original")) if part)
    carriers = list(dict.fromkeys(outlet_of(copy) for copy in opened.copies))
    return _head(outlet_of(ref), title_of(ref), byline) + copies_html(carriers)


def _footer(article: Article) -> str:
    address = article.ref.url
    original = link(address, f"Read the original at {web_host(address)}")
    return f"<footer>{original or 'No web address is known for this article.'}</footer>"


def _paragraph(body: str, bounds: tuple[int, int], start: int, end: int) -> str:
    first, last = bounds
    left, right = max(first, start), min(last, end)
    if left >= right:
        return f'<p dir="auto">{text(body[first:last])}</p>'
    marked = f"<mark>{text(body[left:right])}</mark>"
    return f'<p dir="auto">{text(body[first:left])}{marked}{text(body[right:last])}</p>'
