"""Libraries of an evaluation: small ones for one question, copies to be changed, ids known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.errors import CaseError, EvaluationError
from eval.runs.cached_embedder import CachedEmbedder
from eval.runs.libraries import SmallLibraries, article_ids, ingest_into, stored
from ingest.types import RawArticle
from rag.models.hashing_embedder import HashingEmbedder
from rag.settings import Settings
from tests.eval.fakes import BRIDGE, FERRY

SETTINGS = Settings(embedder="hashing", vector_index="exact")


def raw(name: str, text: str, url: str = "") -> RawArticle:
    return RawArticle(where=name, text=text, url=url, given_id=name, source="test")


ARTICLES = [raw("bridge", BRIDGE.text, "https://a.example/1?utm_source=x"), raw("ferry", FERRY.text), raw("none", " ")]


def test_the_ids_are_those_under_which_articles_are_stored() -> None:
    with stored(ARTICLES, SETTINGS, set_name="test") as library:
        held = {ref.id for ref in library.desk.articles()}
    ids = article_ids(ARTICLES)
    assert held == set(ids[:2])
    assert ids[2] == ""


def test_what_is_left_out_is_counted_with_a_reason() -> None:
    with stored(ARTICLES, SETTINGS, set_name="test") as library:
        assert (library.articles, library.left_out) == (2, 1)
        assert library.first == "none: has no text"


def test_a_kept_library_of_other_articles_or_another_embedder_is_another_one(tmp_path: Path) -> None:
    for articles, embedder in ((ARTICLES, 64), (ARTICLES, 64), (ARTICLES[:1], 64), (ARTICLES, 32)):
        with stored(articles, SETTINGS, set_name="test", keep=tmp_path, embedder=HashingEmbedder(embedder)) as library:
            assert library.articles == min(2, len(articles))
    assert len(list(tmp_path.glob("test-*/archive.sqlite3"))) == 3


def test_a_set_without_a_readable_article_is_refused() -> None:
    with pytest.raises(CaseError, match="not one article"), stored([raw("none", " ")], SETTINGS, set_name="test"):
        pass


def test_small_libraries_know_nothing_of_each_other() -> None:
    libraries = SmallLibraries(SETTINGS)
    with libraries.over(ARTICLES[:1]) as desk:
        assert len(desk.articles()) == 1
    with libraries.over(ARTICLES[1:2]) as desk:
        assert [ref.id for ref in desk.articles()] == article_ids(ARTICLES[1:2])


def test_a_copy_can_be_changed_without_its_original(tmp_path: Path) -> None:
    source = tmp_path / "bridge.md"
    source.write_text(BRIDGE.text, encoding="utf-8")
    libraries = SmallLibraries(SETTINGS)
    libraries.build([source], tmp_path / "base")
    with libraries.copy_of(tmp_path / "base") as desk:
        assert ingest_into(desk.library, ARTICLES[1:2]).added == 1
        assert len(desk.articles()) == 2
    with libraries.copy_of(tmp_path / "base") as desk:
        assert len(desk.articles()) == 1


def test_a_source_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    with pytest.raises(EvaluationError, match=r"could not be read: .*empty\.md"):
        SmallLibraries(SETTINGS).build([tmp_path], tmp_path / "base")


class CountingEmbedder(HashingEmbedder):
    """Notes every text that it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_question(self, text: str) -> NDArray[np.float32]:
        self.texts.append(text)
        return super().embed_question(text)


def test_a_text_is_embedded_once_and_its_vector_is_the_same() -> None:
    counting = CountingEmbedder()
    remembering = CachedEmbedder(counting)
    first = remembering.embed_passages(["a", "b", "a"])
    again = remembering.embed_passages(["b"])
    asked = [remembering.embed_question("a?") for _ in range(2)]
    assert counting.texts == ["a", "b", "a?"]
    assert (first[0] == first[2]).all()
    assert (first[1] == again[0]).all()
    assert (asked[0] == HashingEmbedder().embed_question("a?")).all()
    assert remembering.embed_passages([]).shape == (0, 64)
