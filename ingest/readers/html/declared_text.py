"""The text that a page declares for its article (`articleBody` of JSON-LD), held against the text that was found.

On the development halves of the two page sets, a declared text is the whole (and the found one 97% of it, at least), or
it ends with an ellipsis, or it is an abstract of no more than an eighth of what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.cleaning.notices import is_correction
from ingest.readers.html.json_ld import JsonLd, text_in
from ingest.text.inline_html import without_markup
from ingest.text.unicode import normalised

_MIN_WORDS = 40
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[\.{3}\]|\[…\])[\"”’)\s]*$")  # noqa: RUF001
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.)\s*(?:(?:read|continue|weiter|lire|leer)\b.{0,40})?$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_COUNT = re.compile(r"\d{1,6}(?![\d.])")
_RUN = 3
_HELD_SHARE = 0.8
"""Of the declared text's runs of words: with so many the page shows it, and what else it shows is something else."""

_MIN_SHARE_OF_FOUND = 0.3
_BEGUN_SHARE = 0.5
_FOREIGN_SHARE = 0.2
_MIN_FOREIGN_WORDS = 12
_MUCH_SHORTER = 0.6
_MUCH_LONGER = 1.4
_A_LITTLE_LONGER = 1.15
"""Of the number of words that a page counts: captions and a standfirst may be more than it counts."""


def settled_text(found: str, json_ld: JsonLd, *, is_live: bool = False) -> tuple[str, bool]:
    """Return the article's text, and whether much of what was found belongs to something else.

    Lines that the declared text lacks go where it is whole; where the found text breaks off, the declared one is taken.
    """
    declared = declared_text(json_ld)
    words = declared.split()
    if is_live:
        return found, False
    if len(words) < _MIN_WORDS:
        return _within_word_count(found, json_ld)
    ours, theirs = _runs(found), _runs(declared)
    held = len(ours & theirs) / max(1, len(theirs))
    is_begun = len(ours & theirs) / max(1, len(ours)) >= _BEGUN_SHARE
    is_short = len(found.split()) < _MUCH_SHORTER * len(words)
    if not _CUT_OFF.search(declared) and (
        not found or (is_short and (is_begun or len(found.split()) < _MIN_WORDS)) or _breaks_off(found, words)
    ):
        return declared, False
    if _CUT_OFF.search(declared) or held < _HELD_SHARE or len(words) < _MIN_SHARE_OF_FOUND * len(found.split()):
        return found, False
    if found.split() == words:
        return (declared if declared.count("\n") > found.count("\n") else found), False
    return _only_declared(found.split("\n"), theirs)


def _within_word_count(found: str, json_ld: JsonLd) -> tuple[str, bool]:
    """Cut what goes far beyond the words that the page counts in its article, at the end of a line."""
    given = _COUNT.match(str(json_ld.get("wordCount") or "").replace(",", ""))
    count = int(given.group()) if given else 0
    if count < _MIN_WORDS or len(found.split()) < _MUCH_LONGER * count:
        return found, False
    kept: list[str] = []
    words = 0
    for line in found.split("\n"):
        words += len(line.split())
        if words > _A_LITTLE_LONGER * count:
            break
        kept.append(line)
    return ("\n".join(kept), True) if kept else (found, False)


def declared_text(json_ld: JsonLd) -> str:
    """Return the text that the page declares, as its readers would see it; empty where it declares none."""
    return normalised(without_markup(text_in(json_ld.get("articleBody")))).strip()


def _breaks_off(found: str, declared: Sequence[str]) -> bool:
    """Whether the found text ends with an ellipsis where the declared one goes on."""
    last = found.rstrip().rpartition("\n")[2]
    return _BREAKS_OFF.search(last) is not None and len(found.split()) < len(declared)


def _only_declared(lines: Sequence[str], declared: frozenset[tuple[str, ...]]) -> tuple[str, bool]:
    """Leave out the long lines that the declared text lacks, and all behind its end; corrections and tables stay."""
    shares = [_share(line, declared) for line in lines]
    last = max((number for number, share in enumerate(shares) if share > _FOREIGN_SHARE), default=len(lines))
    kept: list[str] = []
    words = 0
    for number, (line, share) in enumerate(zip(lines, shares, strict=True)):
        is_long = len(line.split()) >= _MIN_FOREIGN_WORDS
        is_foreign = share <= _FOREIGN_SHARE and (is_long or number > last)
        if is_foreign and not is_correction(line.casefold()) and " | " not in line:
            words += len(line.split())
        else:
            kept.append(line)
    return "\n".join(kept), words >= _MIN_WORDS


def _share(line: str, declared: frozenset[tuple[str, ...]]) -> float:
    runs = _runs(line)
    return len(runs & declared) / len(runs) if runs else 0.0


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[place : place + _RUN]) for place in range(max(1, len(words) - _RUN + 1)) if words)
