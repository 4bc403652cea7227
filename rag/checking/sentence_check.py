"""The check of a writer's own words: does a sentence say only what the quotes that it cites say?

Deterministic, independent of the writer, and failing closed. What can be compared to the letter is compared to the
letter (`rag.checking.literal`); whether the rest means the same is judged by a small trained network
(`rag.models.checker`), or by words in common where that is off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from rag.checking.check import Verdict, check_sentence, shared_wording
from rag.checking.literal import literal_fault
from rag.models.checker.checker import SHIPPED, Checker, Judgement
from rag.models.checker.rows import CitedQuote
from rag.models.entailment import Entailment, open_entailment
from rag.models.model_files import chosen_folder
from rag.settings import Settings

OFF = "off"

Claims = Sequence[tuple[str, Sequence[CitedQuote]]]


class SentenceCheck(Protocol):
    """Holds sentences (without citation marks) against the quotes that each cites, all of them together."""

    @property
    def identity(self) -> str:
        """Names rules and weights; changes whenever a verdict would."""

    def check(self, claims: Claims) -> list[Verdict]:
        """The verdict on each claim; without a quote nothing is supported."""


class WordCheck:
    """By words in common and rules about them."""

    identity = "words"

    def check(self, claims: Claims) -> list[Verdict]:
        """See `SentenceCheck`."""
        return [check_sentence(text, [quote.text for quote in quotes]) for text, quotes in claims]


class TrainedCheck:
    """By a trained network's judgement of meaning, where nothing that must agree to the letter differs.

    `Verdict.support` is the network's probability, much lowered where something differs to the letter.
    """

    def __init__(self, checker: Checker) -> None:
        self.identity = checker.identity
        self._checker = checker

    def check(self, claims: Claims) -> list[Verdict]:
        """See `SentenceCheck`."""
        judged = iter(self._checker.judge_all([claim for claim in claims if claim[1]]))
        return [self._verdict(*claim, next(judged) if claim[1] else None) for claim in claims]

    def _verdict(self, text: str, quotes: Sequence[CitedQuote], judgement: Judgement | None) -> Verdict:
        if judgement is None:
            return Verdict(supported=False, support=0.0, wording=0.0, reason="it cites nothing")
        fault, probability = literal_fault(text, quotes), judgement.probability
        return Verdict(
            supported=judgement.is_supported and not fault,
            support=lowered(probability, self._checker.keep_at) if fault else probability,
            wording=shared_wording(text, [quote.text for quote in quotes]),
            reason=fault or ("" if judgement.is_supported else "the quotes do not say this"),
        )


def lowered(probability: float, keep_at: float) -> float:
    """The probability of support where a literal check fails: its odds over five, and below what is kept."""
    return keep_at * probability / (probability + LITERAL_ODDS * (1 - probability))


LITERAL_ODDS = 5.0
"""So much more often a figure, date or name is missing from evidence that does not support a claim: development half of
wikinews-claims, 152 against 30 of 400."""


class SecondJudge:
    """Another check whose verdicts an entailment model must agree to; it can only take away."""

    def __init__(self, check: SentenceCheck, entailment: Entailment) -> None:
        self.identity = f"{check.identity}, entailment"
        self._check, self._entailment = check, entailment

    def check(self, claims: Claims) -> list[Verdict]:
        """See `SentenceCheck`."""
        return [
            verdict if not verdict.supported or self._agrees(*claim) else replace(verdict, supported=False, reason=_NOT)
            for claim, verdict in zip(claims, self._check.check(claims), strict=True)
        ]

    def _agrees(self, text: str, quotes: Sequence[CitedQuote]) -> bool:
        return self._entailment.agrees(" ".join(quote.text for quote in quotes), text)


_NOT = "the entailment model does not find it in the quotes"


def open_check(settings: Settings) -> SentenceCheck:
    """The check of the settings; raises `SettingsError` where a model that they name cannot be used."""
    check = WordCheck() if settings.checker == OFF else TrainedCheck(_checker(settings))
    entailment = open_entailment(settings)
    return SecondJudge(check, entailment) if entailment is not None else check


def _checker(settings: Settings) -> Checker:
    return _opened(chosen_folder(settings.checker, SHIPPED, task="checker"), settings.embedder_threads)


@cache
def _opened(folder: Path, threads: int) -> Checker:
    """One checker for all libraries of a process."""
    return Checker.open(folder, threads=threads)
