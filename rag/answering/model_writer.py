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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prompts import load_prompt
from rag.answering.draft_parser import plain_text
from rag.answering.evidence_prompt import escape, format_evidence
from rag.answering.structured_draft import SCHEMA, draft_of, keeps_to_a_form
from rag.answering.writing_profile import CAREFUL, WritingProfile
from rag.errors import ModelUnavailable
from rag.models.chat_model import is_refused_request, model_failures, translated
from rag.models.model_reply import ReplyEnding
from rag.models.spending import CHARACTERS_IN_A_TOKEN, Spending
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

REFUSAL = "NOT IN THE ARTICLES"
"""What a model is told to write where the evidence does not answer."""

EVIDENCE_CHARACTERS = CAREFUL.evidence_characters
"""About 4,000 tokens: twelve passages. A model with its own `evidence_characters` (a small local one) is given
fewer."""

MAX_DRAFT_CHARACTERS = 8_000
"""A draft is cut here: a model that repeats itself would otherwise go on until the time limit."""


Messages = list[tuple[str, str]]


@dataclass
class Usage:
    """What language models took for one answer; filled while they write. `spending` is the account that it goes on,
    where there is one, and `spent_before` what the answer had cost before this was begun."""

    spending: Spending | None = None
    counts: dict[str, float] = field(default_factory=dict)
    cost: float = 0.0
    spent_before: float = 0.0

    def add(self, name: str, number: float) -> None:
        """Add to one count."""
        self.counts[name] = self.counts.get(name, 0) + number

    def reserve(self, messages: Messages) -> float:
        """Take what a call costs at its longest from the account; raises `CostLimit` where that passes a limit.

        It counts at once: a call that is given up is settled when its thread ends, after others may have begun.
        """
        if self.spending is None or self.spending.prices is None:
            return 0.0
        longest = MAX_DRAFT_CHARACTERS / CHARACTERS_IN_A_TOKEN
        cost = self.spending.prices.of(_tokens(text for _, text in messages), longest)
        self.spending.reserve(cost, spent_on_answer=self.spent_before + self.cost)
        self.cost += cost
        return cost

    def settle(self, reserved: float, prompt_tokens: float, completion_tokens: float) -> None:
        """Account for a call that has ended."""
        if self.spending is not None and self.spending.prices is not None:
            cost = self.spending.prices.of(prompt_tokens, completion_tokens)
            self.spending.settle(reserved=reserved, cost=cost)
            self.cost += cost - reserved

    def told(self) -> dict[str, float]:
        """The counts, with what they cost and what the day has cost so far where that is known."""
        if not self.cost or self.spending is None:
            return dict(self.counts)
        today = self.spending.today()
        of_day = {} if today is None else {"cost_today": round(today, 8)}
        return {**self.counts, "cost": round(self.cost, 8), **of_day}


def _tokens(texts: Iterable[str]) -> float:
    return sum(map(len, texts)) / CHARACTERS_IN_A_TOKEN


def prompt_digests(*names: str) -> dict[str, str]:
    """Digest by name, for the provenance of an answer."""
    return {name: load_prompt(name).digest for name in names}


def draft_stream(
    model: BaseChatModel,
    question: Question,
    evidence: Sequence[Evidence],
    *,
    max_sentences: int,
    timeout_seconds: float = 60.0,
    usage: Usage | None = None,
    profile: WritingProfile = CAREFUL,
) -> Iterator[str]:
    """Pieces of the draft as they come, in answer to the question as it was understood; closing the iterator stops the
    model.

    Marks in the draft are evidence ranks, or places of sentences where the profile numbers them; then a model that
    keeps to a form is asked for one, and its draft comes as one piece. Raises `ModelUnavailable` for a time-out, a
    refused connection or an overloaded service, `ModelError` for everything that trying again does not mend.
    """
    usage = usage or Usage()
    room = getattr(model, "evidence_characters", profile.evidence_characters)
    shown = format_evidence(evidence, max_characters=room, numbers_sentences=profile.numbers_sentences)
    usage.add("evidence_given", shown.included)
    usage.add("evidence_left_out", shown.omitted)
    messages = [
        ("system", load_prompt(profile.system).fill(max_sentences=str(max_sentences), refusal=REFUSAL)),
        (
            "human",
            load_prompt(profile.request).fill(evidence=shown.text, question=escape(question.complete)),
        ),
    ]
    form = Form(schema=SCHEMA, as_text=lambda parsed: draft_of(parsed, refusal=REFUSAL))
    return _called(model, messages, timeout_seconds, usage, form if profile.numbers_sentences else None)


def is_refusal(draft: str) -> bool:
    """Whether the draft says, and only says, that the evidence does not answer."""
    said = re.sub(r"\[[^\]]*\]|[^\w\s]", " ", draft)
    said = " ".join(said.split()).casefold()
    return said.startswith(REFUSAL.casefold()) or said in (
        f"the answer is {REFUSAL.casefold()}",
        f"answer {REFUSAL.casefold()}",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A JSON schema that a model which keeps to forms fills in, and how that becomes text; raises `ModelError` for
    what is not of the form."""

    schema: Mapping[str, Any]
    as_text: Callable[[object], str]


def written(
    model: BaseChatModel,
    messages: Messages,
    *,
    timeout_seconds: float,
    usage: Usage | None = None,
    form: Form | None = None,
) -> str:
    """What the model writes to these messages (role, text), whole; raises what `draft_stream` raises. A model that
    keeps to forms fills in the form."""
    return "".join(_called(model, messages, timeout_seconds, usage or Usage(), form))


def _called(
    model: BaseChatModel, messages: Messages, timeout_seconds: float, usage: Usage, form: Form | None
) -> Iterator[str]:
    form = form if form is not None and keeps_to_a_form(model) else None
    call = _Call(model, messages, usage, usage.reserve(messages), form)
    return _pieces(call.write if form is None else call.write_form, timeout_seconds)


Put = Callable[[str | Exception | None], None]


def _pieces(work: Callable[[Put, threading.Event], None], timeout_seconds: float) -> Iterator[str]:
    """Pieces from a thread of its own, so that a model that hangs cannot hold the reader longer than the limit."""
    deadline = time.monotonic() + timeout_seconds
    produced: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    stopped = threading.Event()
    context = contextvars.copy_context()  # LangChain hands its callbacks down in context variables
    threading.Thread(
        target=context.run, args=(work, produced.put, stopped), name="newsdesk-writer", daemon=True
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


@dataclass(slots=True)
class _Call:
    """One call of a model; what it writes and how it fails is put where the caller waits, None at its end."""

    model: BaseChatModel
    messages: Messages
    usage: Usage
    reserved: float
    form: Form | None = None
    prompt_tokens: float = 0.0
    completion_tokens: float = 0.0

    def write(self, put: Put, stopped: threading.Event) -> None:
        """Words as they come."""
        failures = model_failures()
        ending, draft = ReplyEnding(), ""
        try:
            stream = self.model.stream(self.messages)
            try:
                for chunk in stream:
                    if stopped.is_set():
                        break
                    draft += str(chunk.text)
                    put(str(chunk.text))
                    self._note(chunk, ending)
            finally:
                close = getattr(stream, "close", None)
                if close:
                    with suppress(*failures):
                        close()
        except failures as error:
            self._settle(draft, failed=True)
            put(error)
        else:
            self._settle(draft)
            put(ending.fault(wrote=bool(plain_text(draft).strip())))

    def write_form(self, put: Put, stopped: threading.Event) -> None:
        """The whole out of a form that the provider keeps the model to; words where it refuses such a request."""
        assert self.form is not None
        failures = model_failures()
        ending, draft = ReplyEnding(), ""
        try:
            filled = self.model.with_structured_output(dict(self.form.schema), include_raw=True).invoke(self.messages)
            raw, parsed = (filled["raw"], filled["parsed"]) if isinstance(filled, dict) else (None, None)
            if raw is not None:
                self._note(raw, ending)
            if fault := ending.fault(wrote=parsed is not None or bool(raw is not None and raw.text.strip())):
                raise fault
            draft = self.form.as_text(parsed)
        except failures as error:
            if isinstance(error, NotImplementedError) or is_refused_request(error):
                self.write(put, stopped)
                return
            self._settle(draft, failed=True)
            put(error)
        else:
            self._settle(draft)
            put(draft)
            put(None)

    def _note(self, message: BaseMessage, ending: ReplyEnding) -> None:
        ending.see(message)
        if ending.is_cut_off:
            self.usage.counts["cut_off"] = 1
        if told := getattr(message, "usage_metadata", None):
            self.prompt_tokens += told["input_tokens"]
            self.completion_tokens += told["output_tokens"]
            self.usage.add("prompt_tokens", told["input_tokens"])
            self.usage.add("completion_tokens", told["output_tokens"])

    def _settle(self, draft: str, *, failed: bool = False) -> None:
        """What the provider did not count is estimated; a call that failed before a word came costs nothing."""
        if failed and not draft and not self.prompt_tokens:
            self.usage.settle(self.reserved, 0, 0)
            return
        prompt = self.prompt_tokens or _tokens(text for _, text in self.messages)
        self.usage.settle(self.reserved, prompt, self.completion_tokens or _tokens([draft]))
