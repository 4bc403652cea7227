"""The crash test can fail: its articles can be told apart, its watch sees writes, its check sees damage."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eval.crash_test.articles import InventedArticle, article_url, invent, write_jsonl
from eval.crash_test.check import faults_in
from eval.crash_test.report import Options
from eval.crash_test.run import IndexWatch, Report
from ingest.pipeline import ingest
from rag.settings import Settings
from rag.storage.indexes.chroma import ChromaIndex
from rag.storage.indexes.folders import IndexFolders
from rag.storage.library import open_library
from rag.storage.place import ARCHIVE_FILE

COUNT = 4


def test_articles_are_the_same_for_the_same_seed_and_differ_otherwise() -> None:
    assert invent(3, version=1, seed=1) == invent(3, version=1, seed=1)
    assert invent(3, version=1, seed=1).text != invent(3, version=1, seed=2).text
    assert invent(3, version=1, seed=1).url == article_url(3)


def test_two_versions_differ_in_the_fact_alone() -> None:
    first, second = invent(3, version=1, seed=1), invent(3, version=2, seed=1)
    assert first.fact != second.fact
    assert first.text.replace(first.fact, second.fact) == second.text


def test_every_article_has_a_place_an_hour_and_a_fact_of_its_own() -> None:
    made = [invent(number, version=1, seed=1) for number in range(3000)]
    assert len({a.place for a in made}) == len({a.published for a in made}) == len({a.fact for a in made}) == 3000
    assert all(article.fact in article.text for article in made)


def test_a_watch_waits_for_a_few_writes(tmp_path: Path) -> None:
    (tmp_path / "vectors-0001" / "segment").mkdir(parents=True)
    (tmp_path / "words-0001").mkdir()
    watch = IndexWatch(tmp_path, random.Random(1))
    assert not watch.is_due()
    looks = 0
    while not watch.is_due() and looks < 10:
        looks += 1
        (tmp_path / "words-0001" / f"{looks}.idx").touch()
        (tmp_path / "vectors-0001" / "segment" / f"{looks}.bin").touch()
    assert 1 <= looks <= 6


def test_a_report_counts_its_kills_and_says_whether_something_was_lost() -> None:
    report = Report(options=Options(kills=3, articles=10))
    report.kills["random"] += 2
    report.kills["index"] += 1
    assert report.killed == 3
    assert report.as_text().endswith("nothing was lost")
    report.faults.append("article 7 is missing")
    assert report.as_text().endswith("article 7 is missing")
    assert json.loads(json.dumps(report.as_json()))["faults"] == ["article 7 is missing"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    source = tmp_path / "articles.jsonl"
    write_jsonl(source, articles=COUNT, version=1, seed=1)
    settings = Settings(library=tmp_path / "library", embedder="hashing", vector_index="chroma")
    with open_library(settings) as target:
        assert ingest([source], target).added == COUNT
    return settings.library


def made(*, count: int = COUNT, version: int = 1) -> list[InventedArticle]:
    return [invent(number, version=version, seed=1) for number in range(count)]


def test_a_sound_library_has_no_faults_and_checking_changes_nothing(library: Path) -> None:
    assert list(faults_in(library, made())) == []
    assert list(faults_in(library, made())) == []


def test_a_missing_and_an_old_article_are_faults(library: Path) -> None:
    assert f"{article_url(COUNT)} is missing" in list(faults_in(library, made(count=COUNT + 1)))
    assert f"{article_url(0)} has not its newest text" in list(faults_in(library, made(version=2)))


def test_passages_lost_from_the_archive_are_faults(library: Path) -> None:
    with closing(sqlite3.connect(library / ARCHIVE_FILE)) as connection:
        connection.execute("DELETE FROM passages WHERE article_id = (SELECT min(id) FROM articles)")
        connection.commit()
    found = list(faults_in(library, made()))
    assert any("and its passages differ" in fault for fault in found)
    assert any("passages in archive, vectors and words differ" in fault for fault in found)


def test_vectors_lost_in_silence_are_faults(library: Path) -> None:
    with open_library(Settings(library=library, embedder="hashing")) as opened:
        lost, revision = opened.archive.article_ids()[0], opened.archive.revision()
    index = ChromaIndex(IndexFolders(library).current("vectors"))
    index.update(drop=[lost], add=[], revision=revision)
    index.close()
    found = list(faults_in(library, made()))
    assert f"passage {lost}:0 does not find itself among the vectors" in found
