"""Follow-up questions of our own on the sample library: is each understood as its conversation means it?

The cases are `eval/data/conversations/follow_ups.jsonl`; `--data` names another such file. The rules of
`rag.question.ellipsis` were aimed at the cases of even lines (`..._development`), the others kept apart
(`..._held_out`); all had been read before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from eval.cases import Case, Fact, Text, locate
from eval.datasets import Options
from eval.datasets.rows import Row, read_rows
from eval.errors import CaseError
from eval.metrics import case_scores, matching, ranking
from eval.metrics.per_case import mean_with_interval
from eval.runs import observe, results
from rag.types import Question

NAME = "follow-ups"
FILE = Path(__file__).parents[2] / "data" / "conversations" / "follow_ups.jsonl"
CUTOFF = 10

STANDS_ALONE = "stands-alone"
"""Tag of a question that needs no conversation and must not be changed by one."""

Group = Annotated[list[Text], Field(min_length=1)]


class FollowUp(Row):
    """The last question of a conversation, and what it means.

    `history` are the earlier questions, oldest first. What the question is understood to be holds a word or phrase of
    every group of `stands_for` and none of `must_not`. `facts` are as in a golden case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    history: Annotated[list[Text], Field(min_length=1)]
    question: Text
    stands_for: Annotated[list[Group], Field(min_length=1)]
    must_not: list[Text]
    tags: Annotated[list[Text], Field(min_length=1)]
    facts: Annotated[list[Fact], Field(min_length=1)]

    def is_met_by(self, text: str) -> bool:
        """Whether a text says what this question means, and nothing of what it has left behind."""
        has_all = all(any(matching.holds(text, word) for word in group) for group in self.stands_for)
        return has_all and not any(matching.holds(text, word) for word in self.must_not)

    def as_case(self) -> Case:
        """The same question as a golden case without limits."""
        return Case(
            id=self.id,
            question=self.question,
            history=self.history,
            published_after=None,
            published_before=None,
            outlets=[],
            expected="answered",
            facts=self.facts,
            also_fine=[],
            tags=self.tags,
        )


def evaluate(options: Options) -> results.Result:
    """Ingest the sample articles into a library of its own and ask the last question of every conversation."""
    from eval.datasets.ours.golden import digests
    from ingest.sample import sample_folder

    file = options.data or FILE
    if not file.is_file():
        raise CaseError(f"no such file: {str(file)!r}; name a file of conversations with --data")
    loaded, digest = read_rows(file, FollowUp)
    _refuse_equal_ids(loaded)
    follow_ups = loaded[: options.limit]
    with observe.desk_over([sample_folder()], options.settings) as desk:
        located = locate([follow_up.as_case() for follow_up in follow_ups], observe.articles_by_url(desk))
        observations = observe.observe_all(desk, located, progress=options.progress)
        status = desk.status()
    pairs = zip(follow_ups, observations, strict=True)
    rows = [_row(follow_up, observed, line) for line, (follow_up, observed) in enumerate(pairs, start=1)]
    measured = {
        name: mean_with_interval(scores)
        for name, scores in case_scores.scores_by_metric([row["scores"] for row in rows]).items()
    }
    return results.Result(
        set=NAME,
        data="eval/data/conversations/follow_ups.jsonl" if file == FILE else str(file),
        metrics=results.measured(**measured),
        provenance=results.provenance(
            options.settings,
            embedder=status.embedder,
            revision=status.revision,
            digests={"cases": digest, "articles": digests()["articles"]},
        ),
        cases=rows,
    )


def score_understanding(follow_up: FollowUp, asked: Question) -> dict[str, float | None]:
    """How well a question was understood, 1 or 0 each; None where a metric does not apply.

    `understood`: what is searched for (context and question together) meets the case. `stands_alone`: the question
    itself, its pointers replaced, meets it. `untouched`: a question that needs no conversation was left as it is.
    """
    is_untouched = asked.complete == follow_up.question and not asked.context
    return {
        "understood": float(follow_up.is_met_by(f"{asked.context} {asked.complete}")),
        "stands_alone": float(follow_up.is_met_by(asked.complete)),
        "untouched": float(is_untouched) if STANDS_ALONE in follow_up.tags else None,
    }


def resolved(understood: float | None, fact_found: float | None) -> float:
    """1 where a question was understood and what answers it is among the first passages, otherwise 0."""
    return float(understood == 1 and fact_found == 1)


def _refuse_equal_ids(follow_ups: Sequence[FollowUp]) -> None:
    seen: set[str] = set()
    for follow_up in follow_ups:
        if follow_up.id in seen:
            raise CaseError(f"case id {follow_up.id!r} is used twice; give one of the two another")
        seen.add(follow_up.id)


def _row(follow_up: FollowUp, observed: case_scores.Observation, line: int) -> dict[str, Any]:
    asked = observed.answer.question
    found = [
        frozenset(i for i, spans in enumerate(observed.located.facts) if any(case_scores.holds(one, g) for g in spans))
        for one in observed.answer.evidence
    ]
    scores = score_understanding(follow_up, asked)
    fact_found = ranking.all_found_at_k(found, len(follow_up.facts), CUTOFF)
    scores = {"resolved": resolved(scores["understood"], fact_found), **scores, f"fact_at_{CUTOFF}": fact_found}
    half = "held_out" if line % 2 else "development"
    by_half = {f"{name}_{half}": scores[name] for name in ("resolved", "stands_alone")}
    by_tag = {f"resolved_{tag.replace('-', '_')}": scores["resolved"] for tag in sorted(follow_up.tags)}
    failed = [name for name, score in scores.items() if score == 0]
    return {
        "id": follow_up.id,
        "history": follow_up.history,
        "question": follow_up.question,
        "complete": asked.complete,
        "context": asked.context,
        "tags": follow_up.tags,
        "half": half,
        "scores": {**scores, **by_half, **by_tag},
        "fault": _fault(follow_up, asked, failed),
    }


def _fault(follow_up: FollowUp, asked: Question, failed: Sequence[str]) -> str:
    if not failed:
        return ""
    lines = [f"{follow_up.id}: not {', '.join(failed)}: {follow_up.question}"]
    lines += [f"  after: {question}" for question in follow_up.history]
    lines += [f"  understood: {asked.complete}", f"  in context: {asked.context or '(none)'}"]
    return "\n".join(lines)
