"""Data of a set: two kinds of files, and a sentence for what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.commands import main
from eval.datasets.rows import Row, read_rows
from eval.errors import CaseError
from tests.eval.rows import written


class Named(Row):
    """A row with a name."""

    name: str


def test_a_compressed_file_gives_the_same_rows_and_digest_as_a_plain_one(tmp_path: Path) -> None:
    rows = [{"name": "a", "other": 1}, {"name": "b"}]
    plain = read_rows(written(tmp_path / "half.jsonl", rows), Named)
    assert plain == read_rows(written(tmp_path / "half.jsonl.gz", rows), Named)
    assert [row.name for row in plain[0]] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("half.jsonl", b'{"name": "a"}\n{"title": "b"}\n', r"half\.jsonl:2: name: Field required"),
        ("half.jsonl", b"not json\n", r"half\.jsonl:1: Invalid JSON"),
        ("half.jsonl", b"\n \n", "no rows"),
        ("half.jsonl.gz", b"not gzip", "cannot read"),
        ("half.jsonl.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut", "cannot read"),
    ],
)
def test_what_is_no_data_is_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CaseError, match=said):
        read_rows(tmp_path / name, Named)


@pytest.mark.parametrize("name", ["article-extraction", "html-metadata", "near-duplicates", "feeds"])
def test_data_that_is_missing_or_of_another_layout_is_code_2(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for given, said in ([], "needs --data"), (["--data", str(tmp_path / "no")], "no such file or folder"):
        assert main(["run", "--set", name, *given]) == 2
        assert said in capsys.readouterr().err
    other = written(tmp_path / "other.jsonl", [{"x": 1}]) if name != "near-duplicates" else tmp_path
    assert main(["run", "--set", name, "--data", str(other)]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err[:7]) == ("", "error: ")


def test_a_folder_where_a_file_is_needed_is_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "feeds", "--data", str(tmp_path)]) == 2
    assert "is a folder; name the half's file" in capsys.readouterr().err
