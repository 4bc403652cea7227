"""Recall of a vector index: what is as near counts, what is missed does not, and a server is measured as any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eval.bench.recall import found_of, measure
from rag.errors import UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.index_contract import Hit
from rag.storage.library import open_library
from rag.testing import make_article
from tests.chroma_server import RunningChroma
from tests.rag.makers import prepared, settings_for

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def hits(**scores: float) -> list[Hit]:
    return [Hit(passage_id=name, score=score) for name, score in scores.items()]


def test_what_is_as_near_counts_and_what_is_missed_does_not() -> None:
    nearest = hits(a=0.9, b=0.8)
    assert found_of(nearest, hits(a=0.9, b=0.8)) == 1.0
    assert found_of(nearest, hits(a=0.9, copy=0.8)) == 1.0
    assert found_of(nearest, hits(a=0.9, c=0.7)) == 0.5
    assert found_of(nearest, []) == 0.0
    assert found_of([], []) == 1.0


def test_a_server_finds_all_of_a_few_passages_in_every_scope(tmp_path: Path, running_chroma: RunningChroma) -> None:
    settings = settings_for(tmp_path, chroma=running_chroma.address, vector_index="chroma")
    with open_library(settings, embedder=HashingEmbedder(), stay_open=True) as library:
        with pytest.raises(UsageError, match="10 or more"):
            measure(library, questions=1)
        for number in range(12):
            article = make_article(
                f"Harbour {number} counted {number} ships.",
                title=f"Harbour {number}",
                outlet=("Gull Times", "Kell Post")[number % 2],
                url=f"https://recall.example/{number}",
                published=NOON + timedelta(days=number),
            )
            library.put([prepared(article)])
        made = measure(library, questions=12)
    assert [one.recall for one in made] == [1.0] * len(made)
    assert {one.passages for one in made} >= {12, 6, 1}
