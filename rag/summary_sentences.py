"""The sentences of articles as a summary looks at them: what may be quoted, and what needs the sentence before it."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import NUMBER_WORDS
from rag.roles import is_name
from rag.selection import can_be_quoted
from rag.summary_types import word_count
from rag.tokens import Token, fold_claim, tokens, word_set
from rag.types import Passage, Span

SHORTEST_WORDS = 6
LONGEST_WORDS = 90
"""Fewer words tell nothing by themselves; more are a list or a text whose marks were lost."""

_POINTERS = word_set("""
    he she it they this that these those his her their its him them both such
    """)
_CONNECTIVES = word_set("""
    however but and so yet then also moreover furthermore meanwhile instead nevertheless nonetheless therefore thus
    besides additionally consequently otherwise still or nor hence likewise similarly conversely
    """)
_ALTERNATIVES = word_set("or nor otherwise likewise similarly conversely")
_NAMED_WITHIN = 6
_TIMES = word_set("week year month morning afternoon evening spring summer autumn winter weekend")
_WHEN = word_set("""
    yesterday today tonight tomorrow earlier later last next recently previously afterwards years months weeks days
    hours moments shortly soon monday tuesday wednesday thursday friday saturday sunday january february march april
    june july august september october november december when while as because
    """)
_SAID_BY = re.compile(
    r"[\"”’']\s*(?:he|she|they)\s+(?:said|says|added|told|wrote|continued|explained|noted|asked|insisted|joked)\b"
    r"|[\"”’']\s*(?:said|added|says|wrote|continued|explained|noted)\s+(?:he|she|they)\b"
    r"|,\s*(?:he|she|they)\s+(?:said|says|added|told|wrote|continued|explained|noted)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\W*(?:read\s+(?:more|also|next|the\s+full)|see\s+also|related(?:\s|:)|sign\s+up|subscribe|click\s+here|watch\s*:"
    r"|photos?\s*(?:by|:)|image\s*(?:by|:|credit)|video\s*:|follow\s+\S+\s+on|copyright|©|\(c\)|editor['’]s\s+note"
    r"|this\s+(?:story|article)\s+(?:was|has\s+been|is)|all\s+rights\s+reserved|share\s+this|advertisement"
    r"|follow\s+(?:here|along|our|us|the\s+latest)|here['’]s\s+(?:what|how|everything)\s|view\s+\S+(?:\s+\S+)?['’]s\s"
    r"|ai-(?:assisted|generated)|what\s+(?:to|you\s+need\s+to)\s+know|stay\s+with\s+us|this\s+is\s+a\s+developing)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_HANGING_QUOTE = re.compile(r"^[\"“‘]")
_OPENING, _CLOSING = "“", "”"


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
        text = passage.sentence(span)
        words = word_count(text)
        if tells_something(text, words):
            found.append(
                SourceSentence(
                    passage=passage,
                    span=span,
                    position=position,
                    text=text,
                    words=words,
                    needs_before=needs_before(text),
                    names=names_in(text),
                )
            )
        position += 1
    return found


def tells_something(text: str, words: int) -> bool:
    """Whether it is a whole sentence of the report: no heading, question, credit, link or piece of a quotation."""
    if not can_be_quoted(text) or not SHORTEST_WORDS <= words <= LONGEST_WORDS:
        return False
    is_open = text.rstrip("\"”’')").endswith(("?", ":", ";"))
    return not (is_open or _ASIDE.match(text) or _ADDRESS.search(text))


def names_in(text: str) -> frozenset[str]:
    """Who and what is named, countries and their peoples under one key."""
    return frozenset(token.key for token in tokens(fold_claim(text)) if is_name(token))


def needs_before(text: str) -> bool:
    """Whether the sentence leans on the one before: it opens with a pronoun or "However", ends with "he said", or is
    the middle of a quotation whose speaker stands elsewhere."""
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
    if first in _POINTERS and not _is_date(words):
        return True
    return bool(_SAID_BY.search(text)) or _is_open_quotation(text) or _has_pronoun_before_name(words)


def _is_date(words: Sequence[Token]) -> bool:
    """Whether the sentence opens with "This week": the day of publication says which."""
    second = words[1].text.casefold() if len(words) > 1 else ""
    return words[0].text.casefold() == "this" and second in _TIMES


def _has_pronoun_before_name(words: Sequence[Token]) -> bool:
    """Whether "he", "she" or "they" is the subject of a sentence that has named nobody before it."""
    for token in words[:8]:
        if is_name(token) or (token.opens and _may_be_name(token)):
            return False
        if token.text.casefold() in ("he", "she", "they"):
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
