"""A command under a limit of memory is watched by the process that was started, which tells how it ended.

A native library that gets no memory aborts, or ends its process, without a word that Python could catch: OpenBLAS and
onnxruntime do. Where the process may use as much as there is, nothing is watched and nothing is different.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from cli.errors import report_failure
from rag.errors import StorageError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl(2)
_PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def watched(command: Callable[[], None]) -> None:
    """Run the command; under a limit of memory in a process of its own, whose exit code becomes this one's.

    A process that did not end by itself is one sentence and the exit code 1.
    """
    limit = _limit_in_bytes()
    if limit is None:
        command()
        return
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.close(told)
        _end_with_parent()
        try:
            command()
        finally:
            os.write(tell, b".")
        return
    os.close(tell)
    sys.exit(_ended(child, told, limit))


def _ended(child: int, told: int, limit: int) -> int:
    for number in _PASSED_ON:
        # The terminal sends Ctrl-C to both processes by itself.
        is_both = number == signal.SIGINT and sys.stdin is not None and sys.stdin.isatty()
        signal.signal(number, signal.SIG_IGN if is_both else _passes_on(child))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    by_itself = bool(os.read(told, 1)) or -code in _PASSED_ON
    if by_itself and code >= 0:
        return code
    if by_itself and -code in _PASSED_ON:
        return 128 - code
    message = (
        f"there is not enough memory: this process may use {limit // 1_000_000} MB, and a library that got no more"
        " ended it; allow it more (`ulimit -v`), and run the same command again"
    )
    return report_failure(StorageError(message), sys.argv[1:])


def _passes_on(child: int) -> Callable[[int, FrameType | None], None]:
    def pass_on(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    return pass_on


def _limit_in_bytes() -> int | None:
    """What this process may use of memory; None where that is not limited, or where no system limits it so."""
    if sys.platform != "linux":
        return None
    import resource

    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return min((limit for limit in limits if limit != resource.RLIM_INFINITY), default=None)


def _end_with_parent() -> None:
    """Whoever kills the process that was started ends the command, too."""
    import ctypes

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
