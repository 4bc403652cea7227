"""Backups: one file each, made while the library is in use, whose digests are checked when it is made and restored.

A backup is an archive of SQLite, whatever engine the library stands in, so that it can be looked into with any tool and
restored into either.
"""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import LibraryError, StorageError, UsageError
from rag.storage.archive.archive import Archive
from rag.storage.archive.copying import BACKUP, Progress, copy_archive, differences, digests_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """What a backup holds."""

    file: str
    made: datetime
    articles: int
    passages: int
    revision: int


def back_up(archive: Archive, file: Path, progress: Progress | None = None) -> Backup:
    """Write the archive as it stands into a new file; one that was ended goes on from `FILE.part`.

    Raises `UsageError` where the file is there already, `StorageError` where its folder cannot be written or has no
    room for all of it.
    """
    if file.exists():
        raise UsageError(f"{str(file)!r} is there already; name another file")
    if not file.parent.is_dir():
        raise StorageError(f"there is no folder {str(file.parent)!r}; make it, or name another file")
    part = file.with_name(f"{file.name}.part")
    if part.exists() and _is_whole(part):
        _discard(part)  # it was ended before it had its name, and may be of long ago
    with closing(Archive(part)) as copy:
        made = copy_archive(archive, copy, progress)
        copy.set_note(BACKUP, json.dumps({"made": datetime.now(UTC).isoformat(), "digests": dict(made)}))
        found = _found(copy, file)
    # Closing puts everything into the one file; where the disk has no room for it, the log stays and nothing is said.
    if _log_of(part).exists():
        _discard(part)
        raise StorageError(
            f"the disk with {str(file.parent)!r} has no room for the backup; make room and run the same command again"
        )
    part.rename(file)
    return found


def restore(file: Path, archive: Archive, progress: Progress | None = None) -> Backup:
    """Put what a backup holds into an empty archive; one that was ended goes on.

    Raises `LibraryError` for a file that is no backup or is damaged, `UsageError` where the archive holds something.
    """
    with closing(opened(file)) as backup:
        found = check(backup, file)
        copy_archive(backup, archive, progress)
    return found


def opened(file: Path) -> Archive:
    """The archive in a backup, for reading; raises `LibraryError` where there is none."""
    if not file.is_file():
        raise LibraryError(f"there is no backup {str(file)!r}; name a file that `newsdesk backup` wrote")
    return Archive(file, read_only=True)


def check(backup: Archive, file: Path) -> Backup:
    """Compare what a backup holds with the digests that it was given; raises `LibraryError` where they differ."""
    told = backup.note(BACKUP)
    if told is None:
        raise LibraryError(f"{str(file)!r} is no complete backup; name a file that `newsdesk backup` wrote")
    wanted = json.loads(told)["digests"]
    found = None
    # What is damaged may also not be readable at all.
    with suppress(LibraryError, StorageError, ValueError):
        found = digests_of(backup)
    if found is None or differences(wanted, found):
        raise LibraryError(f"the backup {str(file)!r} is damaged; take an older one")
    return _found(backup, file)


def _found(copy: Archive, file: Path) -> Backup:
    told = copy.note(BACKUP)
    assert told is not None, "it was written with the last transaction"
    return Backup(
        file=str(file),
        made=datetime.fromisoformat(json.loads(told)["made"]),
        articles=copy.count(),
        passages=copy.passage_count(),
        revision=copy.revision(),
    )


def _is_whole(part: Path) -> bool:
    with closing(Archive(part)) as begun:
        return begun.note(BACKUP) is not None


def _log_of(part: Path) -> Path:
    return part.with_name(f"{part.name}-wal")


def _discard(part: Path) -> None:
    for left in (part, _log_of(part), part.with_name(f"{part.name}-shm")):
        left.unlink(missing_ok=True)
