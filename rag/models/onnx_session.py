"""Sessions of onnxruntime, which sends its maker what it knows of this machine unless it is told not to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.telemetry import switch_off_telemetry


def open_session(network: Path) -> Any:
    """An onnxruntime session on one thread: the callers run several texts at once instead."""
    switch_off_telemetry()
    import onnxruntime

    # The switch is read at the import, which another library of this process may have done before.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
