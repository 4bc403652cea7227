"""Invented news sentences with a day of publication: is it understood when what they tell happened?

The cases are `eval/data/timelines/dates.jsonl`; `--data` names another such file. They were written after the rules of
`rag.text.event_dates`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from eval.cases import Text
from eval.datasets import Options
from eval.datasets.rows import Row, read_rows
from eval.errors import CaseError
from eval.metrics.per_case import mean_with_interval
from eval.runs.results import Result, measured, provenance
from rag.text.event_dates import event_date

NAME = "event-dates"
FILE = Path(__file__).parents[2] / "data" / "timelines" / "dates.jsonl"

_DAY = r"^\d{4}-\d\d-\d\d$"


class DatedSentence(Row):
    """A sentence and the first and last day of what it tells, ISO 8601; both are empty where it gives no date."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    published: Annotated[str, Field(pattern=_DAY)]
    sentence: Text
    first: Annotated[str, Field(pattern=rf"{_DAY}|^$")]
    last: Annotated[str, Field(pattern=rf"{_DAY}|^$")]


def evaluate(options: Options) -> Result:
    """Read the date of every sentence; nothing is read but the file.

    `right`: the days, or that there are none, are those of the case. `right_given`: of the sentences for which a date
    was given, as a timeline shows it.
    """
    file = options.data or FILE
    if not file.is_file():
        raise CaseError(f"no such file: {str(file)!r}; name a file of dated sentences with --data")
    cases, digest = read_rows(file, DatedSentence)
    rows = [_row(case) for case in cases[: options.limit]]
    options.progress(len(rows), len(rows))
    return Result(
        set=NAME,
        data="eval/data/timelines/dates.jsonl" if file == FILE else str(file),
        metrics=measured(
            **{name: mean_with_interval([row["scores"][name] for row in rows]) for name in ("right", "right_given")}
        ),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"cases": digest}),
        cases=rows,
    )


def _row(case: DatedSentence) -> dict[str, Any]:
    found = event_date(case.sentence, date.fromisoformat(case.published))
    days = (found.first.isoformat(), found.last.isoformat()) if found else ("", "")
    right = float(days == (case.first, case.last))
    fault = "" if right else f"{case.id}: {case.sentence}\n  {case.first or 'no date'}, but read as {days[0] or 'none'}"
    return {"id": case.id, "scores": {"right": right, "right_given": right if found else None}, "fault": fault}
