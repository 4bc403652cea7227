"""Characters that text may hold; what cannot be seen is settled once, before storage."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but tab and line breaks
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # invisible, or turning the direction of text
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # annotations, non-characters, tags that hide text
    "\ud800-\udfff"  # halves of characters, which JSON can hold and UTF-8 cannot
    "]"
)


def normalised(text: str) -> str:
    """Return the text in NFC, with one kind of line break and no control or invisible characters; idempotent."""
    return unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return `normalised` text on one line with single spaces, as titles and names are kept."""
    return " ".join(normalised(text).split())
