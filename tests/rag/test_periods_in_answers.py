"""A period in the question limits the answer, and the reader is told so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.chain import build_chain
from rag.types import Answer, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with


def answered(library: Any, text: str, now: datetime) -> Answer:
    chain = build_chain(library, None, now=lambda: now)
    answer: Answer = chain.invoke({"question": Question(text=text), "history": []})["answer"]
    return answer


def test_only_articles_of_the_period_are_searched_and_the_notice_says_which(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        answer = answered(
            library, "Why did ferry crews begin a strike last week?", datetime(2024, 6, 19, 12, tzinfo=UTC)
        )
    assert {piece.passage.article.id for piece in answer.evidence} == {STRIKE.ref.id}
    assert "from 10 June 2024 to 18 June 2024" in answer.provenance.notice


def test_a_period_without_articles_is_refused_rather_than_answered_from_another_time(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        answer = answered(
            library, "Why did ferry crews begin a strike last week?", datetime(2026, 6, 19, 12, tzinfo=UTC)
        )
    assert answer.outcome == "not_found"
    assert answer.evidence == ()
    assert "June 2026" in answer.provenance.notice


def test_a_question_without_a_period_has_no_notice(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        answer = answered(library, "Why did ferry crews begin a strike?", datetime(2026, 6, 19, 12, tzinfo=UTC))
    assert answer.provenance.notice == ""
