"""Makes an article ready to be stored: its passages, its MinHash bands, and the story that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.preparing.chunking import cut_passages
from ingest.preparing.near_duplicates import StoredArticles, StoryFinder
from rag.types import Article, Passage

if TYPE_CHECKING:
    from rag.storage.library import Prepared
    from rag.storage.library_snapshot import Prepare


def preparer(stored: StoredArticles) -> Prepare:
    """What prepares articles, one after the other, for an archive; the order decides which copy names a story."""
    from rag.storage.library import Prepared

    stories = StoryFinder(stored)

    def prepare(article: Article, passages: tuple[Passage, ...] | None = None) -> Prepared | None:
        cut = cut_passages(article) if passages is None else passages
        if not cut:
            return None
        story, bands = stories.story(article)
        return Prepared(article=article, passages=cut, bands=bands, story=story)

    return prepare
