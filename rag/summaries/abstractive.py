"""A summary in a model's words: chosen sentences as numbered evidence, condensed in groups, checked each time.

What does not fit into one prompt goes through map and reduce: each group of sentences is condensed and checked, and the
quotes that the kept sentences cite are the evidence of the next round. Nothing is ever written from a model's own
words, so that every citation of the last round is an exact quote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from prompts import load_prompt
from rag.answering.citing import checked_draft
from rag.answering.evidence_prompt import escape, format_evidence
from rag.answering.model_writer import EVIDENCE_CHARACTERS, Usage, written
from rag.checking.sentence_check import SentenceCheck
from rag.summaries.summary_types import Length
from rag.types import AnswerSentence, Citation, Evidence, Passage, RemovedSentence, Span

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.summaries.source_sentences import SourceSentence

SUMMARY_PROMPTS = ("summary", "summary_evidence")

MOST_ROUNDS = 3
"""Each round at least halves what is read, as a group is condensed to half its sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """Checked sentences within the length; markers count from 1 in the order of first use."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    removed: tuple[RemovedSentence, ...]


def prose(
    model: BaseChatModel,
    sources: Sequence[SourceSentence],
    *,
    length: Length,
    about: str,
    timeout_seconds: float,
    usage: Usage | None = None,
    check: SentenceCheck,
) -> Prose:
    """A model's summary of these sentences; without sentences where the check keeps none.

    Raises `ModelError` and `ModelUnavailable` as `rag.answering.model_writer.draft_stream` does.
    """
    room = getattr(model, "evidence_characters", EVIDENCE_CHARACTERS)
    evidence = [_evidence(source, rank) for rank, source in enumerate(sources, start=1)]
    removed: list[RemovedSentence] = []
    asked: dict[str, Any] = {
        "about": about, "timeout_seconds": timeout_seconds, "usage": usage, "check": check,
    }  # fmt: skip
    for _ in range(MOST_ROUNDS):
        groups = list(_groups(evidence, room))
        if len(groups) <= 1:
            break
        kept: dict[str, Evidence] = {}
        for group in groups:
            part = Length(sentences=max(1, len(group) // 2))
            condensed = _written(model, group, length=part, **asked)
            removed += condensed.removed
            cited = {(quote.article.id, quote.start) for quote in condensed.citations}
            kept |= {one.passage.id: one for one in group if (one.passage.article.id, one.passage.start) in cited}
        if not kept:
            return Prose(sentences=(), citations=(), removed=tuple(removed))
        evidence = [replace(one, rank=rank) for rank, one in enumerate(kept.values(), start=1)]
    last = next(_groups(evidence, room), [])
    found = _written(model, last, length=length, **asked)
    return _cut(replace(found, removed=(*removed, *found.removed)), length)


def _written(
    model: BaseChatModel,
    evidence: Sequence[Evidence],
    *,
    length: Length,
    about: str,
    timeout_seconds: float,
    usage: Usage | None,
    check: SentenceCheck,
) -> Prose:
    sentences, words = length.about_sentences, length.about_words
    room = getattr(model, "evidence_characters", EVIDENCE_CHARACTERS)
    shown = format_evidence(evidence, max_characters=room)
    messages = [
        ("system", load_prompt("summary").fill(max_sentences=str(sentences), max_words=str(words))),
        ("human", load_prompt("summary_evidence").fill(evidence=shown.text, about=escape(about) or "what happened")),
    ]
    if usage is not None:
        usage.add("evidence_given", shown.included)
        usage.add("evidence_left_out", shown.omitted)
    draft = written(model, messages, timeout_seconds=timeout_seconds, usage=usage)
    checked = checked_draft(draft, evidence[: shown.included], check=check)
    return Prose(sentences=checked.sentences, citations=checked.citations, removed=checked.removed)


def _evidence(source: SourceSentence, rank: int) -> Evidence:
    """One sentence as a passage of its own. Its position is where it begins, so that its id is its own."""
    span = source.span
    passage = Passage(
        article=source.passage.article,
        position=span.start,
        start=span.start,
        end=span.end,
        text=source.text,
        sentences=(Span(start=span.start, end=span.end),),
    )
    return Evidence(passage=passage, score=0.0, rank=rank)


def _groups(evidence: Sequence[Evidence], room: int) -> Iterator[list[Evidence]]:
    """As much evidence at a time as fits into one prompt, ranks counted from 1 in each."""
    waiting = list(evidence)
    while waiting:
        taken = max(1, format_evidence(waiting, max_characters=room).included)
        yield [replace(one, rank=rank) for rank, one in enumerate(waiting[:taken], start=1)]
        waiting = waiting[taken:]


def _cut(found: Prose, length: Length) -> Prose:
    """The first sentences that keep the length, with the citations that they use."""
    kept: list[AnswerSentence] = []
    for sentence in found.sentences:
        if not length.holds([*(one.text for one in kept), sentence.text]):
            break
        kept.append(sentence)
    used = {marker for sentence in kept for marker in sentence.citations}
    citations = tuple(quote for quote in found.citations if quote.marker in used)
    return Prose(sentences=tuple(kept), citations=citations, removed=found.removed)
