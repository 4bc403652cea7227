"""Whatever can be run or is measured stands in docs/evaluation.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from eval.cases import Case
from eval.commands import app
from eval.runs.gate import baseline_files, load_baseline

TEXT = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")
GROUP = get_command(app)
assert isinstance(GROUP, TyperGroup)


@pytest.mark.parametrize("command", GROUP.commands)
def test_every_command_is_documented(command: str) -> None:
    assert f"| `python -m eval {command}` |" in TEXT


@pytest.mark.parametrize("metric", sorted({name for file in baseline_files() for name in load_baseline(file).limits}))
def test_every_metric_is_documented(metric: str) -> None:
    # A half of a set and a kind of follow-up have the metric's name and an ending.
    whole = re.sub(r"_(?:development|held_out)$", "", re.sub(r"^resolved_\w+$", "resolved", metric))
    stem, _, k = whole.rpartition("_")
    assert f"`{whole}`" in TEXT or re.search(rf"\| `{stem}_\d+`.*`_{k}`", TEXT)


@pytest.mark.parametrize("field", Case.model_fields)
def test_every_field_of_a_case_is_documented(field: str) -> None:
    assert f"`{field}`" in TEXT
