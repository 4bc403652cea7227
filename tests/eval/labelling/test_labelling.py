"""What a person types becomes training data, and what was typed before is never asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.commands.label import _questions
from eval.labelling.terminal import label
from eval.labelling.training_folder import TrainingFolder
from eval.training.news import read_articles, read_questions
from eval.training.sources import find_sources
from ingest.preparing.chunking import cut_passages
from rag.types import Article, Evidence
from tests.eval.fakes import BRIDGE, FERRY


class Searched:
    """Finds both articles for everything."""

    def search(self, question: str, *, limit: int) -> Sequence[Evidence]:
        passages = [passage for article in (BRIDGE, FERRY) for passage in cut_passages(article)]
        return [Evidence(passage=passage, score=1.0, rank=rank) for rank, passage in enumerate(passages, start=1)]

    def article(self, article_id: str) -> Article:
        return {article.ref.id: article for article in (BRIDGE, FERRY)}[article_id]


def labelled(folder: Path, questions: Sequence[str], *typed: str) -> tuple[int, list[str]]:
    answers: Iterator[str] = iter(typed)
    said: list[str] = []
    done = label(Searched(), questions, TrainingFolder(folder), ask=lambda _: next(answers), say=said.append)
    return done, said


def kept(folder: Path) -> dict[tuple[str, str], tuple[frozenset[int], ...]]:
    sources = find_sources([folder])
    found = read_questions([*sources.questions, *sources.questions_dev], read_articles(sources))
    return {(one.text, one.article): one.facts for one in found}


def test_labels_are_read_by_the_training(tmp_path: Path) -> None:
    done, said = labelled(tmp_path, ["When did the bridge close?", "What is free?"], "1+3 2", "0")

    assert done == 2
    assert any("Engineers had found cracks" in line for line in said)
    assert kept(tmp_path) == {
        ("When did the bridge close?", "bridge"): (frozenset({0, 2}), frozenset({1})),
        ("What is free?", "bridge"): (),
    }


def test_a_question_that_two_articles_answer_is_a_label_of_each(tmp_path: Path) -> None:
    labelled(tmp_path, ["What runs?"], "1+5")

    assert kept(tmp_path) == {("What runs?", "bridge"): (frozenset({0}),), ("What runs?", "ferry"): (frozenset({1}),)}


def test_what_was_labelled_is_not_asked_again(tmp_path: Path) -> None:
    labelled(tmp_path, ["One?", "Two?"], "1", "q")

    done, said = labelled(tmp_path, ["One?", "Two?"], "s")

    assert done == 0
    assert not any("One?" in line for line in said)


def test_what_means_nothing_is_asked_again(tmp_path: Path) -> None:
    done, said = labelled(tmp_path, ["One?"], "nine", "99", "2")

    assert done == 1
    assert sum(line.startswith("Type numbers from 1 to 5") for line in said) == 2


def test_questions_come_from_exported_feedback_or_plain_lines(tmp_path: Path) -> None:
    file = tmp_path / "questions"
    follow_up = {"case": {"question": "And then?", "history": ["Who left?"]}}
    rows = [json.dumps({"case": {"question": "Who left?", "history": []}}), json.dumps(follow_up), "Why so?"]
    file.write_text("\n".join(rows) + "\n\n", encoding="utf-8")

    assert _questions(file) == ["Who left?", "Why so?"]
