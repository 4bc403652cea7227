"""Fits the weights of `rag/answering/selection.json`: `python -m eval fit --data DIR [--write]`.

The data is a folder with `contexts.jsonl.gz` (context_id, title, context) and `questions.jsonl.gz` (context_id, title,
question, answers, is_impossible) in the shape of SQuAD 2.0. Each context becomes an article of a temporary library; for
each question the evidence is retrieved as in an answer, and a sentence counts as right where it stands in its own
context and holds an answer.

There are two ways of having no answer, and the model must know both: a question that its context nearly answers (those
marked impossible), and one about something else. For the second each question that can be answered is put again to what
is retrieved without its own context.

Only questions on Wikipedia articles that the answer scorer was not fitted on are used (`title_fold`). Four folds of
their contexts are held out in turn to report on; the shipped weights are fitted on all of them.
The thresholds are not touched: they are chosen on the golden cases.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from eval.errors import CaseError
from ingest.preparing.chunking import cut_passages
from rag.answering.answer_scorer import load_scorer
from rag.answering.sentence_scoring import FEATURES, WEIGHTS_FILE, features
from rag.models.embedder import Embedder, TextVectors
from rag.models.load_embedder import open_embedder
from rag.retrieval.retrieve import retrieve
from rag.settings import Settings
from rag.storage.library import Library, Prepared, open_library
from rag.testing import make_article
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

PASSAGES_PER_QUESTION = 8
FOLDS = 4


Missing = Literal["nothing", "answer", "context"]


@dataclass(kw_only=True, slots=True)
class Asked:
    """One question as it was put: `values` (sentences, features), which sentences are right and of its own context.

    `missing` says what keeps it from being answered; `fold` is the fold that its Wikipedia article belongs to.
    """

    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    own: NDArray[np.bool_]
    missing: Missing
    fold: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """The fitted weights and their figures over held-out folds."""

    bias: float
    weights: dict[str, float]
    held_out: dict[str, float]


def fit(
    data: Path, settings: Settings, *, questions: int = 3000, seed: int = 1, say: Callable[[str], None]
) -> dict[str, Any]:
    """The content of `selection.json` with newly fitted weights; raises `CaseError` where the data is not there."""
    with tempfile.TemporaryDirectory() as folder:
        here = settings.model_copy(update={"library": Path(folder), "vector_index": "exact"})
        with open_library(here, embedder=_Remembering(open_embedder(here)), stay_open=True) as library:
            _store(library, read_rows_of(data / "contexts.jsonl.gz"))
            # The answer scorer knows the other folds by heart: its scores of them would be trusted too much.
            held_out = load_scorer().about["held_out_fold"]
            asked = [row for row in read_rows_of(data / "questions.jsonl.gz") if title_fold(row["title"]) == held_out]
            random.Random(seed).shuffle(asked)
            put = _put(library, asked[:questions], say)
            embedder = library.embedder.identity
    result = _fitted(put)
    shipped = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {
        **shipped,
        "bias": result.bias,
        "weights": result.weights,
        "fitted": {
            "command": f"python -m eval fit --data DIR --questions {questions} --seed {seed} --write",
            "data": {name: data_digest(data / name) for name in ("contexts.jsonl.gz", "questions.jsonl.gz")},
            "embedder": embedder,
            "sentences": sum(len(asked.right) for asked in put),
            "held_out": {name: round(value, 3) for name, value in result.held_out.items()},
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


def _put(library: Library, asked: Sequence[dict[str, Any]], say: Callable[[str], None]) -> list[Asked]:
    put: list[Asked] = []
    for number, row in enumerate(asked, start=1):
        found = retrieve(library, Question(text=row["question"]), limit=PASSAGES_PER_QUESTION + 1)
        put.append(_asked(library, row, _with_own_context(library, found[:PASSAGES_PER_QUESTION], row)))
        if not row["is_impossible"]:
            others = tuple(piece for piece in found if piece.passage.article.id != str(row["context_id"]))
            put.append(_asked(library, row, others[:PASSAGES_PER_QUESTION]))
        if number % 500 == 0:
            say(f"{number}/{len(asked)} questions")
    return [one for one in put if len(one.right)]


def _asked(library: Library, row: dict[str, Any], evidence: tuple[Evidence, ...]) -> Asked:
    texts = [piece.passage.sentence(span) for piece in evidence for span in piece.passage.sentences]
    values = features(library, Question(text=row["question"]), evidence, library.embedder.embed_tokens(texts))
    homes = [piece.passage.article.id for piece in evidence for _ in piece.passage.sentences]
    answers = [] if row["is_impossible"] else [answer.lower() for answer in row["answers"]]
    holds = np.array([any(answer in text.lower() for answer in answers) for text in texts], dtype=np.bool_)
    own = np.array([home == str(row["context_id"]) for home in homes], dtype=np.bool_)
    # The answer's words in another context may be an answer or not: nobody has said.
    kept = own | ~holds
    missing: Missing = "answer" if row["is_impossible"] else "nothing" if own.any() else "context"
    fold = zlib.crc32(str(row["context_id"]).encode()) % FOLDS
    return Asked(values=np.array(values)[kept], right=holds[kept], own=own[kept], missing=missing, fold=fold)


def title_fold(title: str) -> int:
    """The fold that all questions on one Wikipedia article belong to."""
    return zlib.crc32(title.encode()) % FOLDS


def _with_own_context(library: Library, found: tuple[Evidence, ...], row: dict[str, Any]) -> tuple[Evidence, ...]:
    home = str(row["context_id"])
    if any(piece.passage.article.id == home for piece in found):
        return found
    passages = library.archive.passages(home)
    missing = tuple(Evidence(passage=p, score=0.0, rank=PASSAGES_PER_QUESTION + i) for i, p in enumerate(passages))
    return (*found[: PASSAGES_PER_QUESTION - 1], *missing)


def _fitted(put: Sequence[Asked]) -> Fit:
    from sklearn.metrics import roc_auc_score

    best = np.empty(len(put))
    at_home: list[bool] = []
    retrieved: list[bool] = []
    for fold in range(FOLDS):
        model = _regression([asked for asked in put if asked.fold != fold])
        for number, asked in enumerate(put):
            if asked.fold != fold:
                continue
            scores = model.decision_function(asked.values)
            best[number] = scores.max()
            if asked.missing == "nothing":
                at_home.append(bool(asked.right[asked.own][np.argmax(scores[asked.own])]))
                retrieved.append(bool(asked.right[np.argmax(scores)]))

    def auroc(missing: Missing) -> float:
        here = [i for i, asked in enumerate(put) if asked.missing in ("nothing", missing)]
        return float(roc_auc_score([put[i].missing == "nothing" for i in here], best[here]))

    model = _regression(put)
    return Fit(
        bias=round(float(model.intercept_[0]), 3),
        weights={name: round(float(w), 3) for name, w in zip(FEATURES, model.coef_[0], strict=True)},
        held_out={
            "sentence_at_1": float(np.mean(at_home)),
            "sentence_at_1_retrieved": float(np.mean(retrieved)),
            "answerable_auroc": auroc("answer"),
            "on_topic_auroc": auroc("context"),
        },
    )


def _regression(put: Sequence[Asked]) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    values = np.concatenate([asked.values for asked in put])
    return LogisticRegression(max_iter=5000).fit(values, np.concatenate([asked.right for asked in put]))


class _Remembering:
    """An embedder that embeds each text once: the same sentences are evidence for many questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, TextVectors] = {}
        self.identity = embedder.identity
        self.dimension = embedder.dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        return self._embedder.embed_passages(texts)

    def embed_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """See `rag.models.embedder.Embedder`."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(fresh, self._embedder.embed_tokens(fresh), strict=True))
        return [self._known[text] for text in texts]

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        return self.embed_tokens([text])[0].vector


def read_rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSONL file; raises `CaseError` where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except OSError as error:
        raise CaseError(f"cannot read {path.name} in {str(path.parent)!r}; name the folder with --data") from error


def data_digest(path: Path) -> str:
    """The first half of a file's SHA-256, as the fitted files name their data."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
