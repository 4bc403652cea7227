"""The folder that labels go to, in the layout that `python -m eval train --data` reads.

`train/questions.jsonl` and `dev/questions.jsonl` name articles of `articles.jsonl.gz`; an article is in one half only.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import StorageError
from rag.text.sentences import split_sentences
from rag.types import Article

HELD_OUT = 4
"""One article of so many is of the development half, on which it is seen whether a reader got better."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What answers a question in one article: each fact by the numbers of the sentences that state it, counted in the
    article from 0; none where the article does not say it."""

    question: str
    article: Article
    facts: tuple[tuple[int, ...], ...]


def sentences_of(article: Article) -> tuple[tuple[int, int], ...]:
    """Where each sentence of an article begins and ends, in characters."""
    return tuple((span.start, span.end) for span in split_sentences(article.text))


class TrainingFolder:
    """Keeps labels; what was labelled before stays, and a kill loses at most the question that is on the screen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._articles = {row["id"]: row for row in _lines(folder / "articles.jsonl.gz")}
        halves = (folder / half / "questions.jsonl" for half in ("train", "dev"))
        self._asked = {row["question"] for half in halves for row in _lines(half)}

    def has(self, question: str) -> bool:
        """Whether a question was labelled before."""
        return question in self._asked

    def keep(self, labels: Sequence[Label]) -> None:
        """Write the labels of one question; raises `StorageError` where the folder cannot be written."""
        try:
            fresh = {one.article.ref.id: one.article for one in labels if one.article.ref.id not in self._articles}
            if fresh:
                self._articles |= {name: _article_row(article) for name, article in fresh.items()}
                self._write_articles()
            for one in labels:
                self._append(one)
                self._asked.add(one.question)
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise StorageError(f"{str(self._folder)!r} cannot be written: {why}; name another folder") from error

    def _append(self, label: Label) -> None:
        name = label.article.ref.id
        file = self._folder / _half(name) / "questions.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{label.question}\n{name}".encode()).hexdigest()[:12]
        row = {
            "id": f"own-{digest}", "article": name, "question": label.question, "kind": "own",
            "facts": [list(fact) for fact in label.facts], "partial": [],
        }  # fmt: skip
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _write_articles(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self._articles.values())
        beside = self._folder / "articles.jsonl.gz.new"
        beside.write_bytes(gzip.compress(text.encode("utf-8")))
        os.replace(beside, self._folder / "articles.jsonl.gz")


def _half(article: str) -> str:
    number = int(hashlib.sha256(article.encode()).hexdigest()[:8], 16)
    return "dev" if number % HELD_OUT == 0 else "train"


def _article_row(article: Article) -> dict[str, Any]:
    return {
        "id": article.ref.id,
        "title": article.ref.title,
        "outlet": article.ref.outlet,
        "published": (article.ref.published or article.fetched).isoformat(),
        "text": article.text,
        "sentences": [list(span) for span in sentences_of(article)],
    }


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    held = file.read_bytes()
    text = (gzip.decompress(held) if file.suffix == ".gz" else held).decode("utf-8")
    # A kill may have cut the last line off.
    yield from (json.loads(line) for line in text.split("\n")[:-1])
