"""What the system refused an index; its native libraries say it in panics of Rust and in errors of their own."""

from __future__ import annotations

from rag.errors import StorageError, is_out_of_files, is_out_of_memory

_FULL = ("no space", "storage full")


def is_panic(error: BaseException) -> bool:
    """Whether it is a panic of Rust, which is no `Exception`."""
    return type(error).__name__ == "PanicException"


def refused(error: BaseException, index: str) -> StorageError | None:
    """What to tell where the disk, memory or files were refused and nothing is wrong with the index; None otherwise."""
    said = str(error).casefold()
    if any(words in said for words in _FULL):
        return StorageError("the disk is full; make room and run the same command again, nothing stored is lost")
    if is_out_of_files(error):
        return StorageError(
            f"the {index} may open no more files; close other programs, or allow this one more (`ulimit -n`)"
        )
    if is_out_of_memory(error) or (is_panic(error) and "spawn" in said):
        return StorageError(f"there is not enough memory for the {index}; close other programs, or allow this one more")
    return None
