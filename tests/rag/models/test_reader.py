from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.models.model_files import NETWORK, Logistic, open_files
from rag.models.reader.reader import Reader
from rag.models.reader.windows import ReadPassage, Window
from tests.rag.tiny_networks import tiny_checker, tiny_reader


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader.open(tiny_reader(tmp_path), threads=1)


def test_the_sentence_that_answers_scores_highest_wherever_its_passage_stands(reader: Reader) -> None:
    passages = [ReadPassage(sentences=("Bert left.", "Yes.")), ReadPassage(sentences=("No.", "Anna came."))]

    reading = reader.read("who came", passages)

    assert [[round(s.score, 3) for s in p.sentences] for p in reading.passages] == [[0, 0], [0, 4]]
    assert reading.passages[1].probability > reading.passages[0].probability
    assert reading.answers
    assert reading.confidence == pytest.approx(reading.passages[1].sentences[1].probability)


def test_nothing_that_answers_is_better_not_shown(reader: Reader) -> None:
    assert not reader.read("who came", [ReadPassage(sentences=("Bert left.",))]).answers


def test_no_passages_give_no_confidence(reader: Reader) -> None:
    reading = reader.read("who came", [])

    assert (reading.confidence, reading.answers, reading.passages) == (0.0, False, ())


def test_a_neighbour_that_answers_is_not_scored(reader: Reader) -> None:
    reading = reader.read("who came", [ReadPassage(sentences=("Bert left.",), before=("Anna came.",))])

    assert [s.score for s in reading.passages[0].sentences] == [0.0]


def test_the_short_answer_is_words_of_the_sentence(reader: Reader) -> None:
    text = "On Monday  Anna came."
    passage = ReadPassage(sentences=(text,))

    (sentence,) = reader.read("who came", [passage], short_answers=True).passages[0].sentences

    assert sentence.short_answer is not None
    assert text[sentence.short_answer.start : sentence.short_answer.end] == "Anna"
    assert 0.9 < sentence.short_answer.probability <= 1
    assert reader.read("who came", [passage]).passages[0].sentences[0].short_answer is None


def test_one_passage_scores_the_same_alone_and_beside_others(reader: Reader, tmp_path: Path) -> None:
    passages = [ReadPassage(sentences=("Anna came on Monday.",)), ReadPassage(sentences=("No.",) * 7)]

    together = reader.logits([("who", passage) for passage in passages])

    # One that has read none of them yet.
    other = Reader.open(tiny_reader(tmp_path), threads=1)
    assert together == [other.logits([("who", passage)])[0] for passage in passages]


def test_what_was_read_for_a_question_is_not_read_again_for_it(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    windows: list[Window] = []
    run = reader._run

    def counted(window: Window) -> tuple[NDArray[np.float32], ...]:
        windows.append(window)
        return run(window)

    monkeypatch.setattr(reader, "_run", counted)
    passage = ReadPassage(sentences=("Anna came.",))
    first = reader.read("who came", [passage])
    assert (reader.read("who came", [passage]), len(windows)) == (first, 1)
    reader.read("who left", [passage])
    assert len(windows) == 2


def test_a_damaged_network_is_not_run(tmp_path: Path) -> None:
    folder = tiny_reader(tmp_path)
    with (folder / NETWORK).open("ab") as file:
        file.write(b"\0")

    with pytest.raises(SettingsError, match=r"model\.onnx .* is not what was exported"):
        Reader.open(folder)


def test_an_incomplete_folder_is_named(tmp_path: Path) -> None:
    (tiny_reader(tmp_path) / NETWORK).unlink()

    with pytest.raises(SettingsError, match=r"model\.onnx is missing"):
        Reader.open(tmp_path)


def test_a_checker_is_no_reader(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds a checker, not a reader"):
        open_files(tiny_checker(tmp_path), task="reader")


def test_extreme_scores_stay_probabilities() -> None:
    fitted = Logistic(slope=3.0, offset=-1.0)

    assert fitted.probability(1e9) == 1.0
    assert fitted.probability(-1e9) == 0.0
    assert fitted.probability(1 / 3) == pytest.approx(0.5)
