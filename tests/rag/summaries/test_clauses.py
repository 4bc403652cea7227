"""A sentence may end behind its main clause, never where that would change what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.summaries.clauses import main_clause_length


@pytest.mark.parametrize(
    ("main", "addition"),
    [
        ("Lindow approved new maps for the harbour on Tuesday", ", handing a victory to the mayor."),
        ("The council of Ostrel closed the old bridge over the Dray", ", which had stood since the war."),
        ("The council of Ostrel closed the old bridge over the Dray", "; the new one opens in May."),
    ],
)
def test_what_only_adds_may_go(main: str, addition: str) -> None:
    assert (main + addition)[: main_clause_length(main + addition)] == main


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge, which had stood since the war, was closed by the council of Ostrel on Monday.",
        "The council of Ostrel will close the old bridge in May, unless the court says otherwise.",
        "Twelve people were killed when the old bridge in Ostrel fell, according to the fire service.",
        "Twelve people were killed when the old bridge in Ostrel fell, the fire service said.",
        "The mayor of Ostrel resigned on Monday evening, saying “I have done nothing wrong”.",
        "The mayor of Ostrel resigned on Monday evening, denying that he had taken money.",
        "“I concede,” the mayor of Ostrel said on Monday evening, adding that the new tax would be withdrawn at once.",
        "The mayor of Ostrel — who took office in May — resigned on Monday evening after a vote.",
    ],
)
def test_what_changes_the_meaning_stays(sentence: str) -> None:
    assert main_clause_length(sentence) == len(sentence)


@given(st.text(max_size=300))
def test_a_main_clause_is_a_beginning_of_its_sentence(sentence: str) -> None:
    assert 0 <= main_clause_length(sentence) <= len(sentence)
