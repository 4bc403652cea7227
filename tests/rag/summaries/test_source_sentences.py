"""What of an article may be quoted: sentences that tell something, no lists, notices and pointers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.summaries.source_sentences import source_sentences, tells_something
from rag.summaries.summary_types import word_count
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with

Quotable = Callable[[Article], list[str]]


@pytest.fixture
def quotable(tmp_path: Path) -> Quotable:
    def of(article: Article) -> list[str]:
        with library_with(tmp_path / "library", [article]) as library:
            return [one.text for one in source_sentences(library.archive.passages(article.ref.id), most=50)]

    return of


def test_the_items_of_a_list_are_no_sentences(quotable: Quotable) -> None:
    article = make_article(
        "Thieves took three pieces from the museum of Kell on Monday, its director said.\n\n"
        "A silver crown: Worn by Queen Ilse, the second wife of King Odo.\n\n"
        "A pearl necklace: From the collection of the same queen in Kell.\n\n"
        "A golden brooch: Also known as the brooch of the harbour of Kell.",
        title="Museum robbed",
    )
    assert quotable(article) == ["Thieves took three pieces from the museum of Kell on Monday, its director said."]


def test_a_single_colon_is_no_list(quotable: Quotable) -> None:
    said = "The mayor had one wish: That the bridge of Kell be open by the summer."
    assert quotable(make_article(f"{said} The council of Kell voted for it on Monday.", title="Bridge"))[0] == said


@pytest.mark.parametrize(
    "said",
    [
        "Correction & clarification: A prior version of this column misspelled the name of the mayor.",
        "An earlier version of this report gave a wrong name for the mayor of Kell.",
        "Here's an update on the next vote and the odds of a deal this week.",
        "Here are photos of the old bridge before it was taken down on Monday.",
        "Take a look at photos of the old bridge before it was taken down.",
    ],
)
def test_notices_and_what_only_points_to_something_are_not_quoted(said: str) -> None:
    assert not tells_something(said, word_count(said))


@pytest.mark.parametrize("outlet", ["Harbour Post", "harbourpost.example", "www.harbourpost.example"])
def test_an_outlet_that_speaks_of_itself_is_known_by_name_and_by_host(quotable: Quotable, outlet: str) -> None:
    article = make_article(
        "Reporters of the HARBOUR POST spoke with forty people in Kell about the old bridge. "
        "The mayor told the Harbour Post that the bridge will be closed on Friday.",
        title="Bridge",
        outlet=outlet,
    )
    assert quotable(article) == ["The mayor told the Harbour Post that the bridge will be closed on Friday."]
