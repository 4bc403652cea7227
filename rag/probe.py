"""Tells by its exit code whether a vector index can be trusted: `python -m rag.probe FOLDER ARCHIVE`.

A Chroma index whose process was killed during a flush can raise, crash the process that opens it, or silently miss
most of what it holds (measured on 1.5.9: 4 of 10 kills aimed at a flush). So a sample of the archive's own vectors is
looked up.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from rag.archive import Archive
from rag.errors import NewsdeskError
from rag.indexing import SearchFilter
from rag.vectors import ChromaIndex, VectorIndex

SAMPLE = 64
"""A defect that hides a tenth of the passages is missed once in 850 probes."""


def answers_for_sample(index: VectorIndex, archive: Archive, *, seed: int = 0) -> bool:
    """Whether every sampled passage that the index has reached finds itself among its nearest."""
    changed_later = {change.article_id for change in archive.changed_since(index.revision, limit=1_000_000)}
    names = [name for name in archive.article_ids() if name not in changed_later]
    sample = random.Random(seed).sample(names, min(SAMPLE, len(names)))
    for stored in archive.stored_passages(sample):
        hits = index.search(stored.vector, SearchFilter(), 5)
        # Copies of one text have one vector and may come first: the score tells as well as the id.
        if not hits or (stored.passage.id not in {hit.passage_id for hit in hits} and hits[0].score < 0.9999):
            return False
    return True


def main() -> int:
    """0 where the index answers, 1 where it does not."""
    folder, database = Path(sys.argv[1]), Path(sys.argv[2])
    archive = Archive(database)
    try:
        return 0 if answers_for_sample(ChromaIndex(folder), archive) else 1
    except NewsdeskError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        archive.close()


if __name__ == "__main__":
    sys.exit(main())
