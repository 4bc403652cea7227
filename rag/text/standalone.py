"""Whether a sentence can be quoted on its own: it says something, needs no sentence before it, and what stands before
its first word and belongs to the page is left off."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.calendar_names import MONTHS, SHORT_MONTHS, WEEKDAYS
from rag.text.names import is_name
from rag.text.number_words import NUMBER_WORDS
from rag.text.pronouns import OBJECTS, POINTING_BACK, SUBJECTS
from rag.text.tokens import Token, fold_claim, tokens
from rag.text.word_sets import word_set

# "Yes." is a sentence, but nothing that a reader could check against a question.
MIN_LETTERS = 8

_LETTER = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"\d")
_ENDS_A_SENTENCE = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f\u0964\u061f][\"'\u201d\u2019\u00bb)\]]*$")


def can_be_quoted(text: str) -> bool:
    """Whether a span says something, on its own or together with the sentence that it leans on ("He was 85."): headings
    ("What changes now") and remnants of layout do not."""
    if not _ENDS_A_SENTENCE.search(text):
        return False
    letters = len(_LETTER.findall(text))
    return letters >= MIN_LETTERS or (letters > 0 and _FIGURE.search(text) is not None and leans_back(text))


_COMMENT = re.compile(
    r"\W*(?:posted|comment(?:ed)?)\s+by\b[^:\n]{1,80}?\b\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?\W{0,2}:\W{0,2}\s",
    re.IGNORECASE,
)


def in_comment(text: str, start: int) -> bool:
    """Whether what begins at `start` stands in a reader's comment, which is never its outlet's word: the paragraph
    opens by saying who posted it and at what time ("Posted by Ana, 1 August, 10:31: ...")."""
    return _COMMENT.match(text, text.rfind("\n", 0, start) + 1) is not None


_CONNECTIVES = word_set("""
    however but and so yet then also moreover furthermore meanwhile instead nevertheless nonetheless therefore thus
    besides additionally consequently otherwise still or nor hence likewise similarly conversely
    """)
_CONNECTING = re.compile(
    r"\W*(?:in\s+(?:fact|addition|contrast|other\s+words|turn)|after\s+all|of\s+course|as\s+a\s+result|by\s+contrast|"
    r"for\s+(?:example|instance)|at\s+the\s+same\s+time|on\s+the\s+(?:other\s+hand|contrary)|that\s+said|even\s+so|"
    r"some\s+(?:other|more)s?)\b",
    re.IGNORECASE,
)
_ALTERNATIVES = word_set("or nor otherwise likewise similarly conversely")
_NAMED_WITHIN = 6
_TIME_BEFORE = re.compile(
    r"\W*(?:(?:later|earlier)\s+(?:that|the\s+same|in\s+the)|(?:on\s+)?the\s+(?:same|next|following|previous))\s+"
    r"(?:day|evening|afternoon|morning|night|week|month|year)\b",
    re.IGNORECASE,
)
_TIMES = word_set("week year month morning afternoon evening spring summer autumn winter weekend")
_WHEN = word_set("""
    yesterday today tonight tomorrow earlier later last next recently previously afterwards years months weeks days
    hours moments shortly soon when while as because
    """) | {*WEEKDAYS, *MONTHS}
_SUBJECT = rf"(?:{'|'.join(sorted(SUBJECTS))})"
_SAID_BY = re.compile(
    rf"[\"”’']\s*{_SUBJECT}\s+(?:said|says|added|told|wrote|continued|explained|noted|asked|insisted|joked)\b"
    rf"|[\"”’']\s*(?:said|added|says|wrote|continued|explained|noted)\s+{_SUBJECT}\b"
    rf"|,\s*{_SUBJECT}\s+(?:said|says|added|told|wrote|continued|explained|noted)\b",
    re.IGNORECASE,
)
# After Lappin and Leass (An algorithm for pronominal anaphora resolution, 1994, section 2.2): "it" that means nothing.
_PLEONASTIC = re.compile(
    r"it\s+(?:(?:is|was|has\s+been|will\s+be)\s+(?:(?:not|also|now|still|\w+ly)\s+)*"
    r"(?:recommended|thought|believed|known|anticipated|assumed|expected|reported|said|announced|estimated|alleged"
    r"|revealed|understood|feared|hoped|necessary|possible|certain|likely|important|good|useful|advisable|convenient"
    r"|sufficient|desirable|difficult|easy|clear|unclear|legal|unlikely|impossible)\b|(?:seems|seemed|appears|appeared)\b)",
    re.IGNORECASE,
)
_HANGING_QUOTE = re.compile(r"^[\"“‘]")
_OPENING, _CLOSING = "“", "”"
_MARKS_BEFORE = " \"'“‘"

MOST_ANNOUNCING_WORDS, MOST_ANNOUNCING_CONTENT = 9, 3
"""A sentence with no name or figure and so few words announces what follows and says little by itself."""


def needs_before(text: str) -> bool:
    """Whether the sentence leans on the one before: it opens with a pronoun or "However", ends with "he said", or is
    the middle of a quotation whose speaker stands elsewhere."""
    return leans_back(text) or _is_open_quotation(text)


def leans_back(text: str) -> bool:
    """Whether the sentence's own words lean on the one before, quotation marks left aside."""
    found = tokens(fold_claim(text))
    words = [token for token in found if token.is_word]
    if not words:
        return True
    first = words[0].text.casefold().split("'")[0]
    if first in _CONNECTIVES:
        # "However, Beijing protested" can be read alone, "However, it protested" cannot.
        rest = words[1:]
        if not rest or not any(is_name(token) for token in rest[:_NAMED_WITHIN]) or first in _ALTERNATIVES:
            return True
        first = rest[0].text.casefold().split("'")[0]
    if first == "others" or (
        first in NUMBER_WORDS and len(words) > 1 and words[1].text.casefold() in ("more", "others")
    ):
        return "than" not in (word.text.casefold() for word in words[2:3])
    if first in POINTING_BACK and not _is_date(words) and not _PLEONASTIC.match(text.lstrip(_MARKS_BEFORE)):
        return True
    return bool(_SAID_BY.search(text)) or _has_pronoun_before_name(words)


def counts_from_before(text: str) -> bool:
    """Whether the sentence tells when by the time of the one before: "Later in the evening", "The next day"."""
    return _TIME_BEFORE.match(text) is not None


def opens_with_connective(text: str) -> bool:
    """Whether the sentence begins with "However", "In fact", "Some other" or the like, whatever follows."""
    if _CONNECTING.match(text):
        return True
    first = next((token for token in tokens(fold_claim(text)) if token.is_word), None)
    return first is not None and first.text.casefold() in _CONNECTIVES


def leans_forward(text: str) -> bool:
    """Whether the sentence only announces the next one: "The second reason is military.", "The plan has two parts:"."""
    if text.rstrip().endswith(":"):
        return True
    words = [token for token in tokens(fold_claim(text)) if token.is_word]
    if len(words) > MOST_ANNOUNCING_WORDS or any(is_name(token) or token.text[0].isdigit() for token in words):
        return False
    # A first word may be a name ("Airlines resumed"); "The", "Its" and "Others" are none.
    return sum(token.is_content for token in words) <= MOST_ANNOUNCING_CONTENT


def is_quotation_without_speaker(text: str) -> bool:
    """Whether the sentence is direct speech from its first to its last mark: who speaks stands elsewhere."""
    inner = text.strip()
    return bool(_HANGING_QUOTE.match(inner)) and inner.rstrip(".!?,")[-1:] in ('"', _CLOSING) and _one_quotation(inner)


def _is_date(words: Sequence[Token]) -> bool:
    """Whether the sentence opens with "This week": the day of publication says which."""
    second = words[1].text.casefold() if len(words) > 1 else ""
    return words[0].text.casefold() == "this" and second in _TIMES


def _has_pronoun_before_name(words: Sequence[Token]) -> bool:
    """Whether "he", "she", "they", "him" or "them" stands in a sentence that has named nobody before it."""
    for token in words[:8]:
        if is_name(token) or (token.opens and _may_be_name(token)):
            return False
        # "To make room for them, Crew 9 ..."; "his" and "their" mostly mean who is named next.
        word = token.text.casefold().split("'")[0]
        if word in SUBJECTS or word in OBJECTS:
            return True
    return False


def _may_be_name(token: Token) -> bool:
    """Whether a sentence's first word may be somebody's name: "Eight months later" and "Yesterday" are not."""
    word = token.text.casefold()
    return token.is_capital and token.is_content and word not in NUMBER_WORDS and word not in _WHEN


def _is_open_quotation(text: str) -> bool:
    """A quotation that begins or ends elsewhere, or that names no speaker."""
    if text.count(_OPENING) != text.count(_CLOSING) or text.count('"') % 2:
        return True
    inner = text.strip()
    return bool(_HANGING_QUOTE.match(inner)) and inner.rstrip(".!")[-1:] in ('"', "”") and _one_quotation(inner)


def _one_quotation(text: str) -> bool:
    return text.count('"') == 2 or (text.count(_OPENING) == 1 and text.count(_CLOSING) == 1)


_MONTH_NAME = "|".join(sorted({*MONTHS, *SHORT_MONTHS}, key=len, reverse=True))
_DAY = rf"(?:(?i:{_MONTH_NAME})\.? \d{{1,2}}|\d{{1,2}} (?i:{_MONTH_NAME})\.?)(?:,? \d{{4}})?"
_CAPITALS = r"[^\W\d_a-zà-ÿ](?:[^\W\d_a-zà-ÿ]|[ .'’/-]){2,40}"
_AGENCY = r"\([A-Z][\w .&-]{1,30}\)"
_BEFORE_SENTENCE = re.compile(
    # "WHITE SANDS, New Mexico, Sept 7 — ", "PARIS (Wire) - "
    rf"(?:{_CAPITALS}(?:, (?!{_DAY})[^\W\d_a-zà-ÿ][\w. ]{{1,30}})?(?:,? {_DAY})?(?:,? ?{_AGENCY})?"
    r" ?(?:[‒–—―−]|-{1,2})\s+"
    # "Paris, 3 June (Wire) - "
    rf"|[^\W\d_a-zà-ÿ][\w .'’-]{{1,40}}(?:,? {_DAY})?,? {_AGENCY} ?(?:[‒–—―−]|-{{1,2}})\s+"
    # "10:42 GMT — "
    r"|\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?(?: [A-Z]{2,4})? ?[—–|-] +"
    # "BREAKING: ", "UPDATE 2 - "
    r"|(?:BREAKING(?: NEWS)?|UPDATE(?: \d+)?|EXCLUSIVE|ANALYSIS|OPINION|EXPLAINER|FACTBOX|WATCH|LIVE) ?[:|—–-] +"
    # "▶ ", "• "
    r"|[^\w\s\"“”‘’'«»„(\[¿¡$€£¥…]+\s+)"
    # "Mayor Hale (Labour) - who lost - conceded" goes on.
    r"(?![a-zà-ÿ])"
)


def opening_length(sentence: str) -> int:
    """How many characters of a dateline, time of day, kicker or bullet stand before what a sentence says; mostly 0."""
    length = 0
    while (found := _BEFORE_SENTENCE.match(sentence, length)) and found.end() < len(sentence):
        length = found.end()
    return length
