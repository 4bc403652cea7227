"""Which files are read, in which order, by which reader."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.report import Problem, Skipped
from ingest.sources import READERS, SourceFile, files_of


def names(*sources: Path) -> list[tuple[str, str]]:
    return [(found.path.name, found.reader.name) for found in files_of(sources) if isinstance(found, SourceFile)]


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
    assert [found for found in files_of([tmp_path]) if not isinstance(found, SourceFile)] == []
    assert names(tmp_path) == [("a.txt", "text")]


def test_files_of_other_kinds_in_a_folder_are_skipped_with_one_line_a_kind(tmp_path: Path) -> None:
    for name in ["a.txt", "b.jpg", "c.jpg", "d.pdf"]:
        write(tmp_path / name)
    assert [found for found in files_of([tmp_path]) if isinstance(found, Skipped)] == [
        Skipped(str(tmp_path), "2 files (.jpg) of a kind that Newsdesk does not read"),
        Skipped(str(tmp_path), "1 file (.pdf) of a kind that Newsdesk does not read"),
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
    assert isinstance(found, SourceFile)


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
    ],
)
def test_a_file_that_is_named_itself_is_known_by_its_content(
    tmp_path: Path, name: str, content: str, reader: str
) -> None:
    assert names(write(tmp_path / name, content)) == [(name, reader)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7", "looks like a binary file"),
        ("a.bin", b"\0\1\2", "looks like a binary file"),
        ("a.csv", "a,b,c", "is of a kind that Newsdesk does not read; it reads .txt"),
        ("a.json", '[{"text": "One."}]', "is of a kind that Newsdesk does not read"),
        ("feed", "<?xml version='1.0'?><rss>", "is of a kind that Newsdesk does not read"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    (problem,) = files_of([write(tmp_path / name, content)])
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(reason)
