"""What can go wrong, named by what the caller does next.

    NewsdeskError            every error meant for a reader: one sentence, ending in the next action
    ├── UsageError           the call is wrong: change it (exit code 2)
    │   └── SettingsError    a setting is unknown or has a wrong value
    ├── SourceError          one source or article could not be read: the rest goes on (exit code 1)
    ├── LibraryError         the library folder cannot be used as it is: the message names the command that mends it
    │   ├── NoSuchArticle    it holds no article of that id
    │   ├── LibraryBusy      another process holds what is needed: try again
    │   └── EmbedderMismatch the library was built with another embedder: rebuild, or set the old one
    ├── StorageError         the disk is full or refuses: make room and run the same command again
    │   └── StorageUnavailable  the database's server cannot be reached just now: try again
    ├── ClusterUnavailable   the cluster that works for this process cannot be reached: try again
    ├── VoiceError           nothing can be read out here: the message says what to install
    └── ModelError           the language model cannot be had or failed
        └── ModelUnavailable a passing failure (time-out, refused connection): `retryable` is True

Messages never hold secrets, article text or stack traces. `kind` is the error's name for programs (`--json`).
"""

from __future__ import annotations

import errno
from typing import ClassVar, Self

_FILES_REFUSED = "too many open files"
_MEMORY_REFUSED = (
    "failed to map segment",
    "cannot allocate memory",
    "can't start new thread",
    "bad allocation",
    "bad_alloc",
)


class NewsdeskError(Exception):
    """Base of every error with a sentence for the reader."""

    kind: ClassVar[str] = "failure"
    retryable: bool = False


class UsageError(NewsdeskError):
    """The call itself is wrong."""

    kind = "usage"


class SettingsError(UsageError):
    """A setting is unknown or its value cannot be used."""

    kind = "settings"


class SourceError(NewsdeskError):
    """A source, or one article in it, cannot be read. `where` names it (path, or path and line)."""

    kind = "source"

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class LibraryError(NewsdeskError):
    """The library folder cannot be used as it is."""

    kind = "library"


class NoSuchArticle(LibraryError):
    """The library holds no article of the id that was named."""

    kind = "no_such_article"

    @classmethod
    def of(cls, article_id: str) -> Self:
        """Of this id."""
        return cls(f"there is no article {article_id!r} in this library; `newsdesk articles` lists them")


class LibraryBusy(LibraryError):
    """Another process holds the library; trying again later helps."""

    kind = "library_busy"
    retryable = True


class EmbedderMismatch(LibraryError):
    """The library's vectors come from another embedder than the settings ask for."""

    kind = "embedder_mismatch"


class StorageError(NewsdeskError):
    """The disk is full, read-only or failing."""

    kind = "storage"


class StorageUnavailable(StorageError):
    """The database's server cannot be reached, or broke off what was being done.

    `may_be_stored` says that nobody knows whether the change is in: its end was not confirmed, and doing it again could
    store it twice.
    """

    kind = "storage_unavailable"
    retryable = True

    def __init__(self, message: str, *, may_be_stored: bool = False) -> None:
        super().__init__(message)
        self.may_be_stored = may_be_stored


class ClusterUnavailable(NewsdeskError):
    """The cluster at `address`, which works for this process, cannot be reached, or has ended."""

    kind = "cluster_unavailable"
    retryable = True

    def __init__(self, message: str, *, address: str = "") -> None:
        super().__init__(message)
        self.address = address


class VoiceError(NewsdeskError):
    """There is no voice on this system, or none that can say this."""

    kind = "voice"


class ModelError(NewsdeskError):
    """The language model cannot be had: wrong name, missing package, missing key."""

    kind = "model"


class ModelUnavailable(ModelError):
    """The language model failed in passing."""

    kind = "model_unavailable"
    retryable = True


class CostLimit(ModelError):
    """Asking the language model would cost more than the settings allow."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, or what it came from, says that the system gave no more memory: so end allocations, libraries
    that cannot be loaded, and threads that cannot be started."""
    said = str(error).casefold()
    is_refused = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if isinstance(error, MemoryError) or is_refused or any(words in said for words in _MEMORY_REFUSED):
        return True
    return error.__cause__ is not None and is_out_of_memory(error.__cause__)


def is_out_of_files(error: BaseException) -> bool:
    """Whether an error, or what it came from, says that the process may open no more files: a library that is imported
    then cannot be loaded, either."""
    if getattr(error, "errno", None) == errno.EMFILE or _FILES_REFUSED in str(error).casefold():
        return True
    return error.__cause__ is not None and is_out_of_files(error.__cause__)
