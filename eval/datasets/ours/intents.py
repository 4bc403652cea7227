"""Utterances of our own: is it understood what is wanted?

The cases are the held-out half, `eval/data/intents/held_out.jsonl`; `--data` names another such file. They were written
before anything was fitted, about other topics than the half that the classifier is fitted on, and what differs from one
of them only in its topic was taken out of that half.
"""

from __future__ import annotations

from typing import Any, get_args

from eval.datasets import Options
from eval.datasets.rows import read_rows
from eval.errors import CaseError
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.runs.results import Result, provenance
from eval.training.intent.utterances import HELD_OUT, Utterance
from rag.models.load_embedder import open_embedder
from rag.question.intent.classifier import intent_classifier
from rag.types import Intent

NAME = "intent"

_NUMBER = {intent: float(number) for number, intent in enumerate(get_args(Intent))}


def evaluate(options: Options) -> Result:
    """Decide what every utterance wants, with the embedder of the settings.

    `macro_f1`: over the intents. `right`: the share of utterances. `questions_kept`: of questions, the share that is
    asked of the articles. `without_vector`: the share right where another embedder is set.
    """
    file = options.data or HELD_OUT
    if not file.is_file():
        raise CaseError(f"no such file: {str(file)!r}; name a file of utterances with --data")
    utterances, digest = read_rows(file, Utterance)
    utterances = utterances[: options.limit]
    embedder = open_embedder(options.settings)
    classifier = intent_classifier()
    fits = classifier.knows(embedder.identity)
    rows = []
    for done, utterance in enumerate(utterances, start=1):
        vector = embedder.embed_question(utterance.text) if fits else None
        decided = classifier.decide(utterance.text, vector)
        alone = classifier.decide(utterance.text)
        rows.append(_row(utterance, decided.intent, decided.probability, alone.intent))
        options.progress(done, len(utterances))
    estimates = {
        "macro_f1": Estimate(statistic="macro f1", columns=("wanted", "decided")),
        **mean_of("right", "questions_kept", "without_vector"),
    }
    return Result(
        set=NAME,
        data="eval/data/intents/held_out.jsonl" if file == HELD_OUT else str(file),
        metrics=estimated(estimates, rows),
        provenance=provenance(options.settings, embedder=embedder.identity, revision=0, digests={"cases": digest}),
        cases=rows,
        estimates=estimates,
        by_kind={
            intent: estimated(mean_of("right"), [row for row in rows if row["kind"] == intent])
            for intent in dict.fromkeys(row["kind"] for row in rows)
        },
    )


def _row(utterance: Utterance, decided: Intent, probability: float, alone: Intent) -> dict[str, Any]:
    right = float(decided == utterance.intent)
    fault = "" if right else f"{utterance.id}: {utterance.text}\n  {utterance.intent}, taken for {decided}"
    return {
        "id": utterance.id,
        "kind": utterance.intent,
        "decided": decided,
        "probability": round(probability, 4),
        "scores": {
            "right": right,
            "questions_kept": right if utterance.intent == "question" else None,
            "without_vector": float(alone == utterance.intent),
            "wanted": _NUMBER[utterance.intent],
            "decided": _NUMBER[decided],
        },
        "fault": fault,
    }
