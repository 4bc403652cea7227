"""Wrong settings: what is told, in words, with the name to correct and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from rag.errors import SettingsError
from rag.settings import Settings, load_settings
from tests.cli.command_line import Newsdesk, error_line, fill

PATHS = ["library", "cache", "embedder", "model"]


def refusal(folder: Path, environment: dict[str, str] | None = None, file: str = "", **given: object) -> str:
    (folder / "newsdesk.toml").write_text(file, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(environment=environment or {}, folder=folder, **given)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("max_passages", "many", "must be a whole number from 1 to 100, not 'many'"),
        ("max_passages", "0", "must be a whole number from 1 to 100, not '0'"),
        ("max_file_mb", "0", "must be a whole number, 1 or more, not '0'"),
        ("model_timeout_seconds", "0", "must be a number above 0, not '0'"),
        ("poll_minutes", "inf", "must be a number, 0 or more, not 'inf'"),
        ("vector_index", "faiss", "must be 'auto', 'chroma' or 'exact', not 'faiss'"),
        ("embedder_runtime", "gpu", "must be 'onnx' or 'torch', not 'gpu'"),
        ("read_only", "maybe", "must be true or false, not 'maybe'"),
        ("library", "  ", "is empty; give it the name of a folder"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_by_its_variable_with_what_is_allowed(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    variable = f"NEWSDESK_{name.upper()}"
    assert refusal(tmp_path, {variable: value}) == f"setting {name!r}: {variable} {sentence}; see docs/settings.md"


def test_a_value_in_the_file_is_told_by_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path, file="max_passages = 3.5") == (
        "setting 'max_passages': in newsdesk.toml it must be a whole number from 1 to 100, not 3.5; "
        "see docs/settings.md"
    )
    assert refusal(tmp_path, file="modle = 'quotes'") == (
        "setting 'modle': in newsdesk.toml it is no setting of Newsdesk (did you mean 'model'?); see docs/settings.md"
    )


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_can_say_what_it_may_be(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, **{name: object()})
    assert said.startswith(f"setting {name!r}: it must be ")


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, {"NEWSDESK_MAX_PASSAGES": "9" * 5000})) < 250


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "newsdesk.toml").mkdir()
    with pytest.raises(SettingsError) as refused:
        load_settings(environment={}, folder=tmp_path)
    assert str(refused.value).startswith("cannot read newsdesk.toml (")
    assert "Error" not in str(refused.value)


@pytest.mark.parametrize("name", PATHS)
def test_an_empty_variable_counts_as_not_set(tmp_path: Path, name: str) -> None:
    settings = load_settings(environment={f"NEWSDESK_{name.upper()}": ""}, folder=tmp_path)
    assert settings == Settings()


def test_an_empty_variable_leaves_the_file_s_value(tmp_path: Path) -> None:
    (tmp_path / "newsdesk.toml").write_text("library = 'news'", encoding="utf-8")
    assert load_settings(environment={"NEWSDESK_LIBRARY": ""}, folder=tmp_path).library == Path("news")


def test_an_empty_variable_of_an_unknown_name_is_still_refused(tmp_path: Path) -> None:
    assert "did you mean 'library'?" in refusal(tmp_path, {"NEWSDESK_LIBARY": ""})


@pytest.mark.parametrize("name", PATHS)
def test_an_empty_name_in_the_file_or_as_an_argument_is_refused(tmp_path: Path, name: str) -> None:
    assert "is empty; give it " in refusal(tmp_path, file=f"{name} = ''")
    assert "is empty; give it " in refusal(tmp_path, **{name: ""})


def test_an_empty_library_option_is_wrong_use_and_never_the_working_folder(newsdesk: Newsdesk, tmp_path: Path) -> None:
    fill(newsdesk, tmp_path, [{"text": "The mayor opened the bridge on Monday. It cost 4 million."}])
    before = sorted(tmp_path.iterdir())
    for arguments in (["articles", "--library", ""], ["--library", "", "articles"], ["ingest", ".", "--library", ""]):
        result = newsdesk(*arguments)
        assert result.exit_code == 2
        assert error_line(result).startswith("setting 'library': it is empty; give it the name of a folder")
    assert newsdesk("articles", NEWSDESK_LIBRARY="").exit_code == 0
    started = CliRunner().invoke(app.app, ["--library", ""])
    assert started.exit_code == 2
    assert "setting 'library': it is empty" in started.stderr
    assert sorted(tmp_path.iterdir()) == before
