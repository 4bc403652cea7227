"""Three questions to a language model over the sample articles, and what the check did with its answers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answering.draft_parser import read_draft
from rag.events import Draft, Finished
from rag.public_json import answer_json
from rag.types import Answer, Evidence
from web.page.examples import SAMPLE_QUESTIONS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.desk import Desk
    from rag.settings import Settings

QUESTIONS = tuple(SAMPLE_QUESTIONS.values())[:3]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One question, its checked answer, and what became of the model's draft, counted in sentences.

    `kept` are the draft's with its own citations, `corrected` those that the check gave others, `removed` those that it
    left out; `replaced` counts the quotes shown instead of a draft of which nothing was left. `failed` is whether the
    model should have written and gave nothing that could be checked; the answer's notice then says why.
    """

    answer: Answer
    kept: int
    corrected: int
    replaced: int
    removed: int
    failed: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The counts beside the answer in its public form."""
        counts = {name: getattr(self, name) for name in ("kept", "corrected", "replaced", "removed")}
        return {**counts, "failed": self.failed, "seconds": round(self.seconds, 1), "answer": answer_json(self.answer)}


@contextmanager
def trial_desk(settings: Settings, model: BaseChatModel | None) -> Iterator[Desk]:
    """A desk over a library of the sample articles that is gone after the block; `settings` count but for its own."""
    from ingest.pipeline import ingest
    from ingest.sample import sample_folder
    from rag import open_desk

    with tempfile.TemporaryDirectory(prefix="newsdesk-", ignore_cleanup_errors=True) as folder:
        own = {"library": Path(folder, "library"), "read_only": False, "keep_answers": False}
        with open_desk(settings=settings.model_copy(update=own), model=model, stay_open=False) as desk:
            ingest([sample_folder()], desk.library)
            yield desk


def tried(desk: Desk, questions: Sequence[str] = QUESTIONS, *, with_model: bool) -> Iterator[Trial]:
    """Ask the questions one by one."""
    for question in questions:
        began, draft, answer = time.perf_counter(), "", None
        for event in desk.stream(question):
            if isinstance(event, Draft):
                draft += event.text
            elif isinstance(event, Finished):
                answer = event.answer
        assert answer is not None  # a stream ends with `Finished`
        yield _judged(answer, draft, with_model=with_model, seconds=time.perf_counter() - began)


def _judged(answer: Answer, draft: str, *, with_model: bool, seconds: float) -> Trial:
    shown, removed = len(answer.sentences), len(answer.provenance.removed)
    by_model = answer.provenance.writer == "model"
    kept = sum(_cited_as_drafted(answer, draft)) if by_model else 0
    return Trial(
        answer=answer,
        kept=kept,
        corrected=shown - kept if by_model else 0,
        replaced=shown if removed and not by_model else 0,
        removed=removed,
        # Quotes in place of a draft with which the check had nothing to do: there was none.
        failed=with_model and not by_model and bool(shown) and not removed,
        seconds=seconds,
    )


def _cited_as_drafted(answer: Answer, draft: str) -> Iterator[bool]:
    """For each sentence of the answer, whether one of its quotes stands in a passage that the draft marked for it."""
    passages = {evidence.rank: evidence for evidence in answer.evidence}
    marked = {sentence.text: sentence.ranks for sentence in read_draft(draft)}
    quotes = {citation.marker: citation for citation in answer.citations}
    for sentence in answer.sentences:
        named = [passages[rank] for rank in marked.get(sentence.text, ()) if rank in passages]
        cited = [quotes[marker] for marker in sentence.citations]
        yield any(_holds(evidence, quote.article.id, quote.start, quote.end) for evidence in named for quote in cited)


def _holds(evidence: Evidence, article_id: str, start: int, end: int) -> bool:
    passage = evidence.passage
    return passage.article.id == article_id and passage.start <= start and end <= passage.end
