"""Fits the weights of `rag/selection.json`: `python -m eval fit --data DIR [--write]`.

The data is a folder with `contexts.jsonl.gz` (context_id, title, context) and `questions.jsonl.gz` (context_id,
question, answers, is_impossible) in the shape of SQuAD 2.0. Each context becomes an article of a temporary library; for
each question the evidence is retrieved as in an answer, and a sentence counts as right where it stands in its own
context and holds an answer. One half of the questions is held out to report on; the shipped weights are fitted on both.
The thresholds are not touched: they are chosen on the golden cases.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.errors import CaseError
from ingest.chunking import cut_passages
from rag.embedding import Embedder, open_embedder
from rag.library import Library, Prepared, open_library
from rag.retrieval import retrieve
from rag.selection import FEATURES, WEIGHTS_FILE, features
from rag.settings import Settings
from rag.testing import make_article
from rag.types import Evidence, Question

PASSAGES_PER_QUESTION = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """One row a sentence: `values` (n, features), `right`, its question's number, whether it is of its context."""

    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    question: NDArray[np.int64]
    own: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """Fitted weights with held-out figures: right sentence first within its context, and of all retrieved."""

    bias: float
    weights: dict[str, float]
    sentence_at_1: float
    sentence_at_1_retrieved: float
    answerable_auroc: float


def fit(
    data: Path, settings: Settings, *, questions: int = 3000, seed: int = 1, say: Callable[[str], None]
) -> dict[str, Any]:
    """The content of `selection.json` with newly fitted weights; raises `CaseError` where the data is not there."""
    with tempfile.TemporaryDirectory() as folder:
        here = settings.model_copy(update={"library": Path(folder), "vector_index": "exact"})
        with open_library(here, embedder=_Remembering(open_embedder(here)), stay_open=True) as library:
            _store(library, _read(data / "contexts.jsonl.gz"))
            asked = list(_read(data / "questions.jsonl.gz"))
            random.Random(seed).shuffle(asked)
            rows = _rows(library, asked[:questions], say)
            embedder = library.embedder.identity
    result = _fitted(rows)
    shipped = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {
        **shipped,
        "bias": result.bias,
        "weights": result.weights,
        "fitted": {
            "command": f"python -m eval fit --data DIR --questions {questions} --seed {seed} --write",
            "data": {name: _digest(data / name) for name in ("contexts.jsonl.gz", "questions.jsonl.gz")},
            "embedder": embedder,
            "sentences": len(rows.right),
            "held_out": {
                "sentence_at_1": round(result.sentence_at_1, 3),
                "sentence_at_1_retrieved": round(result.sentence_at_1_retrieved, 3),
                "answerable_auroc": round(result.answerable_auroc, 3),
            },
        },
    }


def _store(library: Library, contexts: Iterator[dict[str, Any]]) -> None:
    batch = []
    for row in contexts:
        title = row["title"].replace("_", " ")
        article = make_article(row["context"], title=title, article_id=str(row["context_id"]))
        batch.append(Prepared(article=article, passages=cut_passages(article, target_words=400, max_words=600)))
    library.put(batch)
    library.catch_up()


def _rows(library: Library, asked: Sequence[dict[str, Any]], say: Callable[[str], None]) -> Rows:
    values: list[tuple[float, ...]] = []
    right: list[bool] = []
    numbers: list[int] = []
    own: list[bool] = []
    for number, row in enumerate(asked):
        question = Question(text=row["question"])
        evidence = _with_own_context(library, retrieve(library, question, limit=PASSAGES_PER_QUESTION), row)
        texts = [piece.passage.sentence(span) for piece in evidence for span in piece.passage.sentences]
        homes = [piece.passage.article.id for piece in evidence for _ in piece.passage.sentences]
        found = features(library, question, evidence, library.embedder.embed_passages(texts))
        answers = [] if row["is_impossible"] else [answer.lower() for answer in row["answers"]]
        for text, home, one in zip(texts, homes, found, strict=True):
            holds = any(answer in text.lower() for answer in answers)
            at_home = home == str(row["context_id"])
            # The answer's words in another context may be an answer or not: nobody has said.
            if holds and not at_home:
                continue
            values.append(one)
            right.append(holds)
            numbers.append(number)
            own.append(at_home)
        if number % 500 == 499:
            say(f"{number + 1}/{len(asked)} questions")
    return Rows(values=np.array(values), right=np.array(right), question=np.array(numbers), own=np.array(own))


def _with_own_context(library: Library, found: tuple[Evidence, ...], row: dict[str, Any]) -> tuple[Evidence, ...]:
    home = str(row["context_id"])
    if any(piece.passage.article.id == home for piece in found):
        return found
    passages = library.archive.passages(home)
    missing = tuple(Evidence(passage=p, score=0.0, rank=PASSAGES_PER_QUESTION + i) for i, p in enumerate(passages))
    return (*found[: PASSAGES_PER_QUESTION - 1], *missing)


def _fitted(rows: Rows) -> Fit:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    train = rows.question % 2 == 0
    trial = LogisticRegression(max_iter=2000).fit(rows.values[train], rows.right[train])
    scores = trial.predict_proba(rows.values)[:, 1]
    first_at_home, first_of_all, best, answerable = [], [], [], []
    for number in np.unique(rows.question[~train]):
        here = np.flatnonzero(rows.question == number)
        best.append(scores[here].max())
        answerable.append(bool(rows.right[here].any()))
        if answerable[-1]:
            at_home = here[rows.own[here]]
            first_at_home.append(rows.right[at_home[np.argmax(scores[at_home])]])
            first_of_all.append(rows.right[here[np.argmax(scores[here])]])
    final = LogisticRegression(max_iter=2000).fit(rows.values, rows.right)
    return Fit(
        bias=round(float(final.intercept_[0]), 3),
        weights={name: round(float(w), 3) for name, w in zip(FEATURES, final.coef_[0], strict=True)},
        sentence_at_1=float(np.mean(first_at_home)),
        sentence_at_1_retrieved=float(np.mean(first_of_all)),
        answerable_auroc=float(roc_auc_score(answerable, best)),
    )


class _Remembering:
    """An embedder that embeds each text once: the same sentences are evidence for many questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        self.identity = embedder.identity
        self.dimension = embedder.dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `rag.embedding.Embedder`."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(fresh, self._embedder.embed_passages(fresh), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.empty((0, self.dimension), np.float32)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See `rag.embedding.Embedder`."""
        return np.asarray(self.embed_passages([text])[0])


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except OSError as error:
        raise CaseError(f"cannot read {path.name} in {str(path.parent)!r}; name the folder with --data") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
