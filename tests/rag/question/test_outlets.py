"""Outlets are found as a reader names them."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.question.outlets import named_outlets

KNOWN = ["Pacific Ledger", "Harbour Standard", "harbour standard", "Straße Post"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["pacific ledger"], ("Pacific Ledger",)),
        (["STRASSE  POST"], ("Straße Post",)),
        (["Harbour Standard"], ("Harbour Standard",)),
        (["HARBOUR STANDARD"], ("Harbour Standard", "harbour standard")),
        (["pacific ledger", "Pacific Ledger"], ("Pacific Ledger",)),
        ([], ()),
    ],
)
def test_case_and_spacing_do_not_matter_where_the_exact_name_is_not_there(
    given: list[str], meant: tuple[str, ...]
) -> None:
    assert named_outlets(given, KNOWN) == meant


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("Pacific Leger", "did you mean 'Pacific Ledger'?"),
        ("ledger", "did you mean 'Pacific Ledger'?"),
        ("zzz", "the outlets here are Pacific Ledger, Harbour Standard, Straße Post"),
        ("", "the outlets here are Pacific Ledger, Harbour Standard, Straße Post"),
    ],
)
def test_a_name_that_fits_none_is_refused_with_advice(given: str, advice: str) -> None:
    with pytest.raises(UsageError) as refused:
        named_outlets([given], KNOWN)
    assert str(refused.value) == f"no article is from {given!r}; {advice}"


def test_of_many_outlets_only_some_are_listed() -> None:
    with pytest.raises(UsageError, match="Outlet 9 and 40 more that `newsdesk status` lists"):
        named_outlets(["zzz"], [f"Outlet {number}" for number in range(50)])


def test_a_library_without_outlets_is_said() -> None:
    with pytest.raises(UsageError, match="no article here has an outlet; leave outlets out"):
        named_outlets(["Ledger"], [])
