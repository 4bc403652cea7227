"""Users in a file: a line each, `name:hash`."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from rag.errors import UsageError


class UserFile:
    """See `web.serving.login.UserHashes`. The file is read again when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._hashes: dict[str, str] = {}
        self._read_at = -1
        self._lock = threading.Lock()

    def hashes(self) -> Mapping[str, str]:
        """See `UserHashes`; raises `UsageError` where the file cannot be read."""
        try:
            changed = self._file.stat().st_mtime_ns
            with self._lock:
                if changed != self._read_at:
                    lines = self._file.read_text(encoding="utf-8").splitlines()
                    self._hashes = dict(line.split(":", 1) for line in lines if ":" in line)
                    self._read_at = changed
                return self._hashes
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the file of users {str(self._file)!r} cannot be read; add one with `newsdesk users add NAME`"
            ) from error

    def put(self, name: str, hashed: str) -> None:
        """See `UserHashes`; raises `UsageError` where the file cannot be written."""
        self._write({**(self.hashes() if self._file.exists() else {}), name: hashed})

    def remove(self, name: str) -> bool:
        """See `UserHashes`; raises `UsageError` where the file cannot be written."""
        hashes = dict(self.hashes())
        if hashes.pop(name, None) is None:
            return False
        self._write(hashes)
        return True

    def _write(self, hashes: Mapping[str, str]) -> None:
        """In one step, readable by nobody else."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._file.parent, encoding="utf-8", delete=False) as made:
                made.writelines(f"{name}:{value}\n" for name, value in sorted(hashes.items()))
            os.replace(made.name, self._file)
        except OSError as error:
            raise UsageError(
                f"the file of users {str(self._file)!r} cannot be written: {(error.strerror or '').lower()}; "
                "set NEWSDESK_USERS to another"
            ) from error
