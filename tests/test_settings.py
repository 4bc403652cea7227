"""Settings: where they come from, which wins, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def test_an_argument_wins_over_the_environment_and_the_environment_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "newsdesk.toml").write_text("max_passages = 1\nmax_sentences = 1\nmax_file_mb = 1\n", encoding="utf-8")
    environment = {"NEWSDESK_MAX_PASSAGES": "2", "NEWSDESK_MAX_SENTENCES": "2"}
    settings = load_settings(environment=environment, folder=tmp_path, max_passages=3)
    assert (settings.max_passages, settings.max_sentences, settings.max_file_mb) == (3, 2, 1)


def test_an_argument_that_was_not_given_decides_nothing(tmp_path: Path) -> None:
    settings = load_settings(environment={"NEWSDESK_LIBRARY": "news"}, folder=tmp_path, library=None)
    assert settings.library == Path("news")


def test_without_anything_set_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(environment={"HOME": "/"}, folder=tmp_path) == Settings()


@pytest.mark.parametrize(
    ("environment", "file", "message"),
    [
        ({"NEWSDESK_MAX_PASAGES": "3"}, "", "NEWSDESK_MAX_PASAGES: no such setting (did you mean 'max_passages'?)"),
        ({"NEWSDESK_MAX_PASSAGES": "many"}, "", "setting 'max_passages': "),
        ({"NEWSDESK_MAX_PASSAGES": "0"}, "", "setting 'max_passages': "),
        ({"NEWSDESK_VECTOR_INDEX": "faiss"}, "", "setting 'vector_index': "),
        ({}, "modle = 'quotes'", "setting 'modle': "),
        ({}, "model = ", "newsdesk.toml is not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    environment: dict[str, str], file: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "newsdesk.toml").write_text(file, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(environment=environment, folder=tmp_path)
    assert message in str(refused.value)


def test_a_file_of_settings_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "newsdesk.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="readable UTF-8"):
        load_settings(environment={}, folder=tmp_path)


def test_a_secret_in_a_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(environment={"NEWSDESK_OPENAI_API_KEY": "sk-very-secret"}, folder=tmp_path)
    assert "sk-very-secret" not in str(refused.value)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().model = "openai:gpt"


def test_the_address_of_a_database_is_repeated_nowhere(tmp_path: Path) -> None:
    for wrong in ("mysql://ada:secret@host/news", "postgresql://ada:secret two@host/news"):
        with pytest.raises(SettingsError, match=r"setting 'archive'.*must be an address such as") as refused:
            load_settings(environment={"NEWSDESK_ARCHIVE": wrong}, folder=tmp_path)
        assert "secret" not in str(refused.value)
    right = "postgresql+psycopg://ada:secret@host/news"
    settings = load_settings(environment={"NEWSDESK_ARCHIVE": right}, folder=tmp_path)
    assert settings.archive.get_secret_value() == right
    assert "secret" not in repr(settings) + settings.model_dump_json()


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n", encoding="utf-8")
    settings = load_settings(environment={"NEWSDESK_CHROMA_TOKEN_FILE": str(file)}, folder=tmp_path)
    assert settings.chroma_token.get_secret_value() == "s3cret"
    both = {"NEWSDESK_CHROMA_TOKEN_FILE": str(file), "NEWSDESK_CHROMA_TOKEN": "t"}
    with pytest.raises(SettingsError, match="are both set; unset one"):
        load_settings(environment=both, folder=tmp_path)
    with pytest.raises(SettingsError, match=r"NEWSDESK_ARCHIVE_FILE: .* cannot be read .*; name the file"):
        load_settings(environment={"NEWSDESK_ARCHIVE_FILE": str(tmp_path / "nowhere")}, folder=tmp_path)


def test_what_is_no_secret_is_not_read_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NEWSDESK_MODEL_FILE: no such setting"):
        load_settings(environment={"NEWSDESK_MODEL_FILE": str(tmp_path / "model")}, folder=tmp_path)
