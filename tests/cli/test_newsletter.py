"""The commands newsletter and send, and the examples for cron and CI."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.audio.voice import Voice
from newsletter.smtp import PASSWORD_VARIABLE
from rag.errors import VoiceError
from tests.cli.command_line import Newsdesk, command_line, error_line, fill
from tests.cli.test_briefing import ROWS
from tests.newsletter.audio.voices import ToneVoice
from tests.newsletter.mail_server import Mailbox, mail_server

ROOT = Path(__file__).parents[2]
LETTER = """
title = "The Ostrel Letter"
until = "2024-05-08"
[[sections]]
title = "News"
[mail]
sender = "The Letter"
sender_address = "letter@news.example"
to = ["ada@reader.example"]
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    run = command_line(tmp_path, monkeypatch)
    fill(run, tmp_path, ROWS)
    (tmp_path / "letter.toml").write_text(LETTER.format(port=1), encoding="utf-8")
    return run


def test_an_issue_is_written_in_every_format_and_twice_the_same(newsdesk: Newsdesk, tmp_path: Path) -> None:
    printed = newsdesk("newsletter", "letter.toml", "--out", "one").stdout
    newsdesk("newsletter", "letter.toml", "--out", "two")
    assert printed.startswith("The Ostrel Letter, 1 to 8 May 2024: 1 story,")
    first, second = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert set(first) == {"issue.html", "issue.txt", "issue.md", "issue.json", "issue.eml"}
    assert first == second


def test_without_a_folder_the_issue_is_printed(newsdesk: Newsdesk) -> None:
    assert newsdesk("newsletter", "letter.toml").stdout.startswith("The Ostrel Letter\n=====")
    assert newsdesk("newsletter", "letter.toml", "--format", "markdown").stdout.startswith("# The Ostrel Letter\n")
    assert json.loads(newsdesk("newsletter", "letter.toml", "--json").stdout)["day"] == "2024-05-08"


def test_an_issue_without_a_story_says_so_with_its_exit_code(newsdesk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(LETTER.format(port=1).replace("2024-05-08", "2023-05-08"), encoding="utf-8")
    result = newsdesk("newsletter", "letter.toml", "--out", "out")
    assert result.exit_code == 1
    assert "No article was published" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["newsletter", "nowhere.toml"], "cannot read 'nowhere.toml'"),
        (["newsletter", "letter.toml", "--format", "pdf"], "there is no format 'pdf'"),
        (["send", "nowhere.toml"], "cannot read 'nowhere.toml'"),
    ],
)
def test_wrong_use_is_said_in_one_line(newsdesk: Newsdesk, arguments: list[str], said: str) -> None:
    result = newsdesk(*arguments)
    assert result.exit_code == 2
    assert said in error_line(result)


def test_sending_has_a_dry_run_and_then_tells_readers_nothing_twice(
    newsdesk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "hunter2")
    with mail_server(Mailbox()) as mailbox:
        (tmp_path / "letter.toml").write_text(LETTER.format(port=mailbox.port), encoding="utf-8")
        dry = newsdesk("send", "letter.toml", "--out", "out", "--dry-run")
        assert dry.stdout == "dry run: 1 message would go out, 0 have it already\n"
        assert mailbox.received == []
        assert newsdesk("send", "letter.toml", "--out", "out").stdout == "1 message sent, 0 had it already\n"
        assert newsdesk("send", "letter.toml", "--out", "out").stdout == "0 messages sent, 1 had it already\n"
    assert [to for to, _ in mailbox.received] == ["ada@reader.example"]
    later = LETTER.format(port=1).replace("2024-05-08", "2024-05-09")
    (tmp_path / "letter.toml").write_text(later, encoding="utf-8")
    assert "Nothing new since our issue of 8 May 2024." in newsdesk("newsletter", "letter.toml").stdout


def test_an_issue_that_was_sent_in_another_way_can_be_noted(newsdesk: Newsdesk, tmp_path: Path) -> None:
    assert newsdesk("send", "letter.toml", "--only-remember", "--dry-run").stdout.startswith("dry run")
    assert not (tmp_path / "sent.json").exists()
    assert newsdesk("send", "letter.toml", "--only-remember").stdout.startswith("noted as sent: The Ostrel Letter")
    assert (tmp_path / "sent.json").exists()


def test_a_server_that_is_not_there_fails_in_one_line(newsdesk: Newsdesk) -> None:
    result = newsdesk("send", "letter.toml", "--out", "out")
    assert result.exit_code == 1
    assert "127.0.0.1:1 cannot be used" in error_line(result)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="cron is a Unix program")
def test_the_example_for_cron_builds_an_issue_and_makes_its_messages(tmp_path: Path) -> None:
    newsdesk = Path(sys.executable).with_name("newsdesk")
    given = {"PATH": "/usr/bin:/bin", "NEWSDESK_LIBRARY": str(tmp_path / "news"), "HOME": str(tmp_path)}
    given |= {"NEWSDESK": str(newsdesk), "OUT": str(tmp_path / "issue"), "NEWSDESK_EMBEDDER": "hashing"}
    subprocess.run([newsdesk, "ingest", ROOT / "ingest" / "sample"], env=given, check=True, capture_output=True)
    run = subprocess.run(
        ["sh", ROOT / "examples" / "cron.sh"], env=given, capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("dry run: 2 messages would go out, 0 have it already\n")
    assert (tmp_path / "issue" / "issue.eml").exists()


@pytest.mark.slow
def test_the_example_for_ci_passes_a_good_issue_and_fails_an_empty_section(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "examples" / "ci_newsletter.py", ROOT / "examples" / "weekly.toml"]
    command += ["--sources", ROOT / "ingest" / "sample", "--out", tmp_path / "issue"]
    given = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    given |= {"NEWSDESK_EMBEDDER": "hashing", "XDG_CACHE_HOME": str(tmp_path)}
    empty = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert empty.returncode == 1
    assert "the section 'Sport' is empty" in empty.stderr
    # The hashing embedder, blind to meaning, finds nothing on business and takes the one on shipping for a main story.
    names = ("Sport", "Business", "From the Harbour Standard")
    allowed = [*command, *(word for name in names for word in ("--may-be-empty", name))]
    passed = subprocess.run(allowed, env=given, capture_output=True, text=True, check=False)
    assert passed.returncode == 0, passed.stderr
    assert (tmp_path / "issue" / "issue.html").exists()


def test_an_issue_and_a_briefing_are_read_out_and_the_files_are_named(
    newsdesk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("soundfile")
    monkeypatch.setattr("newsletter.audio.studio.find_voice", ToneVoice)
    made = newsdesk("newsletter", "letter.toml", "--audio", "cast/1.mp3")
    assert (made.exit_code, made.stdout.splitlines()[-2:]) == (0, ["cast/1.mp3", "cast/1.chapters.json"])
    told = newsdesk("briefing", "--audio", "cast/b.mp3")
    assert (told.exit_code, told.stderr.splitlines()[-2:]) == (
        0,
        ["newsdesk: cast/b.mp3", "newsdesk: cast/b.chapters.json"],
    )
    assert {file.name for file in (tmp_path / "cast").glob("*.mp3")} == {"1.mp3", "b.mp3"}


def test_where_there_is_no_voice_nothing_is_made(
    newsdesk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Voice:
        raise VoiceError("there is no voice on this system; install espeak-ng")

    monkeypatch.setattr("newsletter.audio.studio.find_voice", none)
    monkeypatch.setattr("newsletter.audio.studio.check_encoder", lambda: None)
    refused = newsdesk("newsletter", "letter.toml", "--audio", "1.mp3", "--out", "out", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["kind"]) == (1, "voice")
    assert not (tmp_path / "out").exists()
    assert newsdesk("briefing", "--audio", "1.wav").exit_code == 2
