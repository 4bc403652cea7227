"""One target in the hands of atheris, which drives libFuzzer and ends the process when it is done.

Exit codes are libFuzzer's: 0 where nothing was found, 77 for an exception, 70 for a time-out, 71 for too much memory.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

MAX_INPUT_BYTES = 8192
MAX_MEMORY_MB = 1024
"""Of the whole process, which begins with about 200."""

TIMEOUT_SECONDS = 30
"""Where even `findings.MAX_CPU_SECONDS` is not reached, because the reader never comes back."""

INSTRUMENTED = (
    "ingest", "rag", "tests", "email", "htmldate", "justext", "markdown_it", "mdurl", "protego", "pypdf", "trafilatura",
    "yaml", "zipfile",
)  # fmt: skip
"""Packages whose branches the fuzzer sees: ours, and what readers hand bytes to, as far as it is written in Python."""


def fuzz(name: str, *, seconds: int, corpus: Path, findings: Path, seed: int) -> None:
    """Fuzz a target until the time is up or something is found, which is written to `findings`; never returns.

    `corpus` keeps the inputs that reached new code, for the next run to begin from.
    """
    import atheris  # type: ignore[import-untyped,unused-ignore]

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from tests.fuzz.targets import TARGETS

        target = TARGETS[name]
        for data in target.seeds:
            target.run(data)  # imports what readers import only when they need it
    inputs, words = corpus / name, corpus / f"{name}.words"
    for folder in (inputs, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for data in target.seeds:
        (inputs / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words.write_text("".join(f'"{escaped(word)}"\n' for word in target.words), encoding="ascii")
    flags = {
        "max_total_time": seconds, "max_len": MAX_INPUT_BYTES, "timeout": TIMEOUT_SECONDS, "seed": seed,
        "rss_limit_mb": MAX_MEMORY_MB, "dict": words, "artifact_prefix": findings / f"{name}-", "print_final_stats": 1,
    }  # fmt: skip
    atheris.Setup([sys.argv[0], *(f"-{flag}={value}" for flag, value in flags.items()), str(inputs)], target.check)
    atheris.Fuzz()


def escaped(word: bytes) -> str:
    """Return a word as libFuzzer's dictionaries have it."""
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word)
