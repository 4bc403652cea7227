"""The folders that a library's indexes lie in, one for each build."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Literal

from rag.storage.archive.archive import Archive

IndexKind = Literal["vectors", "words"]
INDEX_KINDS: tuple[IndexKind, ...] = ("vectors", "words")

_ARCHIVE = "archive"


class IndexFolders:
    """Where the generations of each index are; `current` is in use, `fresh` is being built, `adopt` swaps it in."""

    def __init__(self, library: Path) -> None:
        self.root = library / "indexes"

    def are_of(self, archive: Archive) -> bool:
        """Whether what lies here was built from this archive.

        Indexes that do not say so are of the file beside them, as they were before they said it.
        """
        try:
            return archive.identity in (None, (self.root / _ARCHIVE).read_text(encoding="ascii"))
        except FileNotFoundError:
            return isinstance(archive.place, Path) or not any(self.root.glob("*-[0-9]*"))

    def claim(self, archive: Archive) -> None:
        """Keep the folder for this archive; what was built from another is deleted. For the owner of the lock."""
        if not self.are_of(archive):
            for built in self.root.glob("*-[0-9]*"):
                shutil.rmtree(built)
        if archive.identity is not None:
            scratch = self.root / f"{_ARCHIVE}.new"
            scratch.write_text(archive.identity, encoding="ascii")
            scratch.replace(self.root / _ARCHIVE)

    def current(self, kind: IndexKind) -> Path:
        """Folder in use; it may not exist yet."""
        try:
            name = json.loads((self.root / f"{kind}.json").read_text(encoding="utf-8"))["folder"]
        except (FileNotFoundError, ValueError, KeyError):
            name = f"{kind}-0001"
        return self.root / Path(name).name

    def fresh(self, kind: IndexKind) -> Path:
        """An empty folder with the next number."""
        numbers = [int(p.name.rpartition("-")[2]) for p in self.root.glob(f"{kind}-[0-9]*") if p.is_dir()]
        folder = self.root / f"{kind}-{max([*numbers, 0]) + 1:04d}"
        folder.mkdir(parents=True)
        return folder

    def adopt(self, kind: IndexKind, folder: Path) -> None:
        """Point to `folder` in one step and delete the other generations."""
        pointer = self.root / f"{kind}.json"
        scratch = pointer.with_suffix(".new")
        scratch.write_text(json.dumps({"folder": folder.name}), encoding="utf-8")
        scratch.replace(pointer)
        for other in self.root.glob(f"{kind}-[0-9]*"):
            if other != folder:
                # A process that reads the old generation keeps its open files; on Windows they stay until the next
                # swap.
                shutil.rmtree(other, ignore_errors=True)
