"""Characters that text may hold; what cannot be seen is settled once, before storage."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rag.text.unseen_characters import only_spelling, without_unseen

_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but tab and line breaks
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # invisible, or turning the direction of text
    "\ufff9-\ufffb\ufffe\uffff"  # annotations, non-characters
    "\ud800-\udfff"  # halves of characters, which JSON can hold and UTF-8 cannot
    "]"
)

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_LINEAR_A = range(0x10600, 0x10737)

_MAX_ROUNDS = 4
"""Taking one away can move the marks beside the next; text made to go on like this for long is no language."""


def normalised(text: str) -> str:
    """Return the text in NFC, with one kind of line break and no control or hidden characters; idempotent.

    Joiners stay inside words of the scripts that spell with them and inside emoji, one variation selector stays after
    what it varies.
    """
    text = unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_BREAKS.sub("\n", text)))
    for _ in range(_MAX_ROUNDS):
        settled = unicodedata.normalize("NFC", only_spelling(text))
        if settled == text:
            return text
        text = settled
    return unicodedata.normalize("NFC", without_unseen(text))


def one_line(text: str, *, at_most: int | None = None) -> str:
    """Return `normalised` text on one line with single spaces, as titles and names are kept; of a longer one so many
    characters `at_most`."""
    return " ".join(normalised(text).split())[:at_most].rstrip()


def stand_ins_for_unseen(text: str) -> dict[int, int]:
    """Return a character that the text lacks for each unseen one that it may keep, for libraries that drop those.

    The stand-ins are letters, of a script that nobody writes any more.
    """
    unseen = {c for c in set(text) if unicodedata.category(c) == "Cf" and not _DROPPED.match(c)}
    free = (code for code in _LINEAR_A if chr(code) not in text)
    return {ord(c): stand_in for c, stand_in in zip(sorted(unseen), free, strict=False)}


def replace_characters(tree: Any, characters: dict[int, int]) -> None:
    """Replace characters in the text of a parsed page."""
    for element in tree.iter() if characters else ():
        if element.text:
            element.text = element.text.translate(characters)
        if element.tail:
            element.tail = element.tail.translate(characters)


def join_texts(tree: Any) -> None:
    """Make one text of those that stand beside each other where tags were taken out: XPath compares each with all."""
    for element in tree.iter():
        if element.text:
            element.text = str(element.text)
        if element.tail:
            element.tail = str(element.tail)


def make_writable(tree: Any) -> None:
    """Take the characters out of a parsed page that lxml reads and refuses to set: whoever moves text may then."""
    for element in tree.iter():
        if element.text and _UNWRITABLE.search(element.text):
            element.text = _UNWRITABLE.sub("", element.text)
        if element.tail and _UNWRITABLE.search(element.tail):
            element.tail = _UNWRITABLE.sub("", element.tail)
