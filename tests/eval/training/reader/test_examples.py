from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest

from eval.training.batches import Cycle, Stream, batch_of, round_of
from eval.training.news import NewsArticle, NewsQuestion
from eval.training.reader.examples import NewsUnits, Unit, context_unit, group_unit, reworded
from eval.training.reader.wikipedia import ContextQuestion, Group
from rag.models.reader.windows import WindowMaker
from tests.rag.tiny_networks import tiny_tokenizer

HOME = NewsArticle(
    id="a1",
    title="News",
    outlet="Wire",
    published=date(2020, 1, 15),
    sentences=tuple(f"Sentence {number} has {'many ' * 20}words." for number in range(30)),
)
OTHER = NewsArticle(id="a2", title="Other", outlet="Wire", published=date(2020, 1, 16), sentences=("Nothing here.",))
ASKED = NewsQuestion(
    id="q1", article="a1", text="Who?", kind="who", facts=(frozenset({4}), frozenset({20, 21})), partial=frozenset({5})
)
NOTHING = NewsQuestion(id="q2", article="a1", text="Why?", kind="none", facts=(), partial=frozenset({7}))
UNITS = NewsUnits(
    [ASKED, NOTHING],
    {"a1": HOME, "a2": OTHER},
    {one: [*HOME.passages(), *OTHER.passages()] for one in (ASKED, NOTHING)},
)


def drawn(question: NewsQuestion) -> list[Unit]:
    return [UNITS.draw(question, random.Random(seed)) for seed in range(80)]


def test_passages_hold_every_sentence_once() -> None:
    assert [number for cut in HOME.passages() for number in cut.numbers] == list(range(30))


def test_an_answerable_question_comes_with_a_window_that_answers() -> None:
    for unit in drawn(ASKED):
        first = unit.examples[0]
        assert {HOME.sentences.index(first.passage.sentences[n]) for n in first.right} <= {4, 20, 21}
        assert first.right
        assert unit.together


def test_the_twin_without_the_answer_differs_by_answers_and_partial_ones_alone() -> None:
    twins = [(unit.examples[a], unit.examples[b]) for unit in drawn(ASKED) for a, b in unit.removed]
    assert twins
    for whole, without in twins:
        assert not without.right
        lost = [s for i, s in enumerate(whole.passage.sentences) if i in whole.right | whole.unknown]
        assert [s for s in whole.passage.sentences if s not in lost] == list(without.passage.sentences)


def test_other_windows_never_hold_an_answer_unmarked() -> None:
    for unit in drawn(ASKED):
        for example in unit.examples:
            held = {HOME.sentences.index(s) for s in example.passage.sentences if s in HOME.sentences} & {4, 20, 21}
            assert len(example.right) == len(held)


def test_an_unanswerable_question_has_only_wrong_sentences_its_near_misses_among_them() -> None:
    units = drawn(NOTHING)

    assert not any(example.right or example.unknown for unit in units for example in unit.examples)
    assert all(HOME.sentences[7] in unit.examples[0].passage.sentences for unit in units)


def test_a_squad_question_keeps_its_answer_in_the_first_right_sentence() -> None:
    question = ContextQuestion(
        id="s",
        text="Who?",
        title="T",
        context="T#0",
        sentences=("A b.", "C d."),
        right=frozenset({1}),
        answer=(1, 0, 1),
    )

    units = [context_unit(question, random.Random(seed)) for seed in range(20)]

    assert {len(unit.examples) for unit in units} == {1, 2}
    assert all(unit.examples[0].right == {1} for unit in units)
    assert all(unit.examples[1].passage.sentences == ("A b.",) for unit in units if unit.removed)


def test_a_group_marks_its_right_sentences_in_any_order() -> None:
    group = Group(source="qed", question="who", right=("Anna.",), wrong=("Bert.", "No."))

    orders = set()
    for seed in range(20):
        (example,) = group_unit(group, random.Random(seed)).examples
        orders.add(example.passage.sentences)
        assert [example.passage.sentences[n] for n in example.right] == ["Anna."]
    assert len(orders) > 1


def test_a_slip_changes_one_word_at_most() -> None:
    asked = "Why did the government resign yesterday?"
    for seed in range(200):
        new = reworded(asked, random.Random(seed)).rstrip("?").split()
        assert sum(a != b for a, b in zip(asked.rstrip("?").split(), new, strict=True)) <= 1


def test_a_cycle_gives_every_item_once_a_turn_and_the_same_for_the_same_seed() -> None:
    cycle = Cycle(list(range(10)), seed=3)

    found = list(cycle.taken(0, 30))

    assert [sorted(found[i : i + 10]) for i in (0, 10, 20)] == [list(range(10))] * 3
    assert found[:10] != found[10:20]
    assert list(Cycle(list(range(10)), seed=3).taken(7, 9)) == found[7:16]
    assert list(Cycle(list[int](), seed=3).taken(0, 5)) == []


def test_the_same_round_is_made_again_after_an_interruption() -> None:
    streams = [Stream(cycle=Cycle([ASKED, NOTHING], 1), per_round=6, drawn=UNITS.draw)]
    maker = WindowMaker(tiny_tokenizer())

    first, again = ([b.feed["input_ids"] for b in round_of(streams, 4, 1, maker)] for _ in range(2))

    assert len(first) == len(again)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_a_batch_knows_rows_pairs_and_answers() -> None:
    maker = WindowMaker(tiny_tokenizer())
    question = ContextQuestion(
        id="s", text="who", title="", context="T#0", sentences=("bert left", "on monday anna came"),
        right=frozenset({1}), answer=(1, 10, 14),
    )  # fmt: skip
    unit = next(u for s in range(20) if (u := context_unit(question, random.Random(s))).removed)
    windows = [maker.windows(e.question, e.passage)[0] for e in unit.examples]

    batch = batch_of([(unit, windows)])

    assert batch.right.tolist() == [[False, True], [False, False]]
    assert batch.known.tolist() == [[True, True], [True, False]]
    assert batch.removed == ((0, 1),)
    (row, first, past_last, start, end) = batch.spans[0]
    assert (row, past_last - first) == (0, 4)
    assert maker.pieces("anna")[0] == tuple(batch.feed["input_ids"][0, start : end + 1])


@pytest.mark.parametrize("seed", range(3))
def test_a_long_passage_is_trained_on_where_it_answers(seed: int) -> None:
    maker = WindowMaker(tiny_tokenizer(), max_tokens=40)
    sentences = (*["no no no no no no no no no"] * 8, "anna came")
    group = ContextQuestion(
        id="s", text="who", title="", context="c", sentences=sentences, right=frozenset({8}), answer=(8, 0, 4)
    )
    streams = [Stream(cycle=Cycle([group], seed), per_round=1, drawn=context_unit)]

    (batch,) = round_of(streams, 0, seed, maker)

    assert batch.right.any()
    assert batch.spans
