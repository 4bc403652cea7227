"""What goes to a terminal or a pipe: nothing that rewrites it, no plural of one, no failure that is not said."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.terminal import IngestProgress, OutputError, echo, echo_error, print_json, wrapped
from rag.text.formatting import count
from tests.cli.command_line import ROOT, Newsdesk


class Refusing(io.StringIO):
    """An output that takes nothing."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, _: str) -> int:
        raise OSError(self._number, "No space left on device")


@pytest.mark.parametrize(("number", "words"), [(0, "0 stories"), (1, "1 story"), (2, "2 stories")])
def test_one_is_counted_as_one(number: int, words: str) -> None:
    assert count(number, "story", "stories") == words


def test_a_complaint_is_one_line_without_controls(capsys: pytest.CaptureFixture[str]) -> None:
    echo_error("two\nlines and \x1b[31mred")
    assert capsys.readouterr().err == "newsdesk: two lines and \ufffd[31mred\n"


def test_json_holds_controls_exactly_and_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "\u202ered\x9b"})
    printed = capsys.readouterr().out
    assert "\u202e" not in printed
    assert json.loads(printed) == {"text": "\u202ered\x9b"}


def test_an_output_that_refuses_is_an_error_for_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing(errno.ENOSPC))
    for write in (lambda: echo("a line"), lambda: print_json({})):
        with pytest.raises(OutputError, match=r"cannot be written \(no space left on device\); make room there"):
            write()


def test_a_pipe_that_nobody_reads_is_left_to_who_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing(errno.EPIPE))
    with pytest.raises(BrokenPipeError):
        echo("a line")


def test_an_error_stream_that_refuses_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Refusing(errno.ENOSPC)
    monkeypatch.setattr(sys, "stderr", stream)
    echo_error("a line")
    assert stream.getvalue() == ""


def test_an_output_that_is_closed_is_written_to_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    echo("a line")
    print_json({})


def test_the_bar_counts_one_article_as_one() -> None:
    shown: list[str] = []
    progress = IngestProgress(lambda text, done, total: shown.append(text))
    progress.update(1, 1, "a.txt", None)
    progress.update(2, 5, "b.txt", 0.5)
    assert shown[0].startswith("1 article, 1 passage, ")
    assert shown[0].endswith(" a second: a.txt")
    assert shown[1].startswith("2 articles, 5 passages, ")
    assert " left: b.txt" in shown[1]


def test_output_survives_a_terminal_that_knows_only_ascii(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "déjà.txt").write_text("Le café a fermé. Il rouvrira à midi.", encoding="utf-8")
    environment = os.environ | {"NEWSDESK_EMBEDDER": "hashing", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment, cwd=tmp_path, capture_output=True, check=True
        )

    run("ingest", "déjà.txt")
    assert b"caf? a ferm?" in run("search", "café").stdout
    evidence = json.loads(run("search", "café", "--limit", "1", "--json").stdout)["evidence"]
    assert "café" in evidence[0]["text"]


@given(st.text(max_size=300), st.integers(min_value=40, max_value=110))
def test_wrapping_loses_no_word(text: str, columns: int) -> None:
    assert wrapped(text, columns).split() == text.split()


def test_a_long_line_is_wrapped_as_far_in_as_it_stood() -> None:
    assert wrapped(f"    {'word ' * 12}".rstrip(), 40).splitlines() == [
        "    word word word word word word word",
        "    word word word word word",
    ]


def test_a_line_of_a_table_stays_whole() -> None:
    row = "outlets    " + "Harbour Post, " * 8
    assert wrapped(row, 40) == row


def test_what_goes_into_a_pipe_is_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    echo("word " * 60)
    assert capsys.readouterr().out == "word " * 60 + "\n"


def test_the_help_has_every_command_with_its_whole_sentence(newsdesk: Newsdesk) -> None:
    shown = " ".join(newsdesk("--help").stdout.split())
    assert "..." not in shown.split("Commands:")[1]
    assert "Build an issue of a newsletter: cited, no story twice, nothing that an earlier issue told." in shown


def test_the_version_is_that_of_the_package(newsdesk: Newsdesk) -> None:
    assert newsdesk("--version").stdout == "newsdesk 0.1.0\n"
