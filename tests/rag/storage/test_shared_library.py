"""One archive on a server, several machines: each has a folder with indexes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import PIPE

import pytest

from ingest.preparing.prepare import preparer
from rag.desk import Desk
from rag.errors import EmbedderMismatch
from rag.models.hashing_embedder import HashingEmbedder
from rag.public_json import answer_json
from rag.storage.archive.archive import Archive
from rag.storage.library import Library, open_library
from rag.types import Question
from tests.postgresql_server import PostgresqlServer
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, prepared, settings_for

ROOT = Path(__file__).resolve().parents[3]
Machine = Callable[[str], Library]


@pytest.fixture
def address(postgresql: PostgresqlServer) -> str:
    return postgresql.new_place()


@pytest.fixture
def machine(address: str, tmp_path: Path) -> Machine:
    """Opens the library on the machine of that name."""

    def opened(name: str) -> Library:
        settings = settings_for(tmp_path / name, archive=address, vector_index="exact")
        return open_library(settings, embedder=HashingEmbedder(), stay_open=True)

    return opened


def ids(library: Library, text: str = "What happened to the bridge?") -> set[str]:
    return {hit.passage_id.partition(":")[0] for hit in library.search_words(Question(text=text), 10)}


def test_what_one_machine_stores_or_removes_the_other_answers_or_does_not(machine: Machine) -> None:
    with machine("first") as first, machine("second") as second:
        first.put([prepared(BRIDGE), prepared(STRIKE)])
        assert BRIDGE.ref.id in ids(second)
        second.remove(BRIDGE.ref.id)
        assert BRIDGE.ref.id not in ids(first)
        assert first.status().articles == second.status().articles == 1
        assert first.status().clean


def test_a_page_follows_what_another_machine_stores_without_being_asked(machine: Machine) -> None:
    with machine("first") as first, Desk(machine("second"), watch=True) as page:
        first.put([prepared(BRIDGE)])
        waiting = threading.Event()
        while page.library.status().words_revision < 1:
            waiting.wait(0.05)
        assert page.ask("How long will the repairs of the Saltmarsh bridge take?").citations


def test_answers_are_those_of_a_library_in_a_file(machine: Machine, tmp_path: Path) -> None:
    articles = [prepared(article) for article in (BRIDGE, STRIKE, UNDATED)]
    settings = settings_for(tmp_path / "alone", vector_index="exact")
    with machine("shared") as shared, open_library(settings, embedder=HashingEmbedder(), stay_open=True) as alone:
        for library in (shared, alone):
            library.put(articles)
        for question in ("How long will the repairs take?", "What does the union ask for?", "Who saw moths?"):
            first, second = (answer_json(Desk(library).ask(question)) for library in (shared, alone))
            for answer in (first, second):
                answer.pop("provenance", None)
            assert first == second


def test_indexes_of_another_archive_are_not_taken_for_ones_own(
    machine: Machine, postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with machine("first") as library:
        library.put([prepared(BRIDGE)])
    elsewhere = settings_for(tmp_path / "first", archive=postgresql.new_place(), vector_index="exact")
    with open_library(elsewhere, embedder=HashingEmbedder(), stay_open=True) as library:
        assert ids(library) == set()
        library.put([prepared(STRIKE)])
        assert ids(library, "What does the union ask for?") == {STRIKE.ref.id}
    in_the_file = settings_for(tmp_path / "first", vector_index="exact")
    (tmp_path / "first" / "indexes").rename(tmp_path / "kept")
    open_library(in_the_file).close()
    (tmp_path / "kept").rename(tmp_path / "first" / "indexes")
    with open_library(in_the_file, embedder=HashingEmbedder()) as library:
        assert ids(library) == set()
        assert ids(library, "What does the union ask for?") == set()


def test_a_folder_that_cannot_be_written_still_answers(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine("first") as library:
        library.put([prepared(BRIDGE)])
    # The tests may run as root, whom no permission stops.
    monkeypatch.setattr("rag.storage.place.cannot_be_written", lambda folder: True)
    with machine("second") as library:
        assert ids(library) == {BRIDGE.ref.id}


def test_two_machines_that_start_with_different_embedders_do_not_mix_them(address: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, archive=address, vector_index="exact")
    with open_library(settings, embedder=HashingEmbedder()) as first:
        second = open_library(settings, embedder=HashingEmbedder(32))
        assert second.embedder.identity == "hashing-32"
        first.put([prepared(BRIDGE)])
        with pytest.raises(EmbedderMismatch):
            second.put([prepared(STRIKE)])
        second.close()
        assert first.archive.count() == 1


def test_a_shared_library_answers_as_of_a_day(machine: Machine) -> None:
    text = BRIDGE.text.replace("nine", "eleven")
    corrected = replace(BRIDGE, text=text, fetched=datetime(2024, 5, 20, tzinfo=UTC))
    with machine("first") as library:
        library.put([prepared(BRIDGE)])
        library.put([prepared(corrected)])
        with Desk(library).as_of(date(2024, 5, 7), preparer) as then:
            assert "nine weeks" in then.article(BRIDGE.ref.id).text


@pytest.mark.slow
def test_two_ingests_at_once_lose_nothing_and_store_nothing_twice_while_the_server_crashes(
    address: str, tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for number in range(60):
        text = (
            f"# Dispatch {number}\n\nThe harbour of Kell counted {number} ships, and the mayor spoke of the {number}."
        )
        (sources / f"{number}.md").write_text(text, encoding="utf-8")
    settings = {"NEWSDESK_ARCHIVE": address, "NEWSDESK_EMBEDDER": "hashing", "NEWSDESK_VECTOR_INDEX": "exact"}
    command = [sys.executable, "-m", "cli", "ingest", "--json", str(sources)]
    ingests = [
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings | {"NEWSDESK_LIBRARY": str(tmp_path / name)}, stdout=PIPE
        )
        for name in ("first", "second")
    ]
    waiting, kills = threading.Event(), 0
    archive = Archive(address)
    while any(ingest.poll() is None for ingest in ingests):
        # At least ten articles are stored between two crashes.
        if archive.count() // 10 > kills:
            postgresql.kill_one()
            kills += 1
        waiting.wait(0.02)
    reports = [json.loads(ingest.communicate()[0]) for ingest in ingests]
    assert [ingest.returncode for ingest in ingests] == [0, 0], reports
    assert kills
    assert (archive.count(), archive.revision() >= 60, archive.history.corrections()) == (60, True, {})
    assert len({change.article_id for change in archive.changed_since(0, limit=1000)}) == 60
    assert archive.passage_count() == sum(len(archive.passages(name)) for name in archive.article_ids())
    archive.close()
