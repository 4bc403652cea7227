"""Golden cases: questions of our own with the exact sentences that answer them, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from eval.errors import CaseError
from rag.types import Article, Outcome

GOLDEN_FOLDER = Path(__file__).parent / "data" / "golden"


def _date_text(value: Any) -> Any:
    if isinstance(value, str):
        datetime.fromisoformat(value)
    return value


Text = Annotated[str, Field(min_length=1)]
DateText = Annotated[str, BeforeValidator(_date_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Quote(_Strict):
    """A sentence of an article, character for character."""

    url: Text
    quote: Text


class Fact(_Strict):
    """Something that the answer must hold; any one of these sentences states it."""

    any_of: Annotated[list[Quote], Field(min_length=1)]


class Case(_Strict):
    """One question with what a right answer is.

    `history` are the reader's earlier questions, oldest first. `also_fine` are sentences that may be shown without
    harm and are not asked for. Only a question that the library cannot answer ("not_found") has no facts.
    `published_*` are ISO 8601, as a reader types them.
    """

    id: Text
    question: Text
    history: list[str]
    published_after: DateText | None
    published_before: DateText | None
    outlets: list[str]
    expected: Outcome
    facts: list[Fact]
    also_fine: list[Quote]
    tags: list[str]

    @model_validator(mode="after")
    def _facts_fit_the_outcome(self) -> Case:
        if (self.expected == "not_found") == bool(self.facts):
            raise ValueError(f"expected {self.expected!r} with {len(self.facts)} facts")
        return self

    @property
    def is_answerable(self) -> bool:
        """Whether the library holds at least a part of the answer."""
        return self.expected != "not_found"


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldSpan:
    """Where a golden quote stands: `text` is the article's text at start:end."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LocatedCase:
    """A case whose quotes were found in the library; `facts[i]` are the spans that state the case's fact `i`."""

    case: Case
    facts: tuple[tuple[GoldSpan, ...], ...]
    also_fine: tuple[GoldSpan, ...]


def golden_files(folder: Path = GOLDEN_FOLDER) -> list[Path]:
    """The case files of a folder, sorted; `CaseError` where there is none."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise CaseError(f"no case files (*.jsonl) in {str(folder)!r}; name a folder that holds some")
    return files


def load_cases(files: Iterable[Path]) -> list[Case]:
    """Read case files.

    An unknown or missing field, a wrong value or an id used twice is a `CaseError` with file and line.
    """
    seen: dict[str, str] = {}
    cases = []
    for file in files:
        for where, row in _rows(file):
            case = _case(row, where)
            if case.id in seen:
                raise CaseError(f"{where}: case id {case.id!r} is already used in {seen[case.id]}; give it another")
            seen[case.id] = where
            cases.append(case)
    return cases


def _rows(file: Path) -> Iterator[tuple[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            f"cannot read {str(file)!r}: {error.__class__.__name__}; make it a readable UTF-8 file"
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{file.name}:{number}"
        try:
            yield where, json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(f"{where}: not JSON ({error.msg}); write one JSON object a line") from error


def _case(row: Any, where: str) -> Case:
    try:
        return Case.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "case"
        raise CaseError(f"{where}: {field}: {first['msg']}; docs/evaluation.md lists the fields") from error


def locate(cases: Sequence[Case], articles: Mapping[str, Article]) -> list[LocatedCase]:
    """Find every quote in its article (`articles` maps URL to article).

    A quote that is not in the article, character for character, is a `CaseError` that names the case. A sentence that
    the article holds twice is found at both places.
    """
    return [
        LocatedCase(
            case=case,
            facts=tuple(_spans(case, fact.any_of, articles) for fact in case.facts),
            also_fine=_spans(case, case.also_fine, articles),
        )
        for case in cases
    ]


def _spans(case: Case, quotes: Iterable[Quote], articles: Mapping[str, Article]) -> tuple[GoldSpan, ...]:
    return tuple(span for quote in quotes for span in _occurrences(case, quote, articles))


def _occurrences(case: Case, quote: Quote, articles: Mapping[str, Article]) -> Iterator[GoldSpan]:
    article = articles.get(quote.url)
    if article is None:
        raise CaseError(
            f"case {case.id!r}: the library has no article {quote.url!r}; correct the url or add the article"
        )
    start = article.text.find(quote.quote)
    if start < 0:
        raise CaseError(f"case {case.id!r}: {quote.quote!r} is not in {quote.url!r}; copy the sentence exactly")
    while start >= 0:
        end = start + len(quote.quote)
        yield GoldSpan(article_id=article.ref.id, start=start, end=end, text=quote.quote)
        start = article.text.find(quote.quote, end)
