"""Utterances of our own, what each of them wants, and the half of them that nothing is fitted on."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from pydantic import ConfigDict, field_validator

from eval.cases import Text
from eval.datasets.rows import Row, read_rows
from rag.types import Intent

FOLDER = Path(__file__).parents[2] / "data" / "intents"
DEVELOPMENT, HELD_OUT = FOLDER / "development.jsonl", FOLDER / "held_out.jsonl"
TOPICS = FOLDER / "topics.json"
QUESTIONS = Path(__file__).parents[2] / "data" / "training"


class Utterance(Row):
    """What a reader types, and what is wanted; `topics` are the parts of it that name what it is about."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    text: Text
    intent: str
    topics: list[Text]

    @field_validator("intent")
    @classmethod
    def _known(cls, intent: str) -> str:
        if intent not in get_args(Intent):
            raise ValueError(f"no such intent: {intent!r}")
        return intent

    def about(self, topics: Sequence[str]) -> str:
        """The same words about other topics, one for each of its own."""
        text = self.text
        for own, other in zip(self.topics, topics, strict=False):
            text = text.replace(own, other.casefold() if text == text.casefold() else other, 1)
        return text

    def shape(self) -> str:
        """The words without the topics: two utterances of one shape differ only in what they are about."""
        return self.about(["\u2423"] * len(self.topics)).casefold()


def development() -> list[Utterance]:
    """What the classifier is fitted on."""
    return read_rows(DEVELOPMENT, Utterance)[0]


def news_questions() -> list[str]:
    """Questions about news that were written to train the reader."""
    files = sorted(QUESTIONS.glob("*/questions.jsonl"))
    return [json.loads(line)["question"] for file in files for line in file.read_text("utf-8").splitlines()]


def with_other_topics(utterance: Utterance, draw: random.Random, topics: Sequence[str], copies: int) -> list[str]:
    """The utterance, and copies of it about topics drawn at random, where it has a topic."""
    if not utterance.topics:
        return [utterance.text]
    others = [utterance.about(draw.sample(topics, len(utterance.topics))) for _ in range(copies)]
    return [utterance.text, *others]
