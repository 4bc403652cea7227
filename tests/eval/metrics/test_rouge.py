"""ROUGE, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.rouge import longest_common_subsequence, rouge


def test_the_example_of_the_paper() -> None:
    # Lin (2004), section 3.1: one and the same bigrams, another order of words.
    reference = "police killed the gunman"
    first, second = rouge("police kill the gunman", reference), rouge("the gunman kill police", reference)
    assert [first.rouge_l, second.rouge_l] == pytest.approx([3 / 4, 2 / 4])
    assert first.rouge_2 == second.rouge_2 == pytest.approx(1 / 3)


def test_precision_and_recall_count_alike() -> None:
    # 2 of 2 words and 2 of 6: F = 2 * 1 * (1/3) / (4/3) = 1/2; the pair "a b" is 1 of 1 and 1 of 5: F = 1/3.
    found = rouge("A, b!", "a b c d e f")
    assert [found.rouge_1, found.rouge_2, found.rouge_l] == pytest.approx([1 / 2, 1 / 3, 1 / 2])


def test_a_word_counts_as_often_as_both_have_it() -> None:
    assert rouge("the the the", "the cat").rouge_1 == pytest.approx(2 / 5)


def test_nothing_is_like_nothing() -> None:
    assert rouge("", "a word").rouge_1 == rouge("", "").rouge_l == 0.0


WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(WORDS, WORDS)
def test_the_common_sequence_is_that_of_the_table(one: list[str], other: list[str]) -> None:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    assert longest_common_subsequence(one, other) == table[-1][-1]
