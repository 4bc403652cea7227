"""`newsdesk models`: what it lists, fetches and tries, on this machine's own stand-ins."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.models import fetch, list_models
from rag.errors import ModelError
from rag.models.discovery import RECOMMENDED
from rag.settings import Settings
from tests.cli.command_line import Newsdesk, error_line, read
from tests.rag.hub import CONTENT, Hub, model, running_hub


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a user who has no key, no server and no model file."""
    for variable in [name for name in os.environ if name.endswith("_API_KEY")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    for variable in ("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE"):
        monkeypatch.delenv(variable, raising=False)
    return Settings(library=tmp_path / "library", cache=tmp_path / "cache", embedder="hashing")


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as one:
        yield one


def fetched(settings: Settings, hub: Hub, *, as_json: bool) -> int:
    return fetch(settings, model(), as_json=as_json, environment={"HF_ENDPOINT": hub.url})


def test_a_list_with_nothing_found_says_so_and_what_could_be_fetched(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list_models(settings, as_json=False, servers={}) == 0
    text = capsys.readouterr().out
    assert "nothing: no key, no server on this machine and no GGUF file was found" in text
    assert all(f"  {one.name}  (" in text for one in RECOMMENDED)


def test_the_list_never_prints_a_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    list_models(settings, as_json=False, servers={})
    list_models(settings, as_json=True, servers={})
    printed = "".join(capsys.readouterr())
    assert "openai:" in printed
    assert "very-secret" not in printed


def test_a_fetched_model_is_listed_with_the_value_that_uses_it(
    settings: Settings, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetched(settings, hub, as_json=True) == 0
    got = json.loads(capsys.readouterr().out)
    assert Path(got["file"]).read_bytes() == CONTENT
    assert got["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    list_models(settings, as_json=True, servers={})
    usable: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["usable"]
    assert [one["spec"] for one in usable] == [got["model"]] == [f"local:{got['file']}"]


def test_fetching_says_how_much_from_where_and_what_comes_next(
    settings: Settings, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetched(settings, hub, as_json=False) == 0
    text = capsys.readouterr().out
    assert "Apache-2.0, someone/Tiny-GGUF at 127.0.0.1" in text
    assert "newsdesk models test --model local:" in text
    assert "NEWSDESK_MODEL=local:" in text


def test_another_file_than_the_pinned_one_is_refused_and_not_kept(settings: Settings, hub: Hub) -> None:
    hub.content = CONTENT[:-1] + b"!"
    with pytest.raises(ModelError, match="SHA-256 is another"):
        fetched(settings, hub, as_json=True)
    assert not list((settings.cache or Path()).rglob("*.gguf"))


def test_an_unknown_name_is_answered_before_anything_is_fetched(newsdesk: Newsdesk) -> None:
    result = newsdesk("models", "get", "gpt-9")
    assert result.exit_code == 2
    assert RECOMMENDED[0].name in error_line(result)


def test_a_trial_without_a_model_shows_quotes_and_makes_no_library(newsdesk: Newsdesk, tmp_path: Path) -> None:
    trial = read(newsdesk("models", "test", "--json"))
    assert [one["answer"]["provenance"]["writer"] for one in trial["trials"]] == ["quotes"] * 3
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_fails_the_trial_and_quotes_stand_in(newsdesk: Newsdesk) -> None:
    result = newsdesk("models", "test", "--model", "http://127.0.0.1:9/v1#none")
    assert result.exit_code == 1
    assert "0 sentences of the model shown, 0 left out" in result.stdout
    assert "the model could not be used for every question" in result.stderr
