"""The values that templates of several views show: what a reader can open, and a sentence with its markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import ArticleRef, Citation

_WORD_KEPT_WITH_MARKERS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A numbered button that opens a quote; `reference` is what the page sends when it is pressed."""

    reference: str
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleCard:
    """An article that `reference` opens, with a few of its words where they are to be shown."""

    reference: str
    article: ArticleRef
    snippet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedText:
    """A sentence, what leads it in, and its markers.

    `last_word` stays on one line with the markers, which never begin a line; where it is a very long one it is part of
    `start` and empty here.
    """

    start: str
    last_word: str
    markers: tuple[Marker, ...]
    lead_in: str = ""


def cited_text(sentence: str, markers: Sequence[Marker], *, lead_in: str = "") -> CitedText:
    """A sentence with the markers of what it cites."""
    head, space, last = sentence.rpartition(" ")
    if len(last) > _WORD_KEPT_WITH_MARKERS:
        return CitedText(start=sentence, last_word="", markers=tuple(markers), lead_in=lead_in)
    return CitedText(start=head + space, last_word=last, markers=tuple(markers), lead_in=lead_in)
