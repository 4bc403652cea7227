"""Boilerplate off: what a page puts around and between an article's paragraphs is not evidence.

Whole lines go or stay, never parts of them, and a line goes only where its wording says that it belongs to the page: a
marker ("Related topics:") with its links, a call to subscribe, a credit, a timestamp, a teaser that stands again in
the text. An ordinary sentence stays, even under a marker, and so does a correction, which is news about the article.
This happens once, before storage: offsets point into the cleaned text, which nothing changes any more.

Each rule is made so that what it takes away leaves the others' verdicts as they were; cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from ingest.cleaning.bylines import is_byline, is_contact, is_credit
from ingest.cleaning.notices import is_correction, is_notice
from ingest.cleaning.phrases import LABELS, MARKERS, PROMOTIONS, SHARE_BUTTONS, SHARE_CALLS
from ingest.cleaning.timestamps import timestamp_kind

MAX_BOILERPLATE_WORDS = 60
MAX_BOILERPLATE_CHARACTERS = 500
"""A longer line is prose, however it begins, and no rule reads it; lists of contributors come near."""

_MAX_NAME_CHARACTERS = 60
"""Of a marker, a button or a time of day."""

_MAX_LINK_WORDS = 25
_MAX_LINK_CHARACTERS = 200
_MIN_HEADLINE_WORDS = 3
_HEAD_LINES = 3
_TEASER_REPEATED_WITHIN = 12
_MAX_TEASERS = 2
_MIN_TEASER_WORDS = 6
_LIST_MARK = re.compile(r"(?:[-*•·▪►»>]|\d{1,2}[.)])\s+")
_BULLETS = re.compile(r"(?:[-*•·▪►]\s+)+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]]*$")  # noqa: RUF001
_STATEMENT_END = re.compile(r"[.。۔।][\"'”’»)\]]*$")  # noqa: RUF001
_SENTENCE_BREAK = re.compile(r"[.!?][\"”’)]? [A-Z“]")  # noqa: RUF001
_END_CHARACTERS = 8
"""As much of a line's end as is read to see whether a sentence ends there."""

_AROUND = " \t:.!…»>«<|-–—*•[]()➤▶►▪"  # noqa: RUF001


class _Line(NamedTuple):
    text: str
    is_after_blank: bool


def cleaned(text: str, *, title: str = "") -> str:
    """Return the article's own lines, in order and unchanged but for bullets and outer white space; may be empty.

    A title that stands again above the text goes, too. Cleaning what is clean changes nothing.
    """
    lines = _lines_of(text)
    lines = [
        _Line(_without_bullet(line.text), line.is_after_blank) for line in _only(lines, _stays_outside_links(lines))
    ]
    lines = _only(lines, [not _is_page_boilerplate(line.text) for line in lines])
    lines = _only(lines, _stays_in_head(lines, _folded(title)))
    lines = _only(lines, _stays_beside_buttons(lines))
    lines = _only(lines, _stays_between_stamps(lines))
    joined = "".join(f"\n\n{line.text}" if line.is_after_blank else f"\n{line.text}" for line in lines)
    return joined.lstrip("\n")


def _lines_of(text: str) -> list[_Line]:
    """Return the lines with a letter or digit, each with whether a line without one stands above it."""
    lines: list[_Line] = []
    is_after_blank = False
    for raw in text.split("\n"):
        line = raw.strip()
        if any(character.isalnum() for character in line):
            lines.append(_Line(line, is_after_blank))
            is_after_blank = False
        else:
            is_after_blank = True
    return lines


def _only(lines: Sequence[_Line], stays: Iterable[bool]) -> list[_Line]:
    """Return the lines that stay; a blank line above one that goes is one above the next."""
    kept: list[_Line] = []
    is_after_blank = False
    for line, stay in zip(lines, stays, strict=True):
        is_after_blank = is_after_blank or line.is_after_blank
        if stay:
            kept.append(_Line(line.text, is_after_blank))
            is_after_blank = False
    return kept


def _folded(line: str) -> str:
    return " ".join(line.casefold().replace("’", "'").strip(_AROUND).split())  # noqa: RUF001


def _without_bullet(line: str) -> str:
    return _BULLETS.sub("", line, count=1) if _BULLETS.match(line) else line


def _ends_sentence(line: str) -> bool:
    return _SENTENCE_END.search(line[-_END_CHARACTERS:]) is not None


def _stays_outside_links(lines: Sequence[_Line]) -> list[bool]:
    """Return which lines stay when the markers of related-links blocks go, with the links that follow them."""
    last_links = len(lines)
    while last_links and _is_link(lines[last_links - 1].text):
        last_links -= 1
    stays = [True] * len(lines)
    number = 0
    while number < len(lines):
        if not _is_marker(lines[number].text):
            number += 1
            continue
        end = len(lines) if number + 1 >= last_links else _end_of_links(lines, number + 1)
        stays[number:end] = [False] * (end - number)
        number = end
    return stays


def _is_marker(line: str) -> bool:
    return len(line) <= _MAX_NAME_CHARACTERS and _folded(line) in MARKERS


def _end_of_links(lines: Sequence[_Line], begin: int) -> int:
    """Return the number of the first line that no longer belongs to the links that begin after a marker."""
    end = begin
    while _is_link(lines[end].text):
        end += 1
        if lines[end].is_after_blank:
            return end
    # Nothing parts the links from the prose: the last of them may be its heading.
    return max(begin, end - 1) if end > begin and not _LIST_MARK.match(lines[end - 1].text) else end


def _is_link(line: str) -> bool:
    """Whether the line may be the title of another article: short, and listed or without a full stop."""
    if len(line) > _MAX_LINK_CHARACTERS or len(line.split()) > _MAX_LINK_WORDS or is_correction(line.casefold()):
        return False
    reads_as_prose = _ends_sentence(line) or line.endswith(":") or _SENTENCE_BREAK.search(line) is not None
    return _LIST_MARK.match(line) is not None or not reads_as_prose


def _is_page_boilerplate(line: str) -> bool:
    """Whether the line alone says that it belongs to the page."""
    if len(line) > MAX_BOILERPLATE_CHARACTERS or len(line.split()) > MAX_BOILERPLATE_WORDS:
        return False
    folded = _folded(line)
    is_boilerplate = (
        folded in PROMOTIONS
        or _is_inline_link(line, folded)
        or is_notice(folded)
        or timestamp_kind(folded) == "labelled"
        or is_credit(line)
        or is_contact(line)
    )
    return is_boilerplate and not is_correction(folded)


def _is_inline_link(line: str, folded: str) -> bool:
    """Whether a marker or a label and the headline of another article stand on one line."""
    label, colon, headline = (part.strip() for part in folded.partition(":"))
    if not colon or _STATEMENT_END.search(line[-_END_CHARACTERS:]) is not None:
        return False
    return label in MARKERS or (
        label in LABELS
        and len(headline.split()) >= _MIN_HEADLINE_WORDS
        and not line.partition(":")[2].lstrip()[:1].islower()
    )


def _stays_in_head(lines: Sequence[_Line], title: str) -> list[bool]:
    """Return which lines stay when bylines, timestamps and repetitions above the text go: title, teaser.

    The head ends with the third line that stays; share buttons, which may go later, do not count.
    """
    stays = [True] * len(lines)
    kept = 0
    for number, line in enumerate(lines):
        if kept == _HEAD_LINES:
            break
        if _is_button(line.text):
            continue
        is_again = not kept and (_folded(line.text) == title or _stands_again(lines, number))
        stays[number] = not (is_again or _is_above_text(line.text))
        kept += stays[number]
    return stays


def _is_above_text(line: str) -> bool:
    return len(line) <= MAX_BOILERPLATE_CHARACTERS and (is_byline(line) or _is_time(line))


def _stands_again(lines: Sequence[_Line], number: int) -> bool:
    """Whether the line is a teaser that stands again, word for word, in one or two of the next paragraphs.

    What stands there more often was put there to be found: it stays, and is known by it.
    """
    teaser = lines[number].text
    if len(teaser.split()) < _MIN_TEASER_WORDS or not _is_paragraph(teaser):
        return False
    below = (lines[later].text for later in range(number + 1, len(lines)))
    paragraphs = islice(filter(_is_paragraph, below), _TEASER_REPEATED_WITHIN)
    again = sum(_holds(paragraph, teaser) for paragraph in paragraphs)
    return 0 < again <= _MAX_TEASERS


def _is_paragraph(line: str) -> bool:
    return not _is_button(line) and not _is_above_text(line)


def _holds(paragraph: str, teaser: str) -> bool:
    """Whether the teaser is the paragraph, or whole sentences of it."""
    begin = paragraph.find(teaser)
    if begin < 0:
        return False
    starts = begin == 0 or paragraph[begin - 1].isspace()
    return starts and (begin + len(teaser) == len(paragraph) or _ends_sentence(teaser))


def _stays_beside_buttons(lines: Sequence[_Line]) -> list[bool]:
    """Return which lines stay when share buttons go: rows of them that hold a call to share, so that no list does."""
    stays: list[bool] = []
    for is_button, row in groupby((line.text for line in lines), key=_is_button):
        names = list(row)
        stays += [not is_button or SHARE_CALLS.isdisjoint(map(_folded, names))] * len(names)
    return stays


def _is_button(line: str) -> bool:
    return len(line) <= _MAX_NAME_CHARACTERS and _folded(line) in SHARE_BUTTONS


def _stays_between_stamps(lines: Sequence[_Line]) -> list[bool]:
    """Return which lines stay when the timestamps of a live blog go: those that follow a whole sentence.

    Under anything else, a time may belong to a programme or a table.
    """
    stays: list[bool] = []
    above = ""
    for line in lines:
        goes = _is_time(line.text) and (not above or _ends_sentence(above))
        stays.append(not goes)
        above = above if goes else line.text
    return stays


def _is_time(line: str) -> bool:
    return len(line) <= _MAX_NAME_CHARACTERS and timestamp_kind(_folded(line)) == "bare"
