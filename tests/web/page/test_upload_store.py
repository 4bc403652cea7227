"""Uploads: only what a reader sent, by its handle, once; never a path, a folder, a link or what another reader sent."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import UsageError
from web.page.library import upload_store
from web.page.library.upload_store import UploadStore


@pytest.fixture
def store() -> Iterator[UploadStore]:
    made = UploadStore()
    yield made
    made.close()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "taken"
    folder.mkdir()
    return folder


def sent(tmp_path: Path, text: str = "A bridge.") -> Path:
    file = tmp_path / "bridge.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_is_taken_once_by_whoever_sent_it(store: UploadStore, tmp_path: Path, into: Path) -> None:
    handle = str(store.hold("ada", sent(tmp_path)))
    assert store.take("ada", handle, into).read_text(encoding="utf-8") == "A bridge."
    with pytest.raises(UsageError, match="not uploaded here"):
        store.take("ada", handle, into)


def test_nobody_else_takes_it(store: UploadStore, tmp_path: Path, into: Path) -> None:
    handle = str(store.hold("ada", sent(tmp_path)))
    with pytest.raises(UsageError, match="not uploaded here"):
        store.take("grace", handle, into)
    assert store.take("ada", handle, into).exists()


def test_two_uploads_of_one_content_have_nothing_in_common(store: UploadStore, tmp_path: Path, into: Path) -> None:
    first, second = (store.hold(sender, sent(tmp_path)) for sender in ("ada", "grace"))
    assert first.parent != second.parent
    assert store.take("ada", str(first), into).exists()
    assert second.exists()


@pytest.mark.parametrize(
    "named",
    ["{folder}", "{folder}/", "{folder}/..", "{place}", "{place}/", "{place}/../x", "{place}/./bridge.md", "{tmp}", ""],
)
def test_a_path_or_a_folder_is_no_handle(store: UploadStore, tmp_path: Path, into: Path, named: str) -> None:
    held = store.hold("ada", sent(tmp_path))
    given = named.format(folder=store.folder, place=held.parent, tmp=tmp_path)
    with pytest.raises(UsageError, match="not uploaded here"):
        store.take("ada", given, into)
    assert held.exists()


@pytest.mark.skipif(os.name != "posix", reason="links need rights of their own there")
@pytest.mark.parametrize("hard", [False, True])
def test_a_link_is_no_upload(store: UploadStore, tmp_path: Path, into: Path, hard: bool) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("zanzibar", encoding="utf-8")
    held = store.hold("ada", sent(tmp_path))
    held.unlink()
    held.hardlink_to(secret) if hard else held.symlink_to(secret)
    with pytest.raises(UsageError, match="no file"):
        store.take("ada", str(held), into)
    assert secret.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_folder_is_its_owners_alone(store: UploadStore, tmp_path: Path) -> None:
    held = store.hold("ada", sent(tmp_path))
    for folder in (store.folder, held.parent, store.staging()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_nobody_added_is_deleted(store: UploadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = store.hold("ada", sent(tmp_path))
    monkeypatch.setattr(upload_store, "KEPT_SECONDS", -1.0)
    store.staging()
    assert not held.exists()
