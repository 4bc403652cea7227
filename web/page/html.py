"""Pieces of safe HTML: everything that did not come from this package passes through `text` or `link`."""

from __future__ import annotations

import html
import re
from datetime import datetime

from rag.text.formatting import day_in_words
from rag.text.links import web_host
from rag.types import ArticleRef

# Browsers drop or choke on C0 controls, and a lone surrogate cannot be sent as UTF-8 at all.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def text(value: str) -> str:
    """`value` as inert HTML, fit for element content and for a quoted attribute; its length in characters is kept."""
    return html.escape(_UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", value), quote=True)


def failed_html(message: str) -> str:
    """A sentence for the reader where something could not be done."""
    return f'<p class="nd-notice nd-failed" role="alert">{text(message)}</p>'


def isolated(value: str) -> str:
    """`text` whose writing direction cannot spill over into the line around it."""
    return f"<bdi>{text(value)}</bdi>"


def counted(number: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def link(url: str, label: str) -> str:
    """A link to another site, or nothing where `url` is not an http(s) address; `label` is plain text."""
    if not web_host(url):
        return ""
    safe = 'target="_blank" rel="noopener noreferrer nofollow"'
    return f'<a href="{text(url)}" {safe}>{text(label)}<span class="nd-away" aria-hidden="true"> ↗</span></a>'


def language(tag: str) -> str:
    """A `lang` attribute with a leading space, or nothing where `tag` is not a language tag."""
    return f' lang="{tag}"' if _LANGUAGE.fullmatch(tag) else ""


def moment_in_words(moment: datetime) -> str:
    """`21 June 2024, 03:15 UTC`."""
    return f"{day_in_words(moment)}, {moment:%H:%M} {moment.tzname() or 'UTC'}"


def published(ref: ArticleRef, *, short: bool = False) -> str:
    """A `<time>` with the date in words: with hour and zone where they are known and `short` is not set."""
    if ref.published is None:
        return '<span class="nd-undated">date unknown</span>'
    known_to_the_day = short or ref.precision == "day"
    words = day_in_words(ref.published) if known_to_the_day else moment_in_words(ref.published)
    stamp = f"{ref.published:%Y-%m-%d}" if ref.precision == "day" else ref.published.isoformat()
    return f'<time datetime="{text(stamp)}">{text(words)}</time>'


def outlet_of(ref: ArticleRef) -> str:
    """The outlet's name, or plain words where the source does not say (not escaped)."""
    return ref.outlet or "Unknown outlet"


def title_of(ref: ArticleRef) -> str:
    """The title, or plain words where the source has none (not escaped)."""
    return ref.title or "Untitled article"
