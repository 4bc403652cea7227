"""The names of people in a byline, without the places, roles and departments that stand beside them."""

from __future__ import annotations

import re
from itertools import takewhile

from ingest.metadata.calendar_words import months_called, weekdays_called
from ingest.metadata.source_locale import ANYWHERE

LABEL = re.compile(
    r"(?:(?:posted|written|report(?:ed|ing)?|analysis|review|opinion|story|words|text|blog ?beitrag)"
    r"\s(?:.{0,30}?\s)??)?"
    r"(?:by|von|par|por):?(?:\s+|$)"
    r"|(?:autor(?:in|inn?en|es|a)?|authors?|auteurs?):?(?:\s+|$)",
    re.IGNORECASE,
)
"""What stands before the names, at the beginning of a line or alone on it."""

_BETWEEN = re.compile(r"\s*(?:[,;|·•]|\b(?:and|und|et|with|mit)\b|\s[&/]\s|\sy\s)\s*", re.IGNORECASE)
_AFTER_NAME = re.compile(
    r"\s+(?:on|am|at|in|for|from|via|aus|für|pour|para)\s+.*$|\s+[-–—]\s+.*$",  # noqa: RUF001
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_HANDLE = re.compile(r"\s+\(?@\w{1,40}\)?")
_ROLE_FOLLOWS = re.compile(
    r"(?P<name>\S+ \S+)(?: \S+){0,3} (?:editor|reporter|correspondent|writer|columnist|contributor)", re.IGNORECASE
)
_OTHER_WORK = re.compile(r"(?:edit(?:ed|ing)|photo\w*|illustrat\w*|translat\w*|produced|filmed|video)\b", re.IGNORECASE)
_PLACE_FOLLOWS = re.compile(r"\s+(?:in|from|aus)\s", re.IGNORECASE)
_CREDENTIAL = re.compile(r"ph\.?\s?d\.?|m\.?\s?d\.?|jr\.?|sr\.?", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"no author|admin|.*\u00a9.*|.*\b(?:gmbh|inc|ltd|llc|e\. ?v)\.?"
    r"|.*\b(?:staff|news ?room|news ?desk|web ?desk|desk|bureau|editors?|editorial|reporters?|correspondents?|writers?"
    r"|columnists?|contributors?|team|agencies|department|redaktion|redacción|rédaction|redazione|redactie"
    r"|redakcja|redação|redakce|toimitus|редакция|редакція)\b.*",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    ["al", "bin", "bint", "d", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la",
     "le", "ten", "ter", "van", "von", "zu", "zur"]
)  # fmt: skip
_PREPOSITIONS = frozenset(["at", "by", "for", "from", "in", "of", "on", "our", "to", "via", "with"])
_ADDRESS = re.compile(r"https?:|@|\w\.\w{2}")
_CLOCK = re.compile(r"\d:\d|\d{4}")
_AROUND = " .,:-–—"  # noqa: RUF001
_MAX_NAME = 60


def people_in(byline: str) -> list[str]:
    """Return the names in a byline ("By Ana Ruiz in Paris and Tom Hale, PhD"); none where it begins with an address.

    Of several parts one of a single word is a place or an agency, unless all are: then they are names as somebody wrote
    them.
    """
    line = _HANDLE.sub("", " ".join(byline.split()))
    label = LABEL.match(line)
    given = [part for part in _BETWEEN.split(line[label.end() :] if label else line) if part.strip(_AROUND)]
    if any(_ADDRESS.search(part) for part in given[:1]):
        return []
    names: list[str] = []
    is_after_place = False
    for part in given:
        if _OTHER_WORK.match(part.strip(_AROUND)):
            continue
        name = _name_in(part, may_have_role=not names)
        if not _ADDRESS.search(part) and _is_name(name) and not (is_after_place and " " not in name):
            names.append(name)
        is_after_place = is_after_place or _PLACE_FOLLOWS.search(part) is not None
    full = [name for name in names if len(name.split()) > 1]
    # "Von unserem Korrespondenten, Berlin": a word behind what is no name is a place.
    return full or (names if _begins_with(given, names) else [])


def _begins_with(parts: list[str], names: list[str]) -> bool:
    first = next((part for part in parts if not _OTHER_WORK.match(part.strip(_AROUND))), "")
    return bool(names) and _name_in(first, may_have_role=True) == names[0]


def _name_in(part: str, *, may_have_role: bool) -> str:
    """Leave out what stands behind a name: a place, a date, what is in brackets, and a role behind the first name: of
    a part that follows another it is all that there is ("Ana Ruiz, Post Sports Writer").
    """
    name = _AFTER_NAME.sub("", _IN_BRACKETS.sub("", part.strip(_AROUND))).strip(_AROUND)
    role = _ROLE_FOLLOWS.fullmatch(name) if may_have_role else None
    if role:
        return name if role["name"].split()[1].casefold() in _PARTICLES else role["name"]
    words = name.split()
    if shouted := list(takewhile(str.isupper, words)):
        # "ANA RUIZ Harbour Post": what follows in another manner is where the person writes.
        words = shouted if 1 < len(shouted) < len(words) - 1 else words
    first_figure = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
    if 0 < first_figure < len(words):
        words = words[:first_figure]
        while words and (months_called(words[-1], ANYWHERE) or weekdays_called(words[-1].strip(_AROUND))):
            words.pop()
    return " ".join(words).strip(_AROUND)


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(text) <= _MAX_NAME
        and any(character.isalpha() for character in text)
        and not _ADDRESS.search(text)
        and not _NO_PERSON.fullmatch(text)
        and not _CLOCK.search(text)
        and not _CREDENTIAL.fullmatch(text)
        and words[0].casefold() not in _PREPOSITIONS
        and (len(words) == 1 or not words[0][0].islower() or words[0].casefold().split("'")[0] in _PARTICLES)
    )
