"""Reads from the archive what `rag.story_clusters` compares of articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.archive_rows import StoredPassage
from rag.library import Library
from rag.story_clusters import LEAD_CHARACTERS, Sketch, sketch


def sketches_of(library: Library, ids: Sequence[str]) -> dict[str, Sketch]:
    """Article id -> what is compared of it; an article without passages, or removed meanwhile, has none."""
    stored: dict[str, list[StoredPassage]] = {}
    for one in library.archive.stored_passages(ids):
        stored.setdefault(one.passage.article.id, []).append(one)
    found = {}
    for name, own in stored.items():
        ref = own[0].passage.article
        found[name] = sketch(
            ref.title,
            " ".join(one.passage.text for one in own)[:LEAD_CHARACTERS],
            np.stack([one.vector for one in own]),
            published=ref.published.timestamp() if ref.published else None,
        )
    return found
