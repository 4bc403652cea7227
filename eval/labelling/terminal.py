"""The labelling view in a terminal: a question, the sentences of the passages found for it, and what a person types."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from eval.labelling.training_folder import Label, TrainingFolder, sentences_of
from rag.types import Article, Evidence

PASSAGES = 5
WIDTH = 100
HELP = (
    "Numbers of the sentences that answer: 3 7 are two facts, 3+7 one fact stated twice; 0: none answers; "
    "s: skip; q: stop. "
)

Ask = Callable[[str], str]
Say = Callable[[str], None]
Command = Literal["skip", "stop"]


class Searched(Protocol):
    """What is labelled in: a `rag.desk.Desk`."""

    def search(self, question: str, *, limit: int) -> Sequence[Evidence]:
        """The passages that come nearest to a question."""

    def article(self, article_id: str) -> Article:
        """The article of a passage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One numbered sentence on the screen, by its number in its article."""

    article: Article
    number: int
    text: str


def label(desk: Searched, questions: Sequence[str], folder: TrainingFolder, *, ask: Ask, say: Say) -> int:
    """Go through the questions that have no label yet; returns how many were labelled."""
    done = 0
    waiting = [question for question in dict.fromkeys(questions) if not folder.has(question)]
    for place, question in enumerate(waiting, start=1):
        lines = list(_lines(desk, desk.search(question, limit=PASSAGES)))
        if not lines:
            continue
        say(f"\n[{place} of {len(waiting)}] {question}\n")
        _show(lines, say)
        found = _typed(lines, ask, say)
        if found == "stop":
            break
        if found != "skip":
            folder.keep(_labels(question, lines, found))
            done += 1
    return done


def _lines(desk: Searched, evidence: Sequence[Evidence]) -> Iterator[Line]:
    articles: dict[str, Article] = {}
    for piece in evidence:
        name = piece.passage.article.id
        article = articles.setdefault(name, desk.article(name))
        for number, (start, end) in enumerate(sentences_of(article)):
            if piece.passage.start <= start < piece.passage.end:
                yield Line(article=article, number=number, text=article.text[start:end])


def _show(lines: Sequence[Line], say: Say) -> None:
    shown = None
    for place, line in enumerate(lines, start=1):
        if line.article.ref.id != shown:
            shown = line.article.ref.id
            say(f"  -- {line.article.ref.title or 'Untitled'} ({line.article.ref.outlet or 'unknown outlet'})")
        say(textwrap.fill(line.text, WIDTH, initial_indent=f"{place:4}  ", subsequent_indent="      "))


def _typed(lines: Sequence[Line], ask: Ask, say: Say) -> Command | list[list[int]]:
    """The places of each fact, or what else is wanted."""
    while True:
        typed = ask(HELP).strip().lower()
        if typed in ("q", "quit"):
            return "stop"
        if typed in ("s", "skip"):
            return "skip"
        if typed == "0":
            return []
        if re.fullmatch(r"\d+([+ ,]+\d+)*", typed):
            facts = [[int(place) for place in fact.split("+")] for fact in re.split(r"[ ,]+", typed)]
            if all(1 <= place <= len(lines) for fact in facts for place in fact):
                return facts
        say(f"Type numbers from 1 to {len(lines)}, 0, s or q.")


def _labels(question: str, lines: Sequence[Line], facts: Sequence[Sequence[int]]) -> list[Label]:
    """One label for each article that answers; where none does, one for the article found first."""
    articles = {line.article.ref.id: line.article for line in lines}
    by_article: dict[str, list[tuple[int, ...]]] = {}
    for fact in facts:
        held: dict[str, list[int]] = {}
        for place in fact:
            line = lines[place - 1]
            held.setdefault(line.article.ref.id, []).append(line.number)
        for name, numbers in held.items():
            by_article.setdefault(name, []).append(tuple(numbers))
    if not by_article:
        by_article = {lines[0].article.ref.id: []}
    return [Label(question=question, article=articles[name], facts=tuple(own)) for name, own in by_article.items()]
