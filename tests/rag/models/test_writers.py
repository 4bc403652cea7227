"""Which language models may write, and in what order they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from rag.errors import ModelError, UsageError
from rag.models.scripted_model import ScriptedModel
from rag.models.writers import Writers
from rag.settings import Settings, load_settings

FIRST, SECOND = "http://127.0.0.1:9/v1#first", "http://127.0.0.1:9/v1#second"


def writers(**settings: Any) -> Writers:
    return Writers(Settings(**settings))


def names(found: Writers, name: str = "") -> list[str]:
    return [writer.name for writer in found.in_turn(name)]


def test_without_a_model_there_are_quotes_alone() -> None:
    found = writers()
    assert (found.names, names(found), found.model()) == (("quotes",), [], None)


def test_readers_choose_among_those_that_the_settings_allow() -> None:
    found = writers(model=FIRST, writers=("quotes", SECOND, FIRST))
    assert found.names == (FIRST, "quotes", SECOND)
    assert names(found) == names(found, FIRST) == [FIRST]
    assert names(found, SECOND) == [SECOND]
    assert names(found, "quotes") == []


@pytest.mark.parametrize("name", ["openai:gpt-5", FIRST.upper(), "local:/etc/passwd"])
def test_no_other_can_be_asked_for(name: str) -> None:
    with pytest.raises(UsageError, match="is no writer to choose here; choose one of"):
        writers(model=FIRST, writers=("quotes",)).model(name)


def test_the_fallback_writes_after_whichever_was_chosen() -> None:
    found = writers(model=FIRST, writers=("quotes", SECOND), fallback_model=SECOND)
    assert names(found) == [FIRST, SECOND]
    assert names(found, SECOND) == [SECOND]
    assert names(found, "quotes") == []


def test_each_model_is_loaded_once_and_only_when_it_is_needed() -> None:
    found = writers(model=FIRST, writers=("nosuch:model",))
    assert found.model() is found.in_turn()[0].model
    with pytest.raises(ModelError):
        found.model("nosuch:model")


def test_a_model_that_is_given_takes_the_place_of_the_settings_own() -> None:
    given = ScriptedModel(script=lambda _: "")
    assert Writers(Settings(), given).in_turn()[0].model is given


def test_the_judge_is_another_model_or_the_writer_itself() -> None:
    assert writers(model=FIRST).judge() is None
    assert writers(model=FIRST, second_judge="writer").judge() is None
    other = writers(model=FIRST, second_judge=SECOND).judge()
    assert other is not None
    assert other.name == SECOND


def test_the_environment_gives_a_list() -> None:
    environment = {"NEWSDESK_WRITERS": f"quotes, {SECOND}"}
    assert load_settings(environment=environment).writers == ("quotes", SECOND)
