"""What readers said of answers: kept with the library, and made into cases for the evaluation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from filelock import FileLock

from rag.errors import StorageError, UsageError
from rag.public_json import answer_json
from rag.scope import Scope
from rag.types import Answer

if TYPE_CHECKING:
    from rag.storage.archive.shared.stores import SharedStores

Verdict = Literal["good", "bad"]

NAME = "feedback.jsonl"
_LONGEST = 50_000_000


class FeedbackRows(Protocol):
    """Where rows are kept; several processes may write there."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep a row; raises `StorageError` where it cannot be kept or there are too many."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """Everything kept, oldest first."""

    def clear(self) -> int:
        """Delete everything and return how many rows there were."""


class Feedback:
    """What the readers of one library said."""

    def __init__(self, rows: FeedbackRows) -> None:
        self._rows = rows

    @classmethod
    def of(cls, shared: SharedStores | None, folder: Path) -> Feedback:
        """Kept in the archive where pages on several machines share one (`Library.shared`), else in a file of the
        library's folder."""
        return cls(shared.feedback if shared else FeedbackFile(folder))

    def keep(
        self,
        answer: Answer,
        verdict: Verdict,
        reason: str,
        *,
        history: Sequence[str] = (),
        scope: Scope = Scope(),
    ) -> None:
        """Keep what a reader said; raises `StorageError` where it cannot be kept."""
        row = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "verdict": verdict,
            "reason": reason,
            "history": list(history),
            "after": scope.after.date().isoformat() if scope.after else None,
            "before": scope.before.date().isoformat() if scope.before else None,
            "outlets": list(scope.outlets),
            "tags": list(scope.tags),
            "articles": list(scope.articles),
            "answer": answer_json(answer),
        }
        self._rows.add(row)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Everything kept, oldest first; raises `UsageError` where there is nothing."""
        kept = self._rows.rows()
        first = next(kept, None)
        if first is None:
            raise UsageError("no reader has said anything yet; the page asks under each answer")
        yield first
        yield from kept

    def clear(self) -> int:
        """Delete everything and return how many rows there were."""
        return self._rows.clear()


class FeedbackFile:
    """The file of one library."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._lock = FileLock(f"{self._file}.lock", timeout=10)

    def add(self, row: Mapping[str, Any]) -> None:
        """See `FeedbackRows`."""
        try:
            with self._lock:
                if self._file.exists() and self._file.stat().st_size > _LONGEST:
                    raise StorageError(f"{NAME} is full; `newsdesk feedback export` it, then `newsdesk feedback clear`")
                # ASCII, so that no line end of Unicode's stands in a row; a line that a kill cut off is ended first.
                with self._file.open("ab+") as out:
                    if out.tell() and self._last_byte(out) != b"\n":
                        out.write(b"\n")
                    out.write(json.dumps(row).encode("ascii") + b"\n")
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise StorageError(f"{NAME} cannot be written: {why}; make room for it") from error

    def rows(self) -> Iterator[dict[str, Any]]:
        """See `FeedbackRows`; a line that a kill cut off is left out."""
        try:
            lines = self._file.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                continue

    def clear(self) -> int:
        """See `FeedbackRows`."""
        try:
            with self._lock:
                number = sum(1 for _ in self.rows())
                self._file.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{NAME} cannot be deleted; let Newsdesk write beside the library") from error
        return number

    @staticmethod
    def _last_byte(file: IO[bytes]) -> bytes:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def as_case(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row as a golden case to be reviewed, beside what the reader said.

    Of a good answer every shown sentence is a fact that an answer must hold; of a bad one nobody has said yet what is
    right, so that its facts are empty: fill them in, or set `expected`, before it becomes a case.
    """
    answer = row["answer"]
    is_good = row["verdict"] == "good"
    quotes = [{"url": quote["url"], "quote": quote["quote"]} for quote in answer["citations"]]
    return {
        "verdict": row["verdict"],
        "reason": row["reason"],
        "when": row["when"],
        "articles": row.get("articles", []),
        "shown": answer["text"],
        "case": {
            "id": f"feedback-{number:04}",
            "question": answer["question"],
            "history": row["history"],
            "published_after": row["after"],
            "published_before": row["before"],
            "outlets": row["outlets"],
            "expected": answer["outcome"],
            "facts": [{"any_of": [quote]} for quote in quotes] if is_good else [],
            "also_fine": [],
            "tags": ["feedback", row["verdict"]],
        },
    }
