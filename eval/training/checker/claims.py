"""Claims with their twins: the same claim held against what it cites, and against that turned round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.errors import CaseError
from eval.training.news import NewsArticle
from eval.training.sources import rows_of
from rag.models.checker.rows import CitedQuote


@dataclass(frozen=True, kw_only=True, slots=True)
class Twins:
    """One claim with evidence that supports all of it and evidence, as like as can be, that does not.

    `as_written` says whether the first version, before it was turned round by hand, is the supported one.
    """

    id: str
    article: str
    claim: str
    context: str
    supporting: str
    failing: str
    kind: str
    as_written: bool
    outlet: str
    published: date

    def quotes(self, evidence: str) -> list[CitedQuote]:
        """Some evidence as the checker takes it."""
        return [CitedQuote(text=evidence, before=self.context, outlet=self.outlet, published=self.published)]


def read_twins(files: Sequence[Path], articles: Mapping[str, NewsArticle]) -> list[Twins]:
    """Every pair of every file, written out in two lines or as one line with the edits that make the twin."""
    found: list[Twins] = []
    for file in files:
        waiting: dict[str, Mapping[str, Any]] = {}
        for row in rows_of(file, dict):
            try:
                if "edits" in row:
                    found.append(_edited(row, articles))
                elif (other := waiting.pop(str(row["pair"]), None)) is not None:
                    found.append(_paired(other, row, articles))
                else:
                    waiting[str(row["pair"])] = row
            except (KeyError, ValueError, TypeError) as error:
                raise CaseError(f"{file.parent.name}/{file.name}, {row.get('id')!r}: {error}") from error
        if waiting:
            raise CaseError(f"{file.parent.name}/{file.name}: {next(iter(waiting))!r} has no twin")
    return found


def _paired(one: Mapping[str, Any], other: Mapping[str, Any], articles: Mapping[str, NewsArticle]) -> Twins:
    if bool(one["supported"]) == bool(other["supported"]):
        raise ValueError("twins have the same label")
    good, bad = (one, other) if one["supported"] else (other, one)
    home = articles.get(str(one["article"]))
    return Twins(
        id=str(one["pair"]),
        article=str(one["article"]),
        claim=str(one["claim"]),
        context=str(one["context"]),
        supporting=str(good["evidence"]),
        failing=str(bad["evidence"]),
        kind=str(one["kind"]),
        as_written=not good["turned"],
        outlet=home.outlet if home else "",
        published=date.fromisoformat(str(one["published"])[:10]),
    )


def _edited(row: Mapping[str, Any], articles: Mapping[str, NewsArticle]) -> Twins:
    home = articles.get(str(row["article"]))
    if home is None:
        raise ValueError(f"article {row['article']!r} is in none of the folders")
    numbers = sorted(int(number) for number in row["sentences"])
    evidence = " ".join(home.sentences[number] for number in numbers)
    turned = evidence
    for old, new in row["edits"]:
        if str(old) not in turned:
            raise ValueError(f"edit {old!r} is not in the cited sentences")
        turned = turned.replace(str(old), str(new))
    if turned == evidence:
        raise ValueError("the edits change nothing")
    before = [n - 1 for n in numbers if n > 0 and n - 1 not in numbers]
    is_supported = bool(row["supported"])
    return Twins(
        id=str(row["id"]),
        article=home.id,
        claim=str(row["claim"]),
        context=" ".join(home.sentences[number] for number in before),
        supporting=evidence if is_supported else turned,
        failing=turned if is_supported else evidence,
        kind=str(row["kind"]),
        as_written=is_supported,
        outlet=home.outlet,
        published=home.published,
    )
