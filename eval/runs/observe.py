"""Runs cases against a desk: through the same doors, pipeline and library as everybody else."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from eval.cases import LocatedCase
from eval.errors import CaseError, EvaluationError
from eval.metrics.case_scores import Observation
from eval.runs.progress import no_progress
from rag.errors import NewsdeskError
from rag.scope import Scope
from rag.settings import Settings
from rag.types import Answer, Article, ArticleRef, Citation

if TYPE_CHECKING:
    from rag.desk import Desk


class AnsweringDesk(Protocol):
    """What an evaluation needs of a desk."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str],
        scope: Scope,
    ) -> Answer:
        """Answer a question."""

    def article(self, article_id: str) -> Article:
        """An article by its id."""

    def articles(self) -> list[ArticleRef]:
        """Every article."""


@contextmanager
def desk_over(sources: Sequence[Path], settings: Settings) -> Iterator[Desk]:
    """A desk over a new library in a temporary folder that holds these sources; raises as `desk_over_each` does."""
    with desk_over_each([sources], settings) as desk:
        yield desk


@contextmanager
def desk_over_each(parts: Sequence[Sequence[Path]], settings: Settings) -> Iterator[Desk]:
    """A desk over new libraries in a temporary folder, one for the sources of each part, ingested as anybody would.

    Raises `EvaluationError` where a source could not be read: figures over half of the articles would look like
    figures.
    """
    from ingest.pipeline import ingest
    from rag.desk import open_desk
    from rag.storage.library import open_library

    with tempfile.TemporaryDirectory(prefix="newsdesk-eval-", ignore_cleanup_errors=True) as folder:
        homes = [Path(folder, "library" if len(parts) == 1 else f"part-{number}") for number in range(len(parts))]
        for sources, home in zip(parts, homes, strict=True):
            own = settings.model_copy(update={"library": home, "read_only": False})
            with open_library(own) as library:
                report = ingest(sources, library)
            if report.problems:
                first = report.problems[0]
                raise EvaluationError(
                    f"{len(report.problems)} sources could not be read, first {first.where}: {first.reason}"
                )
        with open_desk(homes, settings=settings.model_copy(update={"read_only": False})) as desk:
            yield desk


def articles_by_url(desk: AnsweringDesk) -> dict[str, Article]:
    """Every article of the library that has a URL; two articles with one URL are a `CaseError`."""
    found: dict[str, Article] = {}
    for ref in desk.articles():
        if ref.url in found:
            raise CaseError(f"the library holds two articles with the url {ref.url!r}; golden quotes need one")
        if ref.url:
            found[ref.url] = desk.article(ref.id)
    return found


def observe_all(
    desk: AnsweringDesk, cases: Sequence[LocatedCase], *, progress: Callable[[int, int], None] = no_progress
) -> list[Observation]:
    """Ask every case; a case that raises ends the evaluation with an error that names it."""
    observations = []
    for done, located in enumerate(cases, start=1):
        try:
            observations.append(observe(desk, located))
        except NewsdeskError as error:
            raise EvaluationError(f"case {located.case.id!r}: {error}") from error
        progress(done, len(cases))
    return observations


def observe(desk: AnsweringDesk, located: LocatedCase) -> Observation:
    """Ask one case's question and check every quote against its article."""
    case = located.case
    scope = Scope.of(after=case.published_after, before=case.published_before, outlets=case.outlets)
    start = time.perf_counter()
    answer = desk.ask(case.question, history=case.history, scope=scope)
    seconds = time.perf_counter() - start
    inexact = tuple(citation for citation in answer.citations if not _is_exact(desk, citation))
    return Observation(located=located, answer=answer, inexact=inexact, seconds=seconds)


def _is_exact(desk: AnsweringDesk, citation: Citation) -> bool:
    return desk.article(citation.article.id).text[citation.start : citation.end] == citation.quote
