"""The evidence of an answer as a scorer of sentences reads it, whole or with its answers taken out."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from eval.cases import GoldSpan
from eval.metrics.question_scores import is_one_of
from eval.reference_systems.sentence_scorers import PassageToScore
from rag.types import Citation, Evidence, Passage, Span

if TYPE_CHECKING:
    from rag.storage.archive.archive import Archive


def in_articles(archive: Archive, evidence: Sequence[Evidence]) -> list[PassageToScore]:
    """Each passage with the other sentences of its article."""
    return [_in_article(archive, piece) for piece in evidence]


def is_marked(passage: Passage, span: Span, marked: Sequence[GoldSpan]) -> bool:
    """Whether a sentence of the passage is one of the marked ones."""
    return is_one_of(Citation.of(passage, span, marker=1), marked)


def without(passages: Sequence[PassageToScore], marked: Sequence[GoldSpan]) -> list[PassageToScore]:
    """The same passages without the marked sentences, from passages and neighbours alike.

    A passage of which nothing is left goes. One that loses sentences becomes a passage of an article of another id,
    so that nothing that is stored of the whole one (its vector) is taken for what is left.
    """
    texts = frozenset(" ".join(span.text.split()) for span in marked)
    found = []
    for one in passages:
        passage = one.evidence.passage
        gone = frozenset(span for span in passage.sentences if is_marked(passage, span, marked))
        if len(gone) == len(passage.sentences):
            continue
        found.append(
            PassageToScore(
                evidence=replace(one.evidence, passage=_cut(passage, gone)) if gone else one.evidence,
                before=_left(one.before, texts),
                after=_left(one.after, texts),
            )
        )
    return found


def _in_article(archive: Archive, piece: Evidence) -> PassageToScore:
    own = piece.passage
    others = [
        (passage.start < own.start, passage.sentence(span))
        for passage in archive.passages(own.article.id)
        for span in passage.sentences
        if span not in own.sentences
    ]
    return PassageToScore(
        evidence=piece,
        before=tuple(text for is_before, text in others if is_before),
        after=tuple(text for is_before, text in others if not is_before),
    )


def _left(sentences: Sequence[str], gone: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(text for text in sentences if " ".join(text.split()) not in gone)


def _cut(passage: Passage, gone: AbstractSet[Span]) -> Passage:
    """The rest of a passage, its sentences as far apart as they were from the one before them."""
    text, spans, last_end = "", [], passage.start
    for span in passage.sentences:
        if span not in gone:
            gap = passage.text[last_end - passage.start : span.start - passage.start] if text else ""
            begin = passage.start + len(text) + len(gap)
            text += gap + passage.sentence(span)
            spans.append(Span(start=begin, end=passage.start + len(text)))
        last_end = span.end
    return replace(
        passage,
        article=replace(passage.article, id=f"{passage.article.id}-without-answers"),
        end=passage.start + len(text),
        text=text,
        sentences=tuple(spans),
    )
