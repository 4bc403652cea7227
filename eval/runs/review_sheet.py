"""A sheet for checking by hand what a model wrote: every sentence that was shown or removed, beside its quotes.

Rules decide what is shown, so that only a person can say how often they let something false through. `write_sheet`
asks questions or summarises articles with the model and writes one JSON line a case, at once, so that a stopped run
goes on where it stood; `as_markdown` is the same to be read and marked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eval import cases
from eval.errors import EvaluationError
from eval.runs import observe
from eval.runs.ask import ask
from rag.errors import NewsdeskError, UsageError
from rag.settings import Settings
from rag.types import AnswerSentence, Citation, Provenance

if TYPE_CHECKING:
    from rag.desk import Desk

Kind = Literal["answers", "summaries"]

SUMMARY_SENTENCES = 3
"""What `newsdesk summarize` gives where no length is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """`sources` are ingested into a library of its own (the sample articles where there are none); `questions` is a
    JSONL file with a `question` in each line (the golden cases where there is none)."""

    settings: Settings
    kind: Kind
    out: Path
    sources: Sequence[Path] = ()
    questions: Path | None = None
    limit: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What a sheet holds. `cases` counts those that the model wrote something shown for."""

    cases: int
    shown: int
    removed: int
    fallbacks: int

    def as_text(self) -> str:
        """One line for the terminal."""
        return (
            f"{self.shown} sentences of the model shown in {self.cases} cases, {self.removed} removed by the check, "
            f"{self.fallbacks} cases fell back to quotes"
        )


def write_sheet(options: Options, echo: Callable[[str], None]) -> list[dict[str, Any]]:
    """Run the cases that the sheet at `options.out` does not hold yet; returns all of its rows.

    Raises `UsageError` where no model is set and `EvaluationError` where a question cannot be asked.
    """
    from ingest.sample import sample_folder

    if options.settings.model == "quotes":
        raise UsageError("a sheet is for what a model writes: name one with --model")
    rows = read_sheet(options.out) if options.out.exists() else []
    known = {row["case"] for row in rows}
    if others := {row["model"] for row in rows} - {options.settings.model, ""}:
        raise UsageError(f"{options.out.name} holds sentences of {sorted(others)[0]!r}; name another file with --out")
    asked = list(dict.fromkeys(_questions(options.questions))) if options.kind == "answers" else []
    with (
        observe.desk_over(list(options.sources) or [sample_folder()], options.settings) as desk,
        options.out.open("w", encoding="utf-8") as out,
    ):
        # Written anew, so that a line cut off by a kill does not stay.
        out.writelines(_line(row) for row in rows)
        out.flush()
        named = asked or [ref.id for ref in desk.articles()]
        for case in named[: options.limit]:
            if case in known:
                continue
            row = _answer(desk, case) if options.kind == "answers" else _summary(desk, case)
            out.write(_line(row))
            out.flush()
            rows.append(row)
            echo(f"{len(rows)}: {counted(rows).as_text()}")
    return rows


def read_sheet(file: Path) -> list[dict[str, Any]]:
    """The rows of a sheet; a line cut off by a kill is left out, and its case is run again."""
    rows = []
    for line in file.read_bytes().split(b"\n"):
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def counted(rows: Iterable[dict[str, Any]]) -> Counts:
    """The sheet in four numbers. Quotes that stand in for a model's draft are no sentences of the model."""
    written = [row for row in rows if row["writer"] == "model"]
    return Counts(
        cases=sum(1 for row in written if row["shown"]),
        shown=sum(len(row["shown"]) for row in written),
        removed=sum(len(row["removed"]) for row in rows),
        fallbacks=sum(1 for row in rows if row["writer"] != "model" and row["shown"]),
    )


def as_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """The sheet to be read: a box to tick at every shown sentence that its quotes do not support."""
    lines = ["# Sentences of a model, to be checked by hand", "", f"{counted(rows).as_text()}.", ""]
    lines += ["Tick what the quotes under a sentence do not support, and a removed sentence that they would have.", ""]
    for row in rows:
        lines += [f"## {row['case']}", "", *([row["notice"], ""] if row["notice"] else [])]
        if row["writer"] == "model":
            for sentence in row["shown"]:
                lines.append(f"- [ ] {sentence['text']}")
                lines += [f"  - {quote}" for quote in sentence["quotes"]]
        lines += [f"- [ ] removed ({removal['reason']}): {removal['text']}" for removal in row["removed"]]
        lines.append("")
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    # ASCII: some line ends of Unicode's stand in quotes.
    return json.dumps(row) + "\n"


def _questions(file: Path | None) -> Iterator[str]:
    """The questions. Those of the golden set that need a conversation before them are left out."""
    if file is None:
        loaded = cases.load_cases(cases.golden_files(cases.GOLDEN_FOLDER))
        yield from (case.question for case in loaded if case.expected != "not_found" and not case.history)
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield str(json.loads(line)["question"])
        except (ValueError, KeyError, TypeError):
            raise EvaluationError(f'{file.name}, line {number}: not a JSON object with a "question"') from None


def _answer(desk: Desk, question: str) -> dict[str, Any]:
    reply = ask(desk, question, case_id=question)
    return _row(question, reply.answer.sentences, reply.answer.citations, reply.answer.provenance)


def _summary(desk: Desk, article_id: str) -> dict[str, Any]:
    try:
        summary = desk.summarize([article_id], sentences=SUMMARY_SENTENCES)
    except NewsdeskError as error:
        raise EvaluationError(f"article {article_id!r}: {error}") from error
    return _row(article_id, summary.sentences, summary.citations, summary.provenance)


def _row(
    case: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation], made: Provenance
) -> dict[str, Any]:
    quotes = {citation.marker: citation.quote for citation in citations}
    return {
        "case": case,
        "writer": made.writer,
        "model": made.model,
        "notice": made.notice,
        "timings_ms": {stage: round(spent, 1) for stage, spent in made.timings.items()},
        "shown": [
            {"text": one.text, "checked": one.checked, "quotes": [quotes[marker] for marker in one.citations]}
            for one in sentences
        ],
        "removed": [{"text": removal.text, "reason": removal.reason} for removal in made.removed],
    }
