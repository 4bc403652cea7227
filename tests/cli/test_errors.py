"""How a command ends that cannot go on: what is said on which stream, in words and in JSON, and with which code."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import ingest.pipeline
import rag.storage.library
from ingest.report import IngestReport, Problem
from rag.errors import StorageError, is_out_of_memory
from tests.cli.command_line import ROOT, Newsdesk, error_line, fill, process

FULL_DEVICE = Path("/dev/full")
TEXT = "The mayor opened the bridge on Monday. It cost 4 million."

needs_full_device = pytest.mark.skipif(not FULL_DEVICE.exists(), reason="this system has no /dev/full")


@pytest.fixture
def filled(newsdesk: Newsdesk, tmp_path: Path) -> Newsdesk:
    fill(newsdesk, tmp_path, [{"text": TEXT, "title": "A bridge", "id": "bridge"}])
    return newsdesk


@needs_full_device
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["articles"],
        ["articles", "--json"],
        ["search", "bridge"],
        ["status"],
        ["ingest", "rows.jsonl"],
    ],
)
def test_an_output_without_room_is_one_sentence_and_code_1(
    filled: Newsdesk, tmp_path: Path, arguments: list[str]
) -> None:
    with FULL_DEVICE.open("w") as full:
        done = process(*arguments, folder=tmp_path, stdout=full)
    assert done.returncode == 1
    assert done.stderr == (
        "newsdesk: the output cannot be written (no space left on device); make room there, or send it somewhere else\n"
    )


@needs_full_device
def test_an_error_that_cannot_be_printed_as_json_is_still_said_in_words(tmp_path: Path) -> None:
    with FULL_DEVICE.open("w") as full:
        done = process("articles", "--json", folder=tmp_path, stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("newsdesk: there is no library at 'library'")
    assert done.stderr.count("\n") == 1


def test_a_reader_who_goes_away_is_met_with_silence(filled: Newsdesk, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = process("articles", folder=tmp_path, stdout=pipe)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["articles", "--library", "nowhere"], 1, "library"),
        (["ask", ""], 2, "usage"),
        (["search", "x", "--limit", "0"], 2, "usage"),
        (["articles", "--unknown"], 2, "usage"),
        (["show", "nothing"], 1, "no_such_article"),
        (["rebuild", "--library", "nowhere"], 1, "library"),
    ],
)
def test_with_json_a_failure_is_json_too_and_the_code_stays(
    filled: Newsdesk, arguments: list[str], code: int, kind: str
) -> None:
    in_words = filled(*arguments)
    result = filled(*arguments, "--json")
    assert (in_words.exit_code, in_words.stdout) == (code, "")
    assert result.exit_code == code
    assert json.loads(result.stdout) == {"error": {"kind": kind, "message": error_line(in_words), "retryable": False}}
    assert result.stderr == in_words.stderr


def test_a_wrong_setting_is_json_too(filled: Newsdesk) -> None:
    result = filled("status", "--json", NEWSDESK_MAX_PASSAGES="many")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["kind"] == "settings"


def test_a_text_that_reads_like_the_option_asks_for_no_json(filled: Newsdesk) -> None:
    assert filled("show", "--", "--json").stdout == ""


def test_rebuild_prints_the_status_as_json(filled: Newsdesk) -> None:
    rebuilt = json.loads(filled("rebuild", "--json").stdout)
    assert rebuilt == json.loads(filled("status", "--json").stdout)
    assert rebuilt["clean"] is True


def test_removed_subscriptions_are_told_as_json(filled: Newsdesk) -> None:
    result = filled("feeds", "remove", "https://news.example/feed", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"removed": [], "missing": ["https://news.example/feed"]}


def test_a_file_that_refuses_is_named_and_no_stack_trace_is_shown(
    filled: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "library/indexes/words.json")

    monkeypatch.setattr(rag.storage.library.Library, "status", refuse)
    result = filled("status")
    assert result.exit_code == 1
    assert error_line(result) == (
        "'library/indexes/words.json' refuses (permission denied); check its rights and the room on the disk, "
        "then try again"
    )


Ingest = Callable[[IngestReport], None]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """Make the next ingest end with a report."""

    def end_with(report: IngestReport) -> None:
        monkeypatch.setattr(ingest.pipeline, "ingest", lambda *_, **__: report)

    return end_with


def test_a_disk_that_is_full_when_the_library_is_closed_takes_no_count_away(
    newsdesk: Newsdesk, reports: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(_: object) -> None:
        raise StorageError("the disk is full; make room and run the same command again")

    reports(IngestReport(added=3, passages=9))
    monkeypatch.setattr(rag.storage.library.Library, "close", close)
    result = newsdesk("ingest", ".")
    assert result.exit_code == 1
    assert result.stdout.startswith("3 added, 0 changed, 0 unchanged, 9 passages, 1 problem")
    assert result.stderr.splitlines() == [
        "newsdesk: library: the disk is full; make room and run the same command again",
        "newsdesk: stopped early, 3 articles are stored; the same command goes on from there",
    ]
    printed = json.loads(newsdesk("ingest", ".", "--json").stdout)
    assert (printed["added"], printed["complete"], len(printed["problems"])) == (3, False, 1)


def test_a_disk_that_was_full_already_is_not_complained_about_again_at_the_end(
    newsdesk: Newsdesk, reports: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(_: object) -> None:
        raise StorageError("the disk is full at the end as well")

    reports(IngestReport(added=1, passages=2, problems=(Problem("library", "the disk is full"),), complete=False))
    monkeypatch.setattr(rag.storage.library.Library, "close", close)
    result = newsdesk("ingest", ".")
    assert result.stderr.splitlines() == [
        "newsdesk: library: the disk is full",
        "newsdesk: stopped early, 1 article is stored; the same command goes on from there",
    ]


def test_an_ingest_that_stored_nothing_says_so(newsdesk: Newsdesk, reports: Ingest) -> None:
    problem = Problem("library", "the library is read-only; make its folder writable to change it")
    reports(IngestReport(unchanged=2, problems=(problem,), complete=False))
    result = newsdesk("ingest", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "newsdesk: stopped early, nothing new was stored; run the same command again"
    )


def test_a_dry_run_that_was_stopped_claims_no_stored_article(newsdesk: Newsdesk, reports: Ingest) -> None:
    reports(IngestReport(added=2, passages=4, complete=False, dry_run=True))
    result = newsdesk("ingest", ".", "--dry-run")
    assert "dry run: nothing was stored" in result.stdout
    assert error_line(result) == "stopped early; run the same command again to read everything"


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream in the way of a Unix shell")
def test_standard_input_that_is_closed_is_said(filled: Newsdesk, tmp_path: Path) -> None:
    done = process("ask", "-", folder=tmp_path, start=("sh", "-c", 'exec "$@" <&-', "sh"))
    assert done.returncode == 2
    assert done.stderr == "newsdesk: standard input is closed; pipe the text in, or give it as an argument\n"


def test_model_libraries_draw_no_bars_among_the_complaints() -> None:
    code = """
import sys
sys.argv = ["newsdesk", "--help"]
import cli
try:
    cli.main()
except SystemExit:
    from tqdm import tqdm
    list(tqdm([1]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_ctrl_c_ends_a_command_silently_with_code_130(filled: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rag.storage.library.Library, "status", interrupted)
    result = filled("status", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (ImportError("engine.so: failed to map segment from shared object"), True),
        (RuntimeError("can't start new thread"), True),
        (ImportError("No module named 'engine'"), False),
        (RuntimeError("the engine stopped"), False),
    ],
)
def test_what_wants_of_memory_looks_like_is_known(error: Exception, memory: bool) -> None:
    assert is_out_of_memory(error) is memory
    wrapped = RuntimeError("could not open")
    wrapped.__cause__ = error
    assert is_out_of_memory(wrapped) is memory


def test_what_a_native_library_says_of_too_little_memory_is_one_sentence(
    newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NativeError(Exception):
        """As onnxruntime's, which is no RuntimeError."""

    def fails(*_: object, **__: object) -> None:
        raise NativeError("[ONNXRuntimeError] : 6 : Exception during initialization: std::bad_alloc")

    monkeypatch.setattr(ingest.pipeline, "ingest", fails)
    done = newsdesk("ingest", ".")
    assert done.exit_code == 1
    assert error_line(done) == ("there is not enough memory; close other programs, or allow this one more")


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="this system has no prlimit")
def test_too_little_memory_is_one_sentence_and_no_trace(tmp_path: Path) -> None:
    (tmp_path / "bridge.md").write_text(TEXT, encoding="utf-8")
    done = process("ingest", "bridge.md", folder=tmp_path, start=["prlimit", "--as=200000000"])
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert "memory" in done.stderr.casefold()


def test_two_ingests_at_once_end_each_with_its_articles_or_with_a_sentence(tmp_path: Path) -> None:
    for name in ("north", "south"):
        rows = [{"id": f"{name}{number}", "text": f"{TEXT} Ward {name} {number}."} for number in range(40)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda name: process("ingest", f"{name}.jsonl", folder=tmp_path), ("north", "south")))
    for done in ended:
        assert "Traceback" not in done.stderr
        assert "Exception in thread" not in done.stderr
        assert done.returncode == 0 or done.stderr.startswith("newsdesk: ")
    for name in ("north", "south"):
        assert process("ingest", f"{name}.jsonl", folder=tmp_path).returncode == 0
    status = json.loads(process("status", "--json", folder=tmp_path).stdout)
    assert (status["articles"], status["clean"]) == (80, True)
