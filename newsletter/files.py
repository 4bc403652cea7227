"""Files that belong together: all of them are written, or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rag.errors import StorageError


def write_together(files: Mapping[Path, bytes], *, option: str) -> None:
    """Write the files of one folder, each whole under its name.

    Raises `StorageError`, which names the folder and the `option` that chooses it, where one of them cannot be written;
    what stands there then stays as it was.
    """
    folder = next(iter(files)).parent
    scratch = {file: file.with_name(f"{file.name}.new") for file in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            scratch[file].write_bytes(content)
        for file, made in scratch.items():
            made.replace(file)
    except OSError as error:
        for left in scratch.values():
            with suppress(OSError):
                left.unlink()
        raise StorageError(
            f"cannot write into {str(folder)!r} ({(error.strerror or '').lower()}); make room or name another {option}"
        ) from error
