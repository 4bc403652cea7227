"""RGB: snippets of web pages, some with the answer, some without, some with a false one put in its place.

`--data` is the half's folder with `en_fact.jsonl` (`id`, `query`, `answer`, `fakeanswer`, `positive`, `positive_wrong`,
`negative`). Each question is asked of libraries of its own, which hold five snippets as upstream puts them together
(github.com/chen700564/RGB, evalue.py): a share of negatives ("noise"), negatives alone ("rejection"), and snippets with
the false answer ("counterfactual"). Upstream shuffles and draws them; what a library holds has no order, and the first
ones are taken for the drawn ones.

Upstream also asks whether a reply says that the snippets are wrong. Newsdesk knows nothing but its articles and never
says so; what counts here is how often the false answer is shown, and how often nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from eval.datasets import Options
from eval.datasets.rows import Row, data_of, file_in_folder, read_rows
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.runs.ask import Reply, ask
from eval.runs.libraries import SmallLibraries
from eval.runs.results import Result, provenance
from ingest.types import RawArticle

NAME = "rgb"
SNIPPETS = 5
NOISE_RATES = (0.0, 0.2, 0.4, 0.6, 0.8)
ESTIMATES: dict[str, Estimate] = mean_of(
    *(f"accuracy_noise_{round(rate * 100)}" for rate in NOISE_RATES), "rejection", "counterfactual_accuracy",
    "counterfactual_misled", "counterfactual_refused",
)  # fmt: skip

Answer = str | list[str | list[str]]


class Item(Row):
    """One question with its snippets; of an answer that is a list every element is required, of a nested one any."""

    id: int | str
    query: str
    answer: Answer
    fakeanswer: Answer
    positive: list[str]
    positive_wrong: list[str]
    negative: list[str]


def evaluate(options: Options) -> Result:
    """Ask every question under every condition."""
    folder = data_of(options, set_name=NAME, holds="the half's folder with en_fact.jsonl")
    items, digest = read_rows(file_in_folder(folder, "en_fact"), Item)
    items = items[: options.limit]
    libraries = SmallLibraries(options.settings)
    rows = []
    for done, item in enumerate(items, start=1):
        rows.append(_row(item, libraries))
        options.progress(done, len(items))
    made = provenance(options.settings, embedder=libraries.embedder.identity, revision=0, digests={"questions": digest})
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made,
        cases=rows,
        estimates=ESTIMATES,
    )


def noisy_snippets(item: Item, noise_rate: float) -> list[str]:
    """Five snippets of which ceil(5 x noise) are negatives; where there are too few of one kind, the other fills up."""
    negatives = math.ceil(SNIPPETS * noise_rate)
    positives = SNIPPETS - negatives
    if noise_rate < 1:
        if negatives > len(item.negative):
            negatives = len(item.negative)
            positives = SNIPPETS - negatives
        elif positives > len(item.positive):
            positives = len(item.positive)
            negatives = SNIPPETS - positives
    return [*item.positive[:positives], *item.negative[:negatives]]


def is_given(reply: str, answer: Answer) -> bool:
    """Whether the reply holds every required answer as a part of it, in lower case (`all_rate` of evalue.py).

    "Not X" counts as X, and further wrong answers do not count against it.
    """
    text = reply.lower()
    required = answer if isinstance(answer, list) else [answer]
    return bool(required) and all(
        any(form.lower() in text for form in (one if isinstance(one, list) else [one])) for one in required
    )


def as_articles(snippets: Sequence[str], *, source: str) -> list[RawArticle]:
    """Each snippet as an article of its own, without a title or an address."""
    return [
        RawArticle(where=f"{source}, snippet {number}", text=snippet, given_id=str(number), source=source)
        for number, snippet in enumerate(snippets, start=1)
        if snippet.strip()
    ]


def _row(item: Item, libraries: SmallLibraries) -> dict[str, Any]:
    replies = {rate: _ask(item, noisy_snippets(item, rate), libraries) for rate in NOISE_RATES}
    rejected = _ask(item, item.negative[:SNIPPETS], libraries)
    misled = _ask(item, item.positive_wrong[:SNIPPETS], libraries)
    found = {
        **{
            f"accuracy_noise_{round(rate * 100)}": float(is_given(reply.text, item.answer)) if reply else None
            for rate, reply in replies.items()
        },
        "rejection": float(rejected.refused) if rejected else None,
        "counterfactual_accuracy": float(is_given(misled.text, item.answer)) if misled else None,
        "counterfactual_misled": float(is_given(misled.text, item.fakeanswer)) if misled else None,
        "counterfactual_refused": float(misled.refused) if misled else None,
    }
    plain = replies[0.0]
    lines = [f"{item.id}: {item.query}", f"  answer: {item.answer}"]
    if plain and not found["accuracy_noise_0"]:
        lines.append(f"  without noise: {plain.text or plain.answer.text}")
    if rejected and not rejected.refused:
        lines.append(f"  should refuse: {rejected.text}")
    return {
        "id": str(item.id),
        "question": item.query,
        "scores": found,
        "shown": {f"noise {rate:g}": reply.text for rate, reply in replies.items() if reply}
        | {"negatives": rejected.text if rejected else "", "false": misled.text if misled else ""},
        "fault": "\n".join(lines) if len(lines) > 2 else "",
    }


def _ask(item: Item, snippets: Sequence[str], libraries: SmallLibraries) -> Reply | None:
    """Ask the question of a library of these snippets; None where there are none."""
    articles = as_articles(snippets, source=f"{NAME} {item.id}")
    if not articles:
        return None
    with libraries.over(articles) as desk:
        return ask(desk, item.query, case_id=str(item.id))
