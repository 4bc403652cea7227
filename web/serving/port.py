"""Whether the page can listen where it is asked to, found out before anything heavy is loaded."""

from __future__ import annotations

import errno
import os
import socket

from rag.errors import UsageError

_HIGHEST_PORT = 65535


def refuse_taken_port(host: str, port: int, *, by_make: bool) -> None:
    """Raise `UsageError` with another port, or another host, where a page cannot listen on `port` of `host`.

    `by_make` tells that `make` runs the page, so that the advice is a command of make's.
    """
    if not 0 <= port <= _HIGHEST_PORT:
        raise UsageError(f"there is no port {port}; choose another: {_advice('--port 7860', by_make)}")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if os.name == "posix":
                # As the server itself does: a port whose last connections are still closing is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except (OSError, UnicodeError) as error:
        raise UsageError(_refusal(error, host, port, by_make=by_make)) from error


def _refusal(error: OSError | UnicodeError, host: str, port: int, *, by_make: bool) -> str:
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host!r} is no address of this machine; choose another: {_advice('--host 127.0.0.1', by_make)}"
    reason = (error.strerror or type(error).__name__).lower()
    fault = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({reason})"
    another = port + 1 if 1024 <= port < _HIGHEST_PORT else 7860
    return f"port {port} of {host} {fault}; choose another: {_advice(f'--port {another}', by_make)}"


def _advice(option: str, by_make: bool) -> str:
    return f'make run ARGS="{option}"' if by_make else option
