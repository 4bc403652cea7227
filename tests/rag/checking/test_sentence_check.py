"""The seam of the check: what holds for every implementation, and what each adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.checking.sentence_check import SecondJudge, SentenceCheck, TrainedCheck, WordCheck, open_check
from rag.errors import SettingsError
from rag.models.checker.checker import Checker
from rag.models.checker.rows import CitedQuote
from rag.settings import Settings
from tests.rag.tiny_networks import tiny_checker

Make = Callable[[Path], SentenceCheck]


class Agreeing:
    """An entailment model that agrees to what has "anna" in it."""

    def agrees(self, quotes: str, sentence: str) -> bool:
        return "anna" in sentence.casefold()


def trained(folder: Path, *, graded: bool = False) -> SentenceCheck:
    return TrainedCheck(Checker.open(tiny_checker(folder), threads=1), graded=graded)


CHECKS: list[Make] = [
    lambda _: WordCheck(),
    trained,
    lambda folder: SecondJudge(trained(folder), Agreeing()),
    lambda _: open_check(Settings()),
]


@pytest.fixture(params=CHECKS, ids=["words", "trained", "second judge", "shipped"])
def check(request: pytest.FixtureRequest, tmp_path: Path) -> SentenceCheck:
    made: SentenceCheck = request.param(tmp_path)
    return made


def test_nothing_is_supported_without_a_quote(check: SentenceCheck) -> None:
    (verdict,) = check.check([("Anna came.", [])])
    assert not verdict.supported
    assert verdict.reason


def test_verdicts_stand_in_the_order_of_the_claims(check: SentenceCheck) -> None:
    said = [CitedQuote(text="Yes yes yes, 12 came.")]
    claims = [("12 came, Anna said.", said), ("13 came.", said), ("Did 12 come?", said), ("12 came.", [])]

    verdicts = check.check(claims)

    assert len(verdicts) == len(claims)
    assert not any(verdict.supported for verdict in verdicts[1:])


def test_no_claims_get_no_verdicts(check: SentenceCheck) -> None:
    assert check.check([]) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(text=st.text(max_size=60), quote=st.text(max_size=60))
def test_a_verdict_has_a_reason_or_supports(check: SentenceCheck, text: str, quote: str) -> None:
    (verdict,) = check.check([(text, [CitedQuote(text=quote)])])
    assert verdict.supported == (verdict.reason == "")
    assert 0 <= verdict.support <= 1
    assert 0 <= verdict.wording <= 1


def test_a_literal_fault_overrules_the_network(tmp_path: Path) -> None:
    sure = trained(tmp_path)
    (kept, removed) = sure.check(
        [("Some 12 came.", [CitedQuote(text="yes 12")]), ("Some 13 came.", [CitedQuote(text="yes 12")])]
    )
    assert kept.supported
    assert not removed.supported
    assert "13" in removed.reason
    assert removed.support == 0


def test_a_graded_check_tells_near_misses_from_far_ones_and_decides_alike(tmp_path: Path) -> None:
    claims = [("Some 13 came.", [CitedQuote(text="yes 12")]), ("Some 12 came.", [CitedQuote(text="yes 12")])]
    graded = trained(tmp_path, graded=True).check(claims)
    plain = trained(tmp_path).check(claims)
    assert [one.supported for one in graded] == [one.supported for one in plain]
    assert 0 < graded[0].support < graded[1].support


def test_what_the_network_doubts_is_not_supported_however_alike_the_words(tmp_path: Path) -> None:
    (verdict,) = trained(tmp_path).check([("no came", [CitedQuote(text="no came")])])
    assert not verdict.supported
    assert verdict.wording == 1


def test_a_second_judge_only_takes_away(tmp_path: Path) -> None:
    said = [CitedQuote(text="yes yes")]
    both = SecondJudge(trained(tmp_path), Agreeing())
    doubtful = [CitedQuote(text="bert yes")]
    (agreed, refused, never) = both.check([("Anna came", said), ("Bert came", said), ("no no no anna", doubtful)])
    assert agreed.supported
    assert "entailment" in refused.reason
    assert not never.supported


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="NEWSDESK_CHECKER"):
        open_check(Settings(checker="nowhere"))


def test_off_checks_by_words() -> None:
    assert open_check(Settings(checker="off")).identity == "words"
