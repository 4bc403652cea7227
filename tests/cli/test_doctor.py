"""The command doctor: what works, what does not, and what to do about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from newsletter.audio.voice import find_voice
from newsletter.smtp import PASSWORD_VARIABLE
from rag.settings import load_settings
from rag.storage.library import open_library
from tests.cli.command_line import Newsdesk

LETTER = """
title = "The Letter"
[[sections]]
title = "News"
[mail]
sender = "The Letter"
sender_address = "letter@news.example"
to = ["ada@reader.example"]
[smtp]
host = "mail.example"
user = "letter"
"""


def findings(newsdesk: Newsdesk, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = newsdesk("doctor", "--json", *arguments)
    return done.exit_code, {one["name"]: one for one in json.loads(done.stdout)["findings"]}


def test_a_library_that_works_is_said_to_work(filled: Newsdesk) -> None:
    code, found = findings(filled)
    assert (code, found["library"]["state"], found["library"]["remedy"]) == (0, "fine", "")
    assert "2 articles" in found["library"]["said"]
    assert found["model"]["state"] == "fine"
    assert filled("doctor").stdout.splitlines()[-1] == "everything that was looked at works"


def test_old_news_is_noted_with_what_to_do(filled: Newsdesk) -> None:
    _, found = findings(filled)
    assert (found["news"]["state"], found["news"]["remedy"]) == ("note", "ingest newer articles, or poll feeds")


def test_a_missing_library_is_told(newsdesk: Newsdesk) -> None:
    code, found = findings(newsdesk)
    assert (code, found["library"]["state"]) == (1, "wrong")


def test_a_model_that_cannot_be_made_is_told(filled: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_MODEL", "local:/nowhere/model.gguf")
    code, found = findings(filled)
    assert (code, found["model"]["state"]) == (1, "wrong")


def test_a_feed_with_a_problem_is_named(filled: Newsdesk, tmp_path: Path) -> None:
    with open_library(load_settings(library=str(tmp_path / "library")), create=False) as library:
        feeds = library.archive.feeds
        feeds.add("https://post.example/feed", now=datetime(2024, 5, 1, tzinfo=UTC))
        feed = feeds.feed("https://post.example/feed")
        assert feed is not None
        feeds.update(replace(feed, polled=datetime.now(UTC), problem="it answers 404"))
    code, found = findings(filled)
    assert code == 1
    assert found["feeds"]["said"] == "https://post.example/feed: it answers 404"


def test_a_newsletter_without_its_password_is_told(
    filled: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.toml").write_text(LETTER, encoding="utf-8")
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    code, found = findings(filled, "--newsletter", "letter.toml")
    assert (code, found["mail"]["remedy"]) == (1, "set SMTP_PASSWORD")
    monkeypatch.setenv(PASSWORD_VARIABLE, "secret")
    done = filled("doctor", "--newsletter", "letter.toml")
    assert (done.exit_code, "secret" in done.stdout) == (0, False)


def test_a_template_that_is_broken_is_named_with_its_line(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text('template = "own.html"\n' + LETTER.split("[mail]")[0], encoding="utf-8")
    (tmp_path / "own.html").write_text("<p>\n{{ nothing }}</p>", encoding="utf-8")
    code, found = findings(filled, "--newsletter", "letter.toml")
    assert code == 1
    assert "own.html, line 2" in found["newsletter"]["said"]


@pytest.mark.parametrize(("content", "said"), [(None, "cannot read"), (f"tilte = 1\n{LETTER}", "tilte")])
def test_a_newsletter_that_cannot_be_used_is_one_finding_among_the_others(
    content: str | None, said: str, filled: Newsdesk, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "letter.toml").write_text(content, encoding="utf-8")
    code, found = findings(filled, "--newsletter", "letter.toml")
    assert (code, found["newsletter"]["state"], found["library"]["state"]) == (1, "wrong", "fine")
    assert said in found["newsletter"]["said"]


def test_what_reads_out_is_looked_for_and_its_lack_is_only_noted(
    filled: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.audio.voice.find_voice", partial(find_voice, which=lambda _: None))
    code, found = findings(filled)
    assert (code, found["audio"]["state"]) == (0, "note")
    assert "install espeak-ng" in found["audio"]["said"]
