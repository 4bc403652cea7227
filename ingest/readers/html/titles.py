"""The title of a page's article: the headline that its readers see, without the outlet that pages append to it."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from ingest.readers.html.json_ld import JsonLd, text_in
from ingest.readers.html.layout import INLINE, Meta, first_of, pieces_of, text_of

_MARKS = re.compile(r"\s+[|\-–—»]\s+")  # noqa: RUF001
_WORD = re.compile(r"\w+")
_KICKER = re.compile(
    r"(?:^|[\s_-])(?:kicker|eyebrow|overline|topline|top-?title|super-?title|pre-?title|over-?title|roofline|dachzeile"
    r"|spitzmarke|surtitre|antetitulo|occhiello|flag|label|section-?name|category)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""What sites call the line above a headline that names its section or subject."""

_MAX_NAMES = 400
_MIN_HEADLINE_WORDS = 3
_MAX_HEADINGS = 20
_MAX_PIECES = 20
_MIN_NAME = 4
_MAX_TITLE = 300


def title_of(tree: Any, meta: Meta, json_ld: JsonLd, *, outlet: str, host: str) -> tuple[str, Any | None]:
    """Return the title and the heading element that shows it, None where none does.

    A heading is believed where one of the page's declared titles holds it, or where it is the page's only one.
    """
    declared = [text_in(json_ld.get("headline")), first_of(meta, "og:title"), _title_element(tree)]
    declared = [without_outlet(title[:_MAX_TITLE], outlet, host) for title in declared if title]
    headings = _headings(tree, "h1")
    for heading, _ in headings:
        if title := _labelled(heading, declared):
            return title, heading
    for is_headline in (_is_a_title, _is_in_a_title):
        for heading, text in [*headings, *(_headings(tree, "h2", "h3") if is_headline is _is_a_title else ())]:
            if is_headline(text, declared):
                return text, heading
    texts = {text for _, text in headings}
    if len(texts) == 1 and len(_words(headings[0][1])) >= _MIN_HEADLINE_WORDS:
        return headings[0][1], headings[0][0]
    return next(iter(declared), ""), headings[0][0] if headings else None


def _labelled(heading: Any, declared: list[str]) -> str:
    """Return the declared title that a heading holds beside a label or a second line of its own, or an empty string."""
    pieces = [words for _, piece in pieces_of(heading) if (words := _words(piece))][:_MAX_PIECES]
    for title in declared:
        for cut in range(1, len(pieces)):
            if _words(title) in (list(chain(*pieces[:cut])), list(chain(*pieces[cut:]))):
                return title
    return ""


def _is_a_title(heading: str, declared: list[str]) -> bool:
    return any(_words(heading) == _words(title) for title in declared)


def _is_in_a_title(heading: str, declared: list[str]) -> bool:
    words = _words(heading)
    held = any(f" {' '.join(words)} " in f" {' '.join(_words(title))} " for title in declared)
    return held and len(words) >= _MIN_HEADLINE_WORDS


def without_outlet(title: str, outlet: str, host: str) -> str:
    """Take off what pages append to their titles: " | Harbour Standard"."""
    names = {letters for name in (outlet, host, *host.split(".")[:-1]) if (letters := _letters(name))}
    tails = [(title[: mark.start()].strip(), _letters(title[mark.end() :])) for mark in _MARKS.finditer(title)]
    for head, tail in tails:
        if tail in names:
            return head
    for head, tail in tails[-1:]:
        if any(len(name) > _MIN_NAME and name in tail and len(tail) <= 2 * len(name) for name in names):
            return head
    return title


def _headings(tree: Any, *levels: str) -> list[tuple[Any, str]]:
    """Return the headings of these levels that may be a headline, with their text."""
    found = []
    for heading in list(tree.iter(*levels))[:_MAX_HEADINGS]:
        text = _shown_title(heading)
        if text and len(text) <= _MAX_TITLE:
            found.append((heading, text))
    return found


def _shown_title(heading: Any) -> str:
    """Return a heading's text without its kicker, and with a space between elements that only styles part."""
    kicker = next((child for child in heading.iterdescendants() if _is_kicker(child)), None)
    inside = frozenset(kicker.iter()) if kicker is not None else frozenset()
    for line_break in heading.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    shown = ""
    owner_before: Any = None
    for owner, piece in pieces_of(heading):
        if owner in inside:
            continue
        is_parted = owner is not owner_before and shown[-1:].islower() and piece[:1].isupper()
        is_inline = owner is heading or owner.tag in INLINE
        shown += f" {piece}" if is_parted or not is_inline else piece
        owner_before = owner
    without_kicker = " ".join(shown.split())
    return without_kicker or text_of(heading)


def _is_kicker(element: Any) -> bool:
    names = element.get("class") or ""
    return isinstance(element.tag, str) and len(names) < _MAX_NAMES and _KICKER.search(names) is not None


def _title_element(tree: Any) -> str:
    return next((text for title in tree.iter("title") if (text := " ".join((title.text or "").split()))), "")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _letters(text: str) -> str:
    return "".join(_words(text))
