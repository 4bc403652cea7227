"""Live blogs: a page of many entries, each an article of its own with the time and heading that stand above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from typing import Any

from ingest.metadata.dates import Published, published_of, stated_date
from ingest.readers.html.authors import names_an_author, names_of
from ingest.readers.html.json_ld import JsonLd, names_in, text_in
from ingest.readers.html.layout import Layout, drop, text_of
from ingest.readers.html.reader_comments import is_comment
from ingest.text.inline_html import without_markup
from ingest.text.unicode import normalised, one_line

MAX_ENTRIES = 500
_MIN_ENTRIES = 2
_MIN_ENTRY_WORDS = 3
_LIVE_NAMES = re.compile(
    r"(?:^|[\s_/-])live-?(?:blog\w*|ticker\w*|feed|updates?|coverage|entry|entries|posts?|story)\b", re.IGNORECASE
)
_LIVE_PATH = re.compile(r"/live/")
_POSTED_BY = re.compile(r"(?:posted|written|updated|reported)?\s*by\s+(?P<names>\S.{2,80})", re.IGNORECASE)
_CLOCK = re.compile(r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:\s?(?P<half>[ap])\.?m)?\b", re.IGNORECASE)
_TIME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:time(?:stamp)?|clock|zeit|uhrzeit|hora|heure|date)(?:$|[\s_-])", re.IGNORECASE
)
_SHARE_NAMES = re.compile(r"(?:^|[\s_-])(?:share|sharing|social)(?:$|[\s_-])", re.IGNORECASE)
_MAX_TIME = 40
_CUT_OFF = re.compile(r"(?:…|\.\.\.)$")
_ENTRIES = ("div", "section", "article", "li")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_MIN_FLAT_ENTRIES = 3
_FLAT_HEADS = (*_HEADINGS[1:], "p")
_FLAT_PARTS = ("p", "ul", "ol", "blockquote", "figure", "table", *_HEADINGS[2:])
_CLOCK_IN_FRONT = re.compile(
    r"\s*\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:Uhr|h|[A-Z]{2,5})\b)?\s*[|:\u2013\u2014-]?(?=\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveEntry:
    """An entry as the page gives it; `part` names it within the page."""

    part: str
    text: str
    heading: str = ""
    published: Published | None = None
    authors: tuple[str, ...] = ()


def take_live_entries(
    layout: Layout, json_ld: JsonLd, *, published: datetime | None, url: str
) -> tuple[LiveEntry, ...]:
    """Return the entries of a live blog in the page's order and take them out of the tree; none where it is no such.

    `published` is the page's own date: the day of an entry that tells only its time.
    """
    declared = _declared(json_ld)
    page_is_live = "LiveBlog" in str(json_ld.get("@type")) or _LIVE_NAMES.search(url) is not None
    _put_together_what_a_clock_heads(layout, page_is_live=page_is_live or _LIVE_PATH.search(url) is not None)
    elements = _elements(layout, page_is_live=page_is_live)
    shown = [entry for element in elements if (entry := _shown(element, published))]
    for element in elements if len(shown) >= _MIN_ENTRIES else ():
        drop(element)
    entries = shown if len(shown) >= max(_MIN_ENTRIES, len(declared)) else declared
    return tuple(entries) if len(entries) >= _MIN_ENTRIES else ()


def _declared(json_ld: JsonLd) -> list[LiveEntry]:
    """Return the entries that the page declares, where it declares them whole."""
    updates = json_ld.get("liveBlogUpdate")
    found: list[LiveEntry] = []
    for number, update in enumerate(islice(updates if isinstance(updates, list) else [], MAX_ENTRIES), start=1):
        if not isinstance(update, dict):
            continue
        text = normalised(without_markup(text_in(update.get("articleBody")))).strip()
        if len(text.split()) < _MIN_ENTRY_WORDS or _CUT_OFF.search(text):
            continue
        name = next((text_in(update.get(key)) for key in ("@id", "url", "identifier") if text_in(update.get(key))), "")
        found.append(
            LiveEntry(
                part=name.rpartition("#")[2] or str(number),
                heading=one_line(without_markup(text_in(update.get("headline")))),
                text=text,
                published=_moment(text_in(update.get("datePublished"))),
                authors=tuple(names_in(update.get("author"))),
            )
        )
    return found


def _put_together_what_a_clock_heads(layout: Layout, *, page_is_live: bool) -> None:
    """Make an element of each entry that is only a heading or paragraph with a clock and what follows it."""
    from lxml import html

    for parent in list(layout.tree.iter("div", "section", "article", "main", "body")):
        if not (page_is_live or _names_live(parent)):
            continue
        heads = [child for child in parent if child.tag in _FLAT_HEADS and _clock_holder(child) is not None]
        for head in heads[:MAX_ENTRIES] if len(heads) >= _MIN_FLAT_ENTRIES else ():
            entry = html.Element("div", {"class": "live-entry"})
            behind = takewhile(lambda one: one.tag in _FLAT_PARTS, head.itersiblings())
            parts = [head, *takewhile(lambda one: _clock_holder(one) is None, behind)]
            head.addprevious(entry)
            entry.append(_clock_taken_out(head))
            entry.extend(parts)


def _clock_holder(element: Any) -> Any | None:
    """Return the part of a heading, or the part set off in a paragraph, that begins with a clock; None without one."""
    shown = (one for one in element.iter() if isinstance(one.tag, str) and (one.text or "").strip())
    holder = next(shown, None)
    if holder is None or _CLOCK_IN_FRONT.match(holder.text) is None or (holder.tag == "p" and element.tag == "p"):
        return None
    return holder


def _clock_taken_out(head: Any) -> Any:
    """Take the clock in front of a heading or paragraph out of it; return it as an element of its own."""
    from lxml import html

    holder, clock = _clock_holder(head), html.Element("time")
    found = _CLOCK_IN_FRONT.match(holder.text) if holder is not None else None
    if holder is not None and found is not None:
        clock.text, holder.text = found.group(), holder.text[found.end() :]
    return clock


def _elements(layout: Layout, *, page_is_live: bool) -> list[Any]:
    """Return the elements of the entries: marked up so, or alike beside each other on a page that says it is live."""
    marked = [element for element in layout.tree.iter() if element.get("itemprop") == "liveBlogUpdate"]
    if len(marked) >= _MIN_ENTRIES:
        return marked[:MAX_ENTRIES]
    best: list[Any] = []
    for parent in layout.tree.iter("div", "section", "article", "main", "ol", "ul"):
        entries = [child for child in parent if child.tag in _ENTRIES and _has_time(child)]
        is_live = page_is_live or any(_names_live(element) for element in (*entries[:1], parent))
        if is_live and len(entries) > max(len(best), _MIN_ENTRIES - 1):
            best = entries
    return [element for element in best[:MAX_ENTRIES] if layout.headline not in set(element.iter(*_HEADINGS))]


def _names_live(element: Any) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return len(names) < 400 and _LIVE_NAMES.search(names) is not None


def _has_time(element: Any) -> bool:
    """Whether an element holds one time of its own, and text."""
    return 1 <= sum(1 for _ in islice(_times_in(element), 4)) <= 3 and len(element.text_content().split()) > 5


def _times_in(element: Any) -> Iterator[Any]:
    """Yield the elements that show a time: `time`, or a short one that names itself so and shows a clock's."""
    for one in element.iter():
        if one.tag == "time":
            yield one
        elif isinstance(one.tag, str) and _TIME_NAMES.search(one.get("class") or "") and one is not element:
            shown = text_of(one)
            if len(shown) <= _MAX_TIME and _CLOCK.search(shown) and next(one.iter("time"), None) is None:
                yield one


def _shown(element: Any, published: datetime | None) -> LiveEntry | None:
    """Read an entry from its element."""
    from lxml import html

    time = next(_times_in(element), None)
    moment = _stamp(element) or (_time_of(time, published) if time is not None else None)
    heading = next((text for one in element.iter(*_HEADINGS) if (text := text_of(one))), "")
    copy: Any = html.fromstring(html.tostring(element, encoding="unicode", with_tail=False))
    for part in [*_times_in(copy), *(one for one in copy.iter(*_HEADINGS) if text_of(one) == heading)]:
        drop(part)
    for part in [one for one in copy.iterdescendants() if _is_no_part_of_an_entry(one)]:
        drop(part)
    lines: list[str] = []
    authors: list[str] = []
    for part in [one for one in copy.iterdescendants() if names_an_author(one)]:
        if names := names_of(text_of(part)):
            authors += names
            drop(part)
    for line in without_markup(html.tostring(copy, encoding="unicode")).split("\n"):
        by = _POSTED_BY.fullmatch(line.strip())
        names = names_of(by["names"]) if by else []
        if names and len(line.split()) <= 8:
            authors += names
        else:
            lines.append(line)
    text = normalised("\n".join(lines)).strip()
    if len(text.split()) < _MIN_ENTRY_WORDS:
        return None
    name = element.get("id") or element.get("data-id") or element.get("data-post-id") or ""
    return LiveEntry(
        part=name or f"{moment[0].isoformat() if moment else ''} {heading or text[:80]}".strip(),
        heading=one_line(heading),
        text=text,
        published=moment,
        authors=tuple(dict.fromkeys(authors)),
    )


def _is_no_part_of_an_entry(element: Any) -> bool:
    """Whether an element of an entry holds its readers' comments, or the buttons that share it."""
    if not isinstance(element.tag, str):
        return False
    return is_comment(element) or _SHARE_NAMES.search(element.get("class") or "") is not None


def _stamp(element: Any) -> Published | None:
    """Return the moment that microdata gives an entry."""
    for one in element.iter():
        if one.get("itemprop") == "datePublished":
            return next((moment for name in ("content", "datetime") if (moment := _moment(one.get(name) or ""))), None)
    return None


def _time_of(time: Any, published: datetime | None) -> Published | None:
    for given in (time.get("datetime"), text_of(time)):
        if given and (moment := _moment(given)):
            return moment
    clock = _CLOCK.search(text_of(time))
    if clock is None or published is None:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    try:
        return published.replace(hour=hour, minute=int(clock["minute"]), second=0, microsecond=0), "minute"
    except ValueError:
        return None


def _moment(given: str) -> Published | None:
    try:
        return published_of(given.strip())
    except ValueError:
        return stated_date(given[:120])
