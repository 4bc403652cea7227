"""How a language model's reply ended, told from what its provider sends beside the words.

Providers name the same endings differently; LangChain hands them on as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_DECLINED = frozenset(
    (
        *("refusal", "content_filter", "content_filtered", "guardrail_intervened", "safety", "prohibited_content"),
        *("recitation", "blocklist", "spii", "sensitive", "error_toxic"),
    )
)
_CUT_OFF = frozenset(["length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded"])
"""Endings of OpenAI (`finish_reason`), Anthropic and Bedrock (`stop_reason`, `stopReason`), Google (`finish_reason`),
Mistral, Ollama (`done_reason`) and OpenAI's responses (`incomplete_details`), in small letters."""

_ENDINGS = ("finish_reason", "stop_reason", "stopReason", "done_reason")


class ReplyEnding:
    """Watches the pieces of one reply; at its end, says whether it is of use."""

    def __init__(self) -> None:
        self.is_cut_off = False
        self._wrote = self._declined = self._called_tools = self._reasoned = False

    def see(self, message: BaseMessage) -> None:
        """Take in a whole message or the next piece of one."""
        self._wrote = self._wrote or bool(str(message.text).strip())
        endings = set(_endings(message.response_metadata))
        self.is_cut_off = self.is_cut_off or bool(endings & _CUT_OFF)
        extra = message.additional_kwargs
        kinds = {block.get("type") for block in _blocks(message)}
        self._declined = self._declined or bool(extra.get("refusal") or endings & _DECLINED or "refusal" in kinds)
        calls = getattr(message, "tool_calls", None) or getattr(message, "tool_call_chunks", None)
        self._called_tools = self._called_tools or bool(calls)
        self._reasoned = self._reasoned or bool(
            extra.get("reasoning_content") or kinds & {"reasoning", "thinking", "redacted_thinking"}
        )

    def fault(self, *, wrote: bool | None = None) -> ModelError | None:
        """Why nothing of the reply is used, None where it is. `wrote` says what is left of its words where the caller
        knows better."""
        if self._declined:
            return ModelError("the language model declined to answer; ask in other words, or use another model")
        if self._wrote if wrote is None else wrote:
            return None
        if self._reasoned or self._wrote:
            why = "ran out of words while it reasoned" if self.is_cut_off else "wrote nothing but its reasoning"
            return ModelError(f"the language model {why}; use another model, or turn its reasoning down")
        if self._called_tools:
            return ModelError("the language model called a tool instead of writing; use a model for conversation")
        return ModelError("the language model wrote nothing; ask again, or use another model")


def _endings(metadata: Mapping[str, Any]) -> Iterator[str]:
    details = metadata.get("incomplete_details")
    named = [metadata.get(name) for name in _ENDINGS]
    named += [details.get("reason")] if isinstance(details, Mapping) else []
    yield from (str(getattr(one, "value", one)).rpartition(".")[2].casefold() for one in named if one)


def _blocks(message: BaseMessage) -> Iterator[Mapping[str, Any]]:
    if isinstance(message.content, list):
        yield from (block for block in message.content if isinstance(block, Mapping))
