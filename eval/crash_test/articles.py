"""Invented articles for the crash test: the same for the same seed, each with one fact to ask for."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FIRST_PUBLISHED = datetime(2024, 1, 1, tzinfo=UTC)

_SYLLABLES = (
    "ba",
    "dor",
    "fen",
    "gil",
    "hum",
    "jas",
    "kel",
    "lor",
    "mip",
    "nav",
    "pol",
    "quen",
    "rit",
    "sol",
    "tam",
    "vex",
)
_WHO = (
    "The harbour office",
    "A union of pilots",
    "The regional court",
    "An engineer",
    "The mayor",
    "A group of tenants",
)
_DID = ("postponed", "questioned", "approved", "described", "rejected", "measured", "published", "compared", "repaired")
_WHAT = (
    "the ferry timetable",
    "a dredging contract",
    "the water tariff",
    "an archive of maps",
    "the night market",
    "a bridge survey",
)
_WHEN = (
    "after a long meeting",
    "before the holidays",
    "during the storm",
    "without a vote",
    "in a short letter",
    "for a third time",
)
_WHY = (
    "because costs had doubled",
    "although nobody had asked",
    "as the season ended",
    "while repairs went on",
    "once the ice had gone",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class InventedArticle:
    """One version of one article: `fact` changes with the version, `place` and `published` are its own."""

    url: str
    title: str
    published: str
    place: str
    fact: str
    text: str

    @property
    def question(self) -> str:
        """A question that `fact` answers."""
        return f"How many containers did the inspectors count at {self.place}?"


def article_url(number: int) -> str:
    """The article's URL, the same in every version."""
    return f"https://crash.example/{number:05d}"


def invent(number: int, *, version: int, seed: int) -> InventedArticle:
    """Article `number` (from 0) in its version (from 1)."""
    place = _place(number)
    fact = f"The inspectors counted {_count(number, version):,} containers at {place}."
    chance = random.Random(f"{seed}:{number}")
    sentences = [_sentence(chance) for _ in range(chance.randint(10, 26))]
    sentences.insert(chance.randrange(len(sentences)), fact)
    paragraphs = [" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)]
    return InventedArticle(
        url=article_url(number),
        title=f"Containers counted at {place}",
        published=(_FIRST_PUBLISHED + timedelta(hours=number)).isoformat(),
        place=place,
        fact=fact,
        text="\n\n".join(paragraphs),
    )


def write_jsonl(file: Path, *, articles: int, version: int, seed: int) -> None:
    """Write one version of every article as `newsdesk ingest` reads it."""
    with file.open("w", encoding="utf-8") as target:
        for number in range(articles):
            made = invent(number, version=version, seed=seed)
            row = {
                "url": made.url,
                "title": made.title,
                "outlet": "Crash Gazette",
                "published": made.published,
                "text": made.text,
            }
            target.write(json.dumps(row) + "\n")


def _place(number: int) -> str:
    base = len(_SYLLABLES)
    letters = [_SYLLABLES[number // base**power % base] for power in range(4)]
    return "".join(letters).capitalize()


def _count(number: int, version: int) -> int:
    return 1000 + number % 4000 + 5000 * version


def _sentence(chance: random.Random) -> str:
    parts = (chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT), chance.choice(_WHEN), chance.choice(_WHY))
    return " ".join(parts) + f" and noted it under {chance.randint(100, 99_999)}."
