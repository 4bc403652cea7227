from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.commands import main
from rag.models.checker.checker import Checker
from rag.models.checker.rows import CitedQuote
from tests.eval.training.training_data import article, claim, write_lines
from tests.rag.tiny_networks import tiny_checker


def claims_of(root: Path, half: str) -> Path:
    """A claim with its twin: a checker of tests supports what cites "yes"."""
    write_lines(root / "articles.jsonl.gz", [article("d1")])
    good = claim("c1", "d1", supported=True, turned=False, evidence="Yes, Anna came on Monday.")
    bad = claim("c1", "d1", supported=False, turned=True, evidence="Anna came on Monday.")
    write_lines(root / half / "claims.jsonl", [good, bad])
    return root


def test_the_constants_of_a_checker_are_fitted_into_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_checker(tmp_path / "checker")
    before = Checker.open(folder, threads=1)

    assert main(["train", "support", "--data", str(claims_of(tmp_path, "dev")), "--checker", str(folder)]) == 0

    found = json.loads(capsys.readouterr().out)
    after = Checker.open(folder, threads=1)
    assert after.keep_at == found["constants"]["keep_at"] != before.keep_at
    yes, other = after.judge_all([("Anna arrived", [CitedQuote(text=one)]) for one in ("Yes, Anna came", "Anna came")])
    assert yes.is_supported
    assert not other.is_supported
    assert found["figures"]["both_twins_right"] == 1.0


def test_without_a_development_half_nothing_is_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny_checker(tmp_path / "checker")
    before = (folder / "info.json").read_bytes()

    assert main(["train", "support", "--data", str(claims_of(tmp_path, "train")), "--checker", str(folder)]) == 2

    assert "name a folder that has dev/claims.jsonl" in capsys.readouterr().err
    assert (folder / "info.json").read_bytes() == before
