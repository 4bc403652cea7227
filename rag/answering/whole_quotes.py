"""From a sentence that answers to a quote that can be read alone.

A sentence that leans on its neighbour ("The second reason is military.") is quoted together with it, a quotation that
runs over several sentences is quoted whole, and a dateline is left off. What cannot be made whole is not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from rag.answering.candidate import Candidate
from rag.answering.enumerations import enumeration_at
from rag.question.answer_type import Form
from rag.text.standalone import (
    can_be_quoted,
    counts_from_before,
    is_quotation_without_speaker,
    leans_back,
    leans_forward,
    opening_length,
)
from rag.types import Article, Passage, Span

MOST_SENTENCES = 4
"""A quote of more sentences is a paragraph to be read, and no answer."""

MOST_CHARACTERS = 700

COUNTED_OUT: tuple[Form, ...] = ("reasons", "several")
"""The forms of an answer that show all reasons or points where an article counts them out."""

_OPENS, _CLOSES = "“„«", "”»"
_STRAIGHT = '"'
_MARK = re.compile('[“”„«»"]')


@dataclass(frozen=True, slots=True)
class ArticleSentences:
    """An article's text with its sentences in order, and which of them begin a paragraph."""

    text: str
    spans: tuple[Span, ...]
    begins: tuple[bool, ...]

    @classmethod
    def of(cls, text: str, spans: Sequence[Span]) -> ArticleSentences:
        """The sentences of a text; a line break between two of them begins a paragraph."""
        ends = [0, *(span.end for span in spans)]
        begins = tuple(
            number == 0 or "\n" in text[end : span.start]
            for number, (end, span) in enumerate(zip(ends, spans, strict=False))
        )
        return cls(text, tuple(spans), begins)

    def sentence(self, number: int) -> str:
        """The text of one sentence."""
        return self.text[self.spans[number].start : self.spans[number].end]

    def paragraph(self, number: int) -> tuple[int, int]:
        """The first and the last sentence of the paragraph in which a sentence stands."""
        first, last = number, number
        while not self.begins[first]:
            first -= 1
        while last + 1 < len(self.spans) and not self.begins[last + 1]:
            last += 1
        return first, last

    def is_heading(self, number: int) -> bool:
        """Whether a sentence is a line of its own that heads what follows: "What happens next?", "The wrong club"."""
        first, last = self.paragraph(number)
        text = self.sentence(number)
        return first == last and (not can_be_quoted(text) or (text.endswith("?") and not _MARK.search(text)))

    def whole_quote(self, span: Span) -> Span | None:
        """The quote that holds the sentence at `span` and can be read alone; None where there is none, or it would be
        longer than `MOST_SENTENCES` or `MOST_CHARACTERS`."""
        if span not in self.spans:
            return None
        number = self.spans.index(span)
        if self.is_heading(number):
            return None
        first, last = self._with_neighbours(number)
        if first is None:
            return None
        start, end = self.spans[first].start, self.spans[last].end
        if not self.may_be_quoted(Span(start=start, end=end)):
            return None
        if self.begins[first]:
            start += opening_length(self.text[start:end])
        return Span(start=start, end=end)

    def items_with(self, span: Span) -> list[Span]:
        """The quotes of the enumeration that a sentence or quote belongs to or announces; empty where it does
        neither."""
        inside = [number for number, one in enumerate(self.spans) if one.start < span.end][-1:]
        texts = [self.sentence(number) for number in range(len(self.spans))]
        return list(self.items(enumeration_at(texts, inside[0]))) if inside else []

    def items(self, numbers: Sequence[int]) -> Iterator[Span]:
        """The quotes of the items that begin with these sentences, in order; none reaches into another."""
        for number, following in pairwise([*numbers, len(self.spans)]):
            span = self.whole_quote(self.spans[number])
            if span is not None:
                start = span.start if number == numbers[0] else max(span.start, self.spans[number].start)
                yield Span(start=start, end=min(span.end, self.spans[following - 1].end))

    def may_be_quoted(self, span: Span) -> bool:
        """Whether a run of sentences is short enough for a quote; a single sentence always is."""
        held = sum(span.start < one.end and one.start < span.end for one in self.spans)
        return held == 1 or (held <= MOST_SENTENCES and span.end - span.start <= MOST_CHARACTERS)

    def _with_neighbours(self, number: int) -> tuple[int | None, int]:
        first = last = number
        while last - first < MOST_SENTENCES:
            begin, end = self.paragraph(first)[0], self.paragraph(last)[1]
            if first > begin and self._is_inside(begin, first):
                first -= 1
            elif last < end and (self._is_inside(begin, last + 1) or leans_forward(self.sentence(last))):
                last += 1
            elif self._needs_before(first):
                if first == 0 or self.is_heading(first - 1):
                    return None, last
                first -= 1
            else:
                break
        return first, last

    def _needs_before(self, number: int) -> bool:
        text = self.sentence(number)
        return leans_back(text) or is_quotation_without_speaker(text) or counts_from_before(text)

    def _is_inside(self, begin: int, number: int) -> bool:
        """Whether a sentence begins inside a quotation that was opened before it in its paragraph."""
        before = self.text[self.spans[begin].start : self.spans[number].start]
        depth = sum(before.count(mark) for mark in _OPENS) - sum(before.count(mark) for mark in _CLOSES)
        return depth > 0 or before.count(_STRAIGHT) % 2 == 1


class StoredArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...
    def passages(self, article_id: str) -> tuple[Passage, ...]: ...


class QuotableArticles:
    """The articles of one archive with their sentences, read once each. Made for one question."""

    def __init__(self, archive: StoredArticles) -> None:
        self._archive = archive
        self._read: dict[str, ArticleSentences | None] = {}

    def whole(self, candidate: Candidate) -> Candidate | None:
        """The candidate as a quote that can be read alone; None where there is none."""
        sentences = self._sentences_of(candidate)
        span = sentences.whole_quote(candidate.span) if sentences is not None else None
        if sentences is None or span is None:
            return None
        return _quoted(candidate, span, sentences.text)

    def as_shown(self, ranked: Sequence[Candidate], form: Form) -> tuple[str, ...]:
        """The quotes in which the best of the candidates would be shown in an answer of this form: one, or those of all
        reasons and points that its article counts out; its sentence where it cannot be quoted."""
        quote = self.whole(ranked[0])
        shown = self.counted_out(ranked, form) or ([quote] if quote is not None else ranked[:1])
        return tuple(one.text for one in shown)

    def counted_out(self, ranked: Sequence[Candidate], form: Form) -> list[Candidate]:
        """The quotes of the reasons or points that an article counts out, in its order, scored as the best candidate:
        where that or another of its article belongs to them or announces them, and an answer of this form shows all."""
        best = ranked[0]
        sentences = self._sentences_of(best) if form in COUNTED_OUT else None
        if sentences is None:
            return []
        of_article = (one for one in ranked if one.evidence.passage.article.id == best.evidence.passage.article.id)
        found = (items for one in of_article if (items := sentences.items_with(one.span)))
        return [_quoted(best, span, sentences.text) for span in next(found, [])]

    def joined(self, one: Candidate, other: Candidate) -> Candidate | None:
        """Two quotes of one article that share a sentence as one, scored as the first; None where that is too long."""
        sentences = self._sentences_of(one)
        span = Span(start=min(one.span.start, other.span.start), end=max(one.span.end, other.span.end))
        if sentences is None or not sentences.may_be_quoted(span):
            return None
        return _quoted(one, span, sentences.text)

    def _sentences_of(self, candidate: Candidate) -> ArticleSentences | None:
        article_id = candidate.evidence.passage.article.id
        if article_id not in self._read:
            self._read[article_id] = self._sentences(article_id)
        return self._read[article_id]

    def _sentences(self, article_id: str) -> ArticleSentences | None:
        article = self._archive.article(article_id)
        if article is None:
            return None
        passages = self._archive.passages(article_id)
        # The two are read one after the other, and an article may change in between.
        if any(article.text[passage.start : passage.end] != passage.text for passage in passages):
            return None
        return ArticleSentences.of(article.text, [span for passage in passages for span in passage.sentences])


def _quoted(candidate: Candidate, span: Span, text: str) -> Candidate:
    return replace(candidate, span=span, text=text[span.start : span.end])
