"""Decides what a reader wants: multinomial logistic regression, fitted by `python -m eval train intent`.

There are weights for the embedder that comes with Newsdesk and others that do without a vector, for any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.question.intent.features import BUCKETS, Floats, counted, weighted
from rag.types import Intent

WEIGHTS = Path(__file__).with_name("weights")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is taken to be wanted, and how probably. A question where the fit is not sure enough of anything else."""

    intent: Intent
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One fit: int8 weights of shape (intents, buckets and the vector's dimensions), a scale and a bias an intent."""

    weights: NDArray[np.int8]
    scales: Floats
    biases: Floats

    def logits(self, buckets: NDArray[np.int64], values: Floats, vector: Floats | None) -> Floats:
        """One number an intent; `vector` None where the layer has no columns for it."""
        found = self.weights[:, buckets].astype(np.float32) @ values
        if vector is not None:
            found += self.weights[:, BUCKETS:].astype(np.float32) @ vector
        return np.asarray(found * self.scales + self.biases, dtype=np.float32)


@dataclass(frozen=True, kw_only=True, slots=True)
class IntentClassifier:
    """The fitted classifier; `with_vector` counts for vectors of `embedder`, times `vector_scale`, alone.

    `known` are the words that ask or request, `requests` those that request alone. `least` says for each intent from
    which probability it is taken; below it the utterance is a question.
    """

    intents: tuple[Intent, ...]
    known: frozenset[str]
    requests: frozenset[str]
    rarity: Floats
    with_vector: Layer
    without: Layer
    embedder: str
    vector_scale: float
    least: Mapping[Intent, float]

    def knows(self, embedder: str) -> bool:
        """Whether the vectors of the embedder of this identity are those that it was fitted on."""
        return embedder.split("@")[0] == self.embedder

    def probabilities(self, text: str, vector: Floats | None = None) -> dict[Intent, float]:
        """Intent -> probability; `vector` is the embedder's, None where it is not `knows`n."""
        found = counted(text, self.known)
        values = weighted(found, self.rarity)
        layer = self.without if vector is None else self.with_vector
        scaled = None if vector is None else vector * np.float32(self.vector_scale)
        logits = layer.logits(found.buckets, values, scaled)
        shares = np.exp(logits - logits.max())
        return dict(zip(self.intents, (shares / shares.sum()).tolist(), strict=True))

    def decide(self, text: str, vector: Floats | None = None) -> Decision:
        """What is wanted; see `probabilities` for `vector`."""
        found = self.probabilities(text, vector)
        best = max(found, key=lambda intent: found[intent])
        if found[best] < self.least.get(best, 0.0):
            return Decision(intent="question", probability=found["question"])
        return Decision(intent=best, probability=found[best])


@cache
def intent_classifier(folder: Path = WEIGHTS) -> IntentClassifier:
    """The classifier of these weights, read once."""
    info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    with np.load(folder / "weights.npz") as arrays:
        layers = {
            name: Layer(
                weights=arrays[f"{name}_weights"], scales=arrays[f"{name}_scales"], biases=arrays[f"{name}_biases"]
            )
            for name in ("with_vector", "without")
        }
        rarity = arrays["rarity"].astype(np.float32)
    return IntentClassifier(
        intents=tuple(info["intents"]),
        known=frozenset(info["words"]),
        requests=frozenset(info["requests"]),
        rarity=rarity,
        embedder=info["embedder"],
        vector_scale=info["vector_scale"],
        least=info["least"],
        **layers,
    )
