"""A baseline that reads a question, or a claim, and nothing else: what the style of its writers gives away.

People who write unanswerable questions or unsupported claims write them in another way than the rest, so that a model
can be right without understanding anything (Gururangan et al., Annotation Artifacts in Natural Language Inference Data,
NAACL 2018). A model's figures mean something as far as they lie above this one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FOLDS = 5

_SEED = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledText:
    """A text with its label; texts of one `group` (an article) are never on both sides of a fit."""

    text: str
    label: bool
    group: str


def probabilities(texts: Sequence[LabelledText], *, training: Sequence[LabelledText] = ()) -> list[float]:
    """For each text the probability that its label is true, from a model that has not seen its group.

    Logistic regression on words and pairs of words (tf-idf). It is fitted on `training` where there is any, else on
    the other four fifths of the texts' own groups. Where there is nothing to learn from, every probability is .5.
    """
    if training:
        return _fitted_on(training, texts)
    folds = _folds([one.group for one in texts])
    found = [0.5] * len(texts)
    for fold in sorted(set(folds)):
        inside = [number for number, own in enumerate(folds) if own == fold]
        others = [one for one, own in zip(texts, folds, strict=True) if own != fold]
        for number, probability in zip(inside, _fitted_on(others, [texts[i] for i in inside]), strict=True):
            found[number] = probability
    return found


def _folds(groups: Sequence[str]) -> list[int]:
    """A fold for each text, whole groups together, the groups dealt out in the order in which they appear."""
    number = {group: place % FOLDS for place, group in enumerate(dict.fromkeys(groups))}
    return [number[group] for group in groups]


def _fitted_on(known: Sequence[LabelledText], asked: Sequence[LabelledText]) -> list[float]:
    if not asked or len({one.label for one in known}) < 2:
        return [0.5] * len(asked)
    model = _model()
    model.fit([one.text for one in known], [one.label for one in known])
    return [float(row[1]) for row in model.predict_proba([one.text for one in asked])]


def _model() -> Any:
    """scikit-learn's defaults throughout: nothing was searched."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    # Punctuation counts as a word: whether a question ends with its mark is style, too.
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]")
    return make_pipeline(words, LogisticRegression(solver="liblinear", random_state=_SEED))
