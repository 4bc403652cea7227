"""Figures for whoever runs Newsdesk, in Prometheus' text format; no question and no text of an article is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rag.errors import NewsdeskError
from rag.types import Answer

if TYPE_CHECKING:
    from rag.desk import Desk
    from web.serving.rate_limit import RateLimiter

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 120)


class Metrics:
    """Counts what the endpoints do; one for each served library."""

    def __init__(self, desk: Desk, rate_limiter: RateLimiter) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "newsdesk_answers",
            "Questions answered or honestly refused.",
            ("endpoint", "outcome", "writer"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "newsdesk_answer_seconds",
            "Time from question to checked answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._removed = Counter(
            "newsdesk_sentences_removed", "Drafted sentences that the check removed.", registry=self._registry
        )
        self._failures = Counter(
            "newsdesk_failures", "Requests that ended in an error.", ("endpoint", "kind"), registry=self._registry
        )
        in_progress = Gauge(
            "newsdesk_questions_in_progress", "Questions worked on or waiting.", registry=self._registry
        )
        in_progress.set_function(lambda: rate_limiter.inside)
        self._registry.register(_Library(desk))

    def answered(self, endpoint: str, answer: Answer, seconds: float) -> None:
        """Count an answer."""
        self._answers.labels(endpoint, answer.outcome, answer.provenance.writer).inc()
        self._seconds.labels(endpoint).observe(seconds)
        self._removed.inc(len(answer.provenance.removed))

    def failed(self, endpoint: str, kind: str) -> None:
        """Count an error by its kind (`rag.errors`; "unforeseen" for any other)."""
        self._failures.labels(endpoint, kind).inc()

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Library(Collector):
    """What the library holds, looked up when it is asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        """Articles, passages and revision; nothing where the library cannot be read."""
        try:
            status = self._desk.status()
        except NewsdeskError:
            return
        for name, value in (
            ("articles", status.articles),
            ("passages", status.passages),
            ("revision", status.revision),
        ):
            yield GaugeMetricFamily(f"newsdesk_library_{name}", f"The library's {name}.", value=value)

    def describe(self) -> list[Metric]:
        """Nothing, so that registering it asks the library nothing."""
        return []
