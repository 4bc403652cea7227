"""What only repeats a question is no answer to it: a text that holds the reader's own question, quoted or not, is found
by its words and taken to be about it, whatever it says.

What asks is taken out of a passage before the passage is read, so that the sentences beside it gain nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from rag.text.search_terms import content_terms, terms
from rag.types import Question

OMITTED = "…"
"""Stands where a sentence was that asks."""

REPEATED = 3
"""A sentence that its article says so often was put there to be found."""

# Question marks of Latin, Greek (U+037E), Arabic and full-width scripts, before whatever may close a sentence.
_MARKS = "?\u037e\u061f\uff1f"
_ASKS = re.compile(rf"[{_MARKS}][\s\"'\u201d\u2019\u00bb)\]*_!.\u2026]*$")
_HOLDS_A_QUESTION = re.compile(f"[{_MARKS}]")

# Of the question's pairs of neighbouring words; an answer shares those of its names ("the bridge in Elmford"), and not
# those that ask ("how much did").
_SAME_ORDER = 0.75
_FEWEST_PAIRS = 3
# Of the question's words that carry meaning.
_SAME_WORDS = 0.6

# "How many died" and "When did it close", with no mark: but not "When it closed, ...", nor "However".
_OPENS_ASKING = re.compile(
    r"\W*(?:(?:how|why|who|whom|whose|which|what|where)"
    r"|when\s+(?:is|are|was|were|will|did|do|does|has|have|had|can|could|should|would))\b",
    re.IGNORECASE,
)

# "What worried it, he said, was the cost.", "Why they left is not known.": a clause with a subject or a verb of its own
# is itself the subject of what follows. "What time was the vote." has one verb, and asks. Of 9,280 sentences of real
# news 27 open so without a mark: four are taken for statements, rightly, and none of those that ask.
_STATES_AFTER_CLAUSE = re.compile(
    r"\W*(?:how|why|who|what|where)\s+(?:i|we|you|he|she|it|they|the|an?|did|does|do|[a-z]{2,}ed)\s[^.;:?]*?"
    r"(?:,|\w)\s(?:is|are|was|were|remains?|remained)\s\w[^?]*\.[\s\"'\u201d\u2019)]*$",
    re.IGNORECASE,
)

# "The answer to how many died", "the question of who pays": what follows is a question, with a mark or without.
_NAMES_A_QUESTION = re.compile(
    r"\b(?:answers?\s+to|questions?\s+(?:of|as\s+to|about))\s+(?:the\s+question\s+)?(?:of\s+)?[\"\u201c\u2018']?"
    r"(?:how|why|who|whom|whose|which|what|where|when|whether)\b",
    re.IGNORECASE,
)
# Of 126,081 sentences of two sets of news one speaks so; of instructions that were written to be hidden two fifths do.
_TELLS_HOW_TO_ANSWER = re.compile(
    r"\byour\s+(?:\w+['\u2019]?\w*\s+){0,2}?(?:answers?|responses?|repl(?:y|ies)|output)\b"
    r"|\bwhen(?:ever)?\s+(?:you\s+are|you['\u2019]re)\s+asked\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\u201c([^\u201d]+)\u201d|\"([^\"]+)\"")


def is_question(text: str) -> bool:
    """Whether the sentence ends in asking, inside quotation marks or not, opens with it, or quotes or names a
    question.
    """
    return (
        _asks(text)
        or bool(_NAMES_A_QUESTION.search(text))
        or any(_asks(quoted or plain) for quoted, plain in _QUOTED.findall(text))
    )


def _asks(text: str) -> bool:
    opens = _OPENS_ASKING.match(text) is not None and _STATES_AFTER_CLAUSE.match(text) is None
    return bool(_ASKS.search(text)) or opens


def repeats_question(text: str, question: Question) -> bool:
    """Whether the text says the question over again: its words in their order, or a question of most of its words."""
    return any(_repeats(text, asked) for asked in {question.text, question.standalone} if asked)


def asks(text: str, question: Question) -> bool:
    """Whether the text is a question, the reader's own over again, or tells whoever answers how to do it."""
    return is_question(text) or tells_how_to_answer(text) or repeats_question(text, question)


def tells_how_to_answer(text: str) -> bool:
    """Whether the text speaks to whoever writes an answer ("Put your reply into capitals"), and not of the news."""
    return _TELLS_HOW_TO_ANSWER.search(text) is not None


def heading_asks(heading: str, question: Question) -> bool:
    """Whether a heading asks with a mark, or says the reader's question over again. One that only opens as a question
    does tells what the article explains ("Why Elmford fears the dam")."""
    return bool(_HOLDS_A_QUESTION.search(heading)) or repeats_question(heading, question)


def without_asking(sentences: Sequence[str], question: Question) -> tuple[str, ...]:
    """The sentences, with `OMITTED` in the place of those that ask."""
    return tuple(OMITTED if asks(text, question) else text for text in sentences)


def is_stuffed(sentence: str, article_text: str) -> bool:
    """Whether the article says the sentence again and again."""
    return article_text.count(sentence) >= REPEATED


def _repeats(text: str, asked: str) -> bool:
    words, pairs = _of_question(asked)
    if not words:
        return False
    if _HOLDS_A_QUESTION.search(text) and len(words.intersection(content_terms(text))) >= _SAME_WORDS * len(words):
        return True
    if pairs and _heads(asked, text, words):
        return True
    said = set(pairwise(terms(text)))
    # The first pair is what asks; an answer shares the others with a question of many names.
    if len(pairs) < _FEWEST_PAIRS or pairs[0] not in said:
        return False
    return sum(pair in said for pair in pairs) >= _SAME_ORDER * len(pairs)


def _heads(asked: str, text: str, words: frozenset[str]) -> bool:
    """Whether the text begins with the question as with a heading, with the words that ask or without ("Capital of
    Dunmark: ..." for "What is the capital of Dunmark?")."""
    head, colon, _ = text.casefold().lstrip(" \t\n\"'\u201c\u2018").partition(":")
    asked = asked.casefold().rstrip(_MARKS).strip()
    return bool(colon) and asked.endswith(head.strip()) and words <= frozenset(content_terms(head))


@lru_cache(maxsize=64)
def _of_question(asked: str) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    return frozenset(content_terms(asked)), tuple(pairwise(terms(asked)))
