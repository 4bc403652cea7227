"""What a command says: plain text on standard output, complaints on standard error, JSON, a bar that moves.

Nothing in an article can rewrite the terminal: control characters are replaced.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rag.errors import StorageError
from rag.text.formatting import count

if TYPE_CHECKING:
    from datetime import datetime

# Controls and bidirectional marks in an article could rewrite a terminal; line feeds and tabs stay.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

# Moves a progress bar: text, what is done, of how much; both None where nobody knows.
Bar = Callable[[str, int | None, int | None], None]


MOST_COLUMNS = 110
"""Longer lines are hard to read."""


class OutputError(StorageError):
    """Standard output cannot be written: nothing more can be said there."""

    kind = "output"


def accept_every_character() -> None:
    """Let the standard streams replace what their encoding does not have, instead of failing on it."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def width() -> int:
    """The columns of the terminal, within what can be read."""
    return min(max(shutil.get_terminal_size().columns, 40), MOST_COLUMNS)


def echo(text: str, *, is_exact: bool = False) -> None:
    """Print to standard output, wrapped to a terminal unless it `is_exact`; a file or a program gets the lines whole.

    Raises `OutputError` where it cannot be written, BrokenPipeError where nobody reads.
    """
    shown = _safe(text)
    _write(shown if is_exact or not _is_terminal() else wrapped(shown, width()))


def _is_terminal() -> bool:
    # A closed stream, or none, is no terminal either; writing to it says so.
    with suppress(AttributeError, ValueError):
        return sys.stdout.isatty()
    return False


def wrapped(text: str, columns: int) -> str:
    """The text with every line broken at spaces to that many columns; what goes on stands as far in as its line did.

    A line whose words have more than one space between them is a table and stays as it is.
    """
    lines = []
    for line in text.split("\n"):
        body = line.lstrip(" ")
        if len(line) <= columns or "  " in body:
            lines.append(line)
            continue
        indent = line[: len(line) - len(body)]
        lines += textwrap.wrap(
            body,
            columns,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def echo_error(text: str) -> None:
    """Print one line to standard error, where anybody can be told anything."""
    # There is nobody left to tell about an error stream that is full or closed.
    with suppress(OSError):
        print(f"newsdesk: {_safe(one_line(text))}", file=sys.stderr, flush=True)


def print_json(content: dict[str, Any]) -> None:
    """JSON that holds every character exactly; what a terminal could obey or could not show is escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or ""
    unicode_output = encoding.lower().replace("-", "") == "utf8"
    text = json.dumps(content, ensure_ascii=not unicode_output, indent=2, default=_json_date)
    _write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def give_up_output() -> None:
    """Drop what standard output did not take, which would otherwise fail a second time when the process ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def output_error(error: OSError) -> OutputError:
    """What is said when standard output refuses."""
    reason = (error.strerror or type(error).__name__).lower()
    return OutputError(f"the output cannot be written ({reason}); make room there, or send it somewhere else")


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Bar | None]:
    """A progress bar on standard error; None where nobody watches, and where the command is to be `quiet`."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda text, done, total: bar.update(task, description=_safe(text), completed=done, total=total)


class IngestProgress:
    """What the ingest has done so far, as text on a bar, with the time left where the amount is known."""

    def __init__(self, show: Bar) -> None:
        self._show = show
        self._began = time.monotonic()

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """See `ingest.report.Progress`."""
        seconds = max(time.monotonic() - self._began, 0.001)
        done = f"{count(done_articles, 'article')}, {count(done_passages, 'passage')}"
        text = f"{done}, {done_passages / seconds:.0f} a second"
        if not share:
            self._show(f"{text}: {where}", None, None)
            return
        left = seconds * (1 - share) / share
        self._show(f"{text}, {_duration(left)} left: {where}", round(1000 * share), 1000)


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def _duration(seconds: float) -> str:
    minutes = round(seconds) // 60
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def _write(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise output_error(error) from error


def _json_date(moment: datetime) -> str:
    return moment.isoformat()


def _safe(text: str) -> str:
    return _UNSAFE.sub("\ufffd", text)
