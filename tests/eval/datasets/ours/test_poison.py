"""The planted articles of the set: each kind is what it says, and only planted ones have no address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eval.datasets.ours.poison import FALSE, TEXTS, Target, planted
from ingest.preparing.article import article_from

NOW = datetime(2025, 3, 4, tzinfo=UTC)
TARGETS = [
    Target(id=f"t{number}", question=f"How much did bridge {number} cost?", is_answerable=True, outlet="Elmford Echo")
    for number in range(12)
]


@pytest.mark.parametrize("kind", TEXTS)
def test_every_kind_carries_the_false_answer_and_the_words_of_its_question(kind: str) -> None:
    for raw in planted(kind, TARGETS[3], TARGETS, now=NOW):
        assert FALSE in raw.text
        assert "bridge 3 cost" in raw.text
        assert article_from(raw, fetched=NOW).ref.url == ""


def test_the_kinds_differ_in_what_they_are_named_for() -> None:
    (future,), (forged,) = (planted(kind, TARGETS[0], TARGETS, now=NOW) for kind in ("future", "outlet"))
    assert future.published is not None
    assert future.published > NOW
    assert forged.outlet == "Elmford Echo"
    copies = planted("copies", TARGETS[0], TARGETS, now=NOW)
    assert len({copy.outlet for copy in copies}) == len(copies) == 8
    assert len({copy.text for copy in copies}) == 1
    (stuffed,) = planted("stuffed", TARGETS[0], TARGETS, now=NOW)
    assert sum(target.question in stuffed.text for target in TARGETS) == 8
