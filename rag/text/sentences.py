"""Where sentences begin and end: exact spans, for news text in many scripts.

The rules are few and local: a mark that can end a sentence is looked at together with the word before it and the word
after it. One pass, no backtracking: the time grows with the length of the text, whatever the text is.
"""
# ruff: noqa: RUF001  (marks and words of many scripts are what this file is about)

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from rag.text.calendar_names import MONTHS, SHORT_MONTHS, WEEKDAYS
from rag.types import Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKS = re.compile(r"[.!?…。！？｡؟۔।॥։።။។]+")
_ALWAYS = frozenset("。！？｡؟۔।॥։።။។")
"""Marks that end a sentence with or without a space after them."""

_CLOSERS = frozenset("\"'”’“‘»«›‹)]}」』】）》〉")
_OPENERS = frozenset("\"'“‘„‚«»‹›([{¿¡「『【（《〈*_-–—•·")
_QUOTATIVE = ("と", "って", "、", "，", ",")
"""What goes on with the sentence after a closed Japanese or Chinese quotation."""

_LOOK_BACK = 24
_MAX_PARENTHESIS = 300


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    """
    mr mrs ms mx dr drs prof profs gen sen sens rep reps gov govs lt col sgt capt cpl pvt rev hon pres amb adm
    maj cmdr brig supt insp det messrs mt ft mme mlle mgr msgr sr sra srta hr ing dipl dott sig
    """
)
"""Before a name, capitalised: never the end."""

_LINKING = _words(
    """
    vs cf viz e.g i.e eg ie ca resp bzw vgl sog z.b d.h u.a p.ej ej av им ул просп г.-к
    """
)
"""Between two parts of a sentence: never the end."""

_BEFORE_NUMBER = _words(
    """
    no nos nr núm num n art arts prop sec fig figs ch chap vol p pp par para pág pag st cl janv févr avr juil déc ene
    abr ago dic abs стр ст п рис
    """
) | frozenset(SHORT_MONTHS)
"""Not the end where a number follows."""

_SHORT_NAMES = _words(
    """
    inc corp co cos ltd bros jr sr st ave blvd rd sq univ assn assoc ala ariz ark calif colo conn del fla ga ill
    ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis mio mrd ud uds ee
    uu
    """
) | frozenset(SHORT_MONTHS)
"""Capitalised; the end only where the next word usually begins a sentence."""

_SHORT_WORDS = _words(
    """
    al est ed eds approx aprox intl dept govt natl usw ecc ph.d b.sc m.sc ll.m т.д т.п т.к г гг р тыс млн млрд
    руб др
    """
)
"""The end only where the next word usually begins a sentence, capitalised or not."""

_STARTERS = _words(
    """
    the a an he she it they we you this that these those there here but and or so yet however in on at by for
    from with as if when while after before since although though because its his her their our my your what who
    why how where one two three some many most both each every all no not now then meanwhile still also another
    other such to under over during until unless once despite instead according last next earlier later critics
    officials police analysts experts der die das ein eine er sie es wir le la les un une il elle ils elles el
    los las los una ella
    """
)
_AFTER_HOUR = _words(
    """
    et est edt ct cst cdt mt mst mdt pt pst pdt gmt utc cet cest bst ist jst ast hst akst akdt eastern central
    mountain pacific local
    """
) | frozenset((*WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), *MONTHS, *SHORT_MONTHS))
_MONTHS_AFTER_ORDINAL = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Jh|Bundes|Liga)"
)
_SAID = re.compile(
    r"(?:[^\W\d_a-z][\w’'-]{0,24}\s){1,3}(?:said|says|asked|asks|wrote|writes|added|told|replied|shouted|tweeted)\b"
)
_LOCAL_TIME = re.compile(r"(?:[^\W\d_]\w{1,24} ){1,3}time\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:I|He|She|It|We|You|They|This|That|The)\s")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NAMES_WITH_MARK = frozenset({"Yahoo", "Jeopardy"})
_FOOTNOTE = re.compile(r"(?:\[\d{1,3}\])+")
_DOMAIN_END = frozenset({"com", "net", "org", "gov", "edu", "io", "ai", "js", "uk", "us", "eu", "tv", "co", "de", "fr"})


def split_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, in order, without the white space around them.

    The spans never overlap and together hold every character that is not white space. A line break always ends a
    sentence. Text without a letter or digit has no sentences.
    """
    if not any(character.isalnum() for character in text):
        return []
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        spans.extend(_joined(line.group(), line.start(), _cut(line.group())))
    return spans


def _cut(line: str) -> Iterator[int]:
    """Yield the offsets after which a sentence of the line ends."""
    parentheses = _parentheses(line)
    start = 0
    for marks in _MARKS.finditer(line):
        if marks.start() < start:
            continue
        end = _with_closers(line, marks.end())
        if end < len(line) and not _inside(parentheses, marks.start(), start) and _ends(line, start, marks, end):
            yield end
            start = end + len(line[end : end + 8]) - len(line[end : end + 8].lstrip())
    yield len(line)


def _joined(line: str, offset: int, cuts: Iterable[int]) -> Iterator[Span]:
    """Turn cuts into spans; a piece without letters or digits stays with the sentence before it, or else after it."""
    pieces: list[tuple[int, int]] = []
    last_has_word = True
    begin = 0
    for cut in cuts:
        piece = line[begin:cut]
        if piece.strip():
            first = begin + len(piece) - len(piece.lstrip())
            last = begin + len(piece.rstrip())
            has_word = any(character.isalnum() for character in piece)
            if pieces and not (has_word and last_has_word):
                pieces[-1] = (pieces[-1][0], last)
                last_has_word = last_has_word or has_word
            else:
                pieces.append((first, last))
                last_has_word = has_word
        begin = cut
    for first, last in pieces:
        yield Span(start=offset + first, end=offset + last)


def _with_closers(line: str, end: int) -> int:
    """Move `end` behind the quotation marks, brackets and footnote numbers that close the sentence."""
    while end < len(line):
        if line[end] in _CLOSERS:
            end += 1
        elif footnote := _FOOTNOTE.match(line, end, end + 15):
            end = footnote.end()
        elif line[end].isspace() and line[end + 1 : end + 2] == "»" and not line[end + 2 : end + 3].isalnum():
            end += 2
        else:
            return end
    return end


def _parentheses(line: str) -> list[tuple[int, int]]:
    """Return the outermost short pairs of parentheses, in order."""
    open_at: list[int] = []
    pairs: list[tuple[int, int]] = []
    for found in re.finditer(r"[()]", line):
        if found.group() == "(":
            open_at.append(found.start())
        elif open_at:
            begin = open_at.pop()
            if found.start() - begin <= _MAX_PARENTHESIS:
                while pairs and pairs[-1][0] > begin:
                    pairs.pop()
                pairs.append((begin, found.start()))
    return pairs


def _inside(pairs: list[tuple[int, int]], position: int, sentence_start: int) -> bool:
    """Whether `position` is in a parenthesis that opened within the sentence (not with it)."""
    index = bisect_right(pairs, (position, len(pairs) + position)) - 1
    if index < 0:
        return False
    begin, end = pairs[index]
    return sentence_start < begin < position < end


def _ends(line: str, start: int, marks: re.Match[str], end: int) -> bool:
    """Decide whether the marks (closed by quotation marks up to `end`) end the sentence that began at `start`."""
    run = marks.group()
    if any(mark in _ALWAYS for mark in run):
        closed = end > marks.end()
        return not (closed and line.startswith(_QUOTATIVE, end))
    if not line[end].isspace():
        return _space_is_missing(line, marks, end)
    following = _first_of_next(line, end)
    if following >= len(line):
        return True
    if _goes_on_in_lower_case(line, following):
        return False
    if "!" in run or "?" in run:
        return not _belongs_to_speaker(line, marks, end, following)
    if len(run) > 1 or run == "…":
        return not _is_omission(line, marks)
    return _full_stop_ends(line, start, marks.start(), following)


def _space_is_missing(line: str, marks: re.Match[str], end: int) -> bool:
    """Recognise "…the end.Then it…", as text scraped from pages has it."""
    before = line[max(0, marks.start() - 2) : marks.start()]
    after = line[end : end + 3]
    if not (before.isalpha() and before.islower() and after.isalpha() and after[0].isupper() and after[1:].islower()):
        return False
    word = re.match(r"\w+", line[end : end + 12])
    return word is not None and word.group().lower() not in _DOMAIN_END and len(_word_before(line, marks.start())) > 2


def _first_of_next(line: str, end: int) -> int:
    """Return the offset of the next word's first character, opening marks skipped."""
    position = end
    limit = min(len(line), end + _LOOK_BACK)
    while position < limit and (line[position].isspace() or line[position] in _OPENERS):
        position += 1
    return position


def _goes_on_in_lower_case(line: str, following: int) -> bool:
    first, second = line[following], line[following + 1 : following + 2]
    return first in ",;:" or (first.islower() and not second.isupper())


def _belongs_to_speaker(line: str, marks: re.Match[str], end: int, following: int) -> bool:
    """Recognise `"Why?" Smith asked` and names that carry an exclamation mark."""
    if end == marks.end():
        return _word_before(line, marks.start()) in _NAMES_WITH_MARK
    return bool(_SAID.match(line, following)) and not _PRONOUN.match(line, following)


def _is_omission(line: str, marks: re.Match[str]) -> bool:
    """Recognise "(...)" and "[…]", which stand for words left out."""
    return marks.start() > 0 and line[marks.start() - 1] in "([" and line[marks.end() : marks.end() + 1] in (")", "]")


def _full_stop_ends(line: str, start: int, stop: int, following: int) -> bool:
    word = _word_before(line, stop)
    if not word:
        return True
    next_word = _next_word(line, following)
    is_initial = len(next_word) == 1 and line.startswith(".", following + 1)
    starts_sentence = next_word.lower() in _STARTERS and not is_initial
    if stop - start < _LOOK_BACK and not line[start : stop - len(word)].strip(" \t-–•*") and _is_list_number(word):
        return False
    if word.isdigit():
        return not (len(word) <= 2 and _MONTHS_AFTER_ORDINAL.match(line, following))
    key = word.lower()
    if key in ("a.m", "p.m"):
        return next_word.lower() not in _AFTER_HOUR and not _LOCAL_TIME.match(line, following)
    if key in _BEFORE_NUMBER and next_word[:1].isdigit():
        return False
    is_name = word[0].isupper()
    if key in _LINKING or (is_name and key in _TITLES and not (key == "sr" and starts_sentence)):
        return False
    if key in _SHORT_WORDS or (is_name and key in _SHORT_NAMES) or len(word) == 1 or _DOTTED.fullmatch(word):
        return starts_sentence
    return True


def _is_list_number(word: str) -> bool:
    return len(word) <= 3 and (word.isdigit() or len(word) == 1 or set(word) <= set("ivxIVX"))


def _word_before(line: str, stop: int) -> str:
    """Return the word before the full stop at `stop`, with the stops and apostrophes inside it ("U.S" for "U.S.")."""
    begin = stop
    limit = max(0, stop - _LOOK_BACK)
    while begin > limit and (line[begin - 1].isalnum() or (line[begin - 1] in ".'’" and begin < stop)):
        begin -= 1
    return line[begin:stop].lstrip(".'’")


def _next_word(line: str, following: int) -> str:
    end = following
    limit = min(len(line), following + _LOOK_BACK)
    while end < limit and line[end].isalnum():
        end += 1
    return line[following:end]
