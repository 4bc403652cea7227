"""Words of a text as the check compares them: folded, stemmed, with names and country words brought to one key."""

# ruff: noqa: RUF001  (quotation marks and dashes of many kinds are what is folded here)

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rag.text.country_names import fold_names, is_country, name_key

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


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


STOP_WORDS = word_set("""
    a about above after again all also although am an and any are as at be because been being both but by can could
    did do does doing done down during each few for from further had has have having he her here hers herself him
    himself his how however i if in into is it its itself just may me might more most much must my myself of off on
    once only or other our ours out over own same shall she should so some such than that the their theirs them
    themselves then there these they this those through thus to too under until up upon us very was we were what
    when where whether which while who whom whose why will with would yet you your yours said say says saying told
    tell tells according mr mrs ms dr s t re ve ll d m one ones another still even now later since among amid
    between within along across around before against toward towards via per like le la les un une des du de et à au
    aux en dans sur pour par que qui est sont a été il elle ils elles ce cette ces son sa ses
    """)
"""Function words (and bare reporting verbs): they carry no claim that could be found or missed."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark: `key` folds countries and case, `stem` is the English stem, `opens` marks a
    sentence's first word."""

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
        if self.is_country:  # "US" is no pronoun
            return True
        return self.is_word and self.text.casefold() not in STOP_WORDS and not self.text.isdigit()

    @property
    def is_country(self) -> bool:
        """Whether the word is a country, its people or its adjective."""
        return is_country(self.key)

    @property
    def forms(self) -> frozenset[str]:
        """What it is compared by: a country by its key alone, for Turkey is no turkey; another word by its stem too."""
        return frozenset((self.key,)) if self.is_country else frozenset((self.key, self.stem))


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
    for match in _WORD.finditer(folded):
        for text, start in _pieces(match):
            is_word = text[0].isalnum()
            found.append(Token(text, name_key(text), stem(text), start, start + len(text), opens=opens and is_word))
            opens = text in _SENTENCE_ENDS or (opens and not is_word)
    return tuple(found)


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
