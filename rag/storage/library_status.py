"""What is in a library and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryStatus:
    """What is in a library and how it is. The revisions of the indexes equal `revision` when they have caught up."""

    folder: str
    archive: str
    articles: int
    passages: int
    stories: int
    outlets: tuple[str, ...]
    first_published: datetime | None
    last_published: datetime | None
    revision: int
    vectors_revision: int
    words_revision: int
    embedder: str
    vector_index: str
    owns_indexes: bool
    problems: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether the indexes have caught up and nothing is wrong."""
        return not self.problems and self.revision == self.vectors_revision == self.words_revision
