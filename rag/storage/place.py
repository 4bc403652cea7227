"""Where a library's archive stands: in a file of its folder, or in a database of a server."""

from __future__ import annotations

import os
from pathlib import Path

from rag.errors import LibraryError, StorageError, UsageError
from rag.settings import Settings
from rag.storage.archive.archive import Archive
from rag.storage.archive.versions import COPYING

ARCHIVE_FILE = "archive.sqlite3"


def archive_of(settings: Settings, *, create: bool) -> Archive:
    """The archive of the library that the settings name; the folder is made.

    Raises `LibraryError` where there is none and `create` is False, or where folder or database hold something else or
    only part of a library; `StorageError` where disk or server refuse.
    """
    folder, address = settings.library, settings.archive.get_secret_value()
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{str(folder)!r} is a file, not a library folder; name another with --library")
    if not address:
        _check_file(folder, create=create)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot make the folder {str(folder)!r} ({error.strerror}); name another with --library"
        ) from error
    if address:
        return Archive(address, create=create)
    return Archive(folder / ARCHIVE_FILE, read_only=cannot_be_written(folder))


def open_archive(where: str, *, create: bool) -> Archive:
    """The archive in a library's folder, or at the address of a database; raises as `archive_of` does."""
    if where.startswith(("postgresql:", "postgresql+")):
        return Archive(where, create=create)
    if not where.strip():
        raise UsageError("the name of a library is empty; name a folder, or the address of a database")
    return archive_of(Settings(library=Path(where)), create=create)


def refuse_if_incomplete(archive: Archive) -> None:
    """Raise `LibraryError` for an archive that is being made as a copy of another."""
    if archive.note(COPYING) is not None:
        raise LibraryError(
            f"what is being copied into {archive.name} is not complete; run the same `newsdesk copy` or "
            "`newsdesk restore` again"
        )


def cannot_be_written(folder: Path) -> bool:
    """Whether this process may not change what is in the folder."""
    return not os.access(folder, os.W_OK)


def _check_file(folder: Path, *, create: bool) -> None:
    """Refuse a folder whose archive is missing where it ought to be there."""
    database = folder / ARCHIVE_FILE
    is_empty_file = database.exists() and database.stat().st_size == 0
    if is_empty_file or not database.exists():
        if (folder / "indexes").exists() and any((folder / "indexes").glob("*-[0-9]*")):
            raise LibraryError(
                f"{ARCHIVE_FILE} is {'empty' if is_empty_file else 'missing'} in {str(folder)!r}; "
                "restore it from a copy, or delete the folder and ingest the sources again"
            )
        if not create:
            raise LibraryError(
                f"there is no library at {str(folder)!r}; run `newsdesk ingest SOURCE --library {folder}`"
            )
