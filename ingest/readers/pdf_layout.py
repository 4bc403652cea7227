"""Lines of PDF pages -> paragraphs: without what repeats on every page, with words and sentences joined again.

A PDF holds places for letters, not paragraphs: where one ends is told from the length of its lines, and whether a
hyphen at the end of a line belongs to the word from how the document writes it elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingest.readers.pdf_columns import CELL_MARK
from ingest.text.page_starts import page_starts
from ingest.text.unicode import normalised
from rag.text.common_words import is_common, is_compound

PAGE_BLOCK = "\f"
"""Parts the blocks of a page whose order is known: columns, headings, tables."""

_EDGE_LINES = 3
"""Headers and footers stand among so many lines at the top and at the bottom."""

_MIN_SHARE_OF_PAGES = 0.4
"""Books have one header on left and another on right pages: each on nearly half of them."""

_FULL_SHARE = 0.85
_HEADING_SHARE = 0.7
"""Shares of the usual length of a page's lines: a shorter line ends a paragraph, a much shorter one is a heading."""

_MIN_MEASURED_CHARACTERS = 20
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SOFT_HYPHEN = re.compile("\xad[ ]*\n")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p[aá]gina|pagina|p\.|s\.)?\s*(?:\d{1,4}|[ivxl]{1,7})\s*(?:(?:/|of|von|de|di|sur)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"'”’»)\]]*$")  # noqa: RUF001
_LIST_MARK = re.compile(r"(?:[-–—*•·▪►◦‣]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")  # noqa: RUF001
_LONGEST_WORD = 60
"""Of the end of a line only so much is looked at: a line may be one word of a million letters."""

_HYPHENATED = re.compile(r"(?P<begin>[^\W\d_]+)[-\u2010]$")
_BEGINS_LOW = re.compile(r"(?P<end>[^\W\d_]+)")


class _Line(NamedTuple):
    text: str
    begins_block: bool = False


def text_of_pages(pages: Sequence[str]) -> str:
    """See `paged_text`."""
    return paged_text(pages)[0]


def paged_text(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages, one paragraph, heading or item of a list a line, and where in it each page begins.

    Blocks are parted by `PAGE_BLOCK`.
    """
    lines = [_lines(page) for page in pages]
    kept = _without_repeated(lines)
    words = Counter(word.lower() for page in kept for line in page for word in _WORD.findall(line.text))
    paragraphs: list[str] = []
    for page in kept:
        for block in _blocks(page):
            for number, paragraph in enumerate(_paragraphs(block)):
                if number == 0 and paragraphs and _goes_on(paragraphs[-1], paragraph, words):
                    paragraph = [paragraphs.pop(), *paragraph]
                paragraphs.append(_joined(paragraph, words))
    text = "\n".join(paragraphs)
    return text, page_starts(["".join(line.text for line in page) for page in kept], text)


def lines_of_pages(pages: Sequence[str]) -> list[list[str]]:
    """Return the lines of each page as they stand, of a document of many articles; pages repeat the title of theirs."""
    kept = _without_running_titles(_without_repeated([_lines(page) for page in pages]))
    return [[line.text for line in page] for page in kept]


def text_of_lines(lines: Sequence[str]) -> str:
    """Return the text of lines as `text_of_pages` does."""
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line))
    return "\n".join(_joined(paragraph, words) for paragraph in _paragraphs([line for line in lines if line]))


def _blocks(page: Sequence[_Line]) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in page:
        if line.begins_block or not blocks:
            blocks.append([])
        blocks[-1].append(line.text)
    return blocks


def _lines(page: str) -> list[_Line]:
    found: list[_Line] = []
    for block in page.split(PAGE_BLOCK):
        text = normalised(_SOFT_HYPHEN.sub("-\n", block)).translate(_LIGATURES)
        lines = [line for part in text.split("\n") if (line := " ".join(part.split()))]
        found += [_Line(line, begins_block=number == 0) for number, line in enumerate(lines)]
    return found


def _without_repeated(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Drop page numbers, and headers and footers that most pages have; the first page keeps a headline at its top."""
    if len(pages) < 2:
        return pages
    tops = Counter(key for page in pages for key in {_key(line.text) for line in page[:_EDGE_LINES]})
    ends = Counter(key for page in pages for key in {_key(line.text) for line in page[-_EDGE_LINES:]})
    least = max(2, _MIN_SHARE_OF_PAGES * len(pages))
    kept = []
    for number, page in enumerate(pages):
        begin, end = 0, len(page)
        while begin < min(end, _EDGE_LINES) and _is_repeated(page[begin].text, tops, least, keeps_words=number == 0):
            begin += 1
        while end > max(begin, len(page) - _EDGE_LINES) and _is_repeated(page[end - 1].text, ends, least):
            end -= 1
        kept.append(page[begin:end])
    return kept


def _without_running_titles(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Drop the line at the top of a page that stands at the top of the page before."""
    kept, title = [], ""
    for page in pages:
        top = page[0].text if page else ""
        kept.append(page[1:] if top and top == title else page)
        title = top
    return kept


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.casefold())


def _is_repeated(line: str, counts: Counter[str], least: float, *, keeps_words: bool = False) -> bool:
    if _PAGE_NUMBER.fullmatch(line):
        return True
    return counts[_key(line)] >= least and not (keeps_words and not _DIGITS.search(line))


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Group the lines of a page."""
    lengths = sorted(len(line) for line in lines if len(line) >= _MIN_MEASURED_CHARACTERS)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    groups: list[list[str]] = []
    for line in lines:
        if groups and not _ends(groups[-1][-1], line, usual):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _ends(line: str, following: str, usual: int) -> bool:
    """Whether a paragraph ends with the line."""
    if _LIST_MARK.match(following) or CELL_MARK in line or CELL_MARK in following:
        return True
    if _HYPHENATED.search(line[-_LONGEST_WORD:]) and following[0].islower():
        return False
    if _SENTENCE_END.search(line):
        return len(line) < usual * _FULL_SHARE or _is_heading(following, usual)
    return _is_heading(line, usual) and not following[0].islower()


def _is_heading(line: str, usual: int) -> bool:
    return len(line) < usual * _HEADING_SHARE and not line[0].islower() and not _SENTENCE_END.search(line)


def _goes_on(paragraph: str, following: Sequence[str], words: Counter[str]) -> bool:
    """Whether a block's first paragraph goes on with the last one of the block before.

    Of a word that would be joined across them, only where it is known to be one.
    """
    if _SENTENCE_END.search(paragraph) or not following[0][0].islower() or CELL_MARK in paragraph:
        return False
    hyphenated, rest = _HYPHENATED.search(paragraph[-_LONGEST_WORD:]), _BEGINS_LOW.match(following[0])
    if hyphenated is None or rest is None:
        return True
    whole = (hyphenated["begin"] + rest["end"]).lower()
    return words[whole] > 0 or is_common(whole)


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    pieces = [lines[0]]
    for line in lines[1:]:
        hyphenated, rest = _HYPHENATED.search(pieces[-1][-_LONGEST_WORD:]), _BEGINS_LOW.match(line)
        if not hyphenated or not rest:
            is_open = pieces[-1].endswith("-") and line[0].isalnum() and not pieces[-1].endswith(" -")
            pieces.append(line if is_open else f" {line}")
            continue
        whole, parted = hyphenated["begin"] + rest["end"], f"{hyphenated['begin']}-{rest['end']}"
        keeps = (
            not rest["end"][0].islower()
            or words[parted.lower()] > words[whole.lower()]
            or (not words[whole.lower()] and is_compound(hyphenated["begin"], rest["end"]))
        )
        pieces[-1] = pieces[-1][:-1] + ("-" if keeps else "")
        pieces.append(line)
    return "".join(pieces)
