"""The optional cross-encoder: it orders the first passages, loses none, and says what is wrong with its setting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.models.reranker import RERANKED, CrossEncoderReranker, open_reranker
from rag.retrieval.retrieve import retrieve
from rag.settings import Settings
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Question
from tests.rag.makers import library_with

ARTICLES = [
    make_article(f"The ferry to island {n} was late for the day number {n}.", title=f"Ferry {n}", article_id=f"a{n:02}")
    for n in range(RERANKED + 5)
]


class Preferring:
    """Prefers the passages that hold one word."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[int] = []

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.asked.append(len(passages))
        return [float(self.word in passage) for passage in passages]


def found(library: Library, limit: int = 30) -> list[str]:
    return [piece.passage.article.id for piece in retrieve(library, Question(text="late ferry"), limit=limit)]


def test_the_first_passages_stand_in_its_order_and_none_is_lost(tmp_path: Path) -> None:
    with library_with(tmp_path / "library", ARTICLES) as library:
        before = found(library)
        last = before[RERANKED - 1]
        reranker = Preferring(f"Ferry {int(last[1:])}\n")
        library.__dict__["reranker"] = reranker
        after = found(library)
    assert after[0] == last
    assert sorted(after) == sorted(before)
    assert after[RERANKED:] == before[RERANKED:]
    assert reranker.asked == [RERANKED]


def test_without_the_setting_there_is_none() -> None:
    assert open_reranker(Settings()) is None


@pytest.mark.slow
def test_a_cross_encoder_in_a_folder_runs(tmp_path: Path) -> None:
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from rag.models.onnx_export import DEFAULT_MODEL, weights_folder

    tokenizer = AutoTokenizer.from_pretrained(str(weights_folder(DEFAULT_MODEL)))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    reranker = open_reranker(Settings(reranker=str(tmp_path)))
    assert isinstance(reranker, CrossEncoderReranker)
    assert len(reranker.scores("late ferry", ["The ferry was late.", "Moths flew."])) == 2


@pytest.mark.slow
def test_a_reranker_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NEWSDESK_RERANKER"):
        open_reranker(Settings(reranker=str(tmp_path / "nowhere")))
