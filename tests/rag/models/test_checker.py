from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.models.checker.checker import Checker
from rag.models.checker.rows import MAX_TOKENS, CitedQuote, RowMaker, feed_of
from tests.rag.tiny_networks import WORDS, tiny_checker, tiny_tokenizer


def words(ids: tuple[int, ...]) -> str:
    return " ".join(WORDS[number] for number in ids)


def test_a_row_holds_the_claim_then_what_stands_around_then_what_is_cited() -> None:
    quotes = [
        CitedQuote(text="Anna came.", before="Yes.", outlet="no"),
        CitedQuote(text="Bert left.", before="Anna came.", outlet="no"),
    ]

    row = RowMaker(tiny_tokenizer()).row("who", quotes)

    assert words(row.ids) == "[CLS] who [SEP] ( no ) yes . [SEP] anna came . bert left . [SEP]"
    assert words(row.ids[slice(*row.claim)]) == "who"
    assert words(row.ids[slice(*row.evidence)]) == "anna came . bert left ."


def test_a_row_is_never_too_long_and_keeps_claim_and_evidence() -> None:
    long = "anna came on monday " * 200
    quote = CitedQuote(text=long, before=long, published=date(2020, 1, 15))

    row = RowMaker(tiny_tokenizer()).row(long, [quote])

    assert len(row.ids) == MAX_TOKENS
    assert all(past_last - first > 100 for first, past_last in (row.claim, row.evidence))
    feed = feed_of([row])
    assert feed["claim_weights"].sum() == pytest.approx(1)
    assert feed["evidence_weights"].sum() == pytest.approx(1)


def test_a_claim_without_quotes_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one quote"):
        RowMaker(tiny_tokenizer()).row("anna came", [])


def test_what_is_supported_is_kept_from_the_threshold_on(tmp_path: Path) -> None:
    checker = Checker.open(tiny_checker(tmp_path), threads=1)

    kept, dropped = checker.judge_all([("anna", [CitedQuote(text="yes")]), ("no", [CitedQuote(text="bert yes")])])

    assert kept.is_supported
    assert kept.probability > 0.99
    assert not dropped.is_supported
    assert checker.judge("anna", [CitedQuote(text="yes")]) == kept
