"""An ingest whose reading and embedding others do ends as one that does all itself, whoever of them dies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.pipeline import IngestReport, ingest
from ingest.stages.processes import ProcessWorkers
from ingest.stages.ray_workers import RayWorkers
from ingest.stages.work import EmbeddingTask, ReadingTask, SentDocument
from ingest.stages.workers import LOST
from rag.errors import EmbedderMismatch
from rag.settings import Settings
from rag.storage.archive.edits import Edit
from rag.storage.library import Library, open_library
from tests.ingest.preparing.test_near_duplicates import WIRE, text_of
from tests.ingest.stages.fakes import Inline
from tests.ray_cluster import RayCluster, missing

ARTICLES = 120
NEWS = 60


def page(number: int) -> str:
    paragraphs = "".join(f"<p>{text_of(1000 + 20 * number + part, 3)}</p>" for part in range(6))
    return f"<html><head><title>Berth {number}</title></head><body><article>{paragraphs}</article></body></html>"


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Lists of articles, which are streamed, and pages, which are sent; copies, repetitions, what cannot be read."""
    folder = tmp_path / "sources"
    folder.mkdir()
    lines = [
        {
            "url": f"https://news.example/{number}",
            "outlet": "Echo",
            "title": f"Item {number}",
            "text": text_of(number, 9),
        }
        for number in range(2, NEWS)
    ]
    lines += [{"url": "https://wire.example/1", "text": WIRE}, {"url": "https://copy.example/1", "text": WIRE}]
    lines += [lines[0], {"text": "***"}, {"url": "https://news.example/5", "outlet": "Ledger", "text": text_of(500, 9)}]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    for number in range(ARTICLES - NEWS):
        (folder / f"page{number:03}.html").write_text(page(number), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    return [folder / "news.jsonl", folder]


def opened(folder: Path) -> Library:
    return open_library(Settings(library=folder, embedder="hashing", vector_index="exact"))


def contents(library: Library) -> dict[str, object]:
    """All that an article has in the archive, but for when it was read."""
    archive = library.archive
    return {name: _content(library, name) for name in archive.article_ids()}


def _content(library: Library, name: str) -> tuple[object, ...]:
    archive = library.archive
    passages = [passage.id for passage in archive.passages(name)]
    vectors = {key: vector.round(6).tolist() for key, vector in archive.vectors_of(passages).items()}
    return archive.digest_of(name), archive.story_of(name), archive.origins.of(name), passages, vectors


def outcome(report: IngestReport) -> tuple[object, ...]:
    counts = (report.added, report.changed, report.unchanged, report.copies, report.repeated, report.passages)
    return (*counts, sorted(problem.reason for problem in report.problems), report.complete)


class Calls:
    """Progress that does something once, as soon as something is stored."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        if self._action is not None and done_passages:
            action, self._action = self._action, None
            action()


def test_workers_change_nothing_of_what_is_stored_and_said(tmp_path: Path, sources: list[Path]) -> None:
    with opened(tmp_path / "alone") as alone, opened(tmp_path / "helped") as helped:
        workers = Inline(slots=3)
        said = outcome(ingest(sources, alone))
        assert outcome(ingest(sources, helped, workers=workers)) == said
        assert contents(helped) == contents(alone)
        sent = [task for task in workers.submitted if isinstance(task, ReadingTask)]
        assert all(
            isinstance(item, SentDocument) for task in sent for item in task.items if item.where.endswith("html")
        )


def test_what_is_there_already_is_read_and_not_embedded(tmp_path: Path, sources: list[Path]) -> None:
    with opened(tmp_path / "library") as library:
        ingest(sources, library)
        workers = Inline()
        again = ingest(sources, library, workers=workers)
        assert (again.added, again.changed) == (0, 0)
        assert not any(isinstance(task, EmbeddingTask) for task in workers.submitted)


def test_an_article_that_a_reader_corrected_is_embedded_as_corrected(tmp_path: Path, sources: list[Path]) -> None:
    edited: list[object] = []
    for name, workers in (("alone", None), ("helped", Inline())):
        with opened(tmp_path / name) as library:
            ingest(sources[:1], library)
            [article_id] = [found for found in library.archive.article_ids() if _title(library, found) == "Item 7"]
            library.archive.edits.keep(article_id, Edit(title="The harbour closes"))
            report = ingest(sources[:1], library, workers=workers)
            assert (report.changed, _title(library, article_id)) == (1, "The harbour closes")
            edited.append(_content(library, article_id))
    assert edited[0] == edited[1]


def _title(library: Library, article_id: str) -> str:
    article = library.archive.article(article_id)
    return "" if article is None else article.ref.title


def test_a_document_that_ends_its_workers_is_a_problem_and_the_others_go_in(
    tmp_path: Path, sources: list[Path]
) -> None:
    def is_deadly(task: object) -> bool:
        return isinstance(task, ReadingTask) and any(item.where.endswith("page007.html") for item in task.items)

    with opened(tmp_path / "library") as library:
        report = ingest(sources[1:], library, workers=Inline(loses=is_deadly))
        lost = [Path(problem.where).name for problem in report.problems if problem.reason == LOST]
        assert (lost, report.complete) == (["page007.html"], True)
        assert library.archive.count() == report.added > ARTICLES - NEWS


def test_vectors_of_another_embedder_are_refused(tmp_path: Path, sources: list[Path]) -> None:
    with opened(tmp_path / "library") as library:
        library.embedder.identity = "another"  # type: ignore[misc]
        with pytest.raises(EmbedderMismatch, match="set up the same version of Newsdesk there"):
            ingest(sources, library, workers=Inline())


def test_processes_of_this_machine_store_the_same(tmp_path: Path, sources: list[Path]) -> None:
    with opened(tmp_path / "alone") as alone, opened(tmp_path / "helped") as helped:
        with closing(ProcessWorkers(2)) as workers:
            assert outcome(ingest(sources, helped, workers=workers)) == outcome(ingest(sources, alone))
        assert contents(helped) == contents(alone)


@pytest.fixture
def cluster() -> Iterator[RayCluster]:
    running = RayCluster()
    yield running
    running.stop()


@pytest.mark.slow
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_node_that_dies_loses_and_repeats_nothing_and_without_a_head_the_same_command_goes_on(
    tmp_path: Path, sources: list[Path], cluster: RayCluster
) -> None:
    node = cluster.add_node()
    with opened(tmp_path / "alone") as alone, opened(tmp_path / "helped") as helped:
        said = outcome(ingest(sources, alone))
        with closing(RayWorkers(cluster.address)) as workers:
            assert outcome(ingest(sources, helped, workers=workers, progress=Calls(node.kill))) == said
            assert contents(helped) == contents(alone)
        with opened(tmp_path / "cut-off") as cut_off:
            with closing(RayWorkers(cluster.address)) as workers:
                report = ingest(sources, cut_off, workers=workers, progress=Calls(cluster.head.kill))
            reasons = [problem.reason for problem in report.problems if problem.where == cluster.address]
            assert (len(reasons), report.complete) == (1, False)
            assert "the same command goes on from there" in reasons[0]
            stored = cut_off.archive.count()
            assert 0 < stored == report.added < alone.archive.count()
            again = ingest(sources, cut_off)
            assert (again.added, again.changed, again.complete) == (alone.archive.count() - stored, 0, True)
            assert contents(cut_off) == contents(alone)
