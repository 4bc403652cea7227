"""The crash test of a cluster can fail: its check sees what is missing, doubled, or not followed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.crash_test.articles import article_url, write_jsonl
from eval.crash_test.cluster.check import Cluster, faults_in, told
from eval.crash_test.cluster.run import Report
from eval.crash_test.report import Options
from ingest.pipeline import ingest
from rag.settings import Settings
from rag.storage.archive.archive import Archive
from rag.storage.indexes.chroma_server import ChromaServer, ChromaServerIndex
from rag.storage.library import Library, open_library
from tests.chroma_server import RunningChroma
from tests.postgresql_server import PostgresqlServer

COUNT = 3


@pytest.fixture
def cluster(tmp_path: Path, postgresql: PostgresqlServer, running_chroma: RunningChroma) -> Cluster:
    """Two machines that ingested the same articles twice, undisturbed; without pages."""
    made = Cluster(
        archive=postgresql.new_place(),
        chroma=running_chroma.address,
        libraries=(str(tmp_path / "machine-1"), str(tmp_path / "machine-2")),
        pages=(),
        articles=COUNT,
        version=2,
        seed=1,
    )
    for version in (1, 2):
        source = tmp_path / f"articles-{version}.jsonl"
        write_jsonl(source, articles=COUNT, version=version, seed=1)
        for folder in made.libraries:
            with opened(made, folder) as library:
                ingest([source], library)
    for folder in made.libraries:
        with opened(made, folder) as library:
            library.catch_up()
    return made


def opened(cluster: Cluster, folder: str) -> Library:
    settings = {"archive": cluster.archive, "chroma": cluster.chroma, "embedder": "hashing", "vector_index": "chroma"}
    return open_library(Settings(library=Path(folder), **settings), stay_open=True)  # type: ignore[arg-type]


def test_a_sound_cluster_has_no_faults(cluster: Cluster) -> None:
    assert list(faults_in(cluster)) == []


def test_what_is_missing_or_doubled_is_a_fault(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.crash_test.cluster.check.FOLLOW_SECONDS", 0.0)
    assert f"{article_url(COUNT)} is missing" in list(faults_in(replace(cluster, articles=COUNT + 1)))
    found = list(faults_in(replace(cluster, version=1)))
    assert f"{article_url(0)} has not its newest text" in found
    assert f"{article_url(0)} was replaced 1 times and not 0" in found


def test_indexes_that_do_not_follow_are_a_fault(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.crash_test.cluster.check.FOLLOW_SECONDS", 0.0)
    archive = Archive(cluster.archive)
    archive.remove(archive.article_ids()[0])
    archive.close()
    found = list(faults_in(cluster))
    assert [fault for fault in found if fault.startswith("the words of machine-")]
    assert [fault for fault in found if fault.startswith("the vectors stay at")]


def test_a_vector_lost_on_the_server_is_a_fault(cluster: Cluster) -> None:
    archive = Archive(cluster.archive)
    index = ChromaServerIndex(ChromaServer(address=cluster.chroma), archive)
    index.update(drop=[archive.article_ids()[0]], add=[], revision=archive.revision())
    index.close()
    archive.close()
    assert any(fault.startswith("the Chroma server has vectors of") for fault in faults_in(cluster))


def test_answers_are_compared_by_what_a_reader_is_told() -> None:
    quote = {"quote": "It rained.", "url": "https://crash.example/1", "start": 0, "marker": 1}
    answer = {"outcome": "answered", "text": "It rained. [1]", "citations": [quote], "provenance": {"seconds": 1}}
    assert told(answer) == told({**answer, "provenance": {"seconds": 2}})
    assert told(answer) != told({**answer, "citations": [{**quote, "start": 4}]})


def test_a_report_counts_its_kills_by_what_was_killed() -> None:
    report = Report(options=Options(kills=3, articles=10))
    report.kills["postgresql"] += 2
    report.kills["page"] += 1
    assert report.killed == 3
    assert report.as_text().endswith("nothing was lost, nothing doubled, answers as of one machine")
    report.faults.append("article 7 is missing")
    assert report.as_text().endswith("article 7 is missing")
    assert json.loads(json.dumps(report.as_json()))["kills"] == {"worker": 0, "page": 1, "chroma": 0, "postgresql": 2}
