"""The language model as a writer: one streamed draft from numbered evidence, within a wall-clock limit.

A draft is never shown as an answer: `rag.answering.citing.checked_draft` decides what is. The model's failures come out
as `ModelError` and `ModelUnavailable`, so that the caller can fall back to quotes.
"""

from __future__ import annotations

import contextvars
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompts import load_prompt
from rag.answering.evidence_prompt import escape, format_evidence
from rag.errors import ModelUnavailable
from rag.models.chat_model import model_failures, translated
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REFUSAL = "NOT IN THE ARTICLES"
"""What a model is told to write where the evidence does not answer."""

ANSWER_PROMPTS = ("answer", "answer_question")

EVIDENCE_CHARACTERS = 16_000
"""About 4,000 tokens: twelve passages. A model with its own `evidence_characters` (a small local one) is given
fewer."""

MAX_DRAFT_CHARACTERS = 8_000
"""A draft is cut here: a model that repeats itself would otherwise go on until the time limit."""


Messages = list[tuple[str, str]]


@dataclass
class Usage:
    """What a language model took for one answer; filled while it writes."""

    counts: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, number: float) -> None:
        """Add to one count."""
        self.counts[name] = self.counts.get(name, 0) + number

    def with_cost(self, prices: str) -> dict[str, float]:
        """The counts, with what they cost at these prices (setting `model_prices`) where both are known."""
        tokens = [self.counts.get(f"{kind}_tokens") for kind in ("prompt", "completion")]
        if not prices or None in tokens:
            return dict(self.counts)
        cost = sum((count or 0) * float(price) / 1e6 for count, price in zip(tokens, prices.split("/"), strict=True))
        return {**self.counts, "cost": round(cost, 8)}


def prompt_digests(*names: str) -> dict[str, str]:
    """Digest by name, for the provenance of an answer; of the answering prompts where no names are given."""
    return {name: load_prompt(name).digest for name in names or ANSWER_PROMPTS}


def draft_stream(
    model: BaseChatModel,
    question: Question,
    evidence: Sequence[Evidence],
    *,
    max_sentences: int,
    timeout_seconds: float = 60.0,
    usage: Usage | None = None,
) -> Iterator[str]:
    """Pieces of the draft as they come, in answer to the question as it was understood; closing the iterator stops the
    model.

    Marks in the draft are evidence ranks. Raises `ModelUnavailable` for a time-out, a refused connection or an
    overloaded service, `ModelError` for everything that trying again does not mend.
    """
    usage = usage or Usage()
    shown = format_evidence(evidence, max_characters=getattr(model, "evidence_characters", EVIDENCE_CHARACTERS))
    usage.add("evidence_given", shown.included)
    usage.add("evidence_left_out", shown.omitted)
    messages = [
        ("system", load_prompt("answer").fill(max_sentences=str(max_sentences), refusal=REFUSAL)),
        (
            "human",
            load_prompt("answer_question").fill(evidence=shown.text, question=escape(question.complete)),
        ),
    ]
    return _pieces(model, messages, timeout_seconds, usage=usage)


def is_refusal(draft: str) -> bool:
    """Whether the draft says, and only says, that the evidence does not answer."""
    said = re.sub(r"\[[^\]]*\]|[^\w\s]", " ", draft)
    said = " ".join(said.split()).casefold()
    return said.startswith(REFUSAL.casefold()) or said in (
        f"the answer is {REFUSAL.casefold()}",
        f"answer {REFUSAL.casefold()}",
    )


def written(model: BaseChatModel, messages: Messages, *, timeout_seconds: float, usage: Usage | None = None) -> str:
    """What the model writes to these messages (role, text), whole; raises what `draft_stream` raises."""
    return "".join(_pieces(model, messages, timeout_seconds, usage=usage))


def _pieces(
    model: BaseChatModel,
    messages: Messages,
    timeout_seconds: float,
    *,
    usage: Usage | None = None,
) -> Iterator[str]:
    """Pieces from a thread of its own, so that a model that hangs cannot hold the reader longer than the limit."""
    deadline = time.monotonic() + timeout_seconds
    produced: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    stopped = threading.Event()
    work = contextvars.copy_context()  # LangChain hands its callbacks down in context variables
    threading.Thread(
        target=work.run,
        args=(_produce, model, messages, produced, stopped, usage or Usage()),
        name="newsdesk-writer",
        daemon=True,
    ).start()
    length = 0
    try:
        while length < MAX_DRAFT_CHARACTERS:
            try:
                piece = produced.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise ModelUnavailable(
                    f"the language model took longer than {timeout_seconds:g} s; ask again, or raise the limit"
                ) from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise translated(piece) from piece
            if piece:
                length += len(piece)
                yield piece
    finally:
        stopped.set()


def _produce(
    model: BaseChatModel,
    messages: Messages,
    produced: queue.SimpleQueue[str | Exception | None],
    stopped: threading.Event,
    usage: Usage,
) -> None:
    failures = model_failures()
    try:
        stream = model.stream(messages)
        try:
            for chunk in stream:
                if stopped.is_set():
                    break
                produced.put(str(chunk.text))
                if told := getattr(chunk, "usage_metadata", None):
                    usage.add("prompt_tokens", told["input_tokens"])
                    usage.add("completion_tokens", told["output_tokens"])
        finally:
            close = getattr(stream, "close", None)
            if close:
                with suppress(*failures):
                    close()
    except failures as error:
        produced.put(error)
    else:
        produced.put(None)
