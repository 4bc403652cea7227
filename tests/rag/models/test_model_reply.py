"""How a model's reply ended: what providers send beside the words, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.exceptions import ContextOverflowError, ModelAPIError, ModelNotFoundError, ModelRateLimitError
from langchain_core.messages import AIMessageChunk

from rag.answering.model_writer import Usage, written
from rag.errors import ModelError, ModelUnavailable
from rag.models.scripted_model import ScriptedModel


def chunk(text: str | list[Any] = "", *, metadata: dict[str, Any] | None = None, **given: Any) -> AIMessageChunk:
    return AIMessageChunk(content=text, response_metadata=metadata or {}, **given)


def reply(*chunks: AIMessageChunk, usage: Usage | None = None) -> str:
    return written(ScriptedModel(script=lambda _: chunks), [("human", "?")], timeout_seconds=30, usage=usage)


def failing(error: Exception) -> Callable[[str], str]:
    def script(_: str) -> str:
        raise error

    return script


@pytest.mark.parametrize(
    "refused",
    [
        chunk(additional_kwargs={"refusal": "I cannot help."}),
        chunk([{"type": "refusal", "refusal": "I cannot help."}]),
        chunk("Six", metadata={"stop_reason": "refusal"}),
        chunk(metadata={"finish_reason": "content_filter"}),
        chunk(metadata={"finish_reason": "SAFETY"}),
        chunk(metadata={"finish_reason": "FinishReason.PROHIBITED_CONTENT"}),
        chunk(metadata={"stopReason": "guardrail_intervened"}),
    ],
)
def test_a_model_that_declines_has_written_nothing(refused: AIMessageChunk) -> None:
    with pytest.raises(ModelError, match="declined to answer"):
        reply(refused)


def test_a_model_that_only_calls_tools_is_told_from_one_that_is_silent() -> None:
    call = {"name": "search", "args": "{}", "id": "1", "index": 0, "type": "tool_call_chunk"}
    with pytest.raises(ModelError, match="called a tool instead of writing"):
        reply(chunk(tool_call_chunks=[call]))
    with pytest.raises(ModelError, match="wrote nothing; ask again"):
        reply(chunk(), chunk(" \n"))


@pytest.mark.parametrize(
    "thought",
    [
        chunk([{"type": "reasoning", "reasoning": "Six or seven?"}]),
        chunk([{"type": "thinking", "thinking": "Six or seven?", "index": 0}]),
        chunk(additional_kwargs={"reasoning_content": "Six or seven?"}),
        chunk("<think>Six or seven?"),
    ],
)
def test_reasoning_is_no_answer(thought: AIMessageChunk) -> None:
    with pytest.raises(ModelError, match="nothing but its reasoning"):
        reply(thought)
    with pytest.raises(ModelError, match="ran out of words while it reasoned"):
        reply(thought, chunk(metadata={"finish_reason": "length"}))


def test_reasoning_before_an_answer_is_left_aside() -> None:
    assert reply(chunk([{"type": "reasoning", "reasoning": "Hm."}]), chunk("Six died [1].")) == "Six died [1]."


@pytest.mark.parametrize(
    "metadata",
    [
        {"finish_reason": "length"},
        {"stop_reason": "max_tokens"},
        {"finish_reason": "MAX_TOKENS"},
        {"done_reason": "length"},
        {"incomplete_details": {"reason": "max_output_tokens"}},
    ],
)
def test_an_answer_that_was_cut_off_is_known_to_be(metadata: dict[str, Any]) -> None:
    usage = Usage()
    assert reply(chunk("Six died [1]. It was"), chunk(metadata=metadata), usage=usage) == "Six died [1]. It was"
    assert "cut_off" in usage.counts
    whole = Usage()
    reply(chunk("Six died [1]."), chunk(metadata={"finish_reason": "stop"}), usage=whole)
    assert "cut_off" not in whole.counts


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ModelRateLimitError("secret"), ModelUnavailable, "too many requests"),
        (ModelAPIError("secret"), ModelUnavailable, "status 500"),
        (ModelNotFoundError("secret"), ModelError, "does not know this model"),
        (ContextOverflowError("secret"), ModelError, "longer than the language model reads"),
    ],
)
def test_langchains_own_failures_are_told_by_what_they_stand_for(
    error: Exception, kind: type[ModelError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        written(ScriptedModel(script=failing(error)), [("human", "?")], timeout_seconds=30)
    assert "secret" not in str(caught.value)
