"""The sentences of articles as a summary looks at them: what may be quoted, and what needs the sentence before it."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.summaries.summary_types import word_count
from rag.text.names import is_name
from rag.text.standalone import can_be_quoted, in_comment, needs_before, opening_length, opens_with_connective
from rag.text.tokens import Token, fold_claim, tokens
from rag.types import Citation, Passage, Span

SENTENCES_COMPARED = 25
"""So many of an article's first sentences are held against those of others."""

SHORTEST_WORDS = 6
LONGEST_WORDS = 90
"""Fewer words tell nothing by themselves; more are a list or a text whose marks were lost."""
_ASIDE = re.compile(
    r"\W*(?:please\s|read\s+(?:more|also|next|the\s+full)|see\s+also|related(?:\s|:)|sign\s+up|subscribe|click\s+here|watch\s*:"
    r"|photos?\s*(?:by|:)|image\s*(?:by|:|credit)|video\s*:|follow\s+\S+\s+on|copyright|©|\(c\)|editor['’]s\s+note"
    r"|(?:corrections?|clarifications?)\b[^:.]{0,30}:|an?\s+(?:earlier|prior|previous)\s+version\s+of\s+this\s"
    r"|this\s+(?:story|article)\s+(?:was|has\s+been|is)|all\s+rights\s+reserved|share\s+this|advertisement"
    r"|follow\s+(?:here|along|our|us|the\s+latest)|here(?:['’]s|\s+is|\s+are)\s|(?:take\s+a\s+)?look\s+at\s|scroll\s"
    r"|view\s+\S+(?:\s+\S+)?['’]s\s|ai-(?:assisted|generated)|\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?|[A-Z]{2,4}T)\b"
    r"|what\s+(?:to|you\s+need\s+to)\s+know|stay\s+with\s+us|this\s+is\s+a\s+developing)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\W*[^:.!?\"“”]{2,50}?\s?:\s+[^\W\d_]")
LIST_FROM = 3
"""So many sentences of an article that begin with a label and a colon are a list: their items are no sentences."""
_LONG_HOST = 6
"""A host's name of fewer letters is more likely a word."""
_NOTHING = re.compile(r"(?!)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSentence:
    """A sentence that may be quoted. `position` counts the article's sentences from 0; `words` is its length.

    `needs_before` tells that a reader does not understand it without the sentence before it, `names` who and what is
    named in it. `by_surname` are those of them whom an earlier sentence names in full and this one does not.
    """

    passage: Passage
    span: Span
    position: int
    text: str
    words: int
    needs_before: bool
    names: frozenset[str] = frozenset()
    by_surname: frozenset[str] = frozenset()


def source_sentences(passages: Sequence[Passage], *, most: int) -> list[SourceSentence]:
    """What may be quoted among the first `most` sentences of one article's passages, in order."""
    found: list[SourceSentence] = []
    seen: set[tuple[int, int]] = set()
    introduced: set[str] = set()
    spans = [(passage, span) for passage in passages for span in passage.sentences]
    is_list = sum(_is_labelled(passage.sentence(span)) for passage, span in spans) >= LIST_FROM
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
        full, single = _people_in(text)
        is_other = (is_list and _is_labelled(text)) or in_comment(passage.text, span.start - passage.start)
        if tells_something(text, words) and not is_other and not _speaks_of_itself(text, passage.article.outlet):
            found.append(
                SourceSentence(
                    passage=passage,
                    span=quoted,
                    position=position,
                    text=text,
                    words=words,
                    needs_before=needs_before(text) or opens_with_connective(text),
                    names=names_in(text),
                    by_surname=frozenset(single & introduced),
                )
            )
        introduced |= full
        position += 1
    return found


def leading_quotes(articles: Iterable[Sequence[Passage]]) -> list[Citation]:
    """The first sentences of each article (its passages), without datelines, to be held against each other."""
    found: list[Citation] = []
    for own in articles:
        spans = [(passage, span) for passage in own for span in passage.sentences]
        found += [
            Citation.of(passage, without_dateline(passage, span), marker=1)
            for passage, span in spans[:SENTENCES_COMPARED]
        ]
    return found


def without_dateline(passage: Passage, span: Span) -> Span:
    """The part of a sentence's span that says something: a dateline or a kicker in front is left out."""
    return Span(start=span.start + opening_length(passage.sentence(span)), end=span.end)


def _is_labelled(text: str) -> bool:
    return _LABEL.match(text) is not None


def _speaks_of_itself(text: str, outlet: str) -> bool:
    """Whether the outlet speaks of its own work ("Reporters across the Harbour Post's network spoke with ..."); what
    somebody told it is news."""
    found = _name_of(outlet).search(text.casefold()) if outlet else None
    if found is None:
        return False
    return not re.search(r"\b(?:told|telling|tells|to|with)\s+(?:the\s+)?$", text.casefold()[: found.start()])


@lru_cache(maxsize=256)
def _name_of(outlet: str) -> re.Pattern[str]:
    """The name of several words; of an outlet that is known by its host ("www.harbourpost.example") its letters, spaced
    in any way. A single word is as often a place or a thing."""
    words = outlet.casefold().split()
    if len(words) > 1:
        return re.compile(rf"\b{re.escape(' '.join(words))}\b")
    host = words[0].removeprefix("www.").split(".") if words else []
    if len(host) < 2 or len(host[0]) < _LONG_HOST:
        return _NOTHING
    return re.compile(rf"\b{r'[ -]?'.join(map(re.escape, host[0]))}\b")


def tells_something(text: str, words: int) -> bool:
    """Whether it is a whole sentence of the report: no heading, question, credit, link, aside in parentheses or piece
    of a quotation."""
    if not can_be_quoted(text) or not SHORTEST_WORDS <= words <= LONGEST_WORDS:
        return False
    is_open = text.rstrip("\"”’')").endswith(("?", ":", ";"))
    is_parenthesis = text.startswith(("(", "[")) and text.rstrip().endswith((")", "]"))
    return not (is_open or is_parenthesis or _ASIDE.match(text) or _ADDRESS.search(text))


def _people_in(text: str) -> tuple[set[str], set[str]]:
    """The last words of the names of several words, and the capitalised words that stand alone, by their keys."""
    full, single = set[str](), set[str]()
    run: list[Token] = []
    for token in [*tokens(fold_claim(text)), None]:
        if token is not None and token.is_word and token.is_capital:
            run.append(token)
            continue
        if run:
            (full if len(run) > 1 else single).add(run[-1].key.removesuffix("'s"))
        run = []
    return full, single - full


def names_in(text: str) -> frozenset[str]:
    """Who and what is named, countries and their peoples under one key."""
    return frozenset(token.key for token in tokens(fold_claim(text)) if is_name(token))
