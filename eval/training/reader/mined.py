"""Near misses in the order in which a trained reader takes them for answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.training.news import Cut, NewsQuestion
from rag.models.reader.reader import Reader


def mined(
    near: Mapping[NewsQuestion, Sequence[Cut]], questions: Sequence[NewsQuestion], reader: Reader, cache: Path
) -> dict[NewsQuestion, list[Cut]]:
    """The passages of each question, those first whose best sentence that does not answer scores highest.

    Passages of other articles that score above every right sentence are left out: a story is told more than once, and
    nobody has said that they do not answer.
    """
    found: dict[NewsQuestion, list[Cut]] = {}
    for question, scores in zip(questions, _scores(near, questions, reader, cache), strict=True):
        own = [cut.article.id == question.article for cut in near[question]]
        flagged = [
            [(score, is_own and number in question.right) for number, score in zip(cut.numbers, row, strict=True)]
            for cut, is_own, row in zip(near[question], own, scores, strict=True)
        ]
        best_right = max((score for row in flagged for score, flag in row if flag), default=float("inf"))
        wrong = [max((score for score, flag in row if not flag), default=float("-inf")) for row in flagged]
        kept = [i for i in range(len(own)) if own[i] or wrong[i] <= best_right]
        found[question] = [near[question][i] for i in sorted(kept, key=lambda i: -wrong[i])]
    return found


def _scores(
    near: Mapping[NewsQuestion, Sequence[Cut]], questions: Sequence[NewsQuestion], reader: Reader, cache: Path
) -> list[list[list[float]]]:
    """Every sentence's score by question and passage; those of questions that were scored before are kept."""
    file = cache / f"mined-{reader.identity.replace('@', '-')}.json"
    known: dict[str, list[list[float]]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    keys = [_key(question, near[question]) for question in questions]
    for question, key in zip(questions, keys, strict=True):
        if key not in known:
            logits = reader.logits([(question.text, cut.passage()) for cut in near[question]])
            known[key] = [[round(score, 3) for score in one.sentences] for one in logits]
    cache.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known), encoding="utf-8")
    return [known[key] for key in keys]


def _key(question: NewsQuestion, cuts: Sequence[Cut]) -> str:
    parts = [question.text, *(f"{cut.article.id}:{cut.numbers[0]}" for cut in cuts)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
