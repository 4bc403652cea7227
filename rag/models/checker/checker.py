"""The checker: the probability that all of a claim is supported by the sentences that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rag.models.checker.rows import CitedQuote, RowMaker, feed_of
from rag.models.model_files import ModelFiles, open_files, threads_for

SHIPPED = Path(__file__).parent / "weights"
"""The checker that comes with the product."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """How probably all of a claim is supported; `is_supported` where that is at least the checker's threshold."""

    probability: float
    is_supported: bool


class Checker:
    """Runs an exported checker, one claim at a time on each of several threads (see
    `rag.models.reader.reader.Reader`)."""

    def __init__(self, files: ModelFiles, *, threads: int = 0) -> None:
        self.identity = files.identity
        self._session = files.session()
        self._maker = RowMaker(files.tokenizer())
        self._probability = files.logistic("supported")
        self.keep_at = float(files.constants["keep_at"])
        self._pool = ThreadPoolExecutor(threads_for(threads), thread_name_prefix="newsdesk-checker")

    @classmethod
    def open(cls, folder: Path = SHIPPED, *, threads: int = 0) -> Checker:
        """The checker in a folder; raises `SettingsError` where it is not whole."""
        return cls(open_files(folder, task="checker"), threads=threads)

    def judge(self, claim: str, quotes: Sequence[CitedQuote]) -> Judgement:
        """Hold one claim against all of its quotes together; raises `ValueError` where it cites none."""
        return self.judge_all([(claim, quotes)])[0]

    def judge_all(self, claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[Judgement]:
        """Hold each claim against its own quotes."""
        found = map(self._probability.probability, self.logits(claims))
        return [Judgement(probability=one, is_supported=one >= self.keep_at) for one in found]

    def logits(self, claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[float]:
        """What the network says of each claim, before calibration."""
        return list(self._pool.map(lambda pair: self._logit(*pair), claims))

    def _logit(self, claim: str, quotes: Sequence[CitedQuote]) -> float:
        (found,) = self._session.run(None, feed_of([self._maker.row(claim, quotes)]))
        return float(found[0])
