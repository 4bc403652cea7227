"""Timestamps that stand on lines of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning.timestamps import timestamp_kind


@pytest.mark.parametrize(
    "line",
    [
        "updated 3:45 pm edt",
        "published march 4, 2024, 9:02 a.m. et",
        "march 4, 2024 updated march 5, 2024, 9:02 a.m. et",
        "last updated on monday 4 march 2024",
        "this story was first published at 14:05 on 4 march",
        "veröffentlicht am 4. märz 2024, 14:05 uhr",
        "publié le 4 mars 2024 à 14h05",
        "aggiornato il 4 luglio 2024, 14:05",
        "atualizado 4 março 2024 14:05",
        "aktualisiert: 04.03.2024, 14:05",
        "updated 2024-03-04 14:05 utc",
        "posted 3 hours ago",
    ],
)
def test_a_timestamp_that_says_what_it_is_is_labelled(line: str) -> None:
    assert timestamp_kind(line) == "labelled"


@pytest.mark.parametrize(
    "line",
    ["14:05", "14:05 gmt", "2:05 p.m. et", "2:05pm", "march 4, 2024, 2:05 p.m.", "2h ago", "5 minutes ago", "just now"],
)
def test_a_time_of_day_alone_is_bare(line: str) -> None:
    assert timestamp_kind(line) == "bare"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "march 4, 2024",
        "monday 4 march",
        "2024",
        "8 p.m",
        "2:15",
        "2.15",
        "3-2",
        "published 2019",
        "updated",
        "may",
        "updated rules apply from 14:05",
        "at 14:05 the bridge closed",
        "the bridge closed 3 hours ago",
        "posted 14 wins in march",
    ],
)
def test_a_date_a_figure_or_a_sentence_is_no_timestamp(line: str) -> None:
    assert timestamp_kind(line) is None


@given(st.text(st.sampled_from("0123456789:.,- amph"), min_size=121))
def test_a_long_line_is_no_timestamp(line: str) -> None:
    assert timestamp_kind(line) is None
