"""The fuzzer's own checks: what is sound passes, and every kind of planted fault is found."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.readers.base import ArticleReader, BySuffix
from ingest.readers.registry import FORMATS, READERS
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError
from rag.types import Article, ArticleRef
from tests.fuzz import findings, report
from tests.fuzz.__main__ import app
from tests.fuzz.engine import escaped
from tests.fuzz.findings import Finding, check_article, check_lines, check_no_markup, within_time
from tests.fuzz.report import Outcome
from tests.fuzz.targets import LIMITS, TARGETS, packed, read_with

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 6, 19, tzinfo=UTC)
LOG = """#2 INITED cov: 40 ft: 40 corp: 1/1b exec/s: 0 rss: 60Mb
#900 NEW    cov: 177 ft: 419 corp: 110/10485b lim: 596 exec/s: 10233 rss: 66Mb
stat::number_of_executed_units: 163731
stat::peak_rss_mb:              66
"""
PLANTED = """
import dataclasses, pathlib, sys, atheris
with atheris.instrument_imports(include=["ingest", "tests"]):
    from tests.fuzz import engine, targets
    sound = targets.TARGETS["dates"]
def run(data):
    sound.run(data)
    assert b"planted" not in data
targets.TARGETS["dates"] = dataclasses.replace(sound, run=run, words=(b"planted",))
folder = pathlib.Path(sys.argv[1])
engine.fuzz("dates", seconds=60, corpus=folder / "corpus", findings=folder / "found", seed=1)
"""


class Faulty(BySuffix):
    """Yields what it is given, or raises it."""

    name: str = "faulty"
    suffixes: tuple[str, ...] = (".faulty",)

    def __init__(self, found: object) -> None:
        self._found = found

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        if isinstance(self._found, BaseException):
            raise self._found
        yield self._found  # type: ignore[misc]


def raw(**given: object) -> RawArticle:
    return RawArticle(**{"where": "in", "text": "The council met.", **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "number"), [(name, n) for name, known in TARGETS.items() for n in range(len(known.seeds))]
)
def test_the_first_inputs_of_every_target_are_read_without_a_finding(name: str, number: int) -> None:
    TARGETS[name].check(TARGETS[name].seeds[number])


@pytest.mark.parametrize("name", TARGETS)
def test_no_target_takes_long_for_one_word_thousands_of_times(name: str) -> None:
    for data in TARGETS[name].stretched():
        TARGETS[name].check(data)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_first_inputs_of_every_reader_hold_an_article_or_a_link(reader: ArticleReader) -> None:
    for data in TARGETS[reader.name].seeds:
        content = packed(data) if reader.name == "docx" else data
        name = "a" + reader.suffixes[0] + ".gz" * data.startswith(b"\x1f\x8b")
        document = Document.of_bytes(content, where="in", name=name, url="https://h.example/1")
        assert any(isinstance(found, RawArticle | Link) for found in reader.read(document, LIMITS))


def test_every_format_is_fuzzed() -> None:
    assert {known.name for known in FORMATS} <= set(TARGETS)


@pytest.mark.parametrize(
    "found",
    [
        raw(),
        raw(published=NOW, title="New\nchair", url="https://h.example/?b", notes=("one note",)),
        raw(text="\x00"),
        Link(where="in", url="https://h.example/1", entry=raw()),
        Problem("in, line 1", "is no article"),
    ],
)
def test_what_is_sound_passes(found: object) -> None:
    read_with(Faulty(found), b"")


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ("text", "yields what no reader may yield: str"),
        (Problem("elsewhere", "is no article"), "a problem is somewhere else"),
        (Problem("in\nout", "is no article"), "a place is more than a line"),
        (Problem("in", ""), "no sentence"),
        (Problem("in", "is \x1b[2Jcleared"), "no sentence"),
        (Problem("in", "x" * 9999), "an endless reason"),
        (Link(where="in", url="javascript:alert(1)"), "a link to no web address"),
        (Link(where="in", url="https://h.example", modified=datetime(2024, 6, 19)), "a moment without a zone"),
        (Link(where="in", url="https://h.example", entry=raw(notes=("a\nb",))), "a note is no sentence"),
        (raw(published=datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))), "no moment in UTC"),
    ],
)
def test_an_unsound_yield_is_a_finding(found: object, fault: str) -> None:
    with pytest.raises(Finding, match=fault):
        read_with(Faulty(found), b"")


@pytest.mark.parametrize("error", [ValueError("x"), RecursionError(), SourceError("x"), MemoryError(), OSError()])
def test_what_a_reader_raises_comes_through(error: Exception) -> None:
    with pytest.raises(type(error)):
        read_with(Faulty(error), b"")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"text": "A \x07 bell."}, "hidden or control characters"),
        ({"text": "Turned\u202e around."}, "hidden or control characters"),
        ({"title": "New\nchair"}, "a name is more than a line"),
        ({"authors": (" Ana Ruiz",)}, "a name is more than a line"),
        ({"url": "https://h.example/#top"}, "an address is not canonical"),
    ],
)
def test_an_unsound_article_is_a_finding(given: dict[str, object], fault: str) -> None:
    ref = ArticleRef(id="1", title=str(given.get("title", "")), url=str(given.get("url", "")))
    authors = given.get("authors", ())
    assert isinstance(authors, tuple)
    article = Article(ref=ref, text=str(given.get("text", "The council met.")), authors=authors, fetched=NOW)
    with pytest.raises(Finding, match=fault):
        check_article(article)


@pytest.mark.parametrize("text", ["a <b>", "</x:y >", "<!-- x", "<?xml", "<script?x", '<a href="x">'])
def test_markup_that_is_left_is_a_finding(text: str) -> None:
    with pytest.raises(Finding, match="markup survives"):
        check_no_markup(text)


def test_marks_that_are_no_markup_are_none() -> None:
    check_no_markup("5 < 6 > 4, a< b, <3, <<, &lt;b&gt;")


def test_a_line_that_cleaning_has_changed_is_a_finding() -> None:
    check_lines("One.\nThree.", "One.\nTwo.\n  Three.\n")
    with pytest.raises(Finding, match="a line that the source does not have"):
        check_lines("One\nThree", "One.\nTwo three.\n")


def test_an_input_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    within_time(lambda data: None, b"")
    monkeypatch.setattr(findings, "MAX_CPU_SECONDS", -1.0)
    with pytest.raises(Finding, match="s of processor time"):
        within_time(lambda data: None, b"")


def test_the_log_of_a_run_becomes_a_row() -> None:
    outcome = Outcome.of("dates", returned=0, log=LOG)
    assert outcome.row == "| dates | 163,731 | 177 | 66 | nothing |"
    assert not outcome.found


@pytest.mark.parametrize(("returned", "log"), [(77, LOG), (70, LOG), (0, ""), (1, "No module named 'atheris'")])
def test_a_run_that_failed_or_did_nothing_is_a_finding(returned: int, log: str) -> None:
    assert Outcome.of("dates", returned=returned, log=log).found


def test_all_runs_every_target_and_fails_where_one_has_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []

    def fake(command: list[str]) -> subprocess.CompletedProcess[str]:
        run.append(command[3])
        return subprocess.CompletedProcess(command, 77 if command[3] == "pdf" else 0, LOG)

    monkeypatch.setattr(report, "_process", fake)
    assert report.fuzz_all(seconds=1, corpus=tmp_path, findings=tmp_path, seed=1) == 1
    assert run == list(TARGETS)
    assert "| pdf | 163,731 | 177 | 66 | **a finding** |" in capsys.readouterr().out


def test_words_are_written_as_the_fuzzer_reads_them() -> None:
    assert escaped(b'a "b"\\\n\xff') == r"a \x22b\x22\x5C\x0A\xFF"


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system")
def test_the_fuzzer_finds_a_planted_fault_and_keeps_its_input(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PLANTED, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 77, done.stderr[-2000:]
    (kept,) = (tmp_path / "found").iterdir()
    assert b"planted" in kept.read_bytes()


def test_one_input_is_checked_without_the_fuzzer(tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b"title,text\na,b\n")
    checked = CliRunner().invoke(app, ["csv", "--input", str(tmp_path / "input")])
    assert (checked.exit_code, checked.stdout) == (0, "nothing found\n")


@pytest.mark.parametrize("arguments", [["nothing"], ["all", "--input", "file"], ["csv", "--seconds", "0"], []])
def test_what_cannot_be_fuzzed_is_wrong_use(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2
