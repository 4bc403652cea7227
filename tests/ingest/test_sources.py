"""Which files are read, in which order, by which reader."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.readers.registry import READERS, format_named
from ingest.report import Problem, Skipped
from ingest.sources import Readable, documents_of, sizes_of
from ingest.types import Limits
from rag.errors import UsageError


def names(*sources: Path) -> list[tuple[str, str]]:
    return [(found.document.name, found.reader.name) for found in files_of(sources) if isinstance(found, Readable)]


def files_of(sources: Sequence[Path]) -> list[Readable | Problem | Skipped]:
    return list(documents_of(sources, Limits(max_mb=1)))


def write(path: Path, content: str | bytes = "The council met.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_each_format_has_one_reader() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_a_folder_is_read_with_its_folders_in_sorted_order(tmp_path: Path) -> None:
    for name in ["b.md", "a.txt", "sub/c.HTML", "sub/a.jsonl.gz", "z.jsonl"]:
        write(tmp_path / name)
    assert names(tmp_path) == [
        ("a.txt", "text"), ("b.md", "markdown"), ("a.jsonl.gz", "jsonl"), ("c.HTML", "html"), ("z.jsonl", "jsonl"),
    ]  # fmt: skip


def test_hidden_and_python_s_own_files_are_left_out_in_silence(tmp_path: Path) -> None:
    for name in [".hidden.txt", ".git/a.txt", "__init__.py", "__pycache__/a.txt", "a.txt"]:
        write(tmp_path / name)
    assert [found for found in files_of([tmp_path]) if not isinstance(found, Readable)] == []
    assert names(tmp_path) == [("a.txt", "text")]


def test_files_of_other_kinds_in_a_folder_are_skipped_with_one_line_a_kind(tmp_path: Path) -> None:
    for name in ["a.txt", "b.jpg", "c.jpg", "d.odt"]:
        write(tmp_path / name)
    assert [found for found in files_of([tmp_path]) if isinstance(found, Skipped)] == [
        Skipped(str(tmp_path), "2 files (.jpg) of a kind that Newsdesk does not read"),
        Skipped(str(tmp_path), "1 file (.odt) of a kind that Newsdesk does not read"),
    ]


def test_a_folder_without_readable_files_is_a_problem(tmp_path: Path) -> None:
    (problem,) = files_of([tmp_path])
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("holds no files that Newsdesk reads (.txt,")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert names(tmp_path) == [("a.txt", "text")]
    assert [found.reason.split(":")[0] for found in files_of([tmp_path]) if isinstance(found, Problem)] == [
        "cannot be read"
    ]


def test_a_broken_link_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    assert Problem(str(tmp_path / "a.txt"), "does not exist") in list(files_of([tmp_path]))


@pytest.mark.parametrize("name", ["missing.txt", "missing/", "nul\0l.txt"])
def test_a_missing_path_is_a_problem_and_the_others_are_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.txt")
    problem, found = files_of([tmp_path / name, tmp_path / "a.txt"])
    assert problem == Problem(str(tmp_path / name), "does not exist")
    assert isinstance(found, Readable)


def test_an_empty_name_does_not_mean_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    (problem,) = documents_of([""], Limits(max_mb=1))
    assert problem == Problem("''", "is an empty name; name a file, a folder or an address")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert list(files_of([tmp_path / "pipe.txt"])) == [
        Problem(str(tmp_path / "pipe.txt"), "is neither a file nor a folder")
    ]
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("page.txt", "\n<!DOCTYPE html><html><body>", "html"),
        ("page", "<html><head>", "html"),
        ("dump", '{"text": "One."}\n{"text": "Two."}', "jsonl"),
        ("dump.json", '{"text": "One."}', "jsonl"),
        ("dump.log", '{"text": "' + "x" * 10_000 + '"}', "jsonl"),
        ("story", "The council met.", "text"),
        ("notes.md", "<html>", "markdown"),
        ("report", b"%PDF-1.7", "pdf"),
        ("feed", "<?xml version='1.0'?><rss version='2.0'>", "feed"),
        ("atom.xml", "<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("pages.xml", "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", "sitemap"),
        ("letters", "From ana@news.example Mon Jun 17 10:00:00 2024\nSubject: One\n\nText.", "mbox"),
    ],
)
def test_a_file_that_is_named_itself_is_known_by_its_content(
    tmp_path: Path, name: str, content: str | bytes, reader: str
) -> None:
    assert names(write(tmp_path / name, content)) == [(name, reader)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.bin", b"\0\1\2", "looks like a binary file"),
        ("a.ini", "a=b", "is of a kind that Newsdesk does not read; it reads .txt"),
        ("drawing", "<?xml version='1.0'?><svg>", "is of a kind that Newsdesk does not read"),
        ("empty.xyz", b"", "has no text"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    (problem,) = files_of([write(tmp_path / name, content)])
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(reason)


def test_xml_in_a_folder_is_known_by_its_content(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", "<rss version='2.0'>")
    write(tmp_path / "b.xml", "<svg>")
    assert names(tmp_path) == [("a.xml", "feed")]


def test_a_format_that_the_user_names_settles_every_document(tmp_path: Path) -> None:
    write(tmp_path / "a.log", "text\nThe council met.")
    write(tmp_path / "b.html", "text\nThe council met.")
    found = documents_of([tmp_path], Limits(max_mb=1), forced=format_named("csv"))
    assert [readable.reader.name for readable in found if isinstance(readable, Readable)] == ["csv", "csv"]


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(
        UsageError, match="no format 'word'; Newsdesk reads text, markdown, html, jsonl, json, csv, pdf"
    ):
        format_named("word")


def test_a_zip_archive_gives_its_documents_and_counts_the_rest(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name in ("b/story.txt", "a.html", "photo.jpg", "inner.zip"):
            archive.writestr(name, "The council met.")
    found = files_of([tmp_path / "export.zip"])
    assert sorted(f.reader.name for f in found if isinstance(f, Readable)) == ["html", "text"]
    assert next(f.reason for f in found if isinstance(f, Skipped)).startswith("1 file (.jpg)")


def test_sizes_are_summed_for_files_and_folders_only(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "1234")
    write(tmp_path / "sub" / "b.txt", "12")
    assert sizes_of([tmp_path, tmp_path / "a.txt"]) == 10
    assert sizes_of([tmp_path, "https://news.example/"]) is None
    assert sizes_of(["-"]) is None
