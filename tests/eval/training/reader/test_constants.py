from __future__ import annotations

import random
from datetime import date

import pytest

from eval.training.news import NewsArticle, NewsQuestion
from eval.training.reader.constants import decision_figures, reader_constants, shown
from eval.training.reader.figures import Evidence, Ranked, news_figures, ranked
from rag.models.model_files import Logistic
from rag.models.reader.reader import PassageLogits
from rag.models.reader.windows import ReadPassage

HOME = NewsArticle(
    id="a1", title="T", outlet="W", published=date(2020, 1, 15), sentences=("Anna came.", "Bert left.", "Rain fell.")
)


def asked(text: str, facts: tuple[frozenset[int], ...], partial: frozenset[int] = frozenset()) -> Evidence:
    question = NewsQuestion(id=text, article="a1", text=text, kind="who", facts=facts, partial=partial)
    return Evidence(question=question, cuts=(HOME.cut(0, 3),))


def shared_words(pairs: list[tuple[str, ReadPassage]]) -> list[PassageLogits]:
    return [
        PassageLogits(
            sentences=tuple(
                float(len(set(q.lower().split()) & set(s.lower().strip(".").split()))) for s in p.sentences
            ),
            nothing=0.0,
        )
        for q, p in pairs
    ]


def test_figures_say_which_sentence_is_first_and_what_is_left_without_the_answer() -> None:
    evidence = [asked("who came", (frozenset({0}),)), asked("who fell", ()), asked("rain came", (frozenset({2}),))]

    found = ranked(evidence, shared_words)  # type: ignore[arg-type]

    assert [one.best[0] for one in found] == [1.0, 1.0, 1.0]
    assert [one.best_without for one in found] == [0.0, None, 1.0]
    assert news_figures(found) == {
        "sentence_at_1": 0.5,
        "answerable_auroc": 0.5,
        "answer_removed_auroc": pytest.approx(0.75),
    }


def test_what_is_shown_is_the_best_and_those_that_come_near_it() -> None:
    one = Ranked(
        evidence=asked("who", (frozenset({0}),)),
        scores=((0.9, False), (3.0, True), (1.0, False), (2.0, True)),
        best_without=None,
    )

    assert shown(one).flags == (True, True, False)


def test_constants_answer_where_that_is_cheaper_than_refusing() -> None:
    chance = random.Random(1)
    found = []
    for number in range(400):
        score = chance.uniform(-4, 4)
        is_right = chance.random() < (0.95 if score > 1 else 0.1)
        evidence = asked(str(number), (frozenset({0}),) if is_right or number % 2 else ())
        found.append(Ranked(evidence=evidence, scores=((score, is_right), (-6.0, False)), best_without=None))

    constants = reader_constants(found, [(s, flag) for one in found for s, flag in one.scores])
    confidence = Logistic(slope=1.0, offset=0.0)
    figures = decision_figures(found, confidence=confidence, answer_at=0.73)

    assert constants["answer_at"] == 0.5
    assert constants["answer_at"] <= constants["sure_at"] < 1
    assert constants["confidence"]["slope"] > 0
    assert figures["cost"] < decision_figures(found, confidence=confidence, answer_at=0.001)["cost"]
    assert figures["calibration_error"] < 0.2
