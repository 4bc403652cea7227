"""What models cost: the account of a day, its limits, and how a call is paid for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from rag.answering.model_writer import MAX_DRAFT_CHARACTERS, Usage, written
from rag.errors import CostLimit, ModelError, SettingsError
from rag.models.scripted_model import ScriptedModel
from rag.models.spending import FILE, Spending
from rag.settings import Settings, load_settings

NOON = datetime(2024, 6, 19, 12, tzinfo=UTC)
PRICES = "1000000/2000000"  # one for a prompt token, two for a completion token
LONGEST = 2 * MAX_DRAFT_CHARACTERS / 4


def spending(folder: Path, *, at: Callable[[], datetime] = lambda: NOON, **limits: Any) -> Spending:
    return Spending(Settings(library=folder, **{"model_prices": PRICES, **limits}), now=at)


def wrote(*, prompt: int, completion: int) -> ScriptedModel:
    counted = {"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion}
    return ScriptedModel(script=lambda _: [AIMessageChunk(content="Six died [1].", usage_metadata=counted)])


def call(account: Spending, model: ScriptedModel) -> Usage:
    usage = Usage(account)
    written(model, [("human", "?")], timeout_seconds=30, usage=usage)
    return usage


def test_a_call_costs_what_its_provider_counts(tmp_path: Path) -> None:
    told = call(spending(tmp_path), wrote(prompt=10, completion=3)).told()
    assert (told["prompt_tokens"], told["completion_tokens"], told["cost"]) == (10, 3, 16)
    assert "cost_today" not in told


def test_what_nobody_counts_is_estimated_from_the_characters(tmp_path: Path) -> None:
    usage = Usage(spending(tmp_path))
    written(ScriptedModel(script=lambda _: "x" * 80), [("human", "y" * 40)], timeout_seconds=30, usage=usage)
    assert usage.told() == {"cost": 10 + 2 * 20}


def test_without_prices_nothing_is_counted(tmp_path: Path) -> None:
    assert "cost" not in call(spending(tmp_path, model_prices=""), wrote(prompt=10, completion=3)).told()


def test_the_day_adds_up_over_processes_and_begins_anew_at_midnight(tmp_path: Path) -> None:
    limited = {"max_cost_per_day": 10 * LONGEST}
    for done in (16, 32):
        told = call(spending(tmp_path, **limited), wrote(prompt=10, completion=3)).told()
        assert (told["cost"], told["cost_today"]) == (16, done)
    tomorrow = spending(tmp_path, at=lambda: NOON + timedelta(days=1), **limited)
    assert call(tomorrow, wrote(prompt=10, completion=3)).told()["cost_today"] == 16


def test_no_call_begins_that_could_pass_the_days_limit(tmp_path: Path) -> None:
    account = spending(tmp_path, max_cost_per_day=LONGEST + 10)
    call(account, wrote(prompt=10, completion=3))
    with pytest.raises(CostLimit, match="max_cost_per_day, is spent"):
        call(account, wrote(prompt=10, completion=3))
    assert account.today() == 16


def test_what_is_being_written_counts_in_full_for_others(tmp_path: Path) -> None:
    account = spending(tmp_path, max_cost_per_day=1.5 * LONGEST)

    def asks_again(_: str) -> str:
        with pytest.raises(CostLimit):
            Usage(spending(tmp_path, max_cost_per_day=1.5 * LONGEST)).reserve([("human", "?")])
        return "Six died [1]."

    written(ScriptedModel(script=asks_again), [("human", "?")], timeout_seconds=30, usage=Usage(account))


def test_a_call_that_failed_at_once_is_given_back(tmp_path: Path) -> None:
    def refused(_: str) -> str:
        raise ConnectionRefusedError

    account = spending(tmp_path, max_cost_per_day=2 * LONGEST)
    with pytest.raises(ModelError):
        call(account, ScriptedModel(script=refused))
    assert account.today() == 0


def test_an_answer_has_a_limit_of_its_own(tmp_path: Path) -> None:
    account = spending(tmp_path, max_cost_per_answer=LONGEST + 10)
    usage = call(account, wrote(prompt=10, completion=3))
    with pytest.raises(CostLimit, match="max_cost_per_answer"):
        written(wrote(prompt=10, completion=3), [("human", "?")], timeout_seconds=30, usage=usage)
    call(account, wrote(prompt=10, completion=3))


def test_what_is_being_written_for_an_answer_counts_in_full_for_the_next_call(tmp_path: Path) -> None:
    usage = Usage(spending(tmp_path, max_cost_per_answer=1.5 * LONGEST))
    usage.reserve([("human", "?")])
    with pytest.raises(CostLimit, match="max_cost_per_answer"):
        usage.reserve([("human", "?")])


def test_what_an_answer_cost_before_counts(tmp_path: Path) -> None:
    usage = Usage(spending(tmp_path, max_cost_per_answer=LONGEST + 10), spent_before=16)
    with pytest.raises(CostLimit, match="max_cost_per_answer"):
        usage.reserve([("human", "?")])
    assert usage.told() == {}


@pytest.mark.parametrize("held", ["{", "{}", "[]", '{"spent": null}', "null"])
def test_an_account_that_cannot_be_read_allows_nothing(tmp_path: Path, held: str) -> None:
    Path(tmp_path, FILE).write_text(held, encoding="ascii")
    with pytest.raises(CostLimit, match=r"spending\.json beside the library is damaged; delete it"):
        spending(tmp_path, max_cost_per_day=10.0 * LONGEST).reserve(1, spent_on_answer=0)


def test_the_account_holds_a_day_and_a_sum_and_nothing_of_the_questions(tmp_path: Path) -> None:
    call(spending(tmp_path, max_cost_per_day=10 * LONGEST), wrote(prompt=10, completion=3))
    assert json.loads(Path(tmp_path, FILE).read_text(encoding="ascii")) == {"day": "2024-06-19", "spent": 16}


@pytest.mark.parametrize("name", ["max_cost_per_answer", "max_cost_per_day"])
def test_a_limit_without_prices_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"'{name}' needs `model_prices`"):
        load_settings(environment={f"NEWSDESK_{name.upper()}": "3"}, folder=tmp_path)
