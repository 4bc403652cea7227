"""What a vector index finds of what is nearest: `python -m eval.bench.recall LIBRARY`.

The nearest ten passages of titles, by the index that the settings name (`NEWSDESK_VECTOR_INDEX=chroma`, perhaps with
`NEWSDESK_CHROMA`), held against exact search: among all passages, and within outlets and periods of different sizes,
since a graph has to look further where a filter leaves little.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from rag.errors import UsageError
from rag.scope import Scope
from rag.settings import load_settings
from rag.storage.index_contract import Hit, Vectors
from rag.storage.indexes.vectors import ExactIndex
from rag.storage.library import Library, open_library
from rag.types import ArticleRef, Question

NEAREST = 10
# Cosines of one vector that two libraries compute differ by less.
_SAME = 1e-4
_SHARES = (0.1, 0.01)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """Of the nearest passages within a scope: the share that was found, on average and for the worst question."""

    within: str
    passages: int
    questions: int
    recall: float
    worst: float
    p95_ms: float


def measure(library: Library, *, questions: int, seed: int = 1) -> list[Recall]:
    """The recall of the library's index; raises `UsageError` for a library that holds too little to ask."""
    refs = library.archive.refs()
    if len(refs) < NEAREST:
        raise UsageError(f"the library holds {len(refs)} articles; name one with {NEAREST} or more")
    asked = random.Random(seed).sample(refs, min(questions, len(refs)))
    vectors = np.stack([library.embedder.embed_question(ref.title) for ref in asked])
    exact = ExactIndex.over(library.archive)
    return [_recall(library, exact, vectors, within, scope) for within, scope in dict(_scopes(refs)).items()]


def found_of(nearest: Sequence[Hit], found: Sequence[Hit]) -> float:
    """The share of the nearest that was found; another passage that is as near counts as well."""
    if not nearest:
        return 1.0
    wanted, least = {hit.passage_id for hit in nearest}, nearest[-1].score - _SAME
    return min(1.0, sum(hit.passage_id in wanted or hit.score >= least for hit in found) / len(nearest))


def _scopes(refs: Sequence[ArticleRef]) -> Iterator[tuple[str, Scope]]:
    yield "everything", Scope()
    outlets = Counter(ref.outlet for ref in refs if ref.outlet).most_common()
    for share in (1.0, *_SHARES) if outlets else ():
        # The largest outlet that holds no more than this share of the articles.
        name, number = next((one for one in outlets if one[1] <= share * len(refs)), outlets[-1])
        yield f"an outlet with {number} of {len(refs)} articles", Scope(outlets=(name,))
    dated = sorted(ref.published for ref in refs if ref.published is not None)
    for share in _SHARES if dated else ():
        last = max(1, round(share * len(dated)))
        yield f"the last {last} of {len(refs)} articles", Scope(after=dated[-last])


def _recall(library: Library, exact: ExactIndex, vectors: Vectors, within: str, scope: Scope) -> Recall:
    shares, seconds = [], []
    for vector in vectors:
        began = perf_counter()
        found = library.search_vectors(Question(text="?", scope=scope), vector, NEAREST)
        seconds.append(perf_counter() - began)
        shares.append(found_of(exact.search(vector, scope, NEAREST), found))
    return Recall(
        within=within,
        passages=len(exact.search(vectors[0], scope, exact.count())),
        questions=len(vectors),
        recall=round(float(np.mean(shares)), 4),
        worst=round(min(shares), 2),
        p95_ms=round(float(np.percentile(seconds, 95)) * 1000, 1),
    )


def main() -> int:
    """Print the recall as JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.recall")
    parser.add_argument("library", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    with open_library(load_settings(library=given.library), stay_open=True, create=False) as library:
        library.catch_up()
        made = measure(library, questions=given.questions)
        about = {"passages": library.archive.passage_count(), "index": library.status().vector_index}
    print(json.dumps({**about, "recall": [asdict(one) for one in made]}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
