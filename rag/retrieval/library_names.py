"""A question's names as the library spells them: written in capitals or without, with a slip, or as an acronym.

Nothing is listed: what is a name, and how it is written, is told by the articles that hold the word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from rapidfuzz.distance import OSA

from rag.retrieval.marked_names import with_marks
from rag.storage.index_contract import Hit
from rag.storage.library import Library
from rag.text.common_words import is_common
from rag.text.search_terms import content_terms, without_accents
from rag.types import Question
from rag.wording import _

_WORD = re.compile(r"[^\W\d_][\w\u2019'-]*")
_PASSAGES_LOOKED_AT = 12
_NEAR_PASSAGES = 100
_MIN_SLIP_LETTERS = 4
_TWO_SLIPS_FROM = 8
"""A shorter word is another one with two letters changed."""

_MAX_SLIPS_LOOKED_FOR = 4
_MAX_WORDS = 40
_MAX_ARTICLE_CHARACTERS = 20_000
_EXPLAINED = 100
"""How much a name counts in front of its acronym in brackets; one in another place only has its initials."""

_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:\n]\s*)[\"\u201c\u2018'(]*$")
_ACRONYM = re.compile(r"(?<!\w)[A-Z]{2,6}(?!\w)")
_DOTTED = re.compile(r"(?<!\w)(?:[A-Z]\.){2,6}(?!\w)")
_POSSESSIVE = re.compile(r"[\u2019']s?$")
_WITHOUT_A_MARK = str.maketrans(
    {
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00f0": "d",
        "\u0131": "i",
    }
)
"""Letters that Unicode does not take apart."""

_WITH_AN_E = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00f8": "oe", "\u00e5": "aa"})
"""How they are written where a keyboard lacks them."""

_MAX_ACRONYM = 6
_SMALL = frozenset(["of", "the", "and", "for", "on", "in", "de", "la", "des", "du", "der", "die", "und", "di", "del"])
_NAME = re.compile(
    r"[A-Z][\w\u2019'-]*(?:\s+(?:of|the|and|for|on|in|de|la|des|du|der|die|und|di|del|[A-Z][\w\u2019'-]*)){1,8}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpelledQuestion:
    """A question as it is searched for, others that mean the same, and sentences that say what was changed."""

    question: Question
    alternatives: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()


def as_the_library_spells(library: Library, question: Question) -> SpelledQuestion:
    """Return the question with its names as the articles write them; the same where nothing has to be changed."""
    asked = question.complete
    text, slips = _respelled(library, asked)
    text = with_marks(library, text)
    notices = []
    if slips:
        named = [_("“{right}” in place of “{wrong}”", right=right, wrong=wrong) for wrong, right in slips]
        pairs = reduce(lambda one, other: _("{one} and {other}", one=one, other=other), named)
        notices.append(_("Searched for {what}.", what=pairs))
    elif text != asked:
        notices.append(_("Searched for {what}.", what=f"“{text}”"))
    alternatives = []
    for short, full in _acronyms(library, text):
        for one, other in ((short, full), (full, short)):
            if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text):
                alternatives.append(
                    replace(question, standalone=re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", other, text))
                )
                notices.append(_("“{one}” was also searched for as “{other}”.", one=one, other=other))
    respelled = question if text == asked else replace(question, standalone=text)
    return SpelledQuestion(question=respelled, alternatives=tuple(alternatives), notices=tuple(notices))


def _respelled(library: Library, text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with its words as the library writes them, and the words that were mended, each with its slip."""
    matches = list(_WORD.finditer(text))[:_MAX_WORDS]
    words = [match.group() for match in matches]
    long = [word for word in words if len(word) > 1]
    is_shouted = len(long) > 1 and all(word.isupper() for word in long)
    is_small = len(long) > 1 and all(word.islower() for word in long)
    known = {term for term, rarity in library.rarity(_terms(words)).items() if rarity < 1.0}
    pieces: list[str] = []
    slips: list[tuple[str, str]] = []
    done = 0
    for match in matches:
        word = match.group()
        written = word
        terms = content_terms(word)
        if terms and known.isdisjoint(terms):
            is_name = is_small or is_shouted or word[0].isupper()
            if is_name and len(slips) < _MAX_SLIPS_LOOKED_FOR and (right := _without_slip(library, word)):
                slips.append((word, right))
                written = right
            elif is_shouted or is_small:
                written = _unknown(library, word)
            elif word.islower():
                written = _in_capitals(library, word)
        elif is_shouted or is_small:
            written = (_usual_form(library, word) if terms else "") or word.lower()
        elif terms and word.islower() and not is_common(_POSSESSIVE.sub("", word)):
            written = _in_capitals(library, word)
        pieces += [text[done : match.start()], written]
        done = match.end()
    told = "".join([*pieces, text[done:]])
    if is_shouted and told:
        told = told[0].upper() + told[1:]
    return told, slips


def _in_capitals(library: Library, word: str) -> str:
    """Return a word in small letters, which not everybody knows, as the articles write it where that is as a name."""
    bare = _POSSESSIVE.sub("", word)
    usual = _usual_form(library, bare)
    if not usual and len(bare) <= _MAX_ACRONYM and not is_common(bare) and _full_name(library, bare.upper()):
        usual = bare.upper()
    return usual + word[len(bare) :] if usual[:1].isupper() else word


def _unknown(library: Library, word: str) -> str:
    """Return a word that no article has as a usual text would: an acronym in capitals, any other in small letters."""
    is_short = len(word) <= _MAX_ACRONYM and not is_common(word.casefold())
    return word.upper() if is_short and _full_name(library, word.upper()) else word.lower()


def _terms(words: Sequence[str]) -> set[str]:
    return {term for word in words for term in content_terms(word)}


def _usual_form(library: Library, word: str) -> str:
    """Return how the articles mostly write a word within their sentences, whatever its accents; empty elsewhere."""
    hits = library.search_words(_asking(word), _PASSAGES_LOOKED_AT)
    held = Counter(form for form in _words_within(library, hits) if _plain(form) == _plain(word))
    return max(held, key=lambda form: held[form], default="")


def _plain(word: str) -> str:
    """A word in small letters of the English alphabet, as far as its letters are of the Latin one."""
    return without_accents(word.casefold().translate(_WITHOUT_A_MARK))


def _slips_between(form: str, word: str, allowed: int) -> int:
    """Return by how many slips a word differs from a form of the library, with or without its accents."""
    return min(
        OSA.distance(_plain(written), _plain(word), score_cutoff=allowed)
        for written in (form, form.casefold().translate(_WITH_AN_E))
    )


def _without_slip(library: Library, word: str) -> str:
    """Return the name of the library that differs from a word by a slip; empty where there is none, or the word is one.

    Transposed neighbours are one slip (optimal string alignment).
    """
    bare = _POSSESSIVE.sub("", word)
    if len(bare) < _MIN_SLIP_LETTERS or is_common(bare.casefold()):
        return ""
    allowed = 2 if len(bare) >= _TWO_SLIPS_FROM else 1
    (term,) = content_terms(bare)[:1] or [bare.casefold()]
    for slips in (1, 2):  # of the stems, which may differ by more than the words
        near = library.near_words(term, slips, _NEAR_PASSAGES)
        if name := _nearest_name(Counter(_words_within(library, near, beginnings=True)), bare, allowed):
            return name + word[len(bare) :]
    return ""


def _nearest_name(forms: Counter[str], word: str, allowed: int) -> str:
    """Return the form that is mostly written as a name and differs from the word by the fewest slips."""
    found: dict[str, tuple[int, int]] = {}
    for form, count in forms.items():
        if form[0].isupper() and forms[form.casefold()] < count:
            slips = _slips_between(form, word, allowed)
            if slips <= allowed:
                found[form] = (slips, -count)
    return min(found, key=lambda form: (*found[form], form), default="")


def _words_within(library: Library, hits: Sequence[Hit], *, beginnings: bool = False) -> Iterator[str]:
    """Yield the words of passages that do not begin a sentence; with `beginnings` also uncommon ones that do."""
    passages = library.archive.passages_by_id([hit.passage_id for hit in hits])
    for passage in passages.values():
        for match in _WORD.finditer(passage.text):
            before = passage.text[max(0, match.start() - 3) : match.start()]
            is_known = not beginnings or is_common(_POSSESSIVE.sub("", match.group()).casefold())
            if not (is_known and _SENTENCE_BEGINS.search(before)):
                yield re.sub(r"[\u2019']s$", "", match.group())


def _asking(text: str) -> Question:
    return Question(text=text)


def _acronyms(library: Library, text: str) -> list[tuple[str, str]]:
    """Return the acronyms that the question has in short or in full, each with its name as articles write it."""
    found: list[tuple[str, str]] = []
    for match in _ACRONYM.finditer(text):
        if full := _full_name(library, match.group()):
            found.append((match.group(), full))
    for match in _DOTTED.finditer(text):
        joined = match.group().replace(".", "")
        if other := _full_name(library, joined) or (joined if _is_written(library, joined) else ""):
            found.append((match.group(), other))
    for match in _NAME.finditer(text):
        name = _trimmed(match.group())
        initials = _initials(name)
        # "PR" is Puerto Rico where an article has both.
        if 2 <= len(initials) <= 6 and _is_written(library, initials, name):
            found.append((initials, name))
    return list(dict.fromkeys(found))


def _full_name(library: Library, acronym: str) -> str:
    """Return the name that articles write in full for an acronym which they write, too: in front of it, or elsewhere.

    One that begins with these letters in articles that do not write the acronym is another name as often as not.
    """
    names: Counter[str] = Counter()
    for text in _articles_writing(library, acronym):
        for match in re.finditer(rf"\(\s*{acronym}s?\s*\)", text):
            before = text[max(0, match.start() - 120) : match.start()].rstrip()
            for name in _NAME.finditer(before):
                ending = _ending_with(name.group(), acronym) if before.endswith(name.group()) else ""
                if ending:
                    names[ending] += _EXPLAINED
        names.update({name for initials, name in _names_within(text) if initials == acronym})
    return max(names, key=lambda name: (names[name], name), default="")


def _articles_writing(library: Library, acronym: str) -> list[str]:
    """The texts of articles that write an acronym as a word of its own, in capitals, those that use it most first."""
    hits = library.search_words(_asking(acronym), _PASSAGES_LOOKED_AT)
    passages = library.archive.passages_by_id([hit.passage_id for hit in hits])
    written = re.compile(rf"(?<!\w){re.escape(acronym)}(?!\w)")
    ids = dict.fromkeys(one.article.id for one in passages.values() if written.search(one.text))
    articles = (library.archive.article(ref_id) for ref_id in ids)
    return [article.text[:_MAX_ARTICLE_CHARACTERS] for article in articles if article is not None]


def _names_within(text: str) -> Iterator[tuple[str, str]]:
    """Yield every stretch of the text's runs of capitalised words that may be a name, with its initials."""
    for run in _NAME.finditer(text):
        words = run.group().split()
        capitals = [place for place, word in enumerate(words) if word[0].isupper()]
        for number, start in enumerate(capitals):
            for end in capitals[number + 1 : number + _MAX_ACRONYM]:
                name = " ".join(words[start : end + 1])
                yield _initials(name), name


def _ending_with(name: str, acronym: str) -> str:
    """Return the end of a run of capitalised words whose initials are the acronym."""
    words = name.split()
    for start in range(len(words)):
        if words[start][0].isupper() and _initials(" ".join(words[start:])) == acronym:
            return " ".join(words[start:])
    return ""


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word and word not in _SMALL).upper()


def _trimmed(name: str) -> str:
    words = name.split()
    while words and (words[-1] in _SMALL or words[0] in ("The", "What", "Why", "When", "Who", "How", "Did", "Does")):
        words = words[:-1] if words[-1] in _SMALL else words[1:]
    return " ".join(words)


def _is_written(library: Library, acronym: str, name: str = "") -> bool:
    """Whether articles write an acronym, in capitals, and in one of them the name stands, too."""
    return any(name in text for text in _articles_writing(library, acronym))
