"""What `newsdesk summarize` does: it prints a summary, as text or as JSON, and returns the exit code.

Errors meant for the reader are raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.desk import Desk
from rag.question.outlets import named_outlets
from rag.settings import Settings
from rag.storage.library import open_library
from rag.summaries.summary_types import summary_json
from web.printing import print_citations
from web.terminal import echo, echo_error, one_line, print_json

if TYPE_CHECKING:
    from rag.summaries.summary_types import Summary


def summarize(
    settings: Settings,
    articles: Sequence[str],
    *,
    story: str,
    about: str,
    sentences: int | None,
    words: int | None,
    after: str | None,
    before: str | None,
    outlets: Sequence[str],
    as_json: bool,
) -> int:
    """Print the summary of articles, a story, a topic or a period; 1 where nothing can be quoted."""
    with Desk(open_library(settings, create=False)) as desk:
        summary = desk.summarize(
            articles,
            story=story,
            about=about,
            sentences=sentences,
            words=words,
            published_after=after,
            published_before=before,
            outlets=named_outlets(outlets, desk.outlets()) if outlets else (),
        )
    if as_json:
        print_json(summary_json(summary))
    else:
        _print(summary)
    return 0 if summary.sentences else 1


def _print(summary: Summary) -> None:
    if summary.sentences:
        echo(f"{one_line(summary.title) or 'Summary'}\n")
        echo(summary.text)
        print_citations(summary.citations, summary.text, {})
    if summary.provenance.notice:
        echo_error(summary.provenance.notice)
    for removal in summary.provenance.removed:
        echo_error(f"left out of the draft: {one_line(removal.text)} ({removal.reason})")
