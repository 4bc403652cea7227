"""Optional login: names and password hashes, checked with HTTP Basic before anything else is reached.

HTTP Basic (RFC 7617) is what browsers, `curl` and programs all speak; put TLS in front of it. Hashes are argon2id
(RFC 9106) with the defaults of argon2-cffi.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import threading
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import NewsdeskError, UsageError
from rag.settings import Settings
from web.serving.asgi import refuse
from web.serving.attempts import Attempts, OwnAttempts
from web.serving.shared_users import SharedUsers
from web.serving.user_file import UserFile

if TYPE_CHECKING:
    from rag.storage.archive.shared.stores import SharedStores

IN_THE_ARCHIVE = Path("archive")
"""The setting `users` for those that the archive holds."""

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


class UserHashes(Protocol):
    """Where names and hashes are kept."""

    def hashes(self) -> Mapping[str, str]:
        """Name -> hash, the same object until something changes; raises `NewsdeskError` where they cannot be read."""

    def put(self, name: str, hashed: str) -> None:
        """Add a name, or give it another hash."""

    def remove(self, name: str) -> bool:
        """Take a name away; False where there is none."""


class Users:
    """Who may come in."""

    def __init__(self, kept: UserHashes) -> None:
        self._kept = kept
        self._hasher = PasswordHasher()
        # Checking a password takes long on purpose; what was right stays right until the hashes change.
        self._right: set[bytes] = set()
        self._right_by: Mapping[str, str] = {}
        self._checking = threading.Semaphore(_CHECKS_AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        # A name that nobody has takes as long to refuse as a wrong password.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def names(self) -> list[str]:
        """All names, sorted; raises `NewsdeskError` where they cannot be read."""
        return sorted(self._current())

    def check(self, name: str, password: str) -> bool:
        """Whether the name has this password; raises `NewsdeskError` where the users cannot be read."""
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
            # What was right by hashes that have changed meanwhile is not remembered.
            if self._right_by is hashes:
                if len(self._right) >= _REMEMBERED:
                    self._right.clear()
                self._right.add(self._digest(name, password))
        return True

    def remembers(self, name: str, password: str) -> bool:
        """Whether this was found right before and no hash has changed since."""
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
        self._kept.put(name, self._hasher.hash(password))

    def remove(self, name: str) -> None:
        """Take a name away; raises `UsageError` where there is no such name."""
        if not self._kept.remove(name):
            raise UsageError(f"there is no user {name!r}; `newsdesk users list` shows them")

    def _current(self) -> Mapping[str, str]:
        hashes = self._kept.hashes()
        with self._lock:
            if self._right_by is not hashes:
                self._right.clear()
                self._right_by = hashes
        return hashes


class Login:
    """ASGI middleware that lets only users through; the name goes on in the request's scope."""

    def __init__(self, app: ASGIApp, users: Users, attempts: Attempts | None = None) -> None:
        self._app = app
        self._users = users
        self._failed = attempts or OwnAttempts()

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
            # Users of a database may have to be read first.
            if not await run_in_threadpool(self._users.remembers, *given):
                # Counted before it is checked, so that guesses at the same time are so many guesses.
                if not await run_in_threadpool(self._may_guess, given[0], client):
                    return await refuse(scope, send, 429, "Too many wrong passwords; wait a minute.")
                if not await run_in_threadpool(self._users.check, *given):
                    return await refuse(scope, send, 401, "A name and a password are needed.")
        except NewsdeskError:
            return await refuse(scope, send, 503, "The users cannot be read; nobody can come in.")
        scope[READER] = given[0]
        return await self._app(scope, receive, send)

    def _may_guess(self, name: str, client: str) -> bool:
        """Count one guess. Name and address together: nobody shuts another out by guessing at their name."""
        # A name is as long as its sender likes.
        pair = sha256(f"{client}\0{name}".encode()).hexdigest()
        return self._failed.add(FAILURES, f"guess\0{pair}") and self._failed.add(
            FAILURES_OF_AN_ADDRESS, f"guesses\0{client}"
        )


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


def known_users(settings: Settings, shared: SharedStores | None) -> Users | None:
    """The users that the settings name; None where they name none. `shared` is `Library.shared`.

    Raises `UsageError` where they are to stand in an archive of one machine.
    """
    if settings.users is None:
        return None
    if settings.users != IN_THE_ARCHIVE:
        return Users(UserFile(settings.users))
    if shared is None:
        raise UsageError(
            "NEWSDESK_USERS=archive needs an archive in PostgreSQL (NEWSDESK_ARCHIVE); "
            "set it to a file, such as users.txt"
        )
    return Users(SharedUsers(shared.users))


def users_of(settings: Settings, shared: SharedStores | None = None) -> Users | None:
    """Who may come in; None where everybody may. Raises `UsageError` where nobody could."""
    users = known_users(settings, shared)
    if users is not None and not users.names():
        raise UsageError("nobody could come in: add a user with `newsdesk users add NAME`, or unset NEWSDESK_USERS")
    return users
