"""What a request is about: its words without those that only ask ("summarise the news about", "please")."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

_WORD = re.compile(r"\w+(?:[.'\u2019&-]\w+)*['\u2019]?", re.UNICODE)
_PARTS = re.compile(r"[.'\u2019&-]")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_BEFORE = re.compile(
    r"\b(?:about|on|of|with|in|at|from|regarding|for)\s+((?:(?!(?:in|at|on|of|about|for|around|with)\b)[a-z]+\s+){1,3})$",
    re.IGNORECASE,
)
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_ASKED_OF = re.compile(r"^(?:the\s+|a\s+)?[a-z]+\s+(?:of|about|on|for)\s+(?=\S)")
_ABOUT = re.compile(r"^.*\s(?:about|on)\s+(?=\S)", re.DOTALL)
_NEXT = re.compile(r"\s+[a-z]+", re.IGNORECASE)

MISSPELT_FROM = 6
"""A shorter word is too near to too many others to be one of them misspelt ("Boeing" to "being")."""


def topic_of(text: str, known: Collection[str]) -> str:
    """What a request is about: its `stretch_of` words, and of "the mood in Kenya about taxes" what stands behind
    "about"; without an article in front."""
    topic = _ASKED_OF.sub("", stretch_of(text, known))
    return _DETERMINER.sub("", _ABOUT.sub("", topic))


def stretch_of(text: str, known: Collection[str]) -> str:
    """The stretch from the first word that is none of requests to the last one; "" where there is none.

    `known` are the words of requests (`rag.question.intent.classifier.IntentClassifier.requests`). A capital inside the
    text marks a name, whatever else its word means.
    """
    found = [match for match in _WORD.finditer(text) if _says_something(match, text, known)]
    if not found:
        return ""
    start, end = found[0].start(), found[-1].end()
    # "the pilots' vote", "the death toll": a word of requests that belongs to the name.
    if text[end - 1] in "'\u2019" and (match := _NEXT.match(text, end)):
        end = match.end()
    if match := _BEFORE.search(text[:start]):
        start = match.start(1)
    return _POSSESSIVE.sub("", text[start:end])


def _says_something(match: re.Match[str], text: str, known: Collection[str]) -> bool:
    word = match.group()
    bare = _POSSESSIVE.sub("", word).casefold()
    if bare.isdigit():
        return False
    before = text[: match.start()]
    if word[0].isupper() and any(c.isalnum() for c in before) and not before.rstrip().endswith(";") and word != "I":
        return True
    return not all(part in known or _is_misspelt(part, known) for part in _PARTS.split(bare) if part)


def _is_misspelt(word: str, known: Collection[str]) -> bool:
    if len(word) < MISSPELT_FROM:
        return False
    long = (other for other in known if len(other) >= MISSPELT_FROM)
    near = [other for other in long if other[0] == word[0] and abs(len(other) - len(word)) <= 2]
    return bool(difflib.get_close_matches(word, near, n=1, cutoff=0.86))
