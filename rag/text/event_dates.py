"""When something happened, as a sentence says it: "on 5 November", "on Tuesday", "last week", "in 2019".

A date without a year, a weekday or a distance is counted from the day of publication. What a sentence says of the
future ("will meet on Tuesday") is looked for from that day on, everything else up to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.number_words import CARDINALS
from rag.text.written_dates import DATE_FORMS, RANGE_FROM_DAY, RANGE_TO_DAY, Day, read_day

_WEEKDAY = re.compile(
    r"(?<!black )(?<!cyber )(?<!super )(?<!good )(?<!easter )"
    # "The Sunday Times" is a paper.
    rf"(?!\bthe\s(?:{'|'.join(WEEKDAYS)})\s(?-i:[A-Z]))(?<!(?-i:\bThe\s))"
    rf"\b(?:(?P<which>last|next)\s)?(?P<day>{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"\b(?!(?-i:TODAY))(?:(?P<now>today|tonight|this\s(?:morning|afternoon|evening))|(?P<before>yesterday|last\snight)"
    r"|(?P<after>tomorrow))\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?P<which>last|this|next)\s(?P<unit>week|month|year)\b(?!['\u2019]s\b)", re.IGNORECASE)
_AGO = re.compile(
    rf"\b(?P<number>\d{{1,2}}|an?|{'|'.join(CARDINALS)})\s(?P<unit>day|week)s?\s(?:ago|earlier)\b(?!\s(?:each|every|per|than)\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\bin\s(?P<year>(?:19|20)\d\d)\b(?!\s?[-\u2013/]\s?\d)", re.IGNORECASE)
_FUTURE = re.compile(
    r"\b(?:will|shall|would|due|to\sbe|is\sto|are\sto|plans?|scheduled|expect(?:s|ed)?|set\sto|upcoming|ahead\sof|until|towards?"
    r"|hopes?\sto|aims?\sto|wants?\sto|going\sto)\b",
    re.IGNORECASE,
)
_RANGE_TO = re.compile(r"\s?(?:to|and|until|through|[-\u2013])\s?$", re.IGNORECASE)
_OF_A_DAY = re.compile(r"['\u2019]s\b")
_ANOTHER_TIME = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS)})['\u2019]s\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b"
    r"|\b(?:years?|months?|decades?|weeks?|days?|hours?|centur(?:y|ies))\s(?:ago|earlier|before|later)\b"
    r"|\b(?:last|next|previous|past|coming)\s(?:few\s|several\s|\w+\s)?"
    r"(?:years?|months?|weeks?|decades?|summer|winter|spring|autumn|fall|season)\b"
    rf"|\b(?:in|since|until|by|from|early|late|mid)[\s-](?:{'|'.join(MONTHS)})\b"
    r"|\bonce\b|\bin\shis(?:tory|\syouth)\b",
    re.IGNORECASE,
)
_PERFECT = re.compile(
    r"(?:(?!\b(?:who|that|which|when|while|after|before)\b)[^,;:])*?\b(?:has|have)\s(?!to\b)(?:\w+ly\s|been\s)?\w+",
    re.IGNORECASE,
)
"""A sentence whose first verb is a present perfect, up to that."""

_SINCE = re.compile(r"\b(?:since|until|till)\s(?:\w+\s)?$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventDate:
    """From `first` to `last`, both inclusive; one day where the two are the same. `words` stand in the sentence."""

    first: date
    last: date
    words: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.first} is later than {self.last}")


def event_date(sentence: str, published: date | None) -> EventDate | None:
    """The first date that the sentence gives, the most exact kind preferred; None where it gives none.

    Without a day of publication only dates with a year are understood.
    """
    found = sorted(_dates(sentence, published), key=lambda pair: ((pair[1].last - pair[1].first).days > 0, pair[0]))
    return found[0][1] if found else None


def event_dates(sentence: str, published: date | None) -> list[EventDate]:
    """Every date that the sentence gives, in no order; without a day of publication only those with a year."""
    return [when for _, when in _dates(sentence, published)]


def dates_something_else(sentence: str, when: EventDate) -> bool:
    """Whether the date is that of a clause beside what the sentence tells: "Divers have found two of the men who died
    when it fell on Tuesday". English puts no time that is over beside a present perfect (Klein, The present perfect
    puzzle, Language 68, 1992); "closed since Monday" is one that is not over."""
    place = sentence.find(when.words)
    perfect = _PERFECT.match(sentence)
    return perfect is not None and perfect.end() <= place and _SINCE.search(sentence[:place]) is None


def speaks_of_another_time(sentence: str) -> bool:
    """Whether it names some time that `event_date` does not read: then its day is not that of the publication."""
    return _ANOTHER_TIME.search(sentence) is not None


def _dates(sentence: str, published: date | None) -> Iterator[tuple[int, EventDate]]:
    """Every date with its offset."""
    yield from _with_their_ends(list(_written_out(sentence, published)), sentence)
    for match in _YEAR.finditer(sentence):
        year = int(match["year"])
        yield match.start(), EventDate(first=date(year, 1, 1), last=date(year, 12, 31), words=match.group())
    if published is not None:
        yield from _relative(sentence, published)


def _written_out(sentence: str, published: date | None) -> Iterator[tuple[int, EventDate]]:
    taken: list[tuple[int, int]] = []
    for form in DATE_FORMS:
        for match in form.finditer(sentence):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            if written := _written(read_day(match), published):
                yield match.start(), written


def _with_their_ends(found: list[tuple[int, EventDate]], sentence: str) -> Iterator[tuple[int, EventDate]]:
    """The same dates, "9-12 October" and "3 May to 7 May" each as one that lasts."""
    waiting = sorted(found, key=lambda pair: pair[0], reverse=True)
    while waiting:
        place, when = _to_its_last_day(*_from_its_first_day(*waiting.pop(), sentence), sentence)
        if waiting:
            next_place, following = waiting[-1]
            between = sentence[place + len(when.words) : next_place]
            if _RANGE_TO.fullmatch(between) and when.first < following.last:
                waiting.pop()
                words = sentence[place : next_place + len(following.words)]
                when = EventDate(first=when.first, last=following.last, words=words)
        yield place, when


def _from_its_first_day(place: int, when: EventDate, sentence: str) -> tuple[int, EventDate]:
    """The date of "12 October" where "9-" stands before it: from the ninth on."""
    earlier = RANGE_FROM_DAY.search(sentence[:place])
    begin = _day(when.first.year, when.first.month, int(earlier["day"])) if earlier else None
    if earlier is None or begin is None or when.first != when.last or begin > when.last:
        return place, when
    words = sentence[earlier.start() : place] + when.words
    return earlier.start(), EventDate(first=begin, last=when.last, words=words)


def _to_its_last_day(place: int, when: EventDate, sentence: str) -> tuple[int, EventDate]:
    """The date of "October 9" where "to 12" stands behind it: until the twelfth."""
    if when.first != when.last or when.words[:1].isdigit():
        return place, when
    later = RANGE_TO_DAY.match(sentence, place + len(when.words))
    end = _day(when.first.year, when.first.month, int(later["day"])) if later else None
    if later is None or end is None or end <= when.first:
        return place, when
    return place, EventDate(first=when.first, last=end, words=sentence[place : later.end()])


def _written(day: Day, published: date | None) -> EventDate | None:
    """A date that is written out; one without a year is the nearest to the publication."""
    year = day.year
    if day.day and not year and published:
        near = [candidate for step in (-1, 0, 1) if (candidate := _day(published.year + step, day.month, day.day))]
        year = min(near, key=lambda one: abs((one - published).days)).year if near else 0
    if not year:
        return None
    if day.day:
        exact = _day(year, day.month, day.day)
        return EventDate(first=exact, last=exact, words=day.text) if exact else None
    first = date(year, day.month, 1)
    return EventDate(first=first, last=_month_end(first), words=day.text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        # "31 June" is no day.
        return None


def _relative(sentence: str, published: date) -> Iterator[tuple[int, EventDate]]:
    for match in _WEEKDAY.finditer(sentence):
        # "Thursday's election" may be what is spoken of on Saturday.
        if _OF_A_DAY.match(sentence, match.end()) and not _FUTURE.search(sentence[: match.start()]):
            continue
        yield match.start(), _one_day(_weekday(match, sentence, published), match.group())
    for match in _NEAR.finditer(sentence):
        days = 0 if match["now"] else -1 if match["before"] else 1
        yield match.start(), _one_day(published + timedelta(days=days), match.group())
    for match in _AGO.finditer(sentence):
        word = match["number"].lower()
        number = int(word) if word.isdigit() else CARDINALS.get(word, 1)
        first = published - timedelta(days=number * (7 if match["unit"].lower() == "week" else 1))
        yield match.start(), _one_day(first, match.group())
    for match in _WHOLE.finditer(sentence):
        yield match.start(), _whole(match, published)


def _weekday(match: re.Match[str], sentence: str, published: date) -> date:
    """The last such day up to the publication; for what is still to come the first from it on."""
    back = (published.weekday() - WEEKDAYS.index(match["day"].lower())) % 7
    which = (match["which"] or "").lower()
    if which == "last":
        return published - timedelta(days=back or 7)
    if which == "next" or _FUTURE.search(sentence[max(0, match.start() - 60) : match.start()]):
        ahead = (7 - back) % 7
        return published + timedelta(days=ahead or 7 * (which == "next"))
    return published - timedelta(days=back)


def _whole(match: re.Match[str], published: date) -> EventDate:
    step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    unit = match["unit"].lower()
    if unit == "week":
        first = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        return EventDate(first=first, last=first + timedelta(days=6), words=match.group())
    if unit == "year":
        year = published.year + step
        return EventDate(first=date(year, 1, 1), last=date(year, 12, 31), words=match.group())
    months = published.year * 12 + published.month - 1 + step
    first = date(months // 12, months % 12 + 1, 1)
    return EventDate(first=first, last=_month_end(first), words=match.group())


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _one_day(day: date, words: str) -> EventDate:
    return EventDate(first=day, last=day, words=words)
