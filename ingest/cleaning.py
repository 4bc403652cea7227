"""Boilerplate off: what a page puts around and between an article's paragraphs is not evidence.

Whole lines go or stay, never parts of them, and a line goes only where its wording says that it belongs to the page: a
marker ("Related topics:") with its links, a call to subscribe, a credit, a teaser that stands again in the text. An
ordinary sentence stays, even under a marker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.boilerplate import CREDIT, MARKERS, PROMOTION_BEGINNINGS, PROMOTIONS, SHARE_BUTTONS

MAX_BOILERPLATE_WORDS = 25
"""A longer line is prose, however it begins."""

_STANDFIRST_LINES = 3
_STANDFIRST_REPEATED_WITHIN = 12
_MIN_STANDFIRST_WORDS = 6
_LIST_MARK = re.compile(r"(?:[-*•·▪►»>]|\d{1,2}[.)])\s+")
_BULLET = re.compile(r"^[-*•·▪►]\s+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]]*$")  # noqa: RUF001
_AROUND = " \t:.!…»>«<|-–—*•[]()"  # noqa: RUF001


def cleaned(text: str, *, title: str = "") -> str:
    """Return the article's own lines, in order and unchanged but for bullets and outer white space; may be empty.

    A title that stands again as the first line goes, too.
    """
    lines = _without_blank_runs([line.strip() for line in text.split("\n")])
    if lines and title and _folded(lines[0]) == _folded(title):
        lines = _without_blank_runs(lines[1:])
    lines = _without_related(lines)
    lines = [line for number, line in enumerate(lines) if not _is_page_furniture(lines, number)]
    lines = _without_blank_runs(_without_standfirst(lines))
    return "\n".join(_BULLET.sub("", line, count=1) for line in lines)


def _folded(line: str) -> str:
    return " ".join(line.casefold().replace("’", "'").strip(_AROUND).split())  # noqa: RUF001


def _without_blank_runs(lines: Sequence[str]) -> list[str]:
    """Drop lines without a letter or digit, but keep one blank line where there was any between two others."""
    kept: list[str] = []
    blank = False
    for line in lines:
        if any(character.isalnum() for character in line):
            kept.extend([""] if blank and kept else [])
            kept.append(line)
            blank = False
        else:
            blank = True
    return kept


def _without_related(lines: list[str]) -> list[str]:
    """Drop the markers of related-links blocks, with the links that follow them."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        if _is_marker(lines[number]):
            number = _end_of_links(lines, number + 1)
        else:
            kept.append(lines[number])
            number += 1
    return kept


def _is_marker(line: str) -> bool:
    return len(line) <= 60 and _folded(line) in MARKERS


def _end_of_links(lines: list[str], begin: int) -> int:
    """Return the number of the first line that no longer belongs to the links that begin after a marker."""
    end = begin
    while end < len(lines) and (not lines[end] or _is_link(lines[end])):
        end += 1
    if end == len(lines):
        return end
    while begin < len(lines) and not lines[begin]:
        begin += 1
    blank = next((number for number in range(begin, end) if not lines[number]), None)
    if blank is not None:
        return blank
    # Nothing parts the links from the prose: the last of them may be its heading.
    return max(begin, end - 1) if end > begin and not _LIST_MARK.match(lines[end - 1]) else end


def _is_link(line: str) -> bool:
    """Whether the line may be the title of another article: short, and listed or without a full stop."""
    is_short = len(line.split()) <= MAX_BOILERPLATE_WORDS
    return is_short and (_LIST_MARK.match(line) is not None or not _SENTENCE_END.search(line))


def _is_page_furniture(lines: list[str], number: int) -> bool:
    line = lines[number]
    if not line or len(line) > 300 or len(line.split()) > MAX_BOILERPLATE_WORDS:
        return False
    folded = _folded(line)
    before_colon, colon, _ = folded.partition(":")
    return (
        folded in PROMOTIONS
        or folded.startswith(PROMOTION_BEGINNINGS)
        or (bool(colon) and before_colon.strip() in MARKERS)
        or CREDIT.fullmatch(line) is not None
        or (folded in SHARE_BUTTONS and any(_folded(near) in SHARE_BUTTONS for near in _neighbours(lines, number)))
    )


def _neighbours(lines: list[str], number: int) -> list[str]:
    return lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]


def _without_standfirst(lines: list[str]) -> list[str]:
    """Drop a teaser above the text that stands again, word for word, in one of the first paragraphs."""
    paragraphs = [number for number, line in enumerate(lines) if line][: _STANDFIRST_REPEATED_WITHIN + 1]
    dropped = set()
    for place, number in enumerate(paragraphs[:_STANDFIRST_LINES]):
        teaser = lines[number]
        if len(teaser.split()) >= _MIN_STANDFIRST_WORDS and any(
            _holds(lines[later], teaser) for later in paragraphs[place + 1 :]
        ):
            dropped.add(number)
    return [line for number, line in enumerate(lines) if number not in dropped]


def _holds(paragraph: str, teaser: str) -> bool:
    """Whether the teaser is the paragraph, or whole sentences of it."""
    begin = paragraph.find(teaser)
    if begin < 0:
        return False
    starts = begin == 0 or paragraph[begin - 1].isspace()
    return starts and (begin + len(teaser) == len(paragraph) or _SENTENCE_END.search(teaser) is not None)
