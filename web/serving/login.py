"""Optional login: names and password hashes in a file, checked with HTTP Basic before anything else is reached.

HTTP Basic (RFC 7617) is what browsers, `curl` and programs all speak; put TLS in front of it. Hashes are argon2id
(RFC 9106) with the defaults of argon2-cffi.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import tempfile
import threading
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import UsageError
from rag.settings import Settings
from web.serving.asgi import refuse

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""What an orchestrator asks without a name; it says nothing of the library."""

SHORTEST_PASSWORD = 10
FAILURES = "10/minute"
"""Wrong passwords for one name from one address."""
FAILURES_OF_AN_ADDRESS = "100/minute"
"""For any names: more is no slip of a reader."""
READER = "newsdesk.reader"
"""Where a request's scope holds the name that it came with."""

_REMEMBERED = 256
_CHECKS_AT_ONCE = 2


class Users:
    """The names and hashes of one file, a line each: `name:hash`. Read again when the file changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._hasher = PasswordHasher()
        self._hashes: dict[str, str] = {}
        self._read_at = -1
        # Checking a password takes long on purpose; what was right stays right until the file changes.
        self._right: set[bytes] = set()
        self._checking = threading.Semaphore(_CHECKS_AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        # A name that nobody has takes as long to refuse as a wrong password.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def names(self) -> list[str]:
        """All names, sorted; raises `UsageError` where the file cannot be read."""
        return sorted(self._current())

    def check(self, name: str, password: str) -> bool:
        """Whether the name has this password; raises `UsageError` where the file cannot be read."""
        if self.remembers(name, password):
            return True
        hashes = self._current()
        # Each check takes 64 MB on purpose: a few at a time are enough.
        with self._checking:
            try:
                self._hasher.verify(hashes.get(name, self._nobody), password)
            except (VerificationError, InvalidHashError):
                return False
        if name not in hashes:
            return False
        with self._lock:
            # What was right by a file that has changed meanwhile is not remembered.
            if self._hashes is hashes:
                if len(self._right) >= _REMEMBERED:
                    self._right.clear()
                self._right.add(self._digest(name, password))
        return True

    def remembers(self, name: str, password: str) -> bool:
        """Whether this was found right before and the file has not changed since; takes no time."""
        self._current()
        with self._lock:
            return self._digest(name, password) in self._right

    def _digest(self, name: str, password: str) -> bytes:
        return hmac.new(self._key, f"{name}\0{password}".encode(), sha256).digest()

    def put(self, name: str, password: str) -> None:
        """Add a name or give it another password; raises `UsageError` for a name or password that cannot be used."""
        if not name or ":" in name or not name.isprintable() or name != name.strip():
            raise UsageError(f"{name!r} cannot be a name; use letters and digits, without a colon")
        if len(password) < SHORTEST_PASSWORD:
            raise UsageError(f"the password is too short; use at least {SHORTEST_PASSWORD} characters")
        hashes = self._current() if self._file.exists() else {}
        self._write({**hashes, name: self._hasher.hash(password)})

    def remove(self, name: str) -> None:
        """Take a name away; raises `UsageError` where there is no such name."""
        hashes = dict(self._current())
        if hashes.pop(name, None) is None:
            raise UsageError(f"there is no user {name!r}; `newsdesk users list` shows them")
        self._write(hashes)

    def _current(self) -> dict[str, str]:
        try:
            changed = self._file.stat().st_mtime_ns
            with self._lock:
                if changed != self._read_at:
                    lines = self._file.read_text(encoding="utf-8").splitlines()
                    self._hashes = dict(line.split(":", 1) for line in lines if ":" in line)
                    self._right.clear()
                    self._read_at = changed
                return self._hashes
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the file of users {str(self._file)!r} cannot be read; add one with `newsdesk users add NAME`"
            ) from error

    def _write(self, hashes: dict[str, str]) -> None:
        """In one step, readable by nobody else."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._file.parent, encoding="utf-8", delete=False) as made:
                made.writelines(f"{name}:{value}\n" for name, value in sorted(hashes.items()))
            os.replace(made.name, self._file)
        except OSError as error:
            raise UsageError(
                f"the file of users {str(self._file)!r} cannot be written: {(error.strerror or '').lower()}; "
                "set NEWSDESK_USERS to another"
            ) from error


class Login:
    """ASGI middleware that lets only users through; the name goes on in the request's scope."""

    def __init__(self, app: ASGIApp, users: Users) -> None:
        self._app = app
        self._users = users
        self._failed = MovingWindowRateLimiter(MemoryStorage())
        self._limits = (parse(FAILURES), parse(FAILURES_OF_AN_ADDRESS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401 (429 after too many wrong passwords for that name from one
        address)."""
        if scope["type"] == "lifespan" or scope.get("path") in OPEN_PATHS:
            return await self._app(scope, receive, send)
        client = (scope.get("client") or ("",))[0]
        given = _given(scope)
        if given is None:
            return await refuse(scope, send, 401, "A name and a password are needed.")
        try:
            if not self._users.remembers(*given):
                # Counted before it is checked, so that guesses at the same time are so many guesses.
                if not self._may_guess(given[0], client):
                    return await refuse(scope, send, 429, "Too many wrong passwords; wait a minute.")
                if not await run_in_threadpool(self._users.check, *given):
                    return await refuse(scope, send, 401, "A name and a password are needed.")
        except UsageError:
            return await refuse(scope, send, 503, "The users cannot be read; nobody can come in.")
        scope[READER] = given[0]
        return await self._app(scope, receive, send)

    def _may_guess(self, name: str, client: str) -> bool:
        """Count one guess. Name and address together: nobody shuts another out by guessing at their name."""
        of_name, of_address = self._limits
        # A name is as long as its sender likes.
        pair = sha256(f"{client}\0{name}".encode()).hexdigest()
        return self._failed.hit(of_name, pair) and self._failed.hit(of_address, client)


def _given(scope: Scope) -> tuple[str, str] | None:
    header = next((value for name, value in scope.get("headers", ()) if name == b"authorization"), b"")
    kind, _, encoded = header.partition(b" ")
    # Clients of the OpenAI interface send their key as a bearer: NAME:PASSWORD is one.
    if kind.lower() not in (b"basic", b"bearer"):
        return None
    try:
        plain = base64.b64decode(encoded, validate=True) if kind.lower() == b"basic" else encoded
        name, colon, password = plain.decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


def users_of(settings: Settings) -> Users | None:
    """Who may come in; None where everybody may. Raises `UsageError` where nobody could."""
    if settings.users is None:
        return None
    users = Users(settings.users)
    if not users.names():
        raise UsageError("nobody could come in: add a user with `newsdesk users add NAME`, or unset NEWSDESK_USERS")
    return users
