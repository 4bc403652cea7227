"""What a second reading (`rag.models.reader.second_reading`) tells of an answer, and the probability made of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondReading:
    """What the second reading of the best sentence tells, as log-odds of the reader.

    `alone` is that of the quotes in which the sentence would be shown, against nothing; `without_heading` the best
    score of its passage without title, outlet and day; `ahead` how far its score lies above that of the best sentence
    of another article that tells something else.
    """

    alone: float
    without_heading: float
    ahead: float


TOLD = tuple(field.name for field in fields(SecondReading))


@dataclass(frozen=True, kw_only=True, slots=True)
class Certainty:
    """What a second reading decides by, fitted to one reader: `python -m eval train certainty`.

    An answer is read again where the first reading's confidence is at least `read_from`, shown where the probability is
    at least `answer_from`, and shown with a warning below `sure_at`.
    """

    weights: Mapping[str, float]
    offset: float
    read_from: float
    answer_from: float
    sure_at: float

    @classmethod
    def of(cls, constants: Mapping[str, Any]) -> Certainty:
        """As a model's `info.json` holds it."""
        weights = {name: float(constants["weights"][name]) for name in TOLD}
        rest = {name: float(constants[name]) for name in ("offset", "read_from", "answer_from", "sure_at")}
        return cls(weights=weights, **rest)

    def probability(self, read: SecondReading) -> float:
        """The calibrated probability that the answer is right."""
        odds = self.offset + sum(weight * getattr(read, name) for name, weight in self.weights.items())
        return 0.5 * (1 + math.tanh(odds / 2))
