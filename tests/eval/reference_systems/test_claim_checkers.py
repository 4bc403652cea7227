"""A claim is held against all that it cites, sentence by sentence as Newsdesk cites."""

from __future__ import annotations

import pytest

from eval.reference_systems.claim_checkers import newsdesk_check, shared_words_score
from rag.checking.check import check_sentence
from rag.models.checker.rows import CitedQuote
from rag.settings import Settings
from tests.eval.fakes import CLOSED, COST, CRACKS

CITED = [CitedQuote(text=f"{CRACKS} {COST}", before=CLOSED, outlet="Harbour Standard")]


def test_the_verdict_is_the_checks_over_the_cited_sentences() -> None:
    check = newsdesk_check(Settings(checker="off"))
    for claim in ("Engineers found cracks in two cables.", "Repairs will cost 9 million euros."):
        verdict, expected = check(claim, CITED), check_sentence(claim, [CRACKS, COST])
        assert (verdict.score, verdict.supported, verdict.reason) == (
            expected.support,
            expected.supported,
            expected.reason,
        )
    assert not check("Repairs will cost 9 million euros.", CITED).supported


def test_the_sentence_before_is_not_cited() -> None:
    assert shared_words_score("The bridge closed on Monday.", CITED) == 0
    assert shared_words_score("Engineers found penguins.", CITED) == pytest.approx(2 / 3)
