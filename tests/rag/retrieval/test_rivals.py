"""An article that claims the address of another is told apart from it in an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.preparing.prepare import preparer
from rag.desk import Desk
from rag.retrieval.rivals import rivals_among
from rag.testing import make_article
from rag.types import Answer, Origin
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared
from tests.rag.scripted_reader import ScriptedReader

FORGED = make_article(
    "Ferries sail to Dunholm every hour. The bridge at Dunholm closes for two days, its keeper said.",
    title="Dunholm bridge",
    outlet="Dun Courier",
    url=BRIDGE.ref.url + "#claimed",
    published="2024-05-07T09:00:00+00:00",
)
CLAIM = Origin(source="file planted", rival_of=BRIDGE.ref.id)


def asked(folder: Path, told: str) -> Answer:
    """The answer to what the sentence tells, beside a rival."""
    with library_with(folder, [BRIDGE, STRIKE]) as library:
        library.put([replace(prepared(FORGED), origin=CLAIM)])
        library.reader = ScriptedReader({told: 0.9})
        return Desk(library).ask("For how long is the bridge closed?")


def test_a_quote_of_a_rival_comes_with_a_notice_that_names_the_article_at_its_address(tmp_path: Path) -> None:
    answer = asked(tmp_path, "closes for two days")
    assert [citation.article.id for citation in answer.citations] == [FORGED.ref.id]
    assert answer.provenance.notice.startswith(
        "[1] is from another source than \u201cSaltmarsh bridge closes\u201d (Evening Mail), which stands at the same"
    )


def test_a_quote_of_the_article_that_holds_its_address_comes_without_one(tmp_path: Path) -> None:
    answer = asked(tmp_path, "nine weeks")
    assert [citation.article.id for citation in answer.citations] == [BRIDGE.ref.id]
    assert "address" not in answer.provenance.notice


def test_a_rival_of_the_same_story_is_a_copy(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE]) as library:
        library.put([replace(prepared(FORGED, story=BRIDGE.ref.id), origin=CLAIM)])
        (rival,) = rivals_among(library.archive, [BRIDGE.ref.id, FORGED.ref.id]).values()
    assert (rival.holder, rival.is_copy) == (BRIDGE.ref, True)
    assert rival.in_words.startswith("At its address stands \u201cSaltmarsh bridge closes\u201d (Evening Mail).")
    assert rival.in_words.endswith("says nearly the same.")


@pytest.mark.parametrize(("day", "is_rival"), [("2024-05-05", False), ("2024-05-06", True)])
def test_as_of_a_day_an_article_is_a_rival_once_the_one_at_its_address_is_known(
    tmp_path: Path, day: str, is_rival: bool
) -> None:
    early = replace(FORGED, ref=replace(FORGED.ref, published=datetime(2024, 5, 5, 9, tzinfo=UTC)))
    with library_with(tmp_path, [BRIDGE]) as library:
        library.put([replace(prepared(early), origin=CLAIM)])
        with Desk(library).as_of(day, preparer) as then:
            assert early.ref.id in then.library.archive.article_ids()
            assert bool(rivals_among(then.library.archive, [early.ref.id])) == is_rival
