"""Libraries that tell their makers about this machine, and how each of them is kept from it."""

from __future__ import annotations

import os

SWITCHES = {
    # onnxruntime: reads it once, when it is imported; also keeps it from queueing events in the user's cache.
    "ORT_DISABLE_TELEMETRY": "1",
    # chromadb
    "ANONYMIZED_TELEMETRY": "False",
    # gradio: also its question whether there is a newer version.
    "GRADIO_ANALYTICS_ENABLED": "False",
    # huggingface_hub, with hf_xet, transformers and sentence-transformers on it
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # ray: a head node, which still reports once that its reports are switched off, to wherever the second says.
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_REPORT_URL": "http://127.0.0.1:9/",
    # Whoever else keeps to https://donottrack.sh
    "DO_NOT_TRACK": "1",
}
"""Environment variable -> the value that switches a library's telemetry off."""


def switch_off_telemetry() -> None:
    """Set every switch in this process's environment, whatever stood there.

    Call it before the library is imported: most of them look once. LangSmith is not among them, because it traces only
    where its own variables ask for it.
    """
    os.environ.update(SWITCHES)
