"""Fits the weights of `rag.question.intent`: multinomial logistic regression over three blocks of features."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from eval.training.intent.utterances import TOPICS, Utterance, development, news_questions, with_other_topics
from rag.models.embedder import Embedder
from rag.question.intent.classifier import IntentClassifier, Layer
from rag.question.intent.features import BUCKETS, Floats, counted, weighted, words_of
from rag.types import Intent

Features = dict[int, float]
"""Column -> value, of those that are not 0."""

COPIES = 5
"""Copies of an utterance about other topics; without any, macro F1 of the held-out half is .05 lower."""

WORD_IN_QUESTIONS = 15
"""A word in so many questions about news is one of asking and none of what is asked about."""

WORD_IN_REQUESTS = 2
"""A word in so many requests, and less often in what they are about, is one of requests."""

NEWS_QUESTION_WEIGHT = 0.09
"""Of 260 questions about news (realtimeqa, development half) 5 are taken for something else with it and with .15, and 7
with .05; 8 were when a quarter of the questions was fitted on."""
INVERSE_REGULARISATION = 30.0
VECTOR_SCALE = 2.0
SEED = 1

LEAST = {"default": 0.5, "other": 0.8}
"""From which probability an intent is taken: an honest line in the place of an answer must be surer than a digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sample:
    texts: list[str]
    intents: list[str]
    weights: Floats


def fit_intents(
    embedder: Embedder, *, utterances: Sequence[Utterance] | None = None, echo: Callable[[str], None] = print
) -> IntentClassifier:
    """The classifier of these utterances (by default the development half) and of questions about news."""
    given = development() if utterances is None else list(utterances)
    questions = news_questions()
    requests = _words_of_requests(given)
    known = requests | _words_of_asking(questions)
    sample = _sample(given, questions)
    found = [counted(text, known) for text in sample.texts]
    rarity = _rarity(np.concatenate([one.buckets for one in found]), len(found))
    sparse = [dict(zip(one.buckets.tolist(), weighted(one, rarity).tolist(), strict=True)) for one in found]
    echo(f"{len(sample.texts)} texts of {len(given)} utterances and {len(questions)} questions")
    texts = list(dict.fromkeys(sample.texts))
    place = {text: i for i, text in enumerate(texts)}
    vectors = embedder.embed_passages(texts)[[place[text] for text in sample.texts]] * np.float32(VECTOR_SCALE)
    order = sorted(set(sample.intents))
    return IntentClassifier(
        intents=tuple(intent for intent in order if _is_intent(intent)),  # type: ignore[misc]
        known=known,
        requests=requests,
        rarity=rarity,
        with_vector=_layer(_with_vectors(sparse, vectors), sample, BUCKETS + embedder.dimension),
        without=_layer(sparse, sample, BUCKETS),
        embedder=embedder.identity.split("@")[0],
        vector_scale=VECTOR_SCALE,
        least=_least(order),
    )


def save(classifier: IntentClassifier, folder: Path) -> None:
    """Write the weights as `rag.question.intent.classifier.intent_classifier` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}_{part}": getattr(layer, part)
        for name, layer in (("with_vector", classifier.with_vector), ("without", classifier.without))
        for part in ("weights", "scales", "biases")
    }
    np.savez_compressed(folder / "weights.npz", rarity=classifier.rarity.astype(np.float16), **arrays)
    info = {
        "intents": list(classifier.intents),
        "embedder": classifier.embedder,
        "vector_scale": classifier.vector_scale,
        "least": dict(classifier.least),
        "words": sorted(classifier.known),
        "requests": sorted(classifier.requests),
    }
    (folder / "info.json").write_text(json.dumps(info, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _is_intent(name: str) -> bool:
    return name in get_args(Intent)


def _least(intents: Sequence[str]) -> dict[Intent, float]:
    return {
        intent: LEAST.get(intent, LEAST["default"])
        for intent in get_args(Intent)
        if intent in intents and intent != "question"
    }


def _words_of_requests(utterances: Sequence[Utterance]) -> frozenset[str]:
    outside, inside = Counter[str](), Counter[str]()
    for utterance in utterances:
        if utterance.intent not in ("question", "other"):
            outside.update(set(words_of(utterance.about([""] * len(utterance.topics)))))
        inside.update(word for topic in utterance.topics for word in words_of(topic))
    return frozenset(word for word, times in outside.items() if times >= WORD_IN_REQUESTS and times > inside[word])


def _words_of_asking(questions: Sequence[str]) -> frozenset[str]:
    asking = Counter(word for question in questions for word in set(words_of(question)))
    return frozenset(word for word, times in asking.items() if times >= WORD_IN_QUESTIONS)


def _sample(utterances: Sequence[Utterance], questions: Sequence[str]) -> _Sample:
    """The texts with their weights: those of an intent together count nearly as much as those of another."""
    draw, topics = random.Random(SEED), json.loads(TOPICS.read_text(encoding="utf-8"))
    texts, intents, weights = [], [], []
    for utterance in utterances:
        copies = with_other_topics(utterance, draw, topics, COPIES)
        texts += copies
        intents += [utterance.intent] * len(copies)
        weights += [(1.0 if len(copies) == 1 else 1.5) / len(copies)] * len(copies)
    texts += questions
    intents += ["question"] * len(questions)
    weights += [NEWS_QUESTION_WEIGHT] * len(questions)
    together = Counter[str]()
    for intent, weight in zip(intents, weights, strict=True):
        together[intent] += weight  # type: ignore[assignment]
    mean = sum(together.values()) / len(together)
    balanced = [w * (mean / together[i]) ** 0.5 for i, w in zip(intents, weights, strict=True)]
    return _Sample(texts=texts, intents=intents, weights=np.array(balanced, dtype=np.float32))


def _rarity(buckets: np.ndarray[tuple[int], np.dtype[np.int64]], texts: int) -> Floats:
    """Inverse document frequency, smoothed."""
    times = np.bincount(buckets, minlength=BUCKETS)
    return np.asarray(np.log((1 + texts) / (1 + times)) + 1, dtype=np.float16).astype(np.float32)


def _with_vectors(sparse: Sequence[Features], vectors: Floats) -> list[Features]:
    return [one | dict(enumerate(vector.tolist(), start=BUCKETS)) for one, vector in zip(sparse, vectors, strict=True)]


def _layer(features: Sequence[Features], sample: _Sample, width: int) -> Layer:
    matrix = DictVectorizer(dtype=np.float32)
    columns = matrix.fit_transform([{f"{column:06}": value for column, value in one.items()} for one in features])
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=3000)
    fitted.fit(columns, sample.intents, sample_weight=sample.weights)
    weights = np.zeros((len(fitted.classes_), width))
    weights[:, [int(name) for name in matrix.get_feature_names_out()]] = fitted.coef_
    scales = np.abs(weights).max(axis=1) / 127
    return Layer(
        weights=np.rint(weights / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        biases=fitted.intercept_.astype(np.float32),
    )
