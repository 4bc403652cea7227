"""Libraries over a set's articles, made as anybody would make them: temporary, or kept for the next run."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.errors import CaseError, EvaluationError
from eval.runs.results import PROJECT, folder_digest
from ingest.preparing.article import article_from
from ingest.types import RawArticle
from rag.errors import SourceError
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ingest.report import IngestReport
    from rag.desk import Desk
    from rag.models.embedder import Embedder
    from rag.storage.library import Library

_MADE = "made.json"

# What decides what is stored of an article, beside the embedder: a kept library of other code is not used.
_STORED_BY = (
    "ingest/*.py",
    "rag/storage/index_contract.py",
    "rag/text/sentences.py",
    "rag/text/search_terms.py",
    "rag/storage/indexes/bm25.py",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A desk over a set's articles; `left_out` counts the articles that ingest did not take, `first` says why one."""

    desk: Desk
    articles: int
    left_out: int
    first: str

    def as_json(self) -> dict[str, Any]:
        """For the provenance."""
        return {"articles": self.articles, "left_out": self.left_out, "first_left_out": self.first}


@contextmanager
def stored(
    articles: Sequence[RawArticle],
    settings: Settings,
    *,
    set_name: str,
    keep: Path | None = None,
    embedder: Embedder | None = None,
    model: BaseChatModel | None = None,
) -> Iterator[Stored]:
    """A desk over a library of these articles, below the folder `keep` or in a temporary one; `model` in the place of
    the settings'.

    A kept library is named after the articles, the embedder and the code that stores them, and is used again as it is.
    """
    from rag.models.load_embedder import open_embedder

    embedder = embedder or open_embedder(settings)
    with tempfile.TemporaryDirectory(prefix="newsdesk-eval-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary, "library") if keep is None else keep / f"{set_name}-{_key(articles, embedder.identity)}"
        made = home.with_name(f"{home.name}-{_MADE}")
        own = settings.model_copy(update={"library": home, "read_only": False})
        if not made.exists():
            report = _ingest(articles, own, embedder)
            first = report.problems[0] if report.problems else None
            content = {"left_out": len(report.problems), "first": f"{first.where}: {first.reason}" if first else ""}
            made.write_text(json.dumps(content), encoding="utf-8")
        told = json.loads(made.read_text(encoding="utf-8"))
        with _desk(own, embedder, model) as desk:
            held = desk.status().articles
            yield Stored(desk=desk, articles=held, left_out=told["left_out"], first=told["first"])


class SmallLibraries:
    """Opens one small library after another, each for a single question, with one embedder and one model for all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder of the settings, loaded once."""
        from rag.models.load_embedder import open_embedder

        return open_embedder(self._settings)

    @cached_property
    def _model(self) -> BaseChatModel | None:
        from rag.models.chat_model import load_model

        return load_model(self._settings)

    @contextmanager
    def over(self, articles: Sequence[RawArticle]) -> Iterator[Desk]:
        """A desk over a temporary library that holds these articles and nothing else."""
        with tempfile.TemporaryDirectory(prefix="newsdesk-eval-", ignore_cleanup_errors=True) as folder:
            own = self._at(Path(folder, "library"))
            _ingest(articles, own, self.embedder)
            with _desk(own, self.embedder, self._model) as desk:
                yield desk

    def build(self, sources: Sequence[Path], home: Path) -> None:
        """Make a library of files and folders, for copies; a source that cannot be read is an `EvaluationError`."""
        from ingest.pipeline import ingest
        from rag.storage.library import open_library

        with open_library(self._at(home), embedder=self.embedder) as library:
            report = ingest(sources, library)
        if report.problems:
            first = report.problems[0]
            raise EvaluationError(f"a source could not be read: {first.where}: {first.reason}")

    def store(self, articles: Sequence[RawArticle], home: Path) -> None:
        """Make a library of articles, for copies."""
        _ingest(articles, self._at(home), self.embedder)

    @contextmanager
    def copy_of(self, home: Path) -> Iterator[Desk]:
        """A desk over a copy of a library that nobody has open, to be changed at will."""
        with tempfile.TemporaryDirectory(prefix="newsdesk-eval-", ignore_cleanup_errors=True) as folder:
            copy = Path(folder, "library")
            shutil.copytree(home, copy)
            with _desk(self._at(copy), self.embedder, self._model) as desk:
                yield desk

    def _at(self, home: Path) -> Settings:
        # So few passages are searched exactly in any case; this only spares the files of an index.
        changes = {"library": home, "read_only": False, "vector_index": "exact"}
        return self._settings.model_copy(update=changes)


def ingest_into(library: Library, articles: Sequence[RawArticle]) -> IngestReport:
    """Put articles into an open library; a run that was not completed is an `EvaluationError`."""
    from ingest.pipeline import ingest_articles

    report = ingest_articles(articles, library)
    if not report.complete:
        raise EvaluationError(f"the articles could not be stored: {report.problems[-1].reason}")
    return report


def article_ids(articles: Sequence[RawArticle]) -> list[str]:
    """The id under which each article is stored; "" for one of which nothing is left to store."""
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    ids = []
    for raw in articles:
        try:
            # The id of an article with an address does not depend on its text; others are read in full.
            ids.append(article_from(replace(raw, text="x") if raw.url else raw, fetched=moment).ref.id)
        except SourceError:
            ids.append("")
    return ids


def _ingest(articles: Sequence[RawArticle], settings: Settings, embedder: Embedder) -> IngestReport:
    from rag.storage.library import open_library

    with open_library(settings, embedder=embedder) as library:
        report = ingest_into(library, articles)
        if not library.status().articles:
            raise CaseError("not one article of the set could be read; name another half with --data")
    return report


def _desk(settings: Settings, embedder: Embedder, model: BaseChatModel | None = None) -> Desk:
    from rag.desk import open_desk

    return open_desk(settings=settings, embedder=embedder, model=model, stay_open=False)


def _key(articles: Sequence[RawArticle], embedder: str) -> str:
    digest = hashlib.sha256(f"{embedder}\n{_code_digest()}\n".encode())
    for raw in articles:
        digest.update(repr(raw).encode())
    return digest.hexdigest()[:16]


def _code_digest() -> str:
    return folder_digest(PROJECT, [file for pattern in _STORED_BY for file in PROJECT.glob(pattern)])
