"""Sentences of news text, in many scripts, with exact spans."""
# ruff: noqa: RUF001  (marks and words of many scripts are what this file is about)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import split_sentences


def sentences_of(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


TRICKY = [
    ["The U.S. sent aid.", "It arrived late."],
    ["He was born in the U.S.", "In 2020 he left."],
    ["The U.S. Department of State denied it."],
    ["Washington D.C. police made an arrest."],
    ["Mr. Ito met Dr. Anna K. Berg on Monday.", "They talked for an hour."],
    ["J. R. R. Tolkien and J. A. Hobson wrote books."],
    ["George W. Bush and John F. Kennedy Jr. were named."],
    ["Gen. Mark Hale told Sen. Ana Ruiz, R-Texas, to wait.", "She did not."],
    ["Growth was 3.5 percent.", "Inflation rose to 7.25 percent."],
    ["It cost $1.2 million.", "Nobody paid."],
    ["Shares of Norvale Inc. rose.", "Shares of Harrow Corp. fell."],
    ["She works at Harrow Corp.", "The firm is old."],
    ["Ford Motor Co. Chief Executive Lea Orne resigned."],
    ["The talks began at 5 p.m. Eastern time.", "They ended at 9 p.m.", "Nobody spoke."],
    ["It landed at 6:23 a.m. Beijing time on Sunday.", "It left at 9 p.m.", "Smith watched."],
    ["The bridge fell at 1:28 a.m. Tuesday."],
    ["He paused… and went on."],
    ["They were friendlier…", "In practice they were not."],
    ["He wrote: “We [...] Will not yield.”", "Then he left."],
    ["“We will win.”", "He sat down."],
    ['"Is it over?" she asked.', "Nobody knew."],
    ["“Is it over?” Smith said.", "It was."],
    ["“Stop!” the guard shouted.", "They ran."],
    ["“I came.", "I saw,” he said."],
    ["He left (in 2019. He said so) and came back."],
    ["It held.", "(The wall is old.)", "It was rebuilt."],
    ["The order (see p. 4. Not public) was kept – Ed. – until May."],
    ["Section No. 5 of the act applies.", "Art. 7 does not."],
    ["The answer was no.", "Then it was yes."],
    ["On Jan. 6 they met.", "On Sept. 12, 2023, they met again."],
    ["It rained in Boulder, Colo., on Friday.", "It rained in Gloucester, Mass.", "The roads closed."],
    ["He grew up in Springfield, Ill.", "The town is small."],
    ["The score, i.e. the result, was 3–2.", "Etc. is no argument."],
    ["It was Smith v. Jones, not Ruiz vs. Ortega."],
    ["See example.com for more.", "Visit www.harbour.example.", "Then write to us."],
    ["Version 2.0.1 is out.", "Node.js is not affected."],
    ["It rained in Portland, Ore. Governor Hale stayed at home."],
    ["The Rev. Tom Hale prayed at 40 Elm St. on Sunday.", "Lt. Col. Ruiz knelt."],
    ["Yahoo! Finance reported it.", "Others did too."],
    ["No, it won’t.", "I’m sure of it."],
    ["Reps. Ana Ruiz and Tom Hale agreed.", "Sens. Berg and Orne did not."],
    ["What now?!", "Nobody knows.", "Really?"],
    ["iPhone sales fell.", "iPad sales rose."],
    ["Wait...", "The line is dead."],
    ["1. Restart the machine.", "Then wait."],
    ["He chose Plan B.", "It worked."],
    ["Acme St. Louis opened.", "St. Ives did not."],
    ["The agency said so.[3]", "Others disagreed.[4][5]"],
    ["She holds a Ph.D. from Lund.", "He holds none."],
    ["Fire crews came at 6.", "They left at 9."],
    ["Il a dit : « Nous partons. »", "Puis il est parti."],
    ["Pourquoi ?", "Personne ne le sait !", "M. Petit non plus."],
    ["Am 3. Oktober wird gefeiert.", "Das gilt z. B. in Berlin."],
    ["„Wir gehen.“", "Dann ging er.", "»Ja.«", "Er blieb."],
    ["El Sr. López llegó a EE. UU. ayer.", "¿Por qué?", "¡Nadie lo sabe!"],
    ["Он приехал в 2024 г. из Минска.", "А. С. Орлов молчал."],
    ["وصل الوزير أمس.", "هل يعود غدا؟", "لا أحد يعلم."],
    ["मंत्री आज आए।", "वे कल लौटेंगे।"],
    ["وزیر کل آئے۔", "وہ آج گئے۔"],
    ["Նա եկավ։", "Նա գնաց։"],
]


@pytest.mark.parametrize("expected", TRICKY, ids=lambda sentences: sentences[0][:30])
def test_tricky_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert sentences_of(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["部长昨天抵达。", "他说：“我们会继续。”", "会谈将于明天举行！", "为什么？"],
        ["「行きます。」と首相は述べた。", "会談は３時間続いた。"],
        ["“够了！”，他说。", "然后离开。"],
    ],
)
def test_chinese_and_japanese_sentences_need_no_space_between_them(expected: list[str]) -> None:
    assert sentences_of("".join(expected)) == expected


def test_a_space_lost_between_sentences_does_not_join_them() -> None:
    assert sentences_of("The vote failed.Then the chamber emptied.") == [
        "The vote failed.",
        "Then the chamber emptied.",
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n\n", "\u2028"])
def test_a_line_break_ends_a_sentence(line_break: str) -> None:
    parts = ["A headline without a stop", "- first item", "- second item; and", "the rest, mid-sentence"]
    assert sentences_of(line_break.join(parts)) == parts


def test_a_line_without_words_is_kept_as_its_own_span() -> None:
    assert sentences_of("One.\n* * *\nTwo.") == ["One.", "* * *", "Two."]


def test_marks_without_words_stay_with_the_sentence_before_them() -> None:
    assert sentences_of("He left. ... !") == ["He left. ... !"]


@pytest.mark.parametrize("text", ["", "   \n\t ", "...", "?! — “”", "• • •\n***"])
def test_text_without_a_word_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


PIECES = [
    "Mr.",
    "U.S.",
    "said",
    "Putin",
    "3.5",
    "p.m.",
    "“",
    "”",
    "…",
    "(",
    ")",
    ".",
    "?",
    "!",
    "。",
    "؟",
    "।",
    "»",
    "«",
]
PIECES += ["A.", "the", "[1]", "e\u0301", "漢", "No.", "1.", "\n", " ", "  ", "\u00a0", "\u2029"]
NEWSLIKE = st.lists(st.sampled_from(PIECES)).map("".join)


@given(st.one_of(st.text(), NEWSLIKE))
def test_spans_are_ordered_trimmed_and_cover_everything_but_white_space(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for span in spans:
        assert not text[position : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    if spans:
        assert not text[position:].strip()
    else:
        assert not any(character.isalnum() for character in text)


@given(NEWSLIKE)
def test_a_span_never_crosses_a_line_break(text: str) -> None:
    assert not any(mark in sentence for sentence in sentences_of(text) for mark in "\n\u2029")


@pytest.mark.parametrize(
    "unit",
    ["! ", "(", "()", ". »", "a.", "“", "A. ", ".[1]", '?"', "Mr. ", "a. ", "。", "x", "[...] ", "a\n", "said. "],
)
def test_hostile_repetition_is_covered_to_its_last_character(unit: str) -> None:
    text = "Start " + unit * (200_000 // len(unit)) + " end"
    spans = split_sentences(text)
    assert spans[0].start == 0
    assert spans[-1].end == len(text)


def test_a_line_of_abbreviations_is_one_sentence_however_long_it_is() -> None:
    line = "Mr. " * 300_000
    assert len(list(split_sentences(line))) == 1
