"""How much of the sources' bytes has been read, for a progress bar that tells the time left."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


class ReadingPosition:
    """Follows the files that are opened one after the other; `total_bytes` is None where nobody knows."""

    def __init__(self, total_bytes: int | None) -> None:
        self._total_bytes = total_bytes
        self._before = 0
        self._path: Path | None = None
        self._file: BinaryIO | None = None

    def opened(self, path: Path) -> BinaryIO:
        """Open a file; one that is opened again is counted once."""
        if path != self._path:
            if self._path is not None:
                self._before += self._path.stat().st_size
            self._path = path
        self._file = path.open("rb")
        return self._file

    @property
    def share(self) -> float | None:
        """Share of all bytes that was read, from 0 to 1; None where the total is not known."""
        if not self._total_bytes:
            return None
        if self._file is None or self._path is None:
            here = 0
        else:
            here = self._path.stat().st_size if self._file.closed else self._file.tell()
        return min(1.0, (self._before + here) / self._total_bytes)
