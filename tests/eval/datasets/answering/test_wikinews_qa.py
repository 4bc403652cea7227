"""The set of marked news questions: an invented one from end to end, and its sentence measures worked by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.cases import GoldSpan
from eval.commands import main
from eval.datasets.answering.wikinews_qa import QUESTION_ALONE, WikinewsQuestion, question_alone, sentence_scores
from eval.metrics.question_scores import MarkedQuestion
from eval.reference_systems.sentence_scorers import PassageToScore
from tests.eval.fakes import BRIDGE, CLOSED, COST, CRACKS, FERRY, make_evidence
from tests.eval.rows import written

NAMES = (
    "article_at_1", "article_at_10", "passage_at_5", "sentence_at_1", "answerable_auroc", "answer_removed_auroc",
    "wrongly_refused", "shown_right", "fact_recall", "first_right", "quote_precision", "quote_precision_with_partial",
    "sentence_precision", "refused_unanswerable", "cost", "calibration_error", "doubt_on_right", "doubt_on_wrong",
)  # fmt: skip


class Written:
    """Scores that are written down for each sentence."""

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        return [[self._scores.get(text, 0.0) for text in one.sentences] for one in passages]


PASSAGES = [PassageToScore(evidence=piece) for piece in make_evidence(BRIDGE, FERRY)]
SCORES = Written({CLOSED: 0.2, CRACKS: 0.9, COST: 0.6})


def marked(*facts: str, partial: tuple[str, ...] = ()) -> MarkedQuestion:
    def span(text: str) -> GoldSpan:
        start = BRIDGE.text.index(text)
        return GoldSpan(article_id="bridge", start=start, end=start + len(text), text=text)

    return MarkedQuestion(
        article_id="bridge", facts=tuple((span(one),) for one in facts), partial=tuple(map(span, partial))
    )


def test_the_best_scored_sentence_decides() -> None:
    assert sentence_scores(marked(CRACKS), "?", PASSAGES, SCORES)["sentence_at_1"] == 1
    wrong = sentence_scores(marked(COST), "?", PASSAGES, SCORES)
    assert (wrong["sentence_at_1"], wrong["best_score"], wrong["answerable"]) == (0, 0.9, 1)


def test_right_and_partial_sentences_are_taken_out_and_the_rest_scored_anew() -> None:
    found = sentence_scores(marked(CRACKS), "?", PASSAGES, SCORES)
    assert (found["best_score_whole"], found["best_score_removed"]) == (0.9, 0.6)
    found = sentence_scores(marked(COST, partial=(CRACKS,)), "?", PASSAGES, SCORES)
    assert (found["best_score_whole"], found["best_score_removed"]) == (0.9, 0.2)


def test_only_what_is_there_can_be_taken_out() -> None:
    for asked, passages in ((marked(partial=(CRACKS,)), PASSAGES), (marked(COST), PASSAGES[1:]), (marked(COST), [])):
        found = sentence_scores(asked, "?", passages, SCORES)
        assert found["best_score_whole"] is found["best_score_removed"] is None
        assert found["sentence_at_1"] == (0 if asked.is_answerable else None)


def article(name: str, title: str, sentences: Sequence[str]) -> dict[str, Any]:
    text = " ".join(sentences)
    return {
        "id": name,
        "url": f"https://news.example/{name}",
        "title": title,
        "outlet": "Wikinews",
        "published": "2024-03-04",
        "text": text,
        "sentences": [[text.index(one), text.index(one) + len(one)] for one in sentences],
    }


def asked(name: str, home: str, text: str, kind: str, facts: list[list[int]], partial: list[int]) -> dict[str, Any]:
    return {"id": name, "article": home, "question": text, "kind": kind, "facts": facts, "partial": partial, "note": ""}


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    folder = tmp_path / "half"
    written(
        tmp_path / "articles.jsonl.gz",
        [
            article("wn-bridge", "Bridge closed", [CLOSED, CRACKS, COST]),
            article("wn-ferry", "Ferry", ["The ferry runs twice a day.", "It is free for cyclists."]),
        ],
    )
    written(
        folder / "questions.jsonl",
        [
            asked("q1", "wn-bridge", "How much will the repairs of the bridge cost?", "number", [[2]], []),
            asked("q2", "wn-ferry", "How often does the ferry run?", "number", [[0]], [1]),
            asked("q3", "wn-bridge", "Who painted the submarine of the admiral?", "none", [], [0]),
        ],
    )
    return folder


def run(half: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(["run", "--set", "wikinews-qa", "--data", str(half), "--json", *more]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_the_set_is_run_from_end_to_end(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(half, capsys)
    values = {name: (metric["value"], metric["n"]) for name, metric in result["metrics"].items()}
    assert set(values) <= set(NAMES)
    for name in ("article_at_1", "article_at_10", "passage_at_5", "sentence_at_1"):
        assert values[name] == (1.0, 2)
    assert (values["answerable_auroc"], values["answer_removed_auroc"][1]) == ((1.0, 3), 2)
    assert values["answer_removed_auroc"][0] > 0.5
    assert (values["wrongly_refused"][1], values["refused_unanswerable"][1], values["cost"][1]) == (2, 1, 3)
    assert list(result["by_kind"]) == ["number", "none"]
    assert result["by_kind"]["number"]["answerable_auroc"]["n"] == 3
    assert result["provenance"]["library"]["articles"] == 2
    assert result["provenance"]["question_alone"] == "the other articles of this half"
    alone = result["baselines"][QUESTION_ALONE]
    assert alone["answer_removed_auroc"]["value"] == 0.5
    assert alone.keys() == {"answerable_auroc", "answer_removed_auroc"}


def test_other_ways_are_scored_on_the_same_questions(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baselines = run(half, capsys, "--baselines", "--skip-langchain")["baselines"]
    assert list(baselines) == ["BM25 alone", "vectors alone", QUESTION_ALONE]
    for name in ("BM25 alone", "vectors alone"):
        assert baselines[name]["article_at_10"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
        assert baselines[name]["answerable_auroc"]["n"] == 3
        assert baselines[name]["answer_removed_auroc"]["n"] == 2


def test_the_articles_may_stand_in_the_half_and_a_limit_takes_the_first_questions(
    half: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(half / "articles.jsonl", [article("wn-tram", "Tram", ["The tram stands still.", "It waits for a part."])])
    result = run(half, capsys, "--limit", "1")
    assert result["provenance"]["library"]["articles"] == 3
    assert result["metrics"]["cost"]["n"] == 1
    (half.parent / "articles.jsonl.gz").rename(half / "articles.jsonl.gz")
    assert run(half, capsys, "--limit", "1")["provenance"]["library"]["articles"] == 3


def test_what_went_wrong_is_listed_with_the_sentences_that_answer(
    half: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = asked("q9", "wn-bridge", "How often does the ferry run?", "number", [[2]], [])
    written(half / "questions.jsonl", [question])
    assert main(["run", "--set", "wikinews-qa", "--data", str(half), "--faults"]) == 0
    printed = capsys.readouterr().out
    assert "q9 (number): How often does the ferry run?" in printed
    assert f"right: {COST}" in printed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article": "wn-tram"}, "question 'q1': no article 'wn-tram'; put its file beside the half"),
        ({"facts": [[3]]}, "question 'q1': its article has no sentence 3"),
        ({"partial": [-1]}, "question 'q1': its article has no sentence -1"),
    ],
)
def test_a_question_on_what_is_not_there_is_refused(
    half: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], message: str
) -> None:
    row = asked("q1", "wn-bridge", "How much?", "number", [[2]], [])
    written(half / "questions.jsonl", [row | change])
    assert main(["run", "--set", "wikinews-qa", "--data", str(half)]) == 2
    assert message in capsys.readouterr().err


def test_wrong_folders_are_named_with_what_to_name_instead(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, message in (
        (half.parent, "no questions.jsonl or questions.jsonl.gz"),
        (half / "nothing", "no such file or folder"),
    ):
        assert main(["run", "--set", "wikinews-qa", "--data", str(folder)]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert "with --data" in error
    (half.parent / "articles.jsonl.gz").unlink()
    assert main(["run", "--set", "wikinews-qa", "--data", str(half)]) == 2
    assert "no articles.jsonl or articles.jsonl.gz" in capsys.readouterr().err


def test_the_regression_on_the_question_alone_is_fitted_on_a_training_half_that_stands_beside(tmp_path: Path) -> None:
    rows = [
        WikinewsQuestion(id=str(i), article=f"a{i}", question=text, kind="what", facts=facts, partial=[])
        for i, (text, facts) in enumerate([("What was said?", [[0]]), ("How much was fined?", [])] * 4)
    ]
    fitted_on, alone = question_alone(tmp_path / "dev", rows)
    assert fitted_on == "the other articles of this half"
    written(tmp_path / "train" / "questions.jsonl", [row.model_dump() for row in rows])
    (tmp_path / "dev").mkdir()
    fitted_on, told = question_alone(tmp_path / "dev", rows[:2])
    assert fitted_on == "train"
    assert told[0] > told[1]
    # The training half itself is held against its own other articles.
    assert question_alone(tmp_path / "train", rows) == ("the other articles of this half", alone)
