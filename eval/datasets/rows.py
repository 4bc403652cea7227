"""Rows of a data set: one JSON object a line, in a plain file (`.jsonl`) or a compressed one (`.jsonl.gz`)."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.datasets import Options
from eval.errors import CaseError

SUFFIXES = (".jsonl.gz", ".jsonl")


class Row(BaseModel):
    """What an evaluation reads of one line; other fields are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


R = TypeVar("R", bound=Row)


def data_of(options: Options, *, set_name: str, holds: str) -> Path:
    """The path that `--data` names; `CaseError` where it names none, or nothing that is there."""
    if options.data is None:
        raise CaseError(f"the set {set_name!r} needs --data: {holds}")
    if not options.data.exists():
        raise CaseError(f"no such file or folder: {str(options.data)!r}; name {holds} with --data")
    return options.data


def file_of_half(options: Options, *, set_name: str) -> Path:
    """The file that `--data` names, for a set whose halves are files."""
    holds = "the half's file, such as dev.jsonl.gz"
    file = data_of(options, set_name=set_name, holds=holds)
    if file.is_dir():
        raise CaseError(f"{str(file)!r} is a folder; name {holds} with --data")
    return file


def file_in_folder(folder: Path, stem: str) -> Path:
    """The file of that name in a half's folder, compressed or not."""
    files = [file for suffix in SUFFIXES if (file := folder / f"{stem}{suffix}").is_file()]
    if not files:
        raise CaseError(f"no {stem}.jsonl or {stem}.jsonl.gz in {str(folder)!r}; name the half's folder with --data")
    return files[0]


def files_in_or_beside(folder: Path, stem: str) -> list[Path]:
    """The files of that name (or glob pattern) beside a half's folder, where both halves find them, and in it."""
    places = (folder.absolute().parent, folder)
    files = [file for place in places for suffix in SUFFIXES for file in sorted(place.glob(f"{stem}{suffix}"))]
    if not files:
        raise CaseError(
            f"no {stem}.jsonl or {stem}.jsonl.gz in {str(folder)!r} or beside it; name the half's folder with --data"
        )
    return files


def file_of_training_half(folder: Path, stem: str) -> Path | None:
    """The file of that name in the folder `train` beside a half's; None where there is none or the half is it."""
    train = folder.absolute().parent / "train"
    if train == folder.absolute():
        return None
    return next((file for suffix in SUFFIXES if (file := train / f"{stem}{suffix}").is_file()), None)


def read_rows(file: Path, kind: type[R]) -> tuple[list[R], str]:
    """Read a file of rows; returns them with the digest of the lines, the same for both kinds of file.

    What is no file of such rows, or an empty one, is a `CaseError` with file and line.
    """
    lines = _lines(file)
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise CaseError(f"{file}:{number}: {name + ': ' if name else ''}{first['msg']}") from error
    if not rows:
        raise CaseError(f"no rows in {str(file)!r}; name another file with --data")
    return rows, hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]


def _lines(file: Path) -> list[bytes]:
    try:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise CaseError(f"cannot read {str(file)!r}: {error}; name a .jsonl or .jsonl.gz file with --data") from error
    return [line for line in content.splitlines() if line.strip()]
