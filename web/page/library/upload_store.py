"""Files that readers have sent and not added yet: in a folder of our own, each under a handle that only its sender was
told."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UsageError

KEPT_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    sender: str
    file: Path
    since: float


class UploadStore:
    """The folder, and who sent what. Safe to use from several threads; `close` removes it."""

    def __init__(self) -> None:
        # mkdtemp lets nobody else in (0700).
        self.folder = Path(tempfile.mkdtemp(prefix="newsdesk-uploads-")).resolve()
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def staging(self) -> Path:
        """A folder to receive one request in."""
        self._forget_old()
        return Path(tempfile.mkdtemp(prefix="receiving-", dir=self.folder))

    def hold(self, sender: str, file: Path) -> Path:
        """Move a file that `sender` sent to its place, and return that; its folder's name is the handle."""
        handle = secrets.token_urlsafe(32)
        place = self.folder / handle
        place.mkdir(mode=0o700)
        held = Path(shutil.move(file, place / file.name))
        with self._lock:
            self._held[handle] = _Held(sender=sender, file=held, since=time.monotonic())
        return held

    def take(self, sender: str, given: str, into: Path) -> Path:
        """Move the file that `sender` sent and got `given` for into a folder; once.

        Raises `UsageError` for whatever else a request names: a path, a folder, a link, what another reader sent.
        """
        handle = Path(given).parent.name
        with self._lock:
            held = self._held.get(handle)
            if held is None or held.sender != sender or str(held.file) != given:
                raise UsageError("a file was not uploaded here; choose it again")
            del self._held[handle]
        found = os.lstat(held.file)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise UsageError("an upload is no file; choose a file")
        taken = Path(shutil.move(held.file, into / held.file.name))
        held.file.parent.rmdir()
        return taken

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget_old(self) -> None:
        """Delete what was sent long ago and never added."""
        until = time.monotonic() - KEPT_SECONDS
        with self._lock:
            old = [handle for handle, held in self._held.items() if held.since < until]
            for handle in old:
                shutil.rmtree(self._held.pop(handle).file.parent, ignore_errors=True)
