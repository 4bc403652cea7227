"""Follow-up questions without a model: whether a question leans on the conversation, and what it then asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.question.coreference import resolved
from rag.text.country_names import is_country
from rag.text.pronouns import DEMONSTRATIVE, PERSONAL
from rag.text.search_terms import content_terms
from rag.types import Question

# Words that point back; "it" and "that" also occur in complete questions, so two names outweigh them.
_POINTERS = re.compile(
    rf"\b({'|'.join(sorted(PERSONAL | DEMONSTRATIVE))}|there|then|such|il|elle|ils|elles|cela)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^\W*(and|but|so|or|also|what about|how about|what else|who else|how come|how so|since when|et)\b", re.IGNORECASE
)
# "Is there a date", "is it safe to", "how hot was it in Mecca", "how long did it take Paris to": words that the grammar
# asks for and that point to nothing.
_EMPTY = re.compile(
    r"\b(?:is|are|was|were)\s+there\b|\bthere\s+(?:is|are|was|were)\b"
    r"|\b(?:is|was)\s+it\s+(?:safe|dangerous|legal|illegal|possible|impossible|true|necessary|normal)\s+(?:to|that)\b"
    r"|\b(?:hot|cold|warm|cool|humid|windy|wet|dry|sunny)\s+(?:is|was|will)\s+it\s+(?:be\s+)?(?:in|at|on)\b"
    r"|\b(?:is|was)\s+it\s+(?:raining|snowing)\b"
    r"|\b(?:did|does|do|will|would|has|had)\s+it\s+(?:take|taken|cost)\s+(?:so\s+long\s+)?(?:for\s+)?(?:the\s+)?"
    r"(?-i:[A-Z])[\w'\u2019-]*(?:\s+(?-i:[A-Z])[\w'\u2019-]*)*\s+to\b",
    re.IGNORECASE,
)
# "did Nvidia say that its", "did the ECB raise its": the question itself says whose.
_OWN = re.compile(
    r"\b(?:did|does|do|has|have|had|will|would)\s+(?:the\s+)?(?:[A-Z][\w'\u2019-]*\s+)+[a-z]+\s+(?:that\s+)?(?:its|his|her|their)\b"
)
_JOINED = re.compile(
    r"^\W*(?:and|but|so)\s+(?=(?:who|what|when|where|why|how|which)\b(?!\s+(?:about|else)))", re.IGNORECASE
)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'\u2019-]*")

# A question with fewer words of meaning than this, and no name, says too little on its own ("how many were hurt?").
COMPLETE_FROM_TERMS = 4

# "Why does China object?": one name and one word more are still not a whole question.
COMPLETE_FROM_TERMS_WITH_NAME = 3


def in_context(question: Question, history: Sequence[str]) -> Question:
    """The question with what it leans on of the conversation as `context`, and its pointers resolved where rules can.

    Unchanged where it stands alone.

    `history` holds the reader's earlier questions, oldest first.
    """
    if not history or not leans_on_history(question.text):
        return question
    lean: list[str] = []
    for earlier in reversed(history):
        lean.insert(0, earlier.strip())
        if not leans_on_history(earlier):
            break
    # What looks like a pointer may point to nothing: then there is nothing to resolve.
    is_empty = _EMPTY.search(question.text) is not None and not _points(question.text)
    told = question.text if is_empty else resolved(question.text, _resolved_in_turn(lean))
    return replace(question, context=" ".join(lean[-3:]), standalone=told if told != question.text else "")


def _resolved_in_turn(history: Sequence[str]) -> list[str]:
    """The earlier questions, each with its pointers resolved by those before it."""
    told: list[str] = []
    for text in history:
        told.append(resolved(text, told))
    return told


def may_stand_alone(question: Question) -> bool:
    """Whether a question that was given a context says too little rather than points back: "Why does China object?"
    after a question about a storm is a new one, and nothing in it tells."""
    if not question.context or question.standalone:
        return False
    return bool(_names(question.text)) and not _points(question.text)


def _points(text: str) -> bool:
    """Whether a word of the question points back, or it opens like a part of a conversation."""
    said = _EMPTY.sub(" ", _OWN.sub(" ", text))
    return bool(_POINTERS.search(said) or _OPENERS.search(said))


def _names(text: str) -> int:
    terms = content_terms(text)
    return max(len(_NAME.findall(text.strip())), sum(map(is_country, terms)))


def leans_on_history(text: str) -> bool:
    """Whether a question needs the conversation to be understood."""
    terms = content_terms(text)
    names = _names(text)
    asked = _JOINED.sub("", text) if names and len(terms) >= COMPLETE_FROM_TERMS else text
    if names < 2 and _points(asked):
        return True
    return len(terms) < (COMPLETE_FROM_TERMS_WITH_NAME if names else COMPLETE_FROM_TERMS)
