"""A sheet of questions with a person's verdict on each answer, kept with the answer's digest.

The sheet holds questions and verdicts and no word of an answer, so that one over articles that may not be passed on can
be kept, too. Asked again, an answer that still is what was judged keeps its verdict; any other is shown to be read.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.datasets.rows import Row, read_rows
from eval.runs.ask import ask
from eval.runs.observe import desk_over
from rag.settings import Settings
from rag.types import Answer

DIGEST_DIGITS = 12

Verdict = Literal["content", "not content", "unread"]


class Judged(Row):
    """A question, what a reader thought of its answer, `why` in a few words where not content, and which answer it
    was."""

    question: str
    verdict: Verdict = "unread"
    why: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Reread:
    """A question asked again: its answer, and the verdict where the answer is the one that was judged."""

    judged: Judged
    answer: Answer

    @property
    def digest(self) -> str:
        """What the answer shows a reader, in short: lead, doubt and text."""
        shown = f"{self.answer.doubt}\n{self.answer.text}"
        return hashlib.sha256(shown.encode()).hexdigest()[:DIGEST_DIGITS]

    @property
    def stands(self) -> bool:
        """Whether the verdict is about this answer."""
        return self.judged.verdict != "unread" and self.judged.answer == self.digest


def reread(sheet: Path, sources: Sequence[Path], settings: Settings, *, echo: Callable[[str], None]) -> list[Reread]:
    """Ask the questions of a sheet over these sources (the sample articles where there are none); what has no verdict
    is told to `echo`. Raises `CaseError` for a sheet that cannot be read."""
    from ingest.sample import sample_folder

    rows, _ = read_rows(sheet, Judged)
    found: list[Reread] = []
    with desk_over(list(sources) or [sample_folder()], settings) as desk:
        for row in rows:
            one = Reread(row, ask(desk, row.question, case_id=row.question).answer)
            if not one.stands:
                echo(f"\n{row.question}  ({one.digest})\n{one.answer.doubt}\n{one.answer.text}".replace("\n\n", "\n"))
            found.append(one)
    return found


def figures(found: Iterable[Reread]) -> dict[str, Any]:
    """How many answers stand as judged, how many of these a reader is content with, and why not with the others."""
    standing = [one.judged for one in found if one.stands]
    content = sum(row.verdict == "content" for row in standing)
    return {
        "judged": len(standing),
        "content": content,
        "share": round(content / len(standing), 3) if standing else None,
        "why_not": dict(Counter(row.why for row in standing if row.verdict == "not content").most_common()),
    }


def with_digests(found: Iterable[Reread]) -> str:
    """The sheet as JSON lines, with the digests of these answers; what had another answer has no verdict."""
    lines = []
    for one in found:
        row = one.judged if one.stands else Judged(question=one.judged.question, answer=one.digest)
        lines.append(json.dumps(row.model_dump(), ensure_ascii=False))
    return "\n".join(lines) + "\n"
