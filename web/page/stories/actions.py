"""What happens when a reader opens a story: plain functions of a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rag.wording import N_, _
from web.page.background import in_background
from web.page.html.briefing import counted_html, stage_html
from web.page.html.rendering import failed_html
from web.page.html.whole_story import whole_story_html
from web.page.places import texts_of
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk

_STAGES = {"reading": N_("Reading the articles"), "parts": N_("Telling the story")}


def shown_story(desk: Desk, article: str, *, progress: Callable[[str, int, int], None] | None = None) -> str:
    """The story of an article (id) as HTML; a message alone where it cannot be told. Never raises."""
    try:
        if desk.library.archive.article(article) is None:
            return failed_html(_("There is no such story here: its article was removed, or the address is not whole."))
        story = desk.story(article, progress=progress)
        texts = texts_of(desk, story.citations)
        return whole_story_html(story, texts, article=article)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return failed_html(message_for(error))


def story_with_progress(desk: Desk, article: str) -> Iterator[str]:
    """`shown_story`, with how far it is before it."""

    def work(report: Callable[[str], None]) -> str:
        def progress(stage: str, done: int, total: int) -> None:
            report(counted_html(_STAGES, stage, done, total))

        return shown_story(desk, article, progress=progress)

    yield stage_html(_("Looking for the articles"))
    yield from in_background(work, name="newsdesk-story")
