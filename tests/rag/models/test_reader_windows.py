from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.models.reader.windows import ReadPassage, WindowMaker, feed_of, heading
from tests.rag.tiny_networks import WORDS, tiny_tokenizer

TEXTS = st.lists(st.sampled_from(WORDS[4:]), min_size=1, max_size=12).map(" ".join)


def words(ids: tuple[int, ...]) -> str:
    return " ".join(WORDS[number] for number in ids)


def test_a_window_holds_question_heading_and_sentences_in_this_order() -> None:
    passage = ReadPassage(sentences=("Anna came.", "Bert left."), title="Yes", outlet="no", published=None)

    (window,) = WindowMaker(tiny_tokenizer()).windows("who came", passage)

    assert words(window.ids) == "[CLS] who came [SEP] yes ( no ) [SEP] anna came . bert left . [SEP]"
    assert window.types == (0,) * 4 + (1,) * 12


def test_the_heading_names_the_day_of_the_week_that_other_days_are_counted_from() -> None:
    assert heading("Vote", "Wikinews", date(2019, 9, 29)) == "Vote (Wikinews, Sunday, 29 September 2019)"
    assert heading("Vote", "", None) == "Vote"


def test_neighbours_are_read_and_not_numbered() -> None:
    passage = ReadPassage(sentences=("Anna came.",), before=("Yes.",), after=("No.",))

    (window,) = WindowMaker(tiny_tokenizer()).windows("who", passage)

    assert words(window.ids).endswith("yes . anna came . no . [SEP]")
    assert [place.sentence for place in window.places] == [None, 0, None]


def test_a_passage_without_sentences_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sentence"):
        ReadPassage(sentences=())


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=9), st.integers(28, 60))
def test_every_sentence_stands_once_and_whole_in_windows_that_are_not_too_long(
    question: str, sentences: list[str], most: int
) -> None:
    windows = WindowMaker(tiny_tokenizer(), max_tokens=most).windows(question, ReadPassage(sentences=tuple(sentences)))

    assert all(len(window.ids) <= most for window in windows)
    found = [(place.sentence, words(w.ids[place.first : place.past_last])) for w in windows for place in w.places]
    assert [number for number, _ in found] == list(range(len(sentences)))
    assert [text for _, text in found] == sentences


def test_offsets_lead_back_to_the_words() -> None:
    (window,) = WindowMaker(tiny_tokenizer()).windows("who", ReadPassage(sentences=("Anna  came.",)))

    assert ["Anna  came."[a:b] for a, b in window.places[0].offsets] == ["Anna", "came", "."]


def test_the_feed_gives_each_sentence_weights_that_sum_to_one() -> None:
    maker = WindowMaker(tiny_tokenizer())
    short = maker.windows("who", ReadPassage(sentences=("Anna came.",)))
    long = maker.windows("who", ReadPassage(sentences=("Anna came.", "Bert left on Monday.")))

    feed = feed_of([*short, *long])

    assert feed["sentence_weights"].sum(axis=2).round(5).tolist() == [[1, 0], [1, 1]]
    assert feed["attention_mask"].sum(axis=1).tolist() == [len(short[0].ids), len(long[0].ids)]
