"""Answers that cited an article which changed can be found, where the reader chose to keep answers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.desk import Desk, open_desk
from rag.errors import UsageError
from rag.events import Finished
from rag.models.hashing_embedder import HashingEmbedder
from rag.public_json import answer_json
from rag.storage.archive import sqlite
from rag.storage.archive.answers import check_citations
from rag.storage.archive.archive import Archive
from rag.storage.saved_answers import checked_answers
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import BRIDGE, STRIKE, prepared, settings_for, stored

NOW = datetime(2024, 5, 8, 12, tzinfo=UTC)
ASKED = "How long will the repairs of the Saltmarsh bridge take?"
WEEKS = "The mayor, Ana Ruiz, said that repairs would take nine weeks."
PIERS = "Engineers found cracks in two of its piers."
UNION = "The union asks for 7% more pay."


def answer_citing(*quotes: tuple[Article, str]) -> dict[str, Any]:
    """The part of an answer's JSON that says what it cites."""
    citations = []
    for marker, (article, quote) in enumerate(quotes, start=1):
        start = article.text.index(quote)
        place = {"start": start, "end": start + len(quote), "quote": quote}
        citations.append({"marker": marker, "article_id": article.ref.id, **place})
    return {"question": ASKED, "citations": citations}


@pytest.fixture
def archive(archive: Archive) -> Archive:
    for article in (BRIDGE, STRIKE):
        stored(archive, article)
    return archive


def states(archive: Archive) -> dict[int, list[tuple[int, str]]]:
    """Number of each kept answer -> marker and state of its quotes that no longer stand where they were cited."""
    checked = {kept.id: check_citations(kept.answer, archive) for kept in archive.answers.kept(suspect=True)}
    broken = {number: [(c.marker, c.state) for c in found if c.state != "holds"] for number, found in checked.items()}
    return {number: found for number, found in broken.items() if found}


def test_kept_answers_come_back_newest_first_and_by_the_article_they_cite(archive: Archive) -> None:
    about_bridge, about_strike = answer_citing((BRIDGE, WEEKS), (BRIDGE, PIERS)), answer_citing((STRIKE, UNION))
    first = archive.answers.keep(about_bridge, now=NOW)
    second = archive.answers.keep(about_strike, now=NOW)
    third = archive.answers.keep({"citations": []}, now=NOW)
    assert [kept.id for kept in archive.answers.kept()] == [third, second, first]
    (kept,) = archive.answers.kept(citing=BRIDGE.ref.id)
    assert (kept.id, kept.asked, kept.answer) == (first, NOW, about_bridge)


def test_an_answer_is_outdated_once_a_quote_of_it_is_no_longer_there(archive: Archive) -> None:
    of_both = archive.answers.keep(answer_citing((BRIDGE, WEEKS), (STRIKE, UNION)), now=NOW)
    of_piers = archive.answers.keep(answer_citing((BRIDGE, PIERS)), now=NOW)
    of_strike = archive.answers.keep(answer_citing((STRIKE, UNION)), now=NOW)
    assert states(archive) == {}
    stored(archive, replace(BRIDGE, text=BRIDGE.text.replace("nine", "ten")))
    assert states(archive) == {of_both: [(1, "changed")]}
    archive.remove(STRIKE.ref.id)
    assert states(archive) == {of_both: [(1, "changed"), (2, "removed")], of_strike: [(1, "removed")]}
    assert of_piers not in states(archive)


def test_a_quote_that_only_moved_is_told_apart_from_one_that_changed(archive: Archive) -> None:
    number = archive.answers.keep(answer_citing((BRIDGE, WEEKS)), now=NOW)
    stored(archive, replace(BRIDGE, text=f"Corrected on Tuesday. {BRIDGE.text}"))
    assert states(archive) == {number: [(1, "moved")]}


def test_an_answer_holds_again_when_the_correction_is_taken_back(archive: Archive) -> None:
    archive.answers.keep(answer_citing((BRIDGE, WEEKS)), now=NOW)
    stored(archive, replace(BRIDGE, text=PIERS))
    assert len(states(archive)) == 1
    stored(archive, BRIDGE)
    assert states(archive) == {}


def test_an_article_that_changed_while_the_answer_was_made_is_noticed(archive: Archive) -> None:
    made_before = answer_citing((BRIDGE, WEEKS))
    stored(archive, replace(BRIDGE, text=PIERS))
    number = archive.answers.keep(made_before, now=NOW)
    assert states(archive) == {number: [(1, "changed")]}


def test_keeping_an_answer_is_no_revision(archive: Archive) -> None:
    archive.answers.keep(answer_citing((BRIDGE, WEEKS)), now=NOW)
    archive.answers.forget_all()
    assert archive.revision() == 2


def test_forgotten_answers_are_gone_and_their_numbers_are_never_given_again(archive: Archive) -> None:
    archive.answers.keep(answer_citing((BRIDGE, WEEKS)), now=NOW)
    last = archive.answers.keep(answer_citing((STRIKE, UNION)), now=NOW)
    archive.remove(BRIDGE.ref.id)
    assert archive.answers.forget_all() == 2
    assert archive.answers.kept() == []
    assert states(archive) == {}
    assert archive.answers.keep({"citations": []}, now=NOW) > last


TEXTS = st.sampled_from(["It rained.", "It snowed.", "It rained. It snowed.", "It snowed. It rained."])
NAMES = st.sampled_from(["a", "b"])
STEPS = st.lists(st.tuples(NAMES, st.one_of(TEXTS, st.none(), st.just("keep"))), max_size=15)


@settings(max_examples=40)
@given(steps=STEPS)
def test_outdated_are_exactly_the_answers_with_a_quote_that_is_not_in_its_place(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None]]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("answers") / "archive.sqlite3")
    cited: dict[int, tuple[str, str]] = {}
    for name, step in steps:
        article = archive.article(name)
        if step == "keep" and article is not None:
            number = archive.answers.keep(answer_citing((article, article.text.split(". ")[-1])), now=NOW)
            cited[number] = (name, article.text)
        elif step is None:
            archive.remove(name)
        elif step != "keep":
            stored(archive, make_article(step, article_id=name))
    expected = set()
    for number, (name, told) in cited.items():
        quote = told.split(". ")[-1]
        start, article = told.index(quote), archive.article(name)
        if article is None or article.text[start : start + len(quote)] != quote:
            expected.add(number)
    assert set(states(archive)) == expected
    archive.close()


def test_an_answer_that_a_script_saved_is_checked_quote_by_quote(archive: Archive) -> None:
    saved = json.loads(json.dumps(answer_citing((BRIDGE, PIERS), (BRIDGE, WEEKS), (STRIKE, UNION))))
    stored(archive, replace(BRIDGE, text=f"{PIERS} Repairs would take ten weeks."))
    archive.remove(STRIKE.ref.id)
    checks = check_citations(saved, archive)
    assert [(check.marker, check.state) for check in checks] == [(1, "moved"), (2, "changed"), (3, "removed")]
    assert [check.quote for check in checks] == [PIERS, WEEKS, UNION]


GOOD = {"marker": 1, "article_id": "a", "start": 0, "end": 4, "quote": "Rain"}


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ([], "no list of 'citations'"),
        ({}, "no list of 'citations'"),
        ({"citations": {"1": GOOD}}, "no list of 'citations'"),
        ({"citations": ["Rain"]}, "citation number 1 of this answer has no usable 'marker'"),
        ({"citations": [GOOD, GOOD | {"start": "0"}]}, "citation number 2 of this answer has no usable 'start'"),
        ({"citations": [GOOD | {"end": True}]}, "no usable 'end'"),
        ({"citations": [{k: v for k, v in GOOD.items() if k != "quote"}]}, "no usable 'quote'"),
        ({"citations": [GOOD | {"quote": ""}]}, "quotes nothing"),
        ({"citations": [GOOD | {"start": -4}]}, "quotes nothing"),
        ({"citations": [GOOD | {"article_id": "\ud800"}]}, "names no article"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_to_give(archive: Archive, saved: Any, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_citations(saved, archive)
    assert message in str(refused.value)
    assert str(refused.value).endswith("give what `newsdesk ask --json` printed")
    with pytest.raises(UsageError):
        archive.answers.keep(saved, now=NOW)
    assert archive.answers.kept() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["citations", *GOOD]), inner),
)


@given(
    saved=st.one_of(
        JSON, st.fixed_dictionaries({"citations": st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, JSON)))})
    )
)
def test_whatever_a_file_holds_is_checked_or_refused(saved: Any) -> None:
    class Empty:
        def article(self, _article_id: str) -> Article | None:
            return None

    try:
        checks = check_citations(saved, Empty())
    except UsageError:
        return
    assert all(check.state == "removed" for check in checks)


def desk_with(folder: Path, **given_settings: object) -> Desk:
    chosen = settings_for(folder, vector_index="exact", **given_settings)
    desk = open_desk(settings=chosen, embedder=HashingEmbedder(256), stay_open=False)
    if not chosen.read_only:
        desk.library.put([prepared(BRIDGE), prepared(STRIKE)])
    return desk


def test_no_answer_is_kept_unless_the_reader_chose_so(tmp_path: Path) -> None:
    with desk_with(tmp_path) as desk:
        desk.ask(ASKED)
        list(desk.stream(ASKED))
        assert desk.library.archive.answers.kept() == []


def test_with_the_setting_every_finished_answer_is_kept_as_its_public_json(tmp_path: Path) -> None:
    with desk_with(tmp_path, keep_answers=True) as desk:
        asked = desk.ask(ASKED)
        events = desk.stream("What do the ferry crews ask for?")
        streamed = next(event.answer for event in events if isinstance(event, Finished))
        events.close()
        kept = [dict(one.answer) for one in desk.library.archive.answers.kept()]
        assert all(one.pop("made_with")["settings"]["model"] == "quotes" for one in kept)
        assert kept == [json.loads(json.dumps(answer_json(answer))) for answer in (streamed, asked)]


def test_what_the_library_kept_is_found_outdated_once_its_article_is_corrected(tmp_path: Path) -> None:
    with desk_with(tmp_path, keep_answers=True) as desk:
        desk.ask(ASKED)
        archive = desk.library.archive
        assert [answer.holds for answer in checked_answers(archive)] == [True]
        assert checked_answers(archive, outdated=True) == []
        desk.library.put([prepared(replace(BRIDGE, text=BRIDGE.text.replace("nine", "ten")))])
        (found,) = checked_answers(archive, outdated=True)
        assert (found.question, found.holds) == (ASKED, False)
        assert {citation.quote: citation.state for citation in found.citations}[WEEKS] == "changed"
        assert checked_answers(archive, citing=BRIDGE.ref.id) == [found]
        assert checked_answers(archive, citing=STRIKE.ref.id) == []


def test_a_library_that_is_only_read_answers_and_keeps_nothing(tmp_path: Path) -> None:
    desk_with(tmp_path).close()
    with desk_with(tmp_path, keep_answers=True, read_only=True) as desk:
        assert desk.ask(ASKED).outcome == "answered"
        assert desk.library.archive.answers.kept() == []


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", 0)
    with desk_with(tmp_path, keep_answers=True) as desk:
        other = sqlite3.connect(desk.library.archive.place)
        other.execute("BEGIN IMMEDIATE")
        assert desk.ask(ASKED).outcome == "answered"
        other.close()
        assert desk.library.archive.answers.kept() == []
    assert "the answer was not kept: another process has been writing" in caplog.text
