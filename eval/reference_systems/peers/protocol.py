"""How a peer is measured: one process builds its store, another answers from it.

    python -m eval.reference_systems.peers.PEER build TEXTS STORE MODEL
    python -m eval.reference_systems.peers.PEER search QUESTIONS STORE MODEL

TEXTS holds an article a line, QUESTIONS a list of texts, MODEL is the folder of the embedding model's weights. Each
prints one JSON object on its last line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from eval.runs.machine import peak_memory_mb

FOUND = 5
"""So many passages are asked for."""

WARM_UP = "The first text of a process takes longer than all others."


class Peer(Protocol):
    """One system. Opening it loads the model, which the rate of an ingest leaves out."""

    def __init__(self, store: Path, model: Path) -> None: ...

    def embed(self, text: str) -> object:
        """Use the model once."""

    def build(self, articles: Sequence[dict[str, Any]]) -> int:
        """Cut, embed and store; returns how many passages there are."""

    def search(self, question: str) -> list[str]:
        """The texts of the best passages, best first."""


def main(peer: Callable[[Path, Path], Peer]) -> None:
    """Carry out what the command line asks for."""
    # Weights come from their folder: nothing is to be looked for elsewhere.
    os.environ.update(HF_HUB_OFFLINE="1", ANONYMIZED_TELEMETRY="False", TOKENIZERS_PARALLELISM="false")
    task, source, store, model = sys.argv[1:]
    opened = peer(Path(store), Path(model))
    text = Path(source).read_text(encoding="utf-8")
    done = _built(opened, text) if task == "build" else _searched(opened, json.loads(text))
    print(json.dumps({**done, "peak_mb": peak_memory_mb()}))


def _built(peer: Peer, text: str) -> dict[str, Any]:
    articles = [json.loads(line) for line in text.splitlines()]
    peer.embed(WARM_UP)
    start = time.perf_counter()
    passages = peer.build(articles)
    return {"seconds": time.perf_counter() - start, "passages": passages, "articles": len(articles)}


def _searched(peer: Peer, questions: Sequence[str]) -> dict[str, Any]:
    found, milliseconds = [], []
    for question in questions:
        start = time.perf_counter()
        found.append(peer.search(question))
        milliseconds.append(1000 * (time.perf_counter() - start))
    # The first one opens what is opened late.
    return {"milliseconds": milliseconds[1:] or milliseconds, "found": found}
