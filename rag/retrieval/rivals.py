"""Articles that claim the address of another: kept beside it, and told apart from it wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.types import ArticleRef, Citation
from rag.wording import _


@dataclass(frozen=True, kw_only=True, slots=True)
class Rival:
    """What is to be known of an article from another source than the one at its address: `holder` stands there.

    `is_copy`: the two are one story, in nearly the same words.
    """

    holder: ArticleRef
    is_copy: bool

    @property
    def in_words(self) -> str:
        """A sentence for the reader of the article."""
        holder = _named(self.holder)
        if self.is_copy:
            return _(
                "At its address stands {article}. This one came from another source and says nearly the same.",
                article=holder,
            )
        return _(
            "At its address stands {article}. This one came from another source and says something else.",
            article=holder,
        )

    @property
    def briefly(self) -> str:
        """A few words for a list."""
        whose = self.holder.outlet or _("another article")
        if self.is_copy:
            return _("copy at the address of {article}", article=whose)
        return _("claims the address of {article}", article=whose)


class StoredOrigins(Protocol):
    """What is asked of `Archive.origins`."""

    def rivals(self, article_ids: Sequence[str]) -> dict[str, ArticleRef]: ...


class StoredRivals(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    @property
    def origins(self) -> StoredOrigins: ...
    def stories_of(self, article_ids: Sequence[str]) -> dict[str, str]: ...


def rivals_among(archive: StoredRivals, article_ids: Sequence[str]) -> dict[str, Rival]:
    """Article -> what is to be known of it, for those of the articles that only claim their address."""
    holders = archive.origins.rivals(article_ids)
    if not holders:
        return {}
    stories = archive.stories_of([*holders, *(holder.id for holder in holders.values())])
    return {
        name: Rival(holder=holder, is_copy=stories.get(name, name) == stories.get(holder.id))
        for name, holder in holders.items()
    }


def rival_notices(archive: StoredRivals, citations: Sequence[Citation]) -> Iterator[str]:
    """Yield a sentence for each quoted article that claims the address of another and says something else."""
    found = rivals_among(archive, list(dict.fromkeys(citation.article.id for citation in citations)))
    for name, rival in found.items():
        if not rival.is_copy:
            markers = "".join(f"[{citation.marker}]" for citation in citations if citation.article.id == name)
            yield _(
                "{markers} is from another source than {article}, which stands at the same address.",
                markers=markers,
                article=_named(rival.holder),
            )


def _named(ref: ArticleRef) -> str:
    title = f"\u201c{ref.title}\u201d" if ref.title else _("an article")
    return f"{title} ({ref.outlet})" if ref.outlet else title
