"""The sentences of articles as a summary looks at them: what may be quoted, and what needs the sentence before it."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.summaries.summary_types import word_count
from rag.text.names import is_name
from rag.text.standalone import can_be_quoted, needs_before, opening_length
from rag.text.tokens import fold_claim, tokens
from rag.types import Passage, Span

SHORTEST_WORDS = 6
LONGEST_WORDS = 90
"""Fewer words tell nothing by themselves; more are a list or a text whose marks were lost."""
_ASIDE = re.compile(
    r"\W*(?:read\s+(?:more|also|next|the\s+full)|see\s+also|related(?:\s|:)|sign\s+up|subscribe|click\s+here|watch\s*:"
    r"|photos?\s*(?:by|:)|image\s*(?:by|:|credit)|video\s*:|follow\s+\S+\s+on|copyright|©|\(c\)|editor['’]s\s+note"
    r"|this\s+(?:story|article)\s+(?:was|has\s+been|is)|all\s+rights\s+reserved|share\s+this|advertisement"
    r"|follow\s+(?:here|along|our|us|the\s+latest)|here['’]s\s+(?:what|how|everything)\s|view\s+\S+(?:\s+\S+)?['’]s\s"
    r"|ai-(?:assisted|generated)|what\s+(?:to|you\s+need\s+to)\s+know|stay\s+with\s+us|this\s+is\s+a\s+developing)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSentence:
    """A sentence that may be quoted. `position` counts the article's sentences from 0; `words` is its length.

    `needs_before` tells that a reader does not understand it without the sentence before it, `names` who and what is
    named in it.
    """

    passage: Passage
    span: Span
    position: int
    text: str
    words: int
    needs_before: bool
    names: frozenset[str] = frozenset()


def source_sentences(passages: Sequence[Passage], *, most: int) -> list[SourceSentence]:
    """What may be quoted among the first `most` sentences of one article's passages, in order."""
    found: list[SourceSentence] = []
    seen: set[tuple[int, int]] = set()
    spans = [(passage, span) for passage in passages for span in passage.sentences]
    position = 0
    for passage, span in spans:
        if (span.start, span.end) in seen:  # passages may overlap
            continue
        seen.add((span.start, span.end))
        if position >= most:
            break
        quoted = without_dateline(passage, span)
        text = passage.sentence(quoted)
        words = word_count(text)
        if tells_something(text, words):
            found.append(
                SourceSentence(
                    passage=passage,
                    span=quoted,
                    position=position,
                    text=text,
                    words=words,
                    needs_before=needs_before(text),
                    names=names_in(text),
                )
            )
        position += 1
    return found


def without_dateline(passage: Passage, span: Span) -> Span:
    """The part of a sentence's span that says something: a dateline or a kicker in front is left out."""
    return Span(start=span.start + opening_length(passage.sentence(span)), end=span.end)


def tells_something(text: str, words: int) -> bool:
    """Whether it is a whole sentence of the report: no heading, question, credit, link, aside in parentheses or piece
    of a quotation."""
    if not can_be_quoted(text) or not SHORTEST_WORDS <= words <= LONGEST_WORDS:
        return False
    is_open = text.rstrip("\"”’')").endswith(("?", ":", ";"))
    is_parenthesis = text.startswith(("(", "[")) and text.rstrip().endswith((")", "]"))
    return not (is_open or is_parenthesis or _ASIDE.match(text) or _ADDRESS.search(text))


def names_in(text: str) -> frozenset[str]:
    """Who and what is named, countries and their peoples under one key."""
    return frozenset(token.key for token in tokens(fold_claim(text)) if is_name(token))
