from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.intent.classifier import Decision, IntentClassifier, intent_classifier
from rag.question.intent.features import BUCKETS, CHARACTER_BUCKETS, counted, weighted


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    return intent_classifier()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Why did the Saltmarsh bridge close?", "question"),
        ("Who said that the ferries would stop?", "question"),
        ("who said that?", "speakers"),
        ("summarise the news about the Saltmarsh bridge", "summary"),
        ("timeline of the ferry strike", "timeline"),
        ("compare what the outlets say about the ferry strike", "comparison"),
        ("what's new?", "latest"),
        ("how many articles do you have?", "library"),
        ("what can you do?", "newsdesk"),
        ("hello", "greeting"),
        ("thank you", "thanks"),
        ("goodbye", "goodbye"),
        ("shorter please", "shorter"),
        ("tell me more", "more"),
        ("in a table", "table"),
        ("where is that from?", "sources"),
        ("are you sure?", "sure"),
        ("and in English?", "language"),
        ("12*7", "other"),
    ],
)
def test_what_is_wanted_is_understood_without_a_vector_too(
    classifier: IntentClassifier, text: str, intent: str
) -> None:
    assert classifier.decide(text).intent == intent


@given(st.text(max_size=80))
def test_any_text_gets_a_decision_and_its_probabilities_add_up(text: str) -> None:
    found = intent_classifier().probabilities(text)
    assert sum(found.values()) == pytest.approx(1, abs=1e-4)
    decided = intent_classifier().decide(text)
    assert isinstance(decided, Decision)
    assert 0 <= decided.probability <= 1


@given(st.text(max_size=80))
def test_whatever_it_is_not_sure_of_is_a_question(text: str) -> None:
    classifier = intent_classifier()
    found = classifier.probabilities(text)
    best = max(found, key=lambda intent: found[intent])
    if best != "question" and found[best] < classifier.least[best]:
        assert classifier.decide(text).intent == "question"


def test_the_vectors_of_another_embedder_are_not_used(classifier: IntentClassifier) -> None:
    assert classifier.knows("all-MiniLM-L6-v2@0123456789ab/int8-1")
    assert not classifier.knows("hashing-64")


@given(st.text(max_size=60))
def test_each_block_of_features_has_length_one_or_none(text: str) -> None:
    found = counted(text, frozenset(("the", "news")))
    values = weighted(found, np.ones(BUCKETS, dtype=np.float32))
    for block in (found.buckets < CHARACTER_BUCKETS, found.buckets >= CHARACTER_BUCKETS):
        length = float(np.linalg.norm(values[block]))
        assert length == pytest.approx(1, abs=1e-4) or not block.any()


def test_words_that_are_none_of_requests_are_all_alike() -> None:
    known = frozenset(("news", "about", "the"))
    one, other = counted("news about Aldwick", known), counted("news about Pemberton", known)
    words = [set(found.buckets[found.buckets >= CHARACTER_BUCKETS].tolist()) for found in (one, other)]
    assert words[0] == words[1]


def test_the_weights_are_small_enough_to_ship() -> None:
    folder = Path(intent_classifier.__wrapped__.__code__.co_filename).with_name("weights")
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_500_000
