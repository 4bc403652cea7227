"""A trap for everything that a process and its children would send: they run where no network is, and each attempt to
reach one or to look up a name is written down.

It sees the system calls themselves, so that neither a compiled library nor a child escapes it. Linux, with `strace` and
`unshare`; `missing` says what is not there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_CALLS = "connect,sendto,sendmsg,sendmmsg"
_ADDRESS = re.compile(
    r'sa_family=AF_INET6?, sin6?_port=htons\((?P<port>\d+)\).*?(?:inet_addr\("|AF_INET6, ")(?P<address>[^"]+)'
)
_RESOLVER = re.compile(r'sun_path="(?P<path>[^"]*(?:resolve|nscd)[^"]*)"')
_LOOPBACK = ("127.", "::1", "::ffff:127.", "0.0.0.0", "::")
_NAME_SERVER = "53"

# The loopback interface of a network of its own is down: this takes it up, then becomes the command.
_BEGIN = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
    fcntl.ioctl(made, 0x8914, struct.pack("16sH14s", b"lo", 0x49, b""))
os.execvp(sys.argv[1], sys.argv[1:])
"""


def missing() -> str:
    """Why no trap can be laid on this machine; "" where it can."""
    for program in ("strace", "unshare"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    for attempt in (["unshare", "-rn", "true"], ["strace", "-o", "/dev/null", "true"]):
        if subprocess.run(attempt, capture_output=True, check=False).returncode:
            return f"{attempt[0]} is not allowed here"
    return ""


def attempts(command: Sequence[str], *, log: Path, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Run `command` in the trap; what it tried to reach, in its order: `address:port` or a resolver's socket.

    Raises `CalledProcessError` where the command fails.
    """
    traced = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={_CALLS}", "-o", str(log)]
    begin = [sys.executable, "-c", _BEGIN, *command]
    done = subprocess.run(
        ["unshare", "-rn", *traced, *begin],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        print(done.stderr)
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [attempt for line in lines if (attempt := _attempt(line))]


def _attempt(line: str) -> str:
    if found := _RESOLVER.search(line):
        return found["path"]
    found = _ADDRESS.search(line)
    if found is None:
        return ""
    inside = found["address"].startswith(_LOOPBACK[:3]) or found["address"] in _LOOPBACK
    return "" if inside and found["port"] != _NAME_SERVER else f"{found['address']}:{found['port']}"
