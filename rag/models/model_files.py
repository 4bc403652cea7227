"""A trained network's folder: `model.onnx`, `tokenizer.json` and `info.json`, which names both by their SHA-256.

`info.json` also holds the constants that were fitted on the exported file (calibration, thresholds), so that a network
never runs with another's. `card.md` beside it says what it was trained on and how well it does.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from rag.errors import SettingsError
from rag.models.onnx_session import open_session

NETWORK, TOKENIZER, INFO, CARD, CURVE = "model.onnx", "tokenizer.json", "info.json", "card.md", "curve.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Logistic:
    """A score's probability: 1 / (1 + exp(-(slope x score + offset))) (Platt 1999)."""

    slope: float
    offset: float

    def probability(self, score: float) -> float:
        """Between 0 and 1, rising with the score."""
        # Half of tanh is the same function and cannot overflow.
        return 0.5 * (1 + math.tanh((self.slope * score + self.offset) / 2))


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFiles:
    """A checked folder. `identity` changes whenever a score would."""

    folder: Path
    identity: str
    constants: Mapping[str, Any]

    def session(self) -> Any:
        """An onnxruntime session on one thread: the callers run several texts at once instead."""
        return open_session(self.folder / NETWORK)

    def tokenizer(self) -> Tokenizer:
        """The tokenizer that the network was trained with."""
        return Tokenizer.from_file(str(self.folder / TOKENIZER))

    def logistic(self, name: str) -> Logistic:
        """One of the fitted calibrations."""
        return Logistic(slope=float(self.constants[name]["slope"]), offset=float(self.constants[name]["offset"]))


def chosen_folder(setting: str, shipped: Path, *, task: str) -> Path:
    """The folder that a setting names, the shipped one where it is empty; raises `SettingsError` where it is none."""
    folder = Path(setting).expanduser() if setting else shipped
    if not folder.is_dir():
        raise SettingsError(
            f"{task} folder {str(folder)!r} does not exist; set NEWSDESK_{task.upper()} to a model's folder or off"
        )
    return folder


def open_files(folder: Path, *, task: str) -> ModelFiles:
    """Check a folder; raises `SettingsError` where it is incomplete, damaged or made for another task."""
    try:
        info = json.loads((folder / INFO).read_text(encoding="utf-8"))
        digests = {name: sha256(folder / name) for name in (NETWORK, TOKENIZER)}
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise SettingsError(f"{missing} is missing in {str(folder)!r}; name a complete {task} folder") from error
    if info["task"] != task:
        raise SettingsError(f"{str(folder)!r} holds a {info['task']}, not a {task}; name another folder")
    for name, digest in digests.items():
        if digest != info["sha256"][name]:
            raise SettingsError(f"{name} in {str(folder)!r} is not what was exported; copy the folder again")
    identity = f"{task}@{digests[NETWORK][:12]}"
    return ModelFiles(folder=folder, identity=identity, constants=info["constants"])


def write_info(folder: Path, *, task: str, constants: Mapping[str, Any]) -> None:
    """Name the folder's files and keep the constants that were fitted to them."""
    digests = {name: sha256(folder / name) for name in (NETWORK, TOKENIZER)}
    info = {"task": task, "sha256": digests, "constants": constants}
    (folder / INFO).write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")


def sha256(file: Path) -> str:
    """A file's digest in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def threads_for(asked: int) -> int:
    """How many texts to run at once: what was asked for, or one for each processor."""
    return asked or os.cpu_count() or 1
