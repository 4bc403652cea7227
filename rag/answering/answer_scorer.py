"""Scores how well a sentence answers a question, from the token vectors of both: one small transformer, run by numpy.

The encoder reads question and sentence apart, so that the vectors are had anyway; this layer lets every token of the
one attend to every token of the other, as in DC-BERT (Nie et al., SIGIR 2020, section 3), and is told for each token
how near the other side comes to it (the maximal similarity of late interaction; Khattab and Zaharia, SIGIR 2020). Its
weights are fitted by `python -m eval fit-scorer` and stand in `answer_scorer.npz` with what they were fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

WEIGHTS_FILE = Path(__file__).parent / "answer_scorer.npz"

MOST_QUESTION_TOKENS = 40
MOST_SENTENCE_TOKENS = 64
HEADS = 4

# Sentences of about one length are scored together: what is padded is computed for nothing.
_AT_ONCE = 16


class AnswerScorer:
    """See the module. `embedder` is the identity of the encoder whose vectors it was fitted on."""

    def __init__(self, weights: Mapping[str, Vectors], about: Mapping[str, Any]) -> None:
        self._w = {name: np.asarray(value, dtype=np.float32) for name, value in weights.items()}
        self.about = about
        self.embedder = str(about["embedder"])

    def scores(self, question: Vectors, sentences: Sequence[Vectors]) -> list[float]:
        """For each sentence the log-odds that it, rather than nothing, answers; token vectors of shape (n, d).

        A text without tokens answers nothing.
        """
        asked = question[:MOST_QUESTION_TOKENS]
        found: Vectors = np.full(len(sentences), -20.0, dtype=np.float32)
        if len(asked):
            for rows in _alike(sentences):
                found[rows] = self._forward(asked, [sentences[i][:MOST_SENTENCE_TOKENS] for i in rows])
        return [float(value) for value in found]

    def _forward(self, asked: Vectors, sentences: Sequence[Vectors]) -> Vectors:
        w = self._w
        n, longest, width = len(sentences), max(map(len, sentences)), asked.shape[1]
        held = np.zeros((n, longest, width), dtype=np.float32)
        real = np.zeros((n, longest), dtype=bool)
        for i, tokens in enumerate(sentences):
            held[i, : len(tokens)], real[i, : len(tokens)] = tokens, True
        near: Vectors = np.where(real[:, None, :], asked @ held.transpose(0, 2, 1), np.float32(-1.0))
        nearest: Vectors = np.concatenate([near.max(axis=2), near.max(axis=1)], axis=1)
        mine = np.broadcast_to(asked @ w["proj.weight"].T + w["seg.weight"][0], (n, len(asked), len(w["cls"])))
        theirs = held @ w["proj.weight"].T + w["seg.weight"][1]
        tokens = np.concatenate([mine, theirs], axis=1) + w["proj.bias"]
        told = np.stack([nearest, nearest**2], axis=-1) @ w["extra.weight"].T + w["extra.bias"]
        first = np.broadcast_to(w["cls"], (n, 1, len(w["cls"])))
        state = self._normed(np.concatenate([first, tokens + told], axis=1), "norm")
        hidden = ~np.concatenate([np.ones((n, 1 + len(asked)), dtype=bool), real], axis=1)
        # Only the first place is read: only its attention is computed.
        attended = self._attention(self._normed(state, "enc.0.norm1"), hidden)
        top = state[:, 0] + attended
        inner = _gelu(self._normed(top, "enc.0.norm2") @ w["enc.0.linear1.weight"].T + w["enc.0.linear1.bias"])
        top = top + inner @ w["enc.0.linear2.weight"].T + w["enc.0.linear2.bias"]
        return np.asarray((self._normed(top, "fin") @ w["out.weight"].T + w["out.bias"])[:, 0], dtype=np.float32)

    def _attention(self, state: Vectors, hidden: NDArray[np.bool_]) -> Vectors:
        """What the first place takes from all others (Vaswani et al. 2017, section 3.2); `hidden` is padding."""
        w, width = self._w, state.shape[2]
        projected = [weight.T for weight in np.split(w["enc.0.self_attn.in_proj_weight"], 3)]
        biases = np.split(w["enc.0.self_attn.in_proj_bias"], 3)
        query = (state[:, 0] @ projected[0] + biases[0]).reshape(len(state), HEADS, width // HEADS)
        key, value = (
            (state @ projected[i] + biases[i]).reshape(*state.shape[:2], HEADS, width // HEADS) for i in (1, 2)
        )
        weight = np.einsum("nhd,nlhd->nhl", query, key) / np.sqrt(np.float32(width // HEADS))
        weight = np.where(hidden[:, None, :], np.float32(-1e9), weight)
        weight = np.exp(weight - weight.max(axis=2, keepdims=True))
        weight /= weight.sum(axis=2, keepdims=True)
        mixed = np.einsum("nhl,nlhd->nhd", weight, value).reshape(len(state), width)
        return np.asarray(mixed @ w["enc.0.self_attn.out_proj.weight"].T + w["enc.0.self_attn.out_proj.bias"])

    def _normed(self, state: Vectors, name: str) -> Vectors:
        """Layer normalisation (Ba et al. 2016)."""
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        return np.asarray(centred / scale * self._w[f"{name}.weight"] + self._w[f"{name}.bias"])


@cache
def load_scorer() -> AnswerScorer:
    """The shipped scorer."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        return AnswerScorer({name: stored[name] for name in stored.files if name != "about"}, about)


def _alike(sentences: Sequence[Vectors]) -> Iterator[list[int]]:
    """The numbers of the sentences that have tokens, some of about one length at a time."""
    order = sorted((i for i, tokens in enumerate(sentences) if len(tokens)), key=lambda i: len(sentences[i]))
    for start in range(0, len(order), _AT_ONCE):
        yield order[start : start + _AT_ONCE]


def _gelu(values: Vectors) -> Vectors:
    """Gaussian error linear unit (Hendrycks and Gimpel 2016), the exact one, by an approximation of the error function
    (Abramowitz and Stegun 7.1.26, error below 2e-7)."""
    x = np.abs(values) / np.sqrt(np.float32(2.0))
    t = 1.0 / (1.0 + 0.3275911 * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(values) * (1.0 - series * np.exp(-(x**2)))
    return np.asarray(values * 0.5 * (1.0 + erf), dtype=np.float32)
