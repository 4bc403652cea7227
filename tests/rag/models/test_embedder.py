"""Every embedder keeps one contract; the packaged model is the published one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.errors import SettingsError
from rag.models.embedder import Embedder
from rag.models.hashing_embedder import HashingEmbedder
from rag.models.load_embedder import open_embedder
from rag.models.onnx_embedder import OnnxEmbedder
from rag.models.onnx_export import DEFAULT_MODEL, prepared_model, weights_folder
from rag.models.torch_embedder import TorchEmbedder
from rag.settings import Settings

TEXTS = [
    "The ferry crews asked for more pay.",
    "Sailors want higher wages.",
    "Moths were seen over the mill, said a very long sentence that goes on and on to make the batch uneven.",
]


@pytest.fixture(scope="module", params=["hashing", "onnx", "torch"])
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    if request.param == "hashing":
        yield HashingEmbedder()
    elif request.param == "onnx":
        yield OnnxEmbedder(prepared_model(DEFAULT_MODEL), threads=2)
    else:
        yield TorchEmbedder(DEFAULT_MODEL)


class TestEmbedder:
    """The contract of `Embedder`."""

    def test_vectors_are_unit_rows_of_float32(self, embedder: Embedder) -> None:
        vectors = embedder.embed_passages(TEXTS)
        assert vectors.shape == (3, embedder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
        assert embedder.embed_question("pay?").shape == (embedder.dimension,)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert len(embedder.embed_passages([])) == 0

    def test_a_text_gets_the_same_vector_whatever_stands_beside_it(self, embedder: Embedder) -> None:
        together = embedder.embed_passages(TEXTS)
        alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_the_same_text_always_gets_the_same_vector(self, embedder: Embedder) -> None:
        np.testing.assert_array_equal(embedder.embed_passages(TEXTS[:1]), embedder.embed_passages(TEXTS[:1]))

    def test_texts_of_any_length_and_script_are_taken(self, embedder: Embedder) -> None:
        vectors = embedder.embed_passages(["", "橋" * 3000, "word " * 5000, "\U0001f309\u202e"])
        assert np.isfinite(vectors).all()


def test_meaning_brings_sentences_together_without_a_common_word() -> None:
    pay, wages, moths = OnnxEmbedder(prepared_model(DEFAULT_MODEL)).embed_passages(TEXTS)
    assert pay @ wages > pay @ moths + 0.2


def test_the_onnx_copy_agrees_with_sentence_transformers() -> None:
    copy = OnnxEmbedder(prepared_model(DEFAULT_MODEL)).embed_passages(TEXTS)
    original = TorchEmbedder(DEFAULT_MODEL).embed_passages(TEXTS)
    assert (copy * original).sum(axis=1).min() > 0.97


def test_a_prepared_model_that_was_changed_on_disk_is_refused(tmp_path: Path) -> None:
    import shutil

    folder = prepared_model(DEFAULT_MODEL).folder
    copy = tmp_path / "models" / folder.name
    shutil.copytree(folder, copy)
    with (copy / "model.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(SettingsError, match="damaged"):
        prepared_model(DEFAULT_MODEL, cache=tmp_path)


def test_an_unknown_folder_is_refused_with_the_setting_to_change() -> None:
    with pytest.raises(SettingsError, match="NEWSDESK_EMBEDDER"):
        weights_folder("./no-such-model")


def test_hashing_is_understood_as_the_test_embedder() -> None:
    assert open_embedder(Settings(embedder="hashing")).identity == "hashing-64"


def test_a_cache_folder_that_cannot_be_made_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"cannot be made: .*; set NEWSDESK_CACHE to a writable folder"):
        prepared_model(DEFAULT_MODEL, cache=tmp_path / "file" / "cache")
