"""Characters that text may hold; what cannot be seen is settled once, before storage."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but tab and line breaks
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # invisible, or turning the direction of text
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # annotations, non-characters, tags that hide text
    "\ud800-\udfff"  # halves of characters, which JSON can hold and UTF-8 cannot
    "]"
)

_NON_JOINER, _JOINER, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"
_UNSEEN = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Joiners and variation selectors: part of the spelling in some scripts and in emoji, a hiding place elsewhere."""

_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\ufb50-\ufdff\ufe70-\ufefc\U0001e900-\U0001e95f"  # Arabic, Syriac, N'Ko, Adlam
    "\u0900-\u0dff\ua8e0-\ua8ff\U00011000-\U00011fff"  # the scripts of India and Sri Lanka
    "\u1000-\u109f\u1780-\u18af\u1b00-\u1bff\ua980-\ua9df]"  # Myanmar, Khmer, Mongolian, Bali, Java
)
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_VIRAMA_CLASS = 9
"""The canonical combining class of the marks that take a consonant's vowel away (Unicode, UAX 44)."""

_MAX_ROUNDS = 4
"""Taking one away can move the marks beside the next; text made to go on like this for long is no language."""


def normalised(text: str) -> str:
    """Return the text in NFC, with one kind of line break and no control or hidden characters; idempotent.

    Joiners stay inside words of the scripts that spell with them and inside emoji, one variation selector stays after
    what it varies.
    """
    text = unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_BREAKS.sub("\n", text)))
    for _ in range(_MAX_ROUNDS):
        settled = unicodedata.normalize("NFC", _UNSEEN.sub(_if_spelling, text))
        if settled == text:
            return text
        text = settled
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def one_line(text: str) -> str:
    """Return `normalised` text on one line with single spaces, as titles and names are kept."""
    return " ".join(normalised(text).split())


def _if_spelling(match: re.Match[str]) -> str:
    """Return the matched joiner or variation selector where it belongs to the spelling, else nothing."""
    character, text, place = match.group(), match.string, match.start()
    before, after = text[max(0, place - 2) : place], text[place + 1 : place + 2]
    if character == _NON_JOINER:
        belongs = _spells(before[-1:]) and _spells(after)
    elif character == _JOINER:
        belongs = (
            (_spells(before[-1:]) and _spells(after))
            or _is_half_form(before)
            or (_is_emoji(before.removesuffix(_EMOJI_STYLE)[-1:]) and _is_emoji(after))
        )
    else:
        belongs = _varies(before[-1:], character)
    return character if belongs else ""


def _spells(character: str) -> bool:
    """Whether it is a letter or mark of a script that spells with joiners."""
    return (
        bool(character) and _JOINING_SCRIPTS.match(character) is not None and unicodedata.category(character)[0] in "LM"
    )


def _is_half_form(before: str) -> bool:
    """Whether a consonant without its vowel ends here, as older Malayalam and Bengali text writes at a word's end."""
    return len(before) == 2 and _spells(before[0]) and unicodedata.combining(before[1]) == _VIRAMA_CLASS


def _is_emoji(character: str) -> bool:
    return character >= "\u2190" and unicodedata.category(character) in ("So", "Sm", "Sk")


def _varies(before: str, selector: str) -> bool:
    """Whether the selector follows what it can vary; the supplement's belong to ideographs alone."""
    if not before or before.isspace() or _UNSEEN.match(before):
        return False
    return selector <= _EMOJI_STYLE or _IDEOGRAPH.match(before) is not None
