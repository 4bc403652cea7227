"""Keeping an answer with all that it takes to make it again."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from rag.errors import LibraryError, StorageError
from rag.public_json import answer_json
from rag.settings import Settings
from rag.storage.library import Library
from rag.types import Answer

logger = logging.getLogger(__name__)

ANSWERING = (
    *("model", "fallback_model", "second_judge", "writing", "model_timeout_seconds"),
    *("embedder", "embedder_runtime", "reranker", "reader", "checker", "entailment"),
    *("vector_index", "max_passages", "max_sentences"),
)
"""Settings that decide what is answered; none of them says who may come in or where things lie."""


def keep_answer(library: Library, answer: Answer) -> None:
    """Keep the answer in the archive; where that fails it is logged, for the reader has asked for an answer."""
    if library.archive.read_only:
        return
    kept = answer_json(answer) | {"made_with": made_with(library.settings, answer)}
    try:
        library.archive.answers.keep(kept, now=datetime.now(UTC))
    except (LibraryError, StorageError) as error:
        logger.warning("the answer was not kept: %s", error)


def made_with(settings: Settings, answer: Answer) -> dict[str, Any]:
    """The settings that decided the answer, its scope, and the passages that were found with their scores; writer,
    prompts, revision and the scores of sentences stand in the answer itself."""
    scope = answer.question.scope
    return {
        "settings": {name: value for name, value in settings.model_dump(mode="json").items() if name in ANSWERING},
        "after": scope.after.isoformat() if scope.after else None,
        "before": scope.before.isoformat() if scope.before else None,
        "outlets": list(scope.outlets),
        "tags": list(scope.tags),
        "articles": list(scope.articles),
        "found": [{"passage": one.passage.id, "score": round(one.score, 6)} for one in answer.evidence],
    }
