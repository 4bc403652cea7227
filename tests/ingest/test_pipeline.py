"""The whole way: files in, articles in the library, an honest report."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pipeline import IngestOptions, IngestReport, ingest
from ingest.preparing.article_id import Holder, is_rival
from ingest.report import MAX_LISTED_PROBLEMS
from ingest.run import BATCH_ARTICLES
from ingest.sample import sample_folder
from rag.errors import LibraryBusy, NoSuchArticle, StorageError, UsageError
from rag.storage.library import Prepared
from rag.types import ArticleRef
from tests.ingest.fakes import FakeLibrary
from tests.ingest.preparing.test_near_duplicates import WIRE, text_of


def write_lines(path: Path, *articles: object) -> Path:
    path.write_text("".join((a if isinstance(a, str) else json.dumps(a)) + "\n" for a in articles), encoding="utf-8")
    return path


def item(number: int, text: str = "") -> dict[str, str]:
    return {"url": f"https://news.example/{number}", "text": text or text_of(number, 4)}


def run(library: FakeLibrary, *sources: str | Path, **given: object) -> IngestReport:
    return ingest(sources, library, **given)  # type: ignore[arg-type]


def counts(report: IngestReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.unchanged


def test_the_same_source_again_changes_nothing(tmp_path: Path, library: FakeLibrary) -> None:
    source = write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(40)))
    first = run(library, source)
    assert (counts(first), first.complete, first.problems) == ((40, 0, 0), True, ())
    assert first.passages == sum(len(prepared.passages) for prepared in library.archive.stored.values())
    library.batches.clear()
    again = run(library, source)
    assert (counts(again), again.passages, library.batches) == ((0, 0, 40), 0, [])


def test_articles_are_put_in_small_batches(tmp_path: Path, library: FakeLibrary) -> None:
    run(library, write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(40))))
    assert library.batches == [BATCH_ARTICLES, BATCH_ARTICLES, 40 - 2 * BATCH_ARTICLES]


def test_a_changed_article_replaces_the_old_one(tmp_path: Path, library: FakeLibrary) -> None:
    run(library, write_lines(tmp_path / "a.jsonl", item(1), item(2)))
    report = run(library, write_lines(tmp_path / "a.jsonl", item(1, "The council has corrected its count."), item(2)))
    assert counts(report) == (0, 1, 1)
    assert "The council has corrected its count." in [article.text for article in library.articles]


def test_one_bad_line_is_a_problem_and_the_rest_goes_in(tmp_path: Path, library: FakeLibrary) -> None:
    source = write_lines(
        tmp_path / "a.jsonl", item(1), "{broken", item(2) | {"published": "soon"}, {"text": " \u200b"}, {"text": "***"}
    )
    report = run(library, source)
    assert counts(report) == (2, 0, 0)
    assert [
        (problem.where.removeprefix(f"{source}, "), problem.reason.split(":")[0]) for problem in report.problems
    ] == [
        ("line 2", "is not valid JSON"),
        ("line 3", "the date in 'published' is no date that can be read ('soon'); the article's date is unknown"),
        ("line 4", "has no text"),
        ("line 5", "has no text"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "has no text"),
        ("blank.md", b" \n\n", "has no text"),
        ("empty.html", b"", "has no text"),
        ("binary.txt", b"\x7fELF\0\0", "looks like a binary file; give it as text, Markdown, HTML or JSONL"),
        ("nul.md", b"text \0 text", "looks like a binary file; give it as text, Markdown, HTML or JSONL"),
        ("large.txt", b"word " * 300_000, "is larger than 1 MB; raise NEWSDESK_MAX_FILE_MB"),
        ("boilerplate.txt", b"Advertisement\nRelated topics:\nMore news\n", "has no text"),
    ],
)
def test_a_bad_file_is_one_clear_sentence(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    library = FakeLibrary(tmp_path / "library", max_file_mb=1)
    (tmp_path / name).write_bytes(content)
    report = run(library, tmp_path / name)
    assert [(problem.where, problem.reason) for problem in report.problems] == [(str(tmp_path / name), reason)]
    assert library.articles == []


def test_a_sparse_file_of_300_mb_is_refused_without_reading_it_all(tmp_path: Path, library: FakeLibrary) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.write(b"The council met.\n")
        file.truncate(300_000_000)
    report = run(library, tmp_path / "huge.txt")
    assert [problem.reason for problem in report.problems] == ["is larger than 100 MB; raise NEWSDESK_MAX_FILE_MB"]


def test_a_missing_path_does_not_keep_the_others_out(tmp_path: Path, library: FakeLibrary) -> None:
    report = run(library, tmp_path / "missing.txt", write_lines(tmp_path / "a.jsonl", item(1)))
    assert [(problem.where, problem.reason) for problem in report.problems] == [
        (str(tmp_path / "missing.txt"), "does not exist")
    ]
    assert report.added == 1


def test_related_links_and_repeated_standfirsts_are_not_stored(tmp_path: Path, library: FakeLibrary) -> None:
    teaser = "The ties between the two towns are closer than at any time since the flood."
    (tmp_path / "a.txt").write_text(
        f"{teaser}\nThe mayor came on Monday.\nThis was said in the Ledger.\n{teaser}\nThe ferry will run again.\n"
        "“Nobody asked us,” the pilot said\nRelated topics:\nMore news\x07",
        encoding="utf-8",
    )
    run(library, tmp_path / "a.txt")
    (article,) = library.articles
    assert article.text.split("\n") == [
        "The mayor came on Monday.", "This was said in the Ledger.", teaser, "The ferry will run again.",
        "“Nobody asked us,” the pilot said",
    ]  # fmt: skip
    assert (article.ref.title, article.ref.outlet, article.ref.published) == ("", "", None)


def test_wire_copies_in_one_run_are_one_story(tmp_path: Path, library: FakeLibrary) -> None:
    report = run(
        library, write_lines(tmp_path / "a.jsonl", item(1, WIRE), item(2, f"{WIRE} Our desk adds a line."), item(3))
    )
    assert (report.added, report.copies) == (3, 1)
    assert len({prepared.story for prepared in library.archive.stored.values()}) == 2


CLAIMED = {"url": "https://harbour.example/7", "outlet": "Harbour Post", "text": "The bridge cost 4 million crowns."}


@pytest.mark.parametrize("runs", [1, 2])
def test_another_outlet_does_not_replace_an_article_by_claiming_its_address(
    tmp_path: Path, library: FakeLibrary, runs: int
) -> None:
    claim = CLAIMED | {"outlet": "Dun Courier", "text": "The bridge cost 9 million crowns, it is now said."}
    first, second = write_lines(tmp_path / "a.jsonl", CLAIMED), write_lines(tmp_path / "b.jsonl", claim)
    if runs == 1:
        report = run(library, first, second)
    else:
        run(library, first)
        report = run(library, second)
    assert {article.ref.outlet: article.text for article in library.articles} == {
        article["outlet"]: article["text"] for article in (CLAIMED, claim)
    }
    assert report.problems == ()
    assert [note.reason for note in report.notes] == [
        "claims https://harbour.example/7, where an article of Harbour Post stands; it is kept beside that one"
    ]
    again = run(library, first, second)
    assert (counts(again), again.problems, again.notes) == ((0, 0, 2), (), ())


@pytest.mark.parametrize("outlet", ["Harbour Post", "", "harbour.example", "Harbour Post News"])
def test_an_outlet_corrects_its_own_article_from_the_next_file_of_the_same_source(
    tmp_path: Path, library: FakeLibrary, outlet: str
) -> None:
    run(library, write_lines(tmp_path / "a.jsonl", CLAIMED))
    corrected = CLAIMED | {"outlet": outlet, "text": "The bridge cost 5 million crowns."}
    report = run(library, write_lines(tmp_path / "a-2024-06-20.jsonl", corrected))
    assert (counts(report), report.problems, report.notes) == ((0, 1, 0), (), ())


@pytest.mark.parametrize("outlet", ["Harbour Post", "", "harbour.example"])
def test_another_source_does_not_replace_an_article_whatever_outlet_it_names(
    tmp_path: Path, library: FakeLibrary, outlet: str
) -> None:
    run(library, write_lines(tmp_path / "a.jsonl", CLAIMED))
    forged = CLAIMED | {"outlet": outlet, "text": "The bridge cost 9 million crowns, it is now said."}
    other = write_lines(tmp_path / "b.jsonl", forged)
    report = run(library, other)
    assert (counts(report), report.problems, len(report.notes)) == ((1, 0, 0), (), 1)
    assert [article.text for article in library.articles] == [CLAIMED["text"], forged["text"]]
    held, claimant = (prepared for prepared in library.archive.stored.values())
    assert (held.origin.rival_of, claimant.origin.rival_of) == ("", held.article.ref.id)
    again = run(library, tmp_path / "a.jsonl", other)
    assert (counts(again), again.notes) == ((0, 0, 2), ())
    changed = write_lines(tmp_path / "b.jsonl", forged | {"text": "The bridge cost 8 million crowns."})
    assert counts(run(library, changed)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("where", "rival"),
    [
        ("https://harbour.example/feed", False),
        ("https://rss.harbour.example/feed", False),
        ("https://www.harbour.example/7", False),
        ("https://evilharbour.example/feed", True),
        ("https://harbour.example.evil.example/feed", True),
        ("export.jsonl", True),
    ],
)
def test_only_an_address_s_own_host_speaks_for_it_under_another_name(where: str, rival: bool) -> None:
    claimant = ArticleRef(id="x", title="", outlet="Dun Courier", url="https://harbour.example/7", published=None)
    assert is_rival(Holder(outlet="Harbour Post"), claimant, where=where, source="") is rival
    same_name = replace(claimant, outlet="Harbour Post")
    held = Holder(outlet="Harbour Post", source="file a jsonl")
    assert is_rival(held, same_name, where=where, source="file b jsonl") is rival
    assert not is_rival(held, same_name, where=where, source="file a jsonl")


def test_the_same_article_twice_in_a_run_is_counted_and_stored_once(tmp_path: Path, library: FakeLibrary) -> None:
    source = write_lines(
        tmp_path / "a.jsonl",
        item(1),
        item(1),
        {"url": "https://news.example/1?utm_source=feed", "text": "Another version."},
    )
    report = run(library, source)
    assert (counts(report), report.repeated) == ((1, 0, 0), 2)
    assert [problem.reason for problem in report.problems] == [
        "gives https://news.example/1 again with other content; the first in this run is kept"
    ]
    again = run(library, source)
    assert (counts(again), again.repeated) == ((0, 0, 1), 2)


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path, library: FakeLibrary) -> None:
    source = write_lines(tmp_path / "a.jsonl", item(1, WIRE), item(2, WIRE + " More."))
    report = run(library, source, options=IngestOptions(dry_run=True))
    assert (counts(report), report.copies, report.dry_run) == ((2, 0, 0), 1, True)
    assert report.passages > 0
    assert library.articles == []


def test_one_article_that_cannot_be_stored_keeps_no_other_out(tmp_path: Path) -> None:
    def refuse(batch: Sequence[Prepared]) -> None:
        if any(prepared.article.ref.url.endswith("/3") for prepared in batch):
            raise RuntimeError("the embedder choked")

    library = FakeLibrary(tmp_path / "library", refuse=refuse)
    report = run(library, write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(20))))
    assert counts(report) == (19, 0, 0)
    (problem,) = report.problems
    assert problem.where.endswith("line 4")
    assert "RuntimeError" in problem.reason
    assert "choked" not in problem.reason


def test_a_full_disk_ends_the_run_and_keeps_what_was_stored(tmp_path: Path) -> None:
    stored = []

    def refuse(batch: Sequence[Prepared]) -> None:
        if stored:
            raise StorageError("the disk is full; make room and run the same command again")
        stored.append(len(batch))

    library = FakeLibrary(tmp_path / "library", refuse=refuse)
    report = run(library, write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(60))))
    assert (report.added, report.complete, len(library.articles)) == (BATCH_ARTICLES, False, BATCH_ARTICLES)
    assert [problem.reason for problem in report.problems] == [
        "the disk is full; make room and run the same command again"
    ]


class UntaggableLibrary(FakeLibrary):
    """Stores articles, and refuses their tags."""

    refusal: Exception

    def tag(self, article_id: str, *, add: Sequence[str]) -> bool:
        raise self.refusal


def test_articles_stored_before_the_disk_refused_their_tags_are_counted(tmp_path: Path) -> None:
    library = UntaggableLibrary(tmp_path / "library")
    library.refusal = StorageError("the disk is full; make room and run the same command again")
    source = write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(5)))
    report = run(library, source, options=IngestOptions(tags=("harbour",)))
    assert (report.added, report.complete, len(library.articles)) == (5, False, 5)


def test_an_article_that_is_removed_before_it_is_tagged_does_not_end_the_run(tmp_path: Path) -> None:
    library = UntaggableLibrary(tmp_path / "library")
    library.refusal = NoSuchArticle.of("gone")
    source = write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(5)))
    report = run(library, source, options=IngestOptions(tags=("harbour",)))
    assert (report.added, report.complete, report.problems) == (5, True, ())


@pytest.mark.parametrize("error", [LibraryBusy("another process writes; try again"), UsageError("read only")])
def test_a_library_that_cannot_be_written_ends_the_run_with_its_error(tmp_path: Path, error: Exception) -> None:
    def refuse(batch: Sequence[Prepared]) -> None:
        raise error

    library = FakeLibrary(tmp_path / "library", refuse=refuse)
    with pytest.raises(type(error)):
        run(library, write_lines(tmp_path / "a.jsonl", item(1)))


def test_stop_ends_the_run_after_the_article_at_hand(tmp_path: Path, library: FakeLibrary) -> None:
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) == 3

    source = write_lines(tmp_path / "a.jsonl", *(item(number) for number in range(10)))
    report = run(library, source, stop=stop)
    assert (report.added, report.complete, len(library.articles)) == (3, False, 3)
    assert counts(run(library, source)) == (7, 0, 3)


class RecordedProgress:
    def __init__(self) -> None:
        self.updates: list[tuple[int, str]] = []
        self.shares: list[float | None] = []

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        self.updates.append((done_articles, where))
        self.shares.append(share)


def test_progress_is_reported_after_every_article(tmp_path: Path, library: FakeLibrary) -> None:
    progress = RecordedProgress()
    source = write_lines(tmp_path / "a.jsonl", item(1), item(2), item(1))
    run(library, source, progress=progress)
    assert progress.updates == [(n, f"{source}, line {n}") for n in (1, 2, 3)]
    assert progress.shares[-1] == 1.0
    assert all(share is not None and 0 <= share <= 1 for share in progress.shares)


def test_the_json_report_has_a_fixed_form(tmp_path: Path, library: FakeLibrary) -> None:
    report = run(library, write_lines(tmp_path / "a.jsonl", item(1), "{")).as_json()
    assert set(report) == {
        "added", "changed", "unchanged", "copies", "repeated", "passages", "problems", "notes", "skipped", "complete",
        "dry_run", "seconds", "articles_per_second",
    }  # fmt: skip
    assert report["problems"][0]["where"].endswith("line 2")
    assert IngestReport(added=3, unchanged=1, seconds=2.0).as_json()["articles_per_second"] == 2.0
    assert IngestReport().as_json()["articles_per_second"] == 0.0


def test_a_flood_of_problems_is_counted_beyond_a_thousand(tmp_path: Path, library: FakeLibrary) -> None:
    report = run(library, write_lines(tmp_path / "a.jsonl", '{"text": "It runs."}', *["{"] * (MAX_LISTED_PROBLEMS + 5)))
    assert len(report.problems) == MAX_LISTED_PROBLEMS + 1
    assert report.problems[-1].reason == "5 further problems are not listed"


def test_control_characters_never_reach_the_library(tmp_path: Path, library: FakeLibrary) -> None:
    line = {
        "text": "The council\u0000 met\u202e.\r\nIt\u200b voted\u0007.",
        "title": "A\u001b[31m title",
        "outlet": "Har\u2066bour",
        "authors": ["A\u0000na"],
    }
    run(library, write_lines(tmp_path / "a.jsonl", line))
    (article,) = library.articles
    assert (article.text, article.ref.title) == ("The council met.\nIt voted.", "A[31m title")
    assert (article.ref.outlet, article.authors) == ("Harbour", ("Ana",))


def test_every_passage_of_the_sample_library_is_its_article_s_text(library: FakeLibrary) -> None:
    report = run(library, sample_folder())
    assert (report.problems, report.skipped, report.changed, report.unchanged) == ((), (), 0, 0)
    assert report.added >= 30
    for prepared in library.archive.stored.values():
        assert prepared.article.ref.title
        assert prepared.article.ref.outlet
        assert prepared.article.ref.published is not None
        for passage in prepared.passages:
            assert prepared.article.text[passage.start : passage.end] == passage.text


def test_importing_the_pipeline_imports_nothing_heavy() -> None:
    heavy = "trafilatura lxml numpy yaml markdown_it rensa charset_normalizer sqlalchemy chromadb"
    code = f"import sys, ingest.pipeline; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
