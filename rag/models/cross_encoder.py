"""Cross-encoders of sentence-transformers, for the reranker and for the entailment model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.telemetry import switch_off_telemetry

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def load_cross_encoder(name: str, *, what: str, setting: str) -> CrossEncoder:
    """The cross-encoder of that name or folder, on the CPU; raises `SettingsError`, which names `what` it was to be and
    the `setting`, where it is not on this machine."""
    # Set before the import: the hub client must not look anything up during a question.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    switch_off_telemetry()
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(name, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"the {what} {name!r} is not on this machine, or is no cross-encoder; "
            f"set {setting} to a folder that holds one, or unset it"
        ) from error
