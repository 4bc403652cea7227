from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from eval.commands import main
from eval.training.starting_weights import averaged_weights, read_weights
from rag.models.checker.checker import Checker
from rag.models.checker.rows import CitedQuote
from rag.models.reader.reader import Reader
from rag.models.reader.windows import ReadPassage
from tests.eval.training.training_data import news_world

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def run(model: str, data: Path, out: Path, *more: str) -> int:
    given = ["--data", str(data), "--minutes", "1", "--steps", "2", "--out", str(out)]
    mix = ["--mix", "3", "0", "0"] if model == "reader" else []
    return main(["train", model, *given, *mix, *more])


def test_a_reader_is_trained_exported_and_read_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = news_world(tmp_path / "data")

    assert run("reader", data, tmp_path / "out") == 0

    reader = Reader.open(tmp_path / "out" / "model", threads=1)
    assert 0 <= reader.read("Who came?", [ReadPassage(sentences=("Anna came.",))]).confidence <= 1
    card = (tmp_path / "out" / "model" / "card.md").read_text(encoding="utf-8")
    assert "qa/train/questions.jsonl" in card
    assert "question alone" in card
    printed = capsys.readouterr().out
    assert "float, the same: sentence_at_1" in printed
    assert "int8: sentence_at_1" in printed

    assert run("reader", data, tmp_path / "out", "--resume") == 0
    assert len(json.loads((tmp_path / "out" / "curve.json").read_text(encoding="utf-8"))["points"]) == 1


def test_a_checker_begins_with_a_readers_encoder(tmp_path: Path) -> None:
    data = news_world(tmp_path / "data")
    assert run("reader", data, tmp_path / "reader") == 0

    assert run("checker", data, tmp_path / "out", "--start", str(tmp_path / "reader" / "best.pt")) == 0

    checker = Checker.open(tmp_path / "out" / "model", threads=1)
    assert 0 <= checker.judge("Anna came.", [CitedQuote(text="Anna came.")]).probability <= 1
    assert "claim alone" in (tmp_path / "out" / "model" / "card.md").read_text(encoding="utf-8")


def test_data_that_is_not_there_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reader", tmp_path / "nowhere", tmp_path / "out") == 2
    assert "does not exist" in capsys.readouterr().err


def test_a_training_goes_on_from_an_exported_model(tmp_path: Path) -> None:
    data = news_world(tmp_path / "data")
    assert run("reader", data, tmp_path / "first") == 0
    trained = torch.load(tmp_path / "first" / "best.pt", weights_only=True)

    found = read_weights(tmp_path / "first" / "model")

    # The word vectors are never trained: the base has them.
    assert set(trained) - set(found) == {"encoder.embeddings.word_embeddings.weight"}
    for name, value in found.items():
        assert torch.allclose(value, trained[name], atol=0.03 * float(value.abs().max())), name


def test_a_training_may_begin_with_the_mean_of_several_runs(tmp_path: Path) -> None:
    data = news_world(tmp_path / "data")
    for seed in ("1", "2"):
        assert run("checker", data, tmp_path / seed, "--seed", seed) == 0
    starts = [tmp_path / "1" / "model", tmp_path / "2" / "last.pt"]

    mean = averaged_weights(starts)

    for name in ("encoder.encoder.layer.0.attention.self.query.weight", "claim_head.0.bias"):
        one, other = (read_weights(start)[name] for start in starts)
        assert torch.allclose(mean[name], (one + other) / 2), name
    assert run("checker", data, tmp_path / "out", *(part for one in starts for part in ("--start", str(one)))) == 0
    assert "begun from the mean of the weights" in (tmp_path / "out" / "model" / "card.md").read_text(encoding="utf-8")


def test_runs_of_different_networks_have_no_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = news_world(tmp_path / "data")
    assert run("checker", data, tmp_path / "checker") == 0
    assert run("reader", data, tmp_path / "reader") == 0
    starts = ["--start", str(tmp_path / "checker" / "best.pt"), "--start", str(tmp_path / "reader" / "best.pt")]

    assert run("checker", data, tmp_path / "out", *starts) == 2
    assert "different networks" in capsys.readouterr().err


def test_weights_that_are_not_there_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = news_world(tmp_path / "data")
    assert run("reader", data, tmp_path / "out", "--start", str(tmp_path / "nowhere")) == 2
    assert "no weights at" in capsys.readouterr().err
