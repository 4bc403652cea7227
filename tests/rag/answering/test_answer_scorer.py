"""The answer scorer: the numpy pass is the network that was fitted, whatever stands beside a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.answer_scorer import MOST_SENTENCE_TOKENS, AnswerScorer, load_scorer

SCORER = load_scorer()
WIDTH = 384


def tokens(count: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    return drawn / np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), 1e-9)


def test_the_file_says_what_it_was_fitted_on() -> None:
    assert SCORER.about["command"].startswith("python -m eval fit-scorer ")
    assert set(SCORER.about["data"]) == {"contexts.jsonl.gz", "questions.jsonl.gz"}
    assert SCORER.about["held_out"]["sentence_at_1"] > 0.8


@given(st.lists(st.integers(1, 90), min_size=1, max_size=40), st.integers(1, 60))
def test_a_score_does_not_depend_on_the_other_sentences(lengths: list[int], asked: int) -> None:
    question = tokens(asked, seed=1)
    sentences = [tokens(length, seed=i + 2) for i, length in enumerate(lengths)]
    together = SCORER.scores(question, sentences)
    alone = [SCORER.scores(question, [sentence])[0] for sentence in sentences]
    assert together == pytest.approx(alone, abs=1e-3)


def test_a_long_sentence_is_read_up_to_its_limit() -> None:
    question, long = tokens(9, seed=1), tokens(200, seed=2)
    assert SCORER.scores(question, [long]) == SCORER.scores(question, [long[:MOST_SENTENCE_TOKENS]])


def test_what_has_no_tokens_answers_nothing() -> None:
    nothing = np.empty((0, WIDTH), dtype=np.float32)
    assert SCORER.scores(tokens(4, seed=1), [nothing]) == [-20.0]
    assert SCORER.scores(nothing, [tokens(4, seed=1)]) == [-20.0]
    assert SCORER.scores(tokens(4, seed=1), []) == []


@pytest.mark.slow
def test_the_numpy_pass_is_the_network_that_was_fitted() -> None:
    import torch

    from eval.training import answer_scorer as fit_scorer

    torch.manual_seed(3)
    network = fit_scorer._model(torch).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    question = tokens(11, seed=1)
    sentences = [tokens(length, seed=length) for length in (3, 17, 40)]
    with torch.no_grad():
        asked = fit_scorer._padded(torch, [question] * len(sentences))
        expected = network(*asked, *fit_scorer._padded(torch, sentences)).numpy()
    found = AnswerScorer(weights, {"embedder": "any"}).scores(question, sentences)
    assert found == pytest.approx(expected.tolist(), abs=1e-4)
