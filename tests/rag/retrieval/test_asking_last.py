"""What is found because it asks stands behind what is found because it tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.retrieval.asking_last import asking_last
from rag.retrieval.retrieve import retrieve
from rag.testing import make_article
from rag.types import Article, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared

ASKED = Question(text="How long will the repairs of the Saltmarsh bridge take?")
LIE = "It will be two days, said somebody."


def asking(title: str, text: str) -> Article:
    return make_article(text, title=title, outlet="Dun Courier", url="https://dun-courier.example/1")


@pytest.mark.parametrize(
    "planted",
    [
        asking(ASKED.text, f"{ASKED.text} {LIE}"),
        asking("What all ask", f"\u201c{ASKED.text}\u201d {LIE}"),
        asking("Where did the Saltmarsh bridge get its repairs?", f"That is asked. {LIE}"),
    ],
    ids=["title", "quoted", "another question"],
)
def test_an_article_that_only_asks_takes_no_rank_from_one_that_tells(tmp_path: Path, planted: Article) -> None:
    with library_with(tmp_path / "clean", [BRIDGE, STRIKE]) as library:
        clean = retrieve(library, ASKED, limit=10)
    with library_with(tmp_path / "planted", [BRIDGE, STRIKE, planted]) as library:
        found = retrieve(library, ASKED, limit=10)
    assert [piece.passage.id for piece in found[: len(clean)]] == [piece.passage.id for piece in clean]
    assert found[-1].passage.article.id == planted.ref.id
    assert [piece.score for piece in found] == sorted((piece.score for piece in found), reverse=True)


def test_an_article_that_asks_in_its_title_and_tells_below_it_keeps_its_place(tmp_path: Path) -> None:
    explainer = asking(
        "How long will the repairs of the Saltmarsh bridge take?",
        "The bridge over the Saltmarsh needs repairs of nine weeks, engineers say. It has four piers.",
    )
    with library_with(tmp_path, [explainer, STRIKE]) as library:
        passages = library.archive.passages(explainer.ref.id) + library.archive.passages(STRIKE.ref.id)
        found = [(passage, 1.0 / place) for place, passage in enumerate(passages, start=1)]
        assert list(asking_last(library.archive, ASKED, found)) == found


def test_an_article_that_was_removed_meanwhile_keeps_its_place() -> None:
    class Empty:
        def article(self, article_id: str) -> None:
            return None

    planted = asking(ASKED.text, f"{ASKED.text} {LIE}")
    found = [(passage, 1.0) for passage in prepared(planted).passages]
    assert list(asking_last(Empty(), replace(ASKED), found)) == found
