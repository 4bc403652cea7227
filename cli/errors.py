"""How a command ends that cannot go on: one line on standard error, JSON where it was asked for, an exit code."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from cli.terminal import OutputError, echo_error, give_up_output, output_error, print_json
from rag.errors import NewsdeskError, SourceError, StorageError, UsageError

# What a write to standard output can fail with; the error then names no file.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OUTPUT_REFUSED = {errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT, errno.EBADF}

_BAD_VALUE = re.compile(r"Invalid value for '?(?P<name>.+?)'?: (?P<reason>.*)", re.DOTALL)
_MISSING = re.compile(r"Missing (?:argument|option|parameter) '(?P<name>.+?)'")
_EXTRA = re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((?P<words>.*)\)")
# The validator's words are a programmer's; these are what a command of ours can ask of a value.
_REASONS = (
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"must be \1 or more"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"must be \1 or less"),
    (re.compile(r"Input should be a valid integer.*"), "must be a whole number"),
)


def report_failure(error: Any, arguments: Sequence[str]) -> int:
    """Tell the reader, and where the arguments ask for `--json` the program that reads; returns the exit code.

    `error` is a `NewsdeskError`, an OSError that nobody explained, or what typer raises for wrong use.
    """
    if isinstance(error, OSError):
        error = _explained(error, is_help=bool({"--help", "-h"}.intersection(arguments)))
    elif not isinstance(error, NewsdeskError):
        said = error.format_message()
        if said.startswith("Usage: "):
            # Typed without a command: the help, however long, is what was meant.
            print(said, file=sys.stderr)
            return 2
        error = UsageError(wrong_use(said, error.ctx.command_path if error.ctx else "newsdesk"))
    sentence = f"{error.where}: {error}" if isinstance(error, SourceError) and error.where else str(error)
    echo_error(sentence)
    if isinstance(error, OutputError):
        give_up_output()
    elif wants_json(arguments):
        # An output that refuses this too leaves standard error, which has it already.
        with suppress(OSError, OutputError):
            print_json({"error": {"kind": error.kind, "message": sentence, "retryable": error.retryable}})
    return 2 if isinstance(error, UsageError) else 1


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` stands among the options, even of a command that could not be understood."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def wrong_use(message: str, command: str) -> str:
    """What typer says about a command that was typed wrongly, as one line in our words that ends in where to look."""
    line = " ".join(message.split()).rstrip(".")
    if bad := _BAD_VALUE.fullmatch(line):
        said = f"{bad['name']} {_reason(bad['reason'])}"
    elif missing := _MISSING.match(line):
        said = f"{missing['name'].upper()} is missing"
    elif extra := _EXTRA.fullmatch(line):
        said = f"{extra['words']!r} is one argument too many; put words that belong together in quotation marks"
    else:
        said = line[:1].lower() + line[1:]
    return f"{said}; see {command} --help"


def _reason(reason: str) -> str:
    for pattern, words in _REASONS:
        if found := pattern.fullmatch(reason):
            return found.expand(words)
    return f"cannot be used: {reason[:1].lower()}{reason[1:]}"


def _explained(error: OSError, *, is_help: bool) -> NewsdeskError:
    """What was refused: the output where the help was printed, else a disk; whatever else is printed says so itself."""
    if not error.filename and (error.errno == errno.EBADF or (is_help and error.errno in _OUTPUT_REFUSED)):
        return output_error(error)
    reason = (error.strerror or type(error).__name__).lower()
    if error.errno in _FULL:
        return StorageError(f"the disk is full ({reason}); make room where the library stands, then try again")
    what = f"{str(error.filename)!r}" if error.filename else "the disk or the system"
    return StorageError(f"{what} refuses ({reason}); check its rights and the room on the disk, then try again")
