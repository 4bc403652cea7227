from __future__ import annotations

from datetime import date

from eval.training.news import Cut, NewsArticle, NewsQuestion
from eval.training.reader.comparison import compared
from eval.training.reader.figures import Evidence, Ranked


def read(scores: dict[str, tuple[float, bool]]) -> list[Ranked]:
    """One question an article; each has one sentence that scores so and is right or not."""
    found = []
    for name, pair in scores.items():
        article = NewsArticle(
            id=name, title="", outlet="", published=date(2024, 1, 1), sentences=("It rained.", "It did not.")
        )
        question = NewsQuestion(
            id=name, article=name, text="Why?", kind="own", facts=(frozenset({0}),), partial=frozenset()
        )
        evidence = Evidence(question=question, cuts=(Cut(article=article, numbers=(0, 1)),))
        found.append(Ranked(evidence=evidence, scores=(pair,), best_without=None))
    return found


def test_more_right_sentences_first_is_better() -> None:
    before = read({f"a{n}": (1.0, n % 4 == 0) for n in range(40)})
    after = read({f"a{n}": (1.0, n % 4 != 0) for n in range(40)})

    assert compared(before, after).is_better
    assert "set NEWSDESK_READER" in compared(before, after).in_words()
    assert not compared(after, before).is_better


def test_a_difference_within_chance_is_not_better() -> None:
    before = read({f"a{n}": (1.0, n % 2 == 0) for n in range(20)})
    after = read({f"a{n}": (1.0, n % 2 == 0 or n == 1) for n in range(20)})

    assert not compared(before, after).is_better
    assert "keep the one that you have" in compared(before, after).in_words()
