"""Words of a text as the check compares them: folded, stemmed, with names and country words brought to one key."""

# ruff: noqa: RUF001  (quotation marks and dashes of many kinds are what is folded here)

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rag.text.country_names import fold_names, is_country, name_key
from rag.text.word_sets import CLAIM_STOP_WORDS

_QUOTE_MARKS = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‟": '"',
    }
)
_DASHES = re.compile("[‐‑‒–—―−]")
_GROUPING_SPACE = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
_DOTTED = re.compile(r"\b[A-Za-z]\.(?:[A-Za-z]\.|\s[A-Z]\.)+")
_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|St|Lt|Col|Capt|Gov|No|vs)\.(?=\s)")
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:'[^\W\d_]+)*|[.!?;:,()\"-]")
_SENTENCE_ENDS = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark: `key` folds countries and case, `stem` is the English stem.

    `opens` marks a sentence's first word. The key of an acronym that small letters make a stop word ("WHO") is the
    acronym itself.
    """

    text: str
    key: str
    stem: str
    start: int
    end: int
    opens: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_content(self) -> bool:
        """Whether the word can carry a claim."""
        if self.is_country or self.is_acronym:  # "US" and "WHO" are no pronouns
            return True
        return self.is_word and self.text.casefold() not in CLAIM_STOP_WORDS and not self.text.isdigit()

    @property
    def is_country(self) -> bool:
        """Whether the word is a country, its people or its adjective."""
        return is_country(self.key)

    @property
    def is_acronym(self) -> bool:
        """Whether it is an acronym that small letters make a stop word."""
        return self.key.isupper()

    @property
    def forms(self) -> frozenset[str]:
        """What it is compared by: a country or acronym by its key alone, for Turkey is no turkey; a word by its stem
        too."""
        has_own_key = self.is_country or self.is_acronym
        return frozenset((self.key,)) if has_own_key else frozenset((self.key, self.stem))


def fold(text: str) -> str:
    """The text with white space, quotation marks, dashes, compatibility forms and dotted abbreviations in one
    spelling."""
    text = _GROUPING_SPACE.sub(",", text)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTE_MARKS)
    text = _DASHES.sub("-", text).replace("''", '"')
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def fold_claim(text: str) -> str:
    """`fold`, and names of several words that have one key brought to one word: what tokens and figures are read
    from."""
    text = _DOTTED.sub(_undotted, fold(text))
    return fold_names(_ABBREVIATED.sub(r"\1", text))


def _undotted(match: re.Match[str]) -> str:
    return match.group().replace(".", "").replace(" ", "")


@lru_cache(maxsize=4096)
def tokens(folded: str) -> tuple[Token, ...]:
    """Tokens of a text that `fold_claim` returned, in order."""
    found: list[Token] = []
    opens = True
    is_shouted = folded.isupper()
    for match in _WORD.finditer(folded):
        for text, start in _pieces(match):
            is_word = text[0].isalnum()
            found.append(
                Token(
                    text=text,
                    key=(not is_shouted and _acronym(text)) or name_key(text),
                    stem=stem(text),
                    start=start,
                    end=start + len(text),
                    opens=opens and is_word,
                )
            )
            opens = text in _SENTENCE_ENDS or (opens and not is_word)
    return tuple(found)


def _acronym(text: str) -> str:
    """An acronym that small letters make a stop word, without a possessive ending; "" for every other word."""
    bare = text.removesuffix("'s")
    is_one = len(bare) > 1 and bare.isupper() and bare.casefold() in CLAIM_STOP_WORDS
    return bare if is_one and not is_country(name_key(bare)) else ""


def _pieces(match: re.Match[str]) -> list[tuple[str, int]]:
    """The match itself; for scripts without spaces its overlapping pairs of characters, which keep word order in what
    is compared."""
    text, start = match.group(), match.start()
    if len(text) > 2 and re.match(f"[{_UNSPACED}]", text):
        return [(text[i : i + 2], start + i) for i in range(len(text) - 1)]
    return [(text, start)]


_local = threading.local()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of one English word, possessive dropped; words of other languages lose little by it."""
    import Stemmer

    if not hasattr(_local, "english"):  # a Stemmer must not be shared between threads
        _local.english = Stemmer.Stemmer("english")
    word = word.casefold().removesuffix("'s").removesuffix("'")
    stemmed: str = _local.english.stemWord(word)
    return _IRREGULAR.get(word, stemmed)


_IRREGULAR_FORMS = """
say: said | go: went gone | win: won | lose: lost | leav: left | hold: held | meet: met | make: made
take: took taken | give: gave given | fall: fell fallen | rise: rose risen | grow: grew grown | become: became
begin: began begun | send: sent | build: built | buy: bought | sell: sold | pay: paid | find: found
get: got gotten | come: came | see: saw seen | know: knew known | think: thought | bring: brought | fight: fought
strike: struck stricken | shoot: shot | lead: led | die: dead death deaths dying died | break: broke broken
speak: spoke spoken | write: wrote written | choos: chose chosen | drive: drove driven | fli: flew flown
spend: spent | keep: kept | run: ran | draw: drew drawn | withdraw: withdrew withdrawn | steal: stole stolen
catch: caught | teach: taught | child: children | man: men | woman: women | person: people | kill: killings
sink: sank sunk | forc: forces | attack: attacker attackers | feel: felt | mean: meant | stand: stood
understand: understood | show: shown | eat: ate eaten | drink: drank drunk | hide: hid hidden | swear: swore sworn
throw: threw thrown | tear: tore torn | lend: lent
"""
"""Stem: forms that the stemmer does not bring to it."""


def _read_irregular() -> dict[str, str]:
    entries = (entry.split(": ") for entry in re.split(r" \| |\n", _IRREGULAR_FORMS.strip()))
    return {form: base.strip() for base, forms in entries for form in forms.split()}


_IRREGULAR = _read_irregular()
