"""Sessions of onnxruntime, which sends its maker what it knows of this machine unless it is told not to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.telemetry import switch_off_telemetry


def open_session(network: Path) -> Any:
    """An onnxruntime session on one thread: the callers run several texts at once instead.

    Products of int8 are exact on every processor. Without `session.x64quantprecision` those x86 processors that have no
    VNNI instructions add them up in 16 bits, which overflow: the reader's scores were off by .3 on average and up to
    1.8 (onnxruntime pull request 12088). Others ignore the setting.
    """
    switch_off_telemetry()
    import onnxruntime

    # The switch is read at the import, which another library of this process may have done before.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # What goes wrong is raised; a line of the library's own beside it would be said twice.
    options.log_severity_level = 4
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
