"""The golden set: our own cases on the sample library. `--data` names another folder of case files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval import cases
from eval.datasets import Options
from eval.metrics import case_scores
from eval.metrics.per_case import mean_with_interval
from eval.runs import observe, results
from rag.public_json import article_json


def evaluate(options: Options) -> results.Result:
    """Ingest the sample articles into a library of its own, ask every case, score it."""
    from ingest.sample import sample_folder

    return evaluated(options, "golden", [[sample_folder()]])


def evaluated(options: Options, set_name: str, parts: Sequence[Sequence[Path]]) -> results.Result:
    """Ask every case over the sample articles, in a library for each of the parts; `set_name` is the result's."""
    folder = options.data or cases.GOLDEN_FOLDER
    loaded = cases.load_cases(cases.golden_files(folder))[: options.limit]
    with observe.desk_over_each(parts, options.settings) as desk:
        located = cases.locate(loaded, observe.articles_by_url(desk))
        observations = observe.observe_all(desk, located, progress=options.progress)
        status = desk.status()
    scored = [case_scores.score_case(observed) for observed in observations]
    measured = {name: mean_with_interval(scores) for name, scores in case_scores.scores_by_metric(scored).items()}
    return results.Result(
        set=set_name,
        data="eval/data/golden" if folder == cases.GOLDEN_FOLDER else str(folder),
        metrics={name: metric for name, metric in measured.items() if metric is not None},
        provenance=results.provenance(
            options.settings, embedder=status.embedder, revision=status.revision, digests=digests(folder)
        ),
        cases=[_row(observed, scores) for observed, scores in zip(observations, scored, strict=True)],
    )


def digests(folder: Path = cases.GOLDEN_FOLDER) -> dict[str, Any]:
    """Digests of the case files and of the sample articles: figures can be compared only where these are equal."""
    from ingest.sample import sample_folder

    articles = sample_folder()
    sources = [file for file in articles.rglob("*") if file.suffix in {".md", ".html"}]
    return {
        "cases": {file.name: results.file_digest(file) for file in cases.golden_files(folder)},
        "articles": results.folder_digest(articles, sources),
    }


def _row(observed: case_scores.Observation, scores: dict[str, float | None]) -> dict[str, Any]:
    case, answer = observed.located.case, observed.answer
    flags = case_scores.right_citations(observed)
    shown = case_scores.facts_shown(observed)
    missing = [fact.any_of[0].quote for fact, there in zip(case.facts, shown, strict=True) if not there]
    return {
        "id": case.id,
        "question": case.question,
        "history": case.history,
        "tags": case.tags,
        "expected": case.expected,
        "confidence": round(answer.confidence, 4),
        "right": any(flags) if answer.sentences else None,
        "outcome": answer.outcome,
        "scores": scores,
        "shown": [
            {**article_json(citation.article), "quote": citation.quote, "right": right}
            for citation, right in zip(answer.citations, flags, strict=True)
        ],
        "missing": missing,
        "fault": _fault(observed, flags, missing),
        "seconds": round(observed.seconds, 4),
    }


def _fault(observed: case_scores.Observation, flags: Sequence[bool], missing: Sequence[str]) -> str:
    case, answer = observed.located.case, observed.answer
    wrong = [citation.quote for citation, right in zip(answer.citations, flags, strict=True) if not right]
    if answer.outcome == case.expected and not wrong and not missing and not observed.inexact:
        return ""
    lines = [f"{case.id}: {case.question}", *(f"  after: {question}" for question in case.history)]
    lines.append(f"  expected {case.expected}, got {answer.outcome}")
    lines += [f"  inexact: {citation.quote}" for citation in observed.inexact]
    lines += [f"  wrong: {quote}" for quote in wrong]
    lines += [f"  missing: {quote}" for quote in missing]
    return "\n".join(lines)
