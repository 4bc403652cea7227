"""Names with a hyphen or an apostrophe, as the library writes them: "change 6" and "Change-6" are "Chang'e-6" there.

Nothing is listed: what such a name is, and where its marks stand, is told by the articles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from rag.storage.library import Library
from rag.text.common_words import is_common
from rag.text.search_terms import content_terms, without_accents

MOST_ARTICLES, BEGINS_WITH = 1_000, 2
"""So many articles, the newest, are looked through, in the passages that they begin with, once somebody asks for a name
that could be marked, and again once the library has changed."""

_MARKS = "'\u2019\u2018\u02bc\u2010\u2011-"
_MARKED = re.compile(rf"(?<!\w)\w+(?:[{_MARKS}]\w+)+")
_NAME = re.compile(rf"(?=.*[^\W\d_a-z])\w+(?:[{_MARKS}]\w+)*[{_MARKS}](?:\d|[^\W_a-z])\w*")
"""Its last part begins with a capital or a figure: "Long-term" only begins a sentence."""

_POSSESSIVE = re.compile(r"['\u2019]s?$")
_WORD = re.compile(rf"\w+(?:[{_MARKS}]\w+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d$")
_SHORTEST = 5
"""Letters and figures of a name; less is "we're"."""

_names_of: WeakKeyDictionary[Library, tuple[int, dict[str, str]]] = WeakKeyDictionary()


def with_marks(library: Library, text: str) -> str:
    """The text with its names as the library marks them; the same where none is written otherwise."""
    found = list(_WORD.finditer(text))
    replaced: list[tuple[int, int, str]] = []
    for number, match in enumerate(found):
        for width in (2, 1):
            last = found[number + width - 1] if number + width <= len(found) else None
            if last is None or (replaced and match.start() < replaced[-1][1]):
                continue
            written = _POSSESSIVE.sub("", text[match.start() : last.end()])
            name = _marked_name(library, written) if _may_be_marked(library, written) else ""
            if name and _plain(written) != _plain(name):
                replaced.append((match.start(), match.start() + len(written), name))
                break
    for start, end, name in reversed(replaced):
        text = f"{text[:start]}{name}{text[end:]}"
    return text


def _may_be_marked(library: Library, written: str) -> bool:
    """Whether somebody may have written a marked name so: with a figure or a mark, or as a word that no article has."""
    if len(_key(written)) < _SHORTEST or _YEAR.search(written):
        return False
    if re.search(rf"[\d{_MARKS}]", written):
        return True
    return written.isalpha() and not is_common(written.casefold()) and _is_unknown(library, written)


def _is_unknown(library: Library, word: str) -> bool:
    return all(rarity >= 1.0 for rarity in library.rarity(content_terms(word)).values())


def _marked_name(library: Library, written: str) -> str:
    revision = library.archive.revision()
    known = _names_of.get(library)
    if known is None or known[0] != revision:
        known = _names_of[library] = (revision, _names(library))
    return known[1].get(_key(written), "")


def _names(library: Library) -> dict[str, str]:
    """Key -> the marked name as it is mostly written, where its parts are not mostly written as one word."""
    forms: dict[str, Counter[str]] = {}
    newest = library.archive.refs(limit=MOST_ARTICLES)
    # One look into the archive: article by article it would be two seconds.
    begun = [f"{ref.id}:{position}" for ref in newest for position in range(BEGINS_WITH)]
    for passage in library.archive.passages_by_id(begun).values():
        for form in _marked_in(passage.text):
            forms.setdefault(_key(form), Counter())[form] += 1
    return {key: max(held, key=lambda form: (held[form], form)) for key, held in forms.items()}


def _marked_in(text: str) -> Iterator[str]:
    for match in _MARKED.finditer(text):
        form = _POSSESSIVE.sub("", match.group())
        if _NAME.fullmatch(form) and len(_key(form)) >= _SHORTEST:
            yield form


def _key(written: str) -> str:
    return re.sub(r"[\W_]+", "", without_accents(written))


def _plain(written: str) -> str:
    """As it is searched for: which mark it is, and capitals, make no difference."""
    return re.sub(rf"[{_MARKS}]+", "-", without_accents(written))
