"""The forms in which people and programs write a day and a time of day, with words in any language.

A form only says which part stands where; which month a word names and what a zone means is settled in `dates`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.metadata.calendar_words import half_called, is_filler, months_called
from ingest.metadata.source_locale import ANYWHERE
from ingest.metadata.time_zones import ZONE_NAME, ZONES_IN_OTHER_LETTERS

_WORD = r"[^\W\d_][^\s\d,;:/|()<>+\[\]@-]{0,23}"
_ORDINAL = r"(?:\.?(?:st|nd|rd|th|er|re|ère|e|o|a|d)\b|[.°])?"
_OF = r"(?:(?:de|del|di|of|den|da)\s|d')?"
_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_SHORT_YEAR = r"(?P<year>[12]\d{3}|\d{2})(?!\d)"
_GAP = r"(?:\s?[-/.,]\s?|\s|,\s)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"

_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>[12]\d{3})(?P<mark>[-/.])\s?(?P<number>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})(?!\d)\.?",
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<number>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日号일]?",
        rf"{_DAY}\s(?:tháng|thg)\s(?P<number>\d{{1,2}})(?:\s?,\s?|\snăm\s|\s){_YEAR}",
        rf"{_DAY}\s?{_ORDINAL}{_GAP}?{_OF}(?P<month>{_WORD}(?:(?:\s|\s?/\s?){_WORD})?){_GAP}?{_OF}{_YEAR}",
        rf"(?P<month>{_WORD}){_GAP}?(?P<day>\d{{1,2}})(?!\d){_ORDINAL}(?:{_GAP}|\s?,\s?){_YEAR}",
        rf"(?<!\d){_YEAR}(?:\.?\s|[-/])(?:{_WORD}\s)?(?P<month>{_WORD}){_GAP}(?P<day>\d{{1,2}})(?!\d){_ORDINAL}",
        rf"(?<!\d){_YEAR}(?:\.?\s{_WORD})?[\s.,]\s?(?P<day>\d{{1,2}})\.?\s(?P<month>{_WORD})",
        r"(?<!\d)(?P<first>\d{1,2})(?P<mark>[-/.])\s?(?P<second>\d{1,2})(?P=mark)\s?(?P<year>[12]\d{3})(?!\d)",
    )
)
_SHORT_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}{_GAP}?(?P<month>{_WORD}){_GAP}?'?{_SHORT_YEAR}(?!:)",
        r"(?<!\d)(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{2})(?![\d:])",
    )
)
"""With a year of two figures: only where nothing but a date can stand."""

_AS_C_WRITES = re.compile(
    rf"(?P<month>{_WORD})\s(?P<day>\d{{1,2}})\s(?P<clock>\d\d:\d\d(?::\d\d)?(?:\s[^\d\s]\S{{0,31}})?(?:\s[+-]\d{{4}})?)\s{_YEAR}",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:"
    r"(?:\s?[:.h]|\s?[時时点點시]\s?|\sh\s|u)(?P<minute>[0-5]\d(?!\d)|\d(?=:\d\d?(?!\d)))[分분]?"
    r"(?:[:.](?P<second>[0-6]?\d)(?!\d)(?:[.,]\d{1,9})?|\s?[0-5]?\d[秒초])?"
    r"|(?=\s?[ap]\.?\s?m\b)|\s?(?:h|uhr|uur|[時时点點시])(?![^\W\d_]))",
    re.IGNORECASE,
)
_MILITARY = re.compile(r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s?(?=(?:GMT|UTC|Z|hrs|hours)\b)")
_HALF_AFTER = re.compile(r"\s?(?P<half>[ap]\.?\s?m\b\.?|[^\W\d_][^\s\d,;:/|()<>+-]{0,11})", re.IGNORECASE)
_HALF_BEFORE = re.compile(r"(?P<half>[^\W\d_][^\s\d,;:/|()<>+-]{0,11})\s?(?=\d)")
_OFFSET = r"(?:(?:GMT|UTC|UT|Z)\s?)?[+-]\s?\d{1,2}(?::?[0-5]\d)?(?!\d)"
_FILLER = re.compile(r"\s?(?P<word>[^\W\d_]{1,6})\b\.?")
_ZONE = re.compile(
    rf"\s?[,(\[]?\s?(?P<zone>{_OFFSET}|{ZONE_NAME}|(?:[A-Z][A-Za-z.]{{1,20}}\s){{1,3}}Time\b|(?:Eastern|Central|Mountain|Pacific)\b|(?:[A-Z]\.){{2,4}}|[^\W\d_]{{1,5}}(?![\w/]))[)\]]?"
)
_CLOCK_BEGINS = re.compile(
    r"(?<![\d.:/-])(?:[^\W\d_]{1,4}\s?)?(?P<hour>\d{1,2})(?:\s?(?=[:.haApP時时点點시])|(?=[0-5]\d\s?(?:GMT|UTC)\b))"
)
_MAX_CLOCK = 48
_COMMENT = re.compile(r"\s?[(\[][^()\[\]]{0,60}[)\]]")
_ZONE_AGAIN = re.compile(r"\s(?P<name>[A-Z]{2,5})(?![\w/])")
"""Go writes the zone's name behind its offset ("+0200 CEST")."""

_NOON = re.compile(r"\b(?:12(?::00)?\s)?noon\b", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_PUNCTUATION = str.maketrans({"\u060c": ",", "\u2019": "'", "\u2236": ":", "\u00ba": "o", "\u00aa": "a"})


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenDay:
    """A day as a text writes it, from `start` to `end` of the folded text.

    `month` is a word, or empty beside `number`; where only the order of the figures tells day from month, `first` and
    `second` hold them. A `year` below 100 was written with two figures.
    """

    start: int
    end: int
    year: int
    day: int = 0
    number: int = 0
    month: str = ""
    first: int = 0
    second: int = 0
    mark: str = ""
    clock: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenClock:
    """A time of day as a text writes it: 0 to 24 hours, or 1 to 12 with `half`; `zone` as it stands there."""

    start: int
    end: int
    hour: int
    minute: int
    second: int = 0
    half: str = ""
    zone: str = ""


def folded(text: str) -> str:
    """The text with plain figures, dashes and single spaces, without invisible characters."""
    text = _INVISIBLE.sub("", text).translate(_PUNCTUATION)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_figures())
    return _NOON.sub("12:00 PM", " ".join(text.split()).strip("\"'“”"))


def days_in(text: str, *, short_years: bool = False) -> Iterator[WrittenDay]:
    """Yield the days that a folded text may hold, form by form; the parts of one place may be read in several ways."""
    for form in (_AS_C_WRITES, *_DATE_FORMS, *(_SHORT_FORMS if short_years else ())):
        for found in form.finditer(text):
            parts = found.groupdict()
            numbers = {
                name: int(parts[name]) for name in ("year", "day", "number", "first", "second") if parts.get(name)
            }
            words = {name: parts[name] for name in ("month", "mark", "clock") if parts.get(name)}
            yield WrittenDay(start=found.start(), end=found.end(), **numbers, **words)  # type: ignore[arg-type]


def clock_at(text: str, start: int = 0) -> WrittenClock | None:
    """Read the time of day that begins at `start` of a folded text, with the half of the day and the zone beside it."""
    begin, half = start, ""
    before = _HALF_BEFORE.match(text, start)
    if before and (named := half_called(before["half"])):
        begin, half = before.end(), named
    found = _CLOCK.match(text, begin) or _MILITARY.match(text, begin)
    if found is None:
        return None
    end = found.end()
    after = None if half else _HALF_AFTER.match(text, end)
    if after and (named := half_called(after["half"])):
        end, half = after.end(), named
    zone, end = _zone_after(text, end, is_american=bool(half))
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    return WrittenClock(start=start, end=end, hour=hour, minute=minute, second=second, half=half, zone=zone)


def clock_before(text: str, end: int) -> WrittenClock | None:
    """Read the time of day that ends where a day begins ("14:05, 19 June 2024"), None where none does."""
    begin = max(0, end - _MAX_CLOCK)
    for found in _CLOCK_BEGINS.finditer(text, begin, end):
        clock = clock_at(text, found.start()) or clock_at(text, found.start("hour"))
        if clock and clock.end <= end and not re.search(r"\d", text[clock.end : end]):
            return clock
    return None


def _zone_after(text: str, end: int, *, is_american: bool) -> tuple[str, int]:
    """Return the zone after a time, as it stands there, and where it ends.

    Small letters are one after "pm", in brackets, or where they can be nothing else.
    """
    filler = _FILLER.match(text, end)
    if filler and not filler["word"].isupper() and is_filler(filler["word"]):
        end = filler.end()
    found = _ZONE.match(text, end)
    if found is None:
        return "", end
    is_set_off = is_american or "(" in found.group() or found["zone"] in ZONES_IN_OTHER_LETTERS
    if found["zone"].islower() and not is_set_off:
        return "", end
    comment = _COMMENT.match(text, found.end())
    if comment is None and found["zone"][-1].isdigit():
        comment = _ZONE_AGAIN.match(text, found.end())
        comment = None if comment and months_called(comment["name"], ANYWHERE) else comment
    return found["zone"], comment.end() if comment else found.end()


@cache
def _figures() -> dict[int, str]:
    """Every decimal figure of Unicode -> the one of ASCII."""
    return {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x660, 0x1FBFA)
        if unicodedata.decimal(chr(code), None) is not None
    }
