"""Wikinews claims: sentences that a language model might write, supported by what they cite or not. Measures the check.

`--data` is the half's folder with `claims.jsonl` (`id`, `pair`, `published`, `claim`, `context`, `evidence`, `turned`,
`supported`, `kind`, `article`), or that file. Two lines of one `pair` are twins: the same claim, whose evidence was
turned round by hand as little as possible, so that the other label holds. What a claim's style gives away tells nothing
about twins; beside the check always stands a regression that reads the claim alone, and figures of the first versions
alone (`as_written`), where style does tell something. Intervals are over draws of whole articles.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from eval.datasets import Options
from eval.datasets.rows import Row, data_of, file_in_folder, file_of_training_half, read_rows
from eval.metrics.by_kind import estimated_by_kind
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.reference_systems import text_alone
from eval.reference_systems.bm25_and_vectors import beside
from eval.reference_systems.claim_checkers import (
    ClaimChecker,
    ClaimVerdict,
    newsdesk_check,
    shared_words_score,
)
from eval.runs.results import Result, provenance
from rag.models.checker.rows import CitedQuote

NAME = "wikinews-claims"
OUTLET = "Wikinews"
CLAIM_ALONE = "claim alone"
SHARED_WORDS = "shared words"

OF_ALL: dict[str, Estimate] = {
    "balanced_accuracy": Estimate(statistic="balanced accuracy", columns=("kept_supported", "caught_unsupported")),
    "auroc": Estimate(statistic="auroc", columns=("score", "supported")),
    **mean_of("kept_supported", "caught_unsupported", "both_twins_right", "twin_order_right"),
}
ESTIMATES: dict[str, Estimate] = {
    **OF_ALL,
    "balanced_accuracy_as_written": Estimate(
        statistic="balanced accuracy", columns=("kept_supported_as_written", "caught_unsupported_as_written")
    ),
    "auroc_as_written": Estimate(statistic="auroc", columns=("score_as_written", "supported_as_written")),
}

Scores = dict[str, float | None]


class WikinewsClaim(Row):
    """One claim with what it cites; `context` is the sentence before each cited one."""

    id: str
    pair: str
    article: str
    published: date
    claim: str
    context: str
    evidence: str
    turned: bool
    supported: bool
    kind: str

    @property
    def quotes(self) -> list[CitedQuote]:
        """What it cites, as a checker takes it."""
        return [CitedQuote(text=self.evidence, before=self.context, outlet=OUTLET, published=self.published)]


def evaluate(options: Options) -> Result:
    """Check every claim against its evidence."""
    given = data_of(options, set_name=NAME, holds="the half's folder with its claims")
    file = file_in_folder(given, "claims") if given.is_dir() else given
    claims, digest = read_rows(file, WikinewsClaim)
    fitted_on, alone = claim_alone(file.parent, claims)
    claims = claims[: options.limit]
    verdicts, seconds = checked(claims, newsdesk_check(options.settings), options)
    rows = []
    for claim, verdict, took, found, others in zip(
        claims, verdicts, seconds, scores(claims, verdicts), other_ways(claims, alone), strict=True
    ):
        rows.append(_row(claim, verdict) | {"scores": found | {"milliseconds": took * 1000}, "baselines": others})
    estimates = {**ESTIMATES, **mean_of("milliseconds")}
    return Result(
        set=NAME,
        data=str(given),
        metrics=estimated(estimates, rows),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"claims": digest})
        | {"claim_alone": fitted_on},
        cases=rows,
        estimates=estimates,
        baselines=beside(ESTIMATES, rows),
        by_kind=estimated_by_kind(OF_ALL, rows),
    )


def checked(
    claims: Sequence[WikinewsClaim], checker: ClaimChecker, options: Options
) -> tuple[list[ClaimVerdict], list[float]]:
    """What a checker says of each claim, and the seconds that it took."""
    verdicts, seconds = [], []
    for done, claim in enumerate(claims, start=1):
        start = time.perf_counter()
        verdicts.append(checker(claim.claim, claim.quotes))
        seconds.append(time.perf_counter() - start)
        options.progress(done, len(claims))
    return verdicts, seconds


def scores(claims: Sequence[WikinewsClaim], verdicts: Sequence[ClaimVerdict]) -> list[Scores]:
    """The columns of each claim; what is of both twins stands with the first version, where both are there."""
    pairs: dict[str, dict[bool, ClaimVerdict]] = {}
    for claim, verdict in zip(claims, verdicts, strict=True):
        pairs.setdefault(claim.pair, {})[claim.supported] = verdict
    return [
        _of_claim(claim, verdict) | ({} if claim.turned else _of_twins(pairs[claim.pair]))
        for claim, verdict in zip(claims, verdicts, strict=True)
    ]


def other_ways(claims: Sequence[WikinewsClaim], alone: Mapping[str, float]) -> list[dict[str, Scores]]:
    """The same columns of the claim alone, and of the share of words, which has a score and no threshold."""
    told = [ClaimVerdict(score=alone[claim.pair], supported=alone[claim.pair] >= 0.5) for claim in claims]
    words = [ClaimVerdict(score=shared_words_score(claim.claim, claim.quotes), supported=False) for claim in claims]
    ranking = ("score", "supported", "score_as_written", "supported_as_written", "twin_order_right")
    return [
        {CLAIM_ALONE: by_claim, SHARED_WORDS: {name: by_words.get(name) for name in ranking}}
        for by_claim, by_words in zip(scores(claims, told), scores(claims, words), strict=True)
    ]


def claim_alone(folder: Path, claims: Sequence[WikinewsClaim]) -> tuple[str, dict[str, float]]:
    """What the regression on the claim alone was fitted on, and for each pair the probability that it is supported.

    It is fitted on first versions, since twins teach it nothing: on those of the half `train` where one stands beside
    this one, else on those of the other articles of this half.
    """
    first = {claim.pair: _labelled(claim) for claim in claims if not claim.turned}
    fitted_on, training = "the other articles of this half", list[text_alone.LabelledText]()
    if train := file_of_training_half(folder, "claims"):
        rows, _ = read_rows(train, WikinewsClaim)
        fitted_on, training = "train", [_labelled(claim) for claim in rows if not claim.turned]
    found = text_alone.probabilities(list(first.values()), training=training)
    undecided = {claim.pair: 0.5 for claim in claims}
    return fitted_on, undecided | dict(zip(first, found, strict=True))


def _labelled(claim: WikinewsClaim) -> text_alone.LabelledText:
    return text_alone.LabelledText(text=claim.claim, label=claim.supported, group=claim.article)


def _of_claim(claim: WikinewsClaim, verdict: ClaimVerdict) -> Scores:
    kept = float(verdict.supported) if claim.supported else None
    caught = None if claim.supported else float(not verdict.supported)
    return {
        "kept_supported": kept,
        "caught_unsupported": caught,
        "score": verdict.score,
        "supported": float(claim.supported),
        "kept_supported_as_written": None if claim.turned else kept,
        "caught_unsupported_as_written": None if claim.turned else caught,
        "score_as_written": None if claim.turned else verdict.score,
        "supported_as_written": None if claim.turned else float(claim.supported),
    }


def _of_twins(twins: Mapping[bool, ClaimVerdict]) -> Scores:
    """Whether both twins are judged rightly, and whether the supported one has the higher score; a tie is half right,
    as in AUROC."""
    if len(twins) < 2:
        return {}
    good, bad = twins[True], twins[False]
    return {
        "both_twins_right": float(good.supported and not bad.supported),
        "twin_order_right": 0.5 if good.score == bad.score else float(good.score > bad.score),
    }


def _row(claim: WikinewsClaim, verdict: ClaimVerdict) -> dict[str, Any]:
    told = "kept" if verdict.supported else f"removed: {verdict.reason or 'its score is too low'}"
    label = "supported" if claim.supported else "unsupported"
    return {
        "id": claim.id,
        "cluster": claim.article,
        "kind": claim.kind,
        "claim": claim.claim,
        "reason": verdict.reason,
        "fault": ""
        if verdict.supported == claim.supported
        else f"{claim.id} ({claim.kind}): {label}, {told}\n  {claim.claim}\n  cites: {claim.evidence}",
    }
