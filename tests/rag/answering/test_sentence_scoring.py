"""Sentences are weighed by inspectable features, and only what says something on its own can be quoted."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from rag.answering.sentence_scoring import (
    FEATURES,
    NO_SCORE,
    WEIGHTS_FILE,
    Weights,
    candidates,
    embedded_sentences,
    features,
    load_weights,
)
from rag.retrieval.retrieve import retrieve
from rag.text.standalone import can_be_quoted
from rag.types import Evidence, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with

ASKED = Question(text="How many weeks will the repairs of the Saltmarsh bridge take?")


def test_every_feature_has_a_weight_and_the_file_says_where_they_come_from() -> None:
    content = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert set(content["weights"]) == set(FEATURES)
    assert content["fitted"]["command"].startswith("python -m eval fit")
    assert content["fitted"]["data"]


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    weights = Weights(
        bias=-1.0,
        weights=dict.fromkeys(FEATURES, 0.0) | {"sentence_cosine": 2.0},
        answer_thresholds={"other": 0.1, "why": 0.05},
        further_share=0.5,
        reasons_share=0.4,
        confidence={"slope": 1.0, "intercept": 0.5},
        sure=0.8,
    )
    values = [0.5] + [0.0] * (len(FEATURES) - 1)
    assert weights.probability(values) == pytest.approx(0.5)
    assert (weights.threshold("why"), weights.threshold("who")) == (0.05, 0.1)


def test_there_is_one_row_of_features_for_each_sentence_of_the_evidence(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        evidence = retrieve(library, ASKED, limit=5)
        texts = [piece.passage.sentence(span) for piece in evidence for span in piece.passage.sentences]
        rows = features(library, ASKED, evidence, library.embedder.embed_tokens(texts))
        assert len(rows) == len(texts)
        assert {len(row) for row in rows} == {len(FEATURES)}
        named = [dict(zip(FEATURES, row, strict=True)) for row in rows]
        answering = named[texts.index("The mayor, Ana Ruiz, said that repairs would take nine weeks.")]
        strike = named[texts.index("Ferry crews in Port Lindow began a strike on Tuesday.")]
        assert answering["sentence_coverage"] > strike["sentence_coverage"]
        assert (answering["no_number"], strike["no_number"]) == (0.0, 1.0)
        assert (answering["names_missing"], strike["names_missing"]) == (0.0, 1.0)
        assert answering["alignment"] > strike["alignment"]
        assert answering["coverage_ahead"] > 0 >= strike["coverage_ahead"]
        assert (answering["names_missing_here"], strike["names_missing_here"]) == (1.0, 1.0)


def test_candidates_come_most_probable_first(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        ranked = candidates(library, ASKED, retrieve(library, ASKED, limit=5))
        probabilities = [candidate.probability for candidate in ranked]
        assert probabilities == sorted(probabilities, reverse=True)
        assert ranked[0].text == "The mayor, Ana Ruiz, said that repairs would take nine weeks."
        assert candidates(library, ASKED, ()) == []


def test_a_follow_up_is_judged_by_its_own_words_first(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        asked = Question(text="and how much does the company offer?", context="Who began a strike in Port Lindow?")
        evidence = retrieve(library, asked, limit=5)
        texts = [piece.passage.sentence(span) for piece in evidence for span in piece.passage.sentences]
        rows = features(library, asked, evidence, library.embedder.embed_tokens(texts))
        coverage = {text: row[FEATURES.index("sentence_coverage")] for text, row in zip(texts, rows, strict=True)}
        assert (
            max(coverage, key=lambda text: coverage[text]) == "The company offered 3% because fuel has become dearer."
        )
        assert coverage["Ferry crews in Port Lindow began a strike on Tuesday."] > 0


@pytest.mark.parametrize(
    ("text", "quotable"),
    [
        ("The bridge closed on Monday.", True),
        ("“It will take nine weeks,” she said", False),
        ("“It will take nine weeks.”", True),
        ("What changes now", False),
        ("* * *.", False),
        ("首相は水曜日に新しい橋を訪れた。", True),
    ],
)
def test_headings_and_remnants_cannot_be_quoted(text: str, *, quotable: bool) -> None:
    assert can_be_quoted(text) is quotable


def test_the_shipped_model_is_read_once() -> None:
    assert load_weights() is load_weights()


def test_evidence_of_an_unknown_passage_still_has_features(tmp_path: Path) -> None:
    """A passage that was removed between the search and the selection has no vector in the archive."""
    with library_with(tmp_path, [BRIDGE]) as library:
        (piece,) = retrieve(library, ASKED, limit=1)
        library.remove(BRIDGE.ref.id)
        ranked = candidates(library, ASKED, [Evidence(passage=piece.passage, score=0.0, rank=1)])
        assert len(ranked) == len(piece.passage.sentences)


def test_an_answer_at_its_threshold_has_the_confidence_of_the_intercept_and_more_above_it() -> None:
    weights = load_weights()
    at = weights.confidence_of(weights.threshold("other"), "other")
    assert at == pytest.approx(1 / (1 + math.exp(-weights.confidence["intercept"])))
    assert at < weights.confidence_of(0.5, "other") < weights.confidence_of(0.9, "other") <= 1.0


def test_the_answer_scorer_is_left_out_where_it_does_not_know_the_encoder(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE]) as library:
        evidence = retrieve(library, ASKED, limit=5)
        rows = features(library, ASKED, evidence, embedded_sentences(library, evidence))
    assert {dict(zip(FEATURES, row, strict=True))["answer_scorer"] for row in rows} == {NO_SCORE}
