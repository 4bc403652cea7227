"""SQuAD 2.0 contexts and the reader groups: questions on single paragraphs and on bare sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.training.sources import Sources, rows_of
from rag.text.sentences import split_sentences

HELD_OUT_FOLDS = 5
"""One in five articles is never trained on: the figures on SQuAD are made with their questions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContextQuestion:
    """A question on a context; `right` are sentences that hold an answer, `answer` where the first one stands.

    `answer` is (sentence, start, end) in characters of that sentence, None where nothing answers.
    """

    id: str
    text: str
    title: str
    context: str
    sentences: tuple[str, ...]
    right: frozenset[int]
    answer: tuple[int, int, int] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Sentences of one document that answer a question, and others that do not."""

    source: str
    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def is_held_out(title: str) -> bool:
    """Whether an article's questions are kept for evaluation; the same on every machine."""
    return int(hashlib.sha256(title.encode()).hexdigest()[:8], 16) % HELD_OUT_FOLDS == 0


def read_contexts(sources: Sources) -> list[ContextQuestion]:
    """Every question of every SQuAD folder."""
    found: list[ContextQuestion] = []
    for file in sources.contexts:
        texts = dict(rows_of(file, lambda row: (str(row["context_id"]), str(row["context"]))))
        cut = {name: tuple(text[s.start : s.end] for s in split_sentences(text)) for name, text in texts.items()}
        found += rows_of(file.parent / "questions.jsonl.gz", lambda row, cut=cut: _question(row, cut))  # type: ignore[misc]
    return found


def read_groups(sources: Sources) -> list[Group]:
    """Every reader group that has a sentence to choose from."""
    made = [group for file in sources.groups for group in rows_of(file, _group)]
    return [group for group in made if group.right or group.wrong]


def _question(row: Mapping[str, Any], cut: Mapping[str, tuple[str, ...]]) -> ContextQuestion:
    sentences = cut[str(row["context_id"])]
    answers = [] if row["is_impossible"] else [str(answer) for answer in row["answers"]]
    right = frozenset(i for i, s in enumerate(sentences) if any(a.lower() in s.lower() for a in answers))
    places = [(i, s.find(a), s.find(a) + len(a)) for i, s in enumerate(sentences) for a in answers[:1] if a in s]
    return ContextQuestion(
        id=str(row["id"]),
        text=str(row["question"]),
        title=str(row["title"]).replace("_", " "),
        context=str(row["context_id"]),
        sentences=sentences,
        right=right,
        answer=places[0] if places else None,
    )


def _group(row: Mapping[str, Any]) -> Group:
    # Some sources escaped their apostrophes.
    right, wrong = (tuple(str(s).replace("\\'", "'") for s in row[name]) for name in ("right", "wrong"))
    return Group(source=str(row["source"]), question=str(row["question"]).replace("\\'", "'"), right=right, wrong=wrong)
