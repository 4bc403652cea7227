"""Words of a text as search terms: folded, stemmed, and the same for questions and articles.

Folding is Unicode case folding without accents. Scripts without spaces become overlapping character pairs, the usual
choice for them (Lee et al. 1999, "n-gram based text retrieval"). Country names, demonyms and adjectives fold to one
key, in small letters too: "why does china object?" is about China, and what finds too much is no harm to an answer.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any

from rag.text.country_names import is_country, name_key
from rag.text.word_sets import SEARCH_STOP_WORDS

# Letters that join without spaces: Han, kana, Thai, Lao, Khmer, Burmese.
_UNSPACED = r"぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿຀-໿ក-៿က-႟"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|(?:(?:[^\W\d_{_UNSPACED}])\.){{2,}}|\d+(?:[.,]\d+)*|(?:(?![{_UNSPACED}])\w)+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")

ALGORITHMS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "id": "indonesian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Language code -> Snowball stemmer; other languages are folded and not stemmed."""

_stemmers = threading.local()


def terms(text: str, language: str = "en") -> list[str]:
    """Search terms of a text in order, function words included (an index needs them, a comparison does not)."""
    return [_term(word, language) for word in _words(text)]


def content_terms(text: str, language: str = "en") -> list[str]:
    """Search terms of the words that carry meaning, in order."""
    return [_term(word, language) for word in _words(text) if _carries_meaning(word)]


def _words(text: str) -> list[str]:
    """Words as they are written; scripts without spaces in overlapping pairs."""
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word.isascii() or not _UNSPACED_RUN.fullmatch(word):
            found.append(word)
        else:
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    return found


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(map(_folded, SEARCH_STOP_WORDS))


@lru_cache(maxsize=100_000)
def _carries_meaning(word: str) -> bool:
    # "US" is a country, "us" is grammar: the table of names looks at the case.
    return _folded(word) not in _stop_words() or is_country(name_key(word, any_case=True))


@lru_cache(maxsize=100_000)
def _term(word: str, language: str) -> str:
    key = name_key(word, any_case=True)
    if is_country(key):
        return key
    folded = _folded(word)
    algorithm = ALGORITHMS.get(language.partition("-")[0])
    return str(_stemmer(algorithm).stemWord(folded)) if algorithm and folded[0].isalpha() else folded


def _stemmer(algorithm: str) -> Any:
    # A Snowball stemmer keeps a buffer: one for each thread.
    import Stemmer

    cache = _stemmers.__dict__
    if algorithm not in cache:
        cache[algorithm] = Stemmer.Stemmer(algorithm)
    return cache[algorithm]


def without_accents(text: str) -> str:
    """The text in small letters without accents, as far as Unicode takes them apart: as people look for words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    folded = without_accents(word)
    return folded.replace(".", "") if folded[:1].isalpha() else folded
