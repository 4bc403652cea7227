"""Questions to go on with: of the evidence, answered before they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.pipeline import ingest
from ingest.sample import sample_folder
from rag.desk import Desk, open_desk
from rag.public_json import answer_json
from rag.settings import Settings

ASKED = (
    "Who signed the pact in Pyongyang?",
    "When did the Key Bridge collapse?",
    "How big was the Fed's rate cut?",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    settings = Settings(library=tmp_path_factory.mktemp("sample") / "library")
    with open_desk(settings=settings, stay_open=False) as opened:
        ingest([sample_folder()], opened.library)
        yield opened


def test_each_is_answered_without_doubt_and_in_other_quotes(desk: Desk) -> None:
    found = 0
    for question in ASKED:
        answer = desk.ask(question)
        shown = {(quote.article.id, quote.start) for quote in answer.citations}
        further = desk.further_questions(answer)
        assert len(further) <= desk.settings.further_questions
        for text in further:
            found += 1
            asked = desk.ask(text)
            assert (asked.outcome, asked.doubt) == ("answered", "")
            told = {(quote.article.id, quote.start) for quote in asked.citations}
            # The latest on a matter is a digest, which may begin with what is known.
            assert told - shown if asked.intent == "latest" else not told & shown
    assert found


def test_there_is_none_after_what_is_no_answer(desk: Desk) -> None:
    for text in ("What is the price of gold in London?", "what's new?", "hello"):
        assert desk.further_questions(desk.ask(text)) == ()


def test_none_where_the_setting_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = desk.ask(ASKED[0])
    without = desk.settings.model_copy(update={"further_questions": 0})
    monkeypatch.setattr(desk.library, "settings", without)
    assert desk.further_questions(answer) == ()


def test_they_are_part_of_the_public_json(desk: Desk) -> None:
    answer = replace(desk.ask(ASKED[0]), further=("Who is Ana Ruiz?",))
    assert answer_json(answer)["further"] == ["Who is Ana Ruiz?"]
