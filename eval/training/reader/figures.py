"""The reader's figures on the development halves, from any scorer of windows: the torch network or the int8 file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.metrics.estimates import auroc
from eval.training.news import Cut, NewsQuestion
from eval.training.reader.wikipedia import ContextQuestion
from rag.models.reader.reader import PassageLogits, passage_score
from rag.models.reader.windows import ReadPassage

Scorer = Callable[[Sequence[tuple[str, ReadPassage]]], Sequence[PassageLogits]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A development question with the passages that the product would read for it."""

    question: NewsQuestion
    cuts: tuple[Cut, ...]

    def right(self, cut: Cut) -> list[bool]:
        """Which sentences of a passage answer."""
        own = cut.article.id == self.question.article
        return [own and number in self.question.right for number in cut.numbers]

    @property
    def known(self) -> frozenset[int]:
        """The sentences of its article that answer or may be shown."""
        return self.question.right | self.question.partial

    @property
    def is_there(self) -> bool:
        """Whether any of the passages answers."""
        return any(any(self.right(cut)) for cut in self.cuts)

    def removed(self) -> tuple[Cut, ...]:
        """The passages without the known sentences."""
        cuts = [c.without(self.known) if c.article.id == self.question.article else c for c in self.cuts]
        return tuple(cut for cut in cuts if cut.numbers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """What a question's evidence scored: each sentence's score with whether it is right, and without the answers."""

    evidence: Evidence
    scores: tuple[tuple[float, bool], ...]
    best_without: float | None

    @property
    def best(self) -> tuple[float, bool]:
        """The best sentence's score and whether it answers."""
        return max(self.scores, key=lambda pair: pair[0])


def ranked(evidence: Sequence[Evidence], scorer: Scorer, *, neighbours: int = 0) -> list[Ranked]:
    """Score every passage; those that lose a sentence with the answers are scored once more without it."""
    return passages_of(evidence, scorer, neighbours=neighbours)[0]


def passages_of(
    evidence: Sequence[Evidence], scorer: Scorer, *, neighbours: int = 0
) -> tuple[list[Ranked], list[tuple[float, bool]]]:
    """What `ranked` gives, and every passage's score with whether it holds an answer."""

    def asked(one: Evidence, cuts: Sequence[Cut], unseen: frozenset[int]) -> list[tuple[str, ReadPassage]]:
        hidden = [unseen if cut.article.id == one.question.article else frozenset[int]() for cut in cuts]
        return [
            (one.question.text, cut.passage(neighbours=neighbours, unseen=hide))
            for cut, hide in zip(cuts, hidden, strict=True)
        ]

    whole = [asked(one, one.cuts, frozenset()) for one in evidence]
    without = [asked(one, one.removed(), one.known) if one.is_there else [] for one in evidence]
    order = list(dict.fromkeys(pair for pairs in [*whole, *without] for pair in pairs))
    logits = dict(zip(order, scorer(order), strict=True))
    found = [
        Ranked(
            evidence=one,
            scores=tuple(
                pair
                for cut, key in zip(one.cuts, mine, strict=True)
                for pair in zip(logits[key].sentences, one.right(cut), strict=True)
            ),
            best_without=max((s for key in theirs for s in logits[key].sentences), default=None),
        )
        for one, mine, theirs in zip(evidence, whole, without, strict=True)
    ]
    passages = [
        (passage_score(logits[key]), any(one.right(cut)))
        for one, mine in zip(evidence, whole, strict=True)
        for cut, key in zip(one.cuts, mine, strict=True)
    ]
    return found, passages


def news_figures(found: Sequence[Ranked]) -> dict[str, float]:
    """`sentence_at_1`, `answerable_auroc` and `answer_removed_auroc` as the set's README defines them."""
    answerable = [one for one in found if one.evidence.question.right]
    removed = [one for one in answerable if one.best_without is not None]
    return {
        "sentence_at_1": float(np.mean([one.best[1] for one in answerable])),
        "answerable_auroc": area([one.best[0] for one in found], [bool(one.evidence.question.right) for one in found]),
        "answer_removed_auroc": area(
            [score for one in removed for score in (one.best[0], one.best_without or 0.0)], [True, False] * len(removed)
        ),
    }


def context_pairs(questions: Sequence[ContextQuestion]) -> list[tuple[str, ReadPassage]]:
    """Each SQuAD question with its own context."""
    return [(one.text, ReadPassage(sentences=one.sentences, title=one.title)) for one in questions]


def context_figures(logits: Mapping[ContextQuestion, PassageLogits]) -> dict[str, float]:
    """`sentence_at_1` and `answerable_auroc` within each question's own context; none of no questions."""
    if not logits:
        return {}
    questions = list(logits)
    first = [int(np.argmax(found.sentences)) in one.right for one, found in logits.items() if one.right]
    best = [max(found.sentences) for found in logits.values()]
    return {
        "squad2_sentence_at_1": float(np.mean(first)),
        "squad2_answerable_auroc": area(best, [bool(one.right) for one in questions]),
    }


def area(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Area under the ROC curve."""
    found = auroc(np.array(scores, dtype=np.float64), np.array(labels, dtype=np.float64))(np.ones((1, len(scores))))
    return float(found[0])


def development_evidence(
    questions: Sequence[NewsQuestion], passages: Sequence[Cut], ranks: Sequence[Sequence[int]]
) -> list[Evidence]:
    """The nearest passages of each question."""
    return [
        Evidence(question=question, cuts=tuple(passages[number] for number in numbers))
        for question, numbers in zip(questions, ranks, strict=True)
    ]


def summary(figures: Mapping[str, Any]) -> str:
    """One line of figures."""
    return "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
