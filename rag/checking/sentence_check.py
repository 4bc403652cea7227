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

    `Verdict.support` is the network's probability. What differs to the letter is not put to the network, for most of
    what a search for support tries does, and has 0; `graded`, which decides nothing, asks all the same and gives the
    probability much lowered, so that a measurement tells near misses from far ones.
    """

    def __init__(self, checker: Checker, *, graded: bool = False) -> None:
        self.identity = checker.identity
        self._checker, self._graded = checker, graded

    def check(self, claims: Claims) -> list[Verdict]:
        """See `SentenceCheck`."""
        faults = [literal_fault(text, quotes) if quotes else "it cites nothing" for text, quotes in claims]
        is_asked = [
            bool(quotes) and (self._graded or not fault) for (_, quotes), fault in zip(claims, faults, strict=True)
        ]
        judged = iter(self._checker.judge_all([claim for claim, asked in zip(claims, is_asked, strict=True) if asked]))
        return [
            self._verdict(claim, fault, next(judged) if asked else None)
            for claim, fault, asked in zip(claims, faults, is_asked, strict=True)
        ]

    def _verdict(self, claim: tuple[str, Sequence[CitedQuote]], fault: str, judgement: Judgement | None) -> Verdict:
        text, quotes = claim
        probability = judgement.probability if judgement is not None else 0.0
        if judgement is not None and not judgement.is_supported:
            fault = fault or _NOT_SAID
        return Verdict(
            supported=not fault,
            support=lowered(probability, self._checker.keep_at) if fault not in ("", _NOT_SAID) else probability,
            wording=shared_wording(text, [quote.text for quote in quotes]),
            reason=fault,
        )


_NOT_SAID = "the quotes do not say this"


def lowered(probability: float, keep_at: float) -> float:
    """The probability of support where a literal check fails: its odds over five, and always below what is kept."""
    return min(probability / (probability + LITERAL_ODDS * (1 - probability)), _JUST_BELOW * keep_at)


_JUST_BELOW = 0.999
LITERAL_ODDS = 5.0
"""About so much more often a figure, date or name is missing from evidence that does not support a claim: development
half of wikinews-claims, 149 against 34 of 400."""


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


def open_check(settings: Settings, *, graded: bool = False) -> SentenceCheck:
    """The check of the settings, `graded` to be measured; raises `SettingsError` where a model that they name cannot be
    used."""
    check = WordCheck() if settings.checker == OFF else TrainedCheck(_checker(settings), graded=graded)
    entailment = open_entailment(settings)
    return SecondJudge(check, entailment) if entailment is not None else check


def _checker(settings: Settings) -> Checker:
    return _opened(chosen_folder(settings.checker, SHIPPED, task="checker"), settings.embedder_threads)


@cache
def _opened(folder: Path, threads: int) -> Checker:
    """One checker for all libraries of a process."""
    return Checker.open(folder, threads=threads)
