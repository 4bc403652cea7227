"""A small world of training data in the layouts that `--data` knows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SENTENCES = (
    "Anna came on Monday.",
    "Bert left the town.",
    "Rain fell for an hour.",
    "The mayor spoke to twelve people.",
)


def write_lines(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if file.suffix == ".gz":
        file.write_bytes(gzip.compress(text.encode()))
    else:
        file.write_text(text, encoding="utf-8")


def article(name: str, sentences: tuple[str, ...] = SENTENCES) -> dict[str, Any]:
    spans, text = [], ""
    for sentence in sentences:
        spans.append([len(text), len(text) + len(sentence)])
        text += sentence + " "
    return {
        "id": name, "title": f"News {name}", "outlet": "Wire", "published": "2020-01-15",
        "text": text, "sentences": spans,
    }  # fmt: skip


def question(
    name: str, home: str, text: str, facts: list[list[int]], partial: list[int] | None = None
) -> dict[str, Any]:
    return {"id": name, "article": home, "question": text, "kind": "who", "facts": facts, "partial": partial or []}


def claim(name: str, home: str, *, supported: bool, turned: bool, evidence: str) -> dict[str, Any]:
    return {
        "id": f"{name}{'b' if turned else 'a'}", "pair": name, "article": home, "published": "2020-01-15",
        "claim": "Anna arrived on Monday.", "context": "", "evidence": evidence, "turned": turned,
        "supported": supported, "kind": "paraphrase",
    }  # fmt: skip


def news_world(root: Path) -> Path:
    """Two training articles and one of the development half, with questions and claims."""
    write_lines(root / "qa" / "articles.jsonl.gz", [article("a1"), article("a2"), article("d1")])
    write_lines(
        root / "qa" / "train" / "questions.jsonl",
        [
            question("q1", "a1", "Who came on Monday?", [[0]], [1]),
            question("q2", "a2", "How many people heard the mayor?", [[3], [2]]),
            question("q3", "a2", "Why did Bert leave the town?", [], [1]),
        ],
    )
    write_lines(
        root / "qa" / "dev" / "questions.jsonl",
        [question("v1", "d1", "Who left?", [[1]]), question("v2", "d1", "What did the mayor eat?", [], [3])],
    )
    for half, home in (("train", "a1"), ("dev", "d1")):
        good = claim("c1", home, supported=True, turned=False, evidence="Anna came on Monday.")
        bad = claim("c1", home, supported=False, turned=True, evidence="Anna came on Sunday.")
        write_lines(root / "claims" / half / "claims.jsonl", [good, bad])
    return root
