"""Characters that take no room: spelling in some scripts and in emoji, a hiding place for text everywhere else."""

from __future__ import annotations

import re
import unicodedata

_NON_JOINER, _JOINER, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"
_UNSEEN = re.compile(
    "[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    "|(?P<flag>(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e007f]"
)
"""Joiners, variation selectors and tags: the spelling of some scripts and of emoji, a hiding place elsewhere."""

_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\ufb50-\ufdff\ufe70-\ufefc\U0001e900-\U0001e95f"  # Arabic, Syriac, N'Ko, Adlam
    "\u0900-\u0dff\ua8e0-\ua8ff\U00011000-\U00011fff"  # the scripts of India and Sri Lanka
    "\u1000-\u109f\u1780-\u18af\u1b00-\u1bff\ua980-\ua9df]"  # Myanmar, Khmer, Mongolian, Bali, Java
)
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_EMOJI = frozenset(map(chr, range(0x1F000, 0x1FB00)))
"""Of later Unicode than Python knows, too."""

_KEPT = _EMOJI | {"\n", "\r", "\t", _NON_JOINER, _JOINER, *map(chr, range(0xE0000, 0xE0080))}
_VIRAMA_CLASS = 9
"""The canonical combining class of the marks that take a consonant's vowel away (Unicode, UAX 44)."""


def only_spelling(text: str) -> str:
    """Return the text with joiners, variation selectors and tags only where they belong to the spelling.

    One round: taking one away can change what stands beside the next.
    """
    return _UNSEEN.sub(_if_spelling, text)


def without_unseen(text: str) -> str:
    """Return the text without any joiner, variation selector or tag."""
    return _UNSEEN.sub("", text)


def visible(text: str) -> str:
    """Return the text without control and format characters; line breaks, tabs and what spells stay."""
    kept = (c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    return only_spelling("".join(kept))


def _if_spelling(match: re.Match[str]) -> str:
    """Return the matched joiner or variation selector where it belongs to the spelling, else nothing."""
    if match["flag"]:
        return match["flag"]  # the flag of a region: England, Scotland, Texas
    character, text, place = match.group(), match.string, match.start()
    before, after = text[max(0, place - 2) : place], text[place + 1 : place + 2]
    if character == _NON_JOINER:
        belongs = (_spells(before[-1:]) and _spells(after)) or _is_half_form(before)
    elif character == _JOINER:
        belongs = (
            (_spells(before[-1:]) and _spells(after))
            or _is_half_form(before)
            or (_is_emoji(before.removesuffix(_EMOJI_STYLE)[-1:]) and _is_emoji(after))
        )
    else:
        belongs = not "\U000e0000" <= character <= "\U000e007f" and _varies(before[-1:], character)
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
    return character >= "\u2190" and (unicodedata.category(character) in ("So", "Sm", "Sk") or character in _EMOJI)


def _varies(before: str, selector: str) -> bool:
    """Whether the selector follows what it can vary; the supplement's belong to ideographs alone."""
    if not before or before.isspace() or _UNSEEN.match(before):
        return False
    return selector <= _EMOJI_STYLE or _IDEOGRAPH.match(before) is not None
