"""Which way of writing a model is asked for, and what each is shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import AIMessageChunk

from rag.answering.draft_parser import Mark, read_draft
from rag.answering.model_writer import REFUSAL, draft_stream, is_refusal
from rag.answering.writing_profile import CAREFUL, PROSE, is_capable, profile_of
from rag.errors import ModelError
from rag.models.scripted_model import ScriptedModel
from rag.settings import Settings
from rag.types import Question
from tests.rag.evidence import evidence

QUESTION = Question(text="How many died?")
EVIDENCE = evidence("A ship struck the bridge. Six workers died.", "The owner denied negligence.")


@pytest.mark.parametrize(
    "name",
    [
        "openai:gpt-5.1",
        "anthropic:claude-sonnet-4-5",
        "google_genai:gemini-3-pro",
        "ollama:llama3.3:70b",
        "http://127.0.0.1:8080/v1#Qwen3-32B",
        "local:mixtral-8x7b.gguf",
    ],
)
def test_prose_is_asked_of_models_known_to_be_capable(name: str) -> None:
    assert is_capable(name)
    assert profile_of(Settings(model=name)) is PROSE


@pytest.mark.parametrize(
    "name",
    [
        "quotes",
        "ollama:qwen2.5:1.5b",
        "local:Qwen2.5-Coder-1.5B-Instruct-Q4_K_M.gguf",
        "http://127.0.0.1:8080/v1#model",
        "openai:gpt-5-nano",
        "mistralai:mistral-7b",
    ],
)
def test_all_others_are_asked_to_keep_to_the_words(name: str) -> None:
    assert profile_of(Settings(model=name)) is CAREFUL


def test_the_setting_overrides_the_name() -> None:
    assert profile_of(Settings(model="openai:gpt-5.1", writing="careful")) is CAREFUL
    assert profile_of(Settings(model="ollama:qwen2.5:1.5b", writing="prose")) is PROSE
    assert profile_of(Settings(model="ollama:qwen2.5:1.5b"), "openai:gpt-5.1") is PROSE


def prose(model: ScriptedModel) -> str:
    return "".join(draft_stream(model, QUESTION, EVIDENCE, max_sentences=5, timeout_seconds=30, profile=PROSE))


def test_prose_is_written_from_evidence_whose_sentences_have_places() -> None:
    seen = []
    prose(ScriptedModel(script=lambda prompt: seen.append(prompt) or "Six died [1.2]."))
    assert re.findall(r"^\((\d\.\d)\) (.*)$", seen[0], re.MULTILINE) == [
        ("1.1", "A ship struck the bridge."),
        ("1.2", "Six workers died."),
        ("2.1", "The owner denied negligence."),
    ]


def formed(args: dict[str, Any]) -> ScriptedModel:
    call = {"name": "answer", "args": args, "id": "1", "type": "tool_call"}
    script = lambda _: [AIMessageChunk(content="", tool_calls=[call])]  # noqa: E731
    return ScriptedModel(script=script, profile={"structured_output": True})


def test_a_model_that_keeps_to_a_form_fills_in_sentences_and_places() -> None:
    sentences = [
        {"text": "Six people died.", "places": ["1.2"]},
        {"text": "A ship had hit it. The owner denies blame [2.1].", "places": ["1.1", "(2.1)", "nowhere"]},
    ]
    draft = read_draft(prose(formed({"is_in_the_evidence": True, "sentences": sentences})))
    both = (Mark(1, 1), Mark(2, 1))
    assert [(one.text, one.marks) for one in draft] == [
        ("Six people died.", (Mark(1, 2),)),
        ("A ship had hit it.", both),
        ("The owner denies blame.", both),
    ]


def test_a_form_that_says_that_nothing_is_there_is_a_refusal() -> None:
    assert is_refusal(prose(formed({"is_in_the_evidence": False, "sentences": []})))


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"sentences": "Six died."},
        {"sentences": ["Six died."]},
        {"sentences": [{"text": "Six died.", "places": "1.2"}]},
    ],
)
def test_what_is_not_of_the_form_is_no_draft(args: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="did not keep to the form"):
        prose(formed({"is_in_the_evidence": True, **args}))


def test_words_in_the_place_of_the_form_are_no_draft() -> None:
    with pytest.raises(ModelError, match="did not keep to the form"):
        prose(ScriptedModel(script=lambda _: "Six died [1.2].", profile={"structured_output": True}))


def test_a_service_that_refuses_the_form_is_asked_for_words() -> None:
    asked = []

    def script(prompt: str) -> str:
        asked.append(prompt)
        if len(asked) == 1:
            raise ModelInvalidRequestError("no such response_format")
        return "Six died [1.2]."

    assert prose(ScriptedModel(script=script, profile={"structured_output": True})) == "Six died [1.2]."


def test_the_refusal_of_the_prompt_is_the_one_that_is_recognised() -> None:
    seen = []
    assert is_refusal(prose(ScriptedModel(script=lambda prompt: seen.append(prompt) or REFUSAL)))
    assert REFUSAL in seen[0]
