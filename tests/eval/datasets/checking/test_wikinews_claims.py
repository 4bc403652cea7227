"""The set of claims and their twins: an invented one from end to end, and its columns worked by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets.checking.wikinews_claims import CLAIM_ALONE, WikinewsClaim, claim_alone, scores
from eval.reference_systems.claim_checkers import ClaimVerdict
from tests.eval.fakes import CLOSED, COST, CRACKS
from tests.eval.rows import written

TURNED_COST = "Repairs will cost 9 million euros."


def claim(name: str, text: str = COST, *, supported: bool, turned: bool = False, article: str = "a") -> WikinewsClaim:
    return WikinewsClaim(
        id=f"{name}{'b' if turned else 'a'}", pair=name, article=article, published=date(2024, 3, 4), claim=text,
        context=CRACKS, evidence=COST if supported else TURNED_COST, turned=turned, supported=supported, kind="number",
    )  # fmt: skip


def verdict(score: float, *, supported: bool) -> ClaimVerdict:
    return ClaimVerdict(score=score, supported=supported)


TWINS = [claim("1", supported=True), claim("1", supported=False, turned=True)]


@pytest.mark.parametrize(
    ("good", "bad", "both", "order"),
    [
        (verdict(0.9, supported=True), verdict(0.2, supported=False), 1, 1),
        (verdict(0.9, supported=True), verdict(0.8, supported=True), 0, 1),
        (verdict(0.2, supported=False), verdict(0.2, supported=False), 0, 0.5),
        (verdict(0.1, supported=True), verdict(0.2, supported=False), 1, 0),
    ],
)
def test_twins_count_once_with_the_first_version(
    good: ClaimVerdict, bad: ClaimVerdict, both: float, order: float
) -> None:
    first, second = scores(TWINS, [good, bad])
    assert (first["both_twins_right"], first["twin_order_right"]) == (both, order)
    assert "both_twins_right" not in second
    # The first version may as well be the unsupported one.
    turned_round = [claim("1", supported=False), claim("1", supported=True, turned=True)]
    first, _ = scores(turned_round, [bad, good])
    assert (first["both_twins_right"], first["twin_order_right"]) == (both, order)


def test_a_claim_counts_for_its_own_class_and_as_written_only_where_it_is_no_twin() -> None:
    kept = verdict(0.9, supported=True)
    first, second = scores(TWINS, [kept, kept])
    assert (first["kept_supported"], first["caught_unsupported"], first["supported"]) == (1, None, 1)
    assert (second["kept_supported"], second["caught_unsupported"], second["supported"]) == (None, 0, 0)
    assert (first["kept_supported_as_written"], first["score_as_written"]) == (1, 0.9)
    assert second["caught_unsupported_as_written"] is second["score_as_written"] is second["supported_as_written"]


def test_a_claim_whose_twin_is_missing_has_no_score_of_twins() -> None:
    (alone,) = scores(TWINS[:1], [verdict(0.9, supported=True)])
    assert alone.get("both_twins_right") is None
    assert alone["kept_supported"] == 1


def test_twins_have_the_same_claim_alone(tmp_path: Path) -> None:
    claims = [
        claim(f"{number}{text[0]}", text, supported=supported, article=f"a{number}")
        for number in range(6)
        for text, supported in (("It closed on Monday.", True), ("All of them always lie.", False))
    ]
    fitted_on, found = claim_alone(tmp_path, claims)
    assert fitted_on == "the other articles of this half"
    assert found["0I"] > 0.5 > found["0A"]
    written(tmp_path / "train" / "claims.jsonl", [one.model_dump(mode="json") for one in claims])
    fitted_on, found = claim_alone(tmp_path / "dev", [claim("x", claims[1].claim, supported=False, turned=True)])
    assert (fitted_on, found) == ("train", {"x": 0.5})  # a twin without its first version tells nothing


def rows() -> list[dict[str, Any]]:
    def row(name: str, text: str, evidence: str, kind: str, *, turned: bool, supported: bool) -> dict[str, Any]:
        return {
            "id": f"{name}{'b' if turned else 'a'}", "pair": name, "article": f"wn-{name}", "published": "2024-03-04",
            "claim": text, "context": "", "kind": kind, "evidence": evidence, "turned": turned, "supported": supported,
        }  # fmt: skip

    return [
        row("1", COST, COST, "paraphrase", turned=False, supported=True),
        row("1", COST, TURNED_COST, "paraphrase", turned=True, supported=False),
        row("2", "The bridge closed on Friday.", CLOSED, "date", turned=False, supported=False),
        row("2", "The bridge closed on Friday.", "The bridge closed on Friday.", "date", turned=True, supported=True),
    ]


def test_the_set_is_run_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "half" / "claims.jsonl", rows())
    for data in (tmp_path / "half", tmp_path / "half" / "claims.jsonl"):
        assert main(["run", "--set", "wikinews-claims", "--data", str(data), "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        values = {name: (metric["value"], metric["n"]) for name, metric in result["metrics"].items()}
        assert values["balanced_accuracy"] == (1.0, 4)
        assert values["kept_supported"] == values["caught_unsupported"] == values["both_twins_right"] == (1.0, 2)
        assert (values["auroc"][1], values["twin_order_right"][1]) == (4, 2)
        assert values["auroc_as_written"][1] == values["balanced_accuracy_as_written"][1] == 2
        alone = result["baselines"][CLAIM_ALONE]
        assert (alone["auroc"]["value"], alone["both_twins_right"]["value"]) == (0.5, 0.0)
        assert list(result["by_kind"]) == ["paraphrase", "date"]
        assert result["by_kind"]["date"]["both_twins_right"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}


def test_what_was_judged_wrongly_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = rows()[0] | {"supported": False}
    data = written(tmp_path / "claims.jsonl", [wrong])
    assert main(["run", "--set", "wikinews-claims", "--data", str(data), "--faults"]) == 0
    assert f"1a (paraphrase): unsupported, kept\n  {COST}\n  cites: {COST}" in capsys.readouterr().out


def test_a_limit_takes_the_first_claims(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "claims.jsonl", rows())
    assert main(["run", "--set", "wikinews-claims", "--data", str(tmp_path), "--limit", "3", "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert (metrics["balanced_accuracy"]["n"], metrics["both_twins_right"]["n"]) == (3, 1)


def test_wrong_folders_are_named_with_what_to_name_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "wikinews-claims", "--data", str(tmp_path)]) == 2
    assert "no claims.jsonl or claims.jsonl.gz" in capsys.readouterr().err
    assert main(["run", "--set", "wikinews-claims"]) == 2
    assert "needs --data: the half's folder with its claims" in capsys.readouterr().err
    assert main(["run", "--set", "wikinews-claims", "--data", str(tmp_path), "--baselines"]) == 2
