"""The news that were written for training: whole, of one form, and of one source each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import eval.data
from eval.training.checker.claims import read_twins
from eval.training.news import read_articles, read_questions
from eval.training.sources import Sources, find_sources

FOLDER = Path(eval.data.__path__[0], "training")
INVENTED = tuple(sorted(part.parent for part in FOLDER.glob("*/articles.jsonl")))


def invented() -> Sources:
    """Parts whose articles are in the project, with the claims alone that were written over them."""
    return find_sources([*INVENTED, FOLDER / "part_11", FOLDER / "part_12"])


def test_every_question_and_claim_is_of_an_article_that_says_what_they_name() -> None:
    sources = invented()
    articles = read_articles(sources)
    questions = read_questions(sources.questions, articles)
    twins = read_twins(sources.claims, articles)
    assert (len(articles), len(questions), len(twins)) == (271, 4040, 3947)
    assert {question.article for question in questions} == set(articles)
    unanswered = sum(not question.right for question in questions)
    assert 0.2 < unanswered / len(questions) < 0.3
    assert all(question.text.strip() == question.text for question in questions)


def test_ids_are_of_one_row_each() -> None:
    sources = invented()
    articles = read_articles(sources)
    named = Counter(question.id for question in read_questions(sources.questions, articles))
    assert max(named.values()) == 1
