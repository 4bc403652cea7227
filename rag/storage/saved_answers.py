"""Answers from before, checked against the articles of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rag.text.formatting import to_the_minute

if TYPE_CHECKING:
    from rag.storage.archive.answers import CitationCheck
    from rag.storage.archive.archive import Archive


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedAnswer:
    """An answer with the state of each of its quotes. `name` is its file, or its time and number where it was kept."""

    name: str
    question: str
    citations: tuple[CitationCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether every quote stands in its article, if not in its old place."""
        return all(citation.state in ("holds", "moved") for citation in self.citations)

    def as_json(self) -> dict[str, Any]:
        """The public JSON form (`newsdesk answers --json`)."""
        return {
            "name": self.name,
            "question": self.question,
            "holds": self.holds,
            "citations": [asdict(citation) for citation in self.citations],
        }


def checked_answers(
    archive: Archive,
    saved: Sequence[tuple[str, Mapping[str, Any]]] | None = None,
    *,
    citing: str | None = None,
    outdated: bool = False,
) -> list[CheckedAnswer]:
    """Check saved answers (name, public JSON), or those that the library kept where `saved` is None.

    `citing` leaves those that cite an article, `outdated` those with a quote that no longer stands in its article.
    Raises UsageError for what is not an answer.
    """
    from rag.storage.archive.answers import check_citations

    if saved is None:
        kept = archive.answers.kept(citing=citing, suspect=outdated)
        saved = [(f"{to_the_minute(answer.asked)} #{answer.id}", answer.answer) for answer in kept]
    found = []
    for name, answer in saved:
        citations = tuple(check_citations(answer, archive))
        if citing is None or any(citation.article_id == citing for citation in citations):
            found.append(CheckedAnswer(name=name, question=str(answer.get("question", "")), citations=citations))
    return [answer for answer in found if not (outdated and answer.holds)]
