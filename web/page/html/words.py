"""How articles, dates and counts are put into words on the page: plain text throughout."""

from __future__ import annotations

import re
from datetime import datetime

from rag.text.formatting import clipped, day_in_words, marked_ahead
from rag.types import ArticleRef
from rag.wording import _, ngettext

_SNIPPET_SHOWN = 180
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def snippet(value: str) -> str:
    """The beginning of a text, on one line."""
    return clipped(value, _SNIPPET_SHOWN)


def outlet_of(ref: ArticleRef) -> str:
    """The outlet's name, or plain words where the source does not say; with the library where several are read."""
    outlet = ref.outlet or _("Unknown outlet")
    return _("{outlet} (library {library})", outlet=outlet, library=ref.library) if ref.library else outlet


def title_of(ref: ArticleRef) -> str:
    """The title, or plain words where the source has none."""
    return ref.title or _("Untitled article")


def published_in_words(ref: ArticleRef, *, short: bool = False) -> str:
    """The date, with hour and zone where they are known and `short` is not set; empty where it is unknown."""
    if ref.published is None:
        return ""
    known_to_the_day = short or ref.precision == "day"
    shown = day_in_words(ref.published) if known_to_the_day else time_in_words(ref.published)
    return marked_ahead(shown, is_ahead=ref.is_ahead)


def age_in_words(published: datetime, now: datetime) -> str:
    """`today`, `yesterday`, `3 days ago`, `5 weeks ago`, `2 years ago`; empty for what lies ahead."""
    days = (now.date() - published.date()).days
    if days < 0:
        return ""
    if days < 2:
        return _("yesterday") if days else _("today")
    # In the largest unit of which there are two.
    if days >= 2 * 365:
        return ngettext("{n} year ago", "{n} years ago", days // 365)
    if days >= 2 * 30:
        return ngettext("{n} month ago", "{n} months ago", days // 30)
    if days >= 2 * 7:
        return ngettext("{n} week ago", "{n} weeks ago", days // 7)
    return ngettext("{n} day ago", "{n} days ago", days)


def timestamp_of(ref: ArticleRef) -> str:
    """The date as ISO 8601, as exact as it is known; empty where it is unknown."""
    if ref.published is None:
        return ""
    return f"{ref.published:%Y-%m-%d}" if ref.precision == "day" else ref.published.isoformat()


def time_in_words(time: datetime) -> str:
    """`21 June 2024, 03:15 UTC`."""
    return f"{day_in_words(time)}, {time:%H:%M} {time.tzname() or 'UTC'}"


def language_tag(tag: str) -> str:
    """The tag, or nothing where it is not a language tag (BCP 47)."""
    return tag if _LANGUAGE.fullmatch(tag) else ""
