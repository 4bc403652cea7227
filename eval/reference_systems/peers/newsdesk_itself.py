"""Newsdesk, measured as its peers are: what retrieval finds, without reading and checking."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.reference_systems.peers import protocol


class NewsdeskItself:
    """See `protocol.Peer`; the model is the prepared copy of the same weights."""

    def __init__(self, store: Path, model: Path) -> None:
        from rag import open_desk
        from rag.settings import load_settings

        self._desk = open_desk(settings=load_settings(library=store), stay_open=False)

    def embed(self, text: str) -> object:
        """See `Peer`."""
        return self._desk.library.embedder.embed_question(text)

    def build(self, articles: Sequence[dict[str, Any]]) -> int:
        """See `Peer`."""
        from eval.bench.corpus import write_jsonl
        from ingest.pipeline import ingest

        library = self._desk.library
        source = library.folder.with_suffix(".jsonl")
        write_jsonl(source, articles)
        report = ingest([source], library)
        self._desk.close()
        return report.passages

    def search(self, question: str) -> list[str]:
        """See `Peer`."""
        return [piece.passage.text for piece in self._desk.search(question, limit=protocol.FOUND)]


if __name__ == "__main__":
    protocol.main(NewsdeskItself)
