"""What happens when a reader makes a briefing, opens a quote of it or takes it away: plain functions of a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.from_briefing import issue_of_briefing
from newsletter.html import as_html
from newsletter.mail import draft
from newsletter.markdown import as_markdown
from rag.errors import NewsdeskError, UsageError
from rag.summaries.briefing_types import Briefing, BriefingRequest
from rag.wording import N_, _
from web.page.background import in_background
from web.page.chat import read_scope
from web.page.conversation import Opened
from web.page.html.briefing import briefing_html, counted_html, periods_html, stage_html
from web.page.html.rendering import failed_html
from web.page.periods import periods_of
from web.page.places import texts_of
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk

EXPORTS = {"markdown": "briefing.md", "html": "briefing.html", "eml": "briefing.eml"}
"""What a briefing can be taken away as, with the name of the file."""

_STORIES = 5
_STAGES = {"reading": N_("Reading the articles"), "telling": N_("Choosing what tells the stories")}

Shown = tuple[Briefing | None, str]
"""A briefing, None while there is none, and the HTML of the view."""


def make_briefing(
    desk: Desk,
    topic: str,
    after: str,
    before: str,
    outlets: Sequence[str],
    tags: Sequence[str] = (),
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> Shown:
    """The briefing that the view's fields ask for; a message alone where they cannot be used. Never raises."""
    try:
        scope = read_scope(after, before, outlets, tags or ())
        wanted = BriefingRequest.of(topic=topic.strip(), scope=scope, stories=_STORIES)
        found = desk.briefing(wanted, progress=progress)
        texts = texts_of(desk, found.citations)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return None, failed_html(message_for(error))
    return found, briefing_html(found, texts)


def offered_periods(desk: Desk) -> str:
    """The periods to choose from, as HTML; empty where the library cannot be read, which the front page reports."""
    try:
        return periods_html(periods_of(desk))
    except NewsdeskError:
        return ""


def nothing_to_brief(desk: Desk) -> str:
    """That the library is empty, as HTML; empty where it is not, or cannot be read, which the front page reports."""
    try:
        return "" if desk.status().articles else failed_html(_("The library is empty"))
    except NewsdeskError:
        return ""


def briefing_with_progress(
    desk: Desk, topic: str, after: str, before: str, outlets: Sequence[str], tags: Sequence[str] = ()
) -> Iterator[Shown]:
    """`make_briefing`, with how far it is before it."""

    def work(report: Callable[[Shown], None]) -> Shown:
        def progress(stage: str, done: int, total: int) -> None:
            report((None, counted_html(_STAGES, stage, done, total)))

        return make_briefing(desk, topic, after, before, outlets, tags, progress=progress)

    yield None, stage_html(_("Looking for the articles"))
    yield from in_background(work, name="newsdesk-briefing")


def exported(briefing: Briefing | None, form: str) -> dict[str, str]:
    """`{name, content}` of a file to take the briefing away in; raises `UsageError` where there is none to take."""
    if briefing is None or form not in EXPORTS:
        raise UsageError(_("There is no briefing yet: make one, then take it away."))
    issue = issue_of_briefing(briefing, now=datetime.now(UTC))
    if form == "eml":
        return {"name": EXPORTS[form], "content": draft(issue).as_string()}
    return {"name": EXPORTS[form], "content": as_markdown(issue) if form == "markdown" else as_html(issue)}


def opened_quote(briefing: Briefing | None, reference: str) -> Opened | None:
    """Follow a reference of the briefing ("briefing:MARKER"); None where it leads nowhere."""
    kind, _, number = reference.partition(":")
    if briefing is None or kind != "briefing" or not number.isdecimal():
        return None
    for cited in briefing.citations:
        if cited.marker == int(number):
            return Opened(
                article=cited.article, start=cited.start, end=cited.end, quote=cited.quote, copies=cited.copies
            )
    return None
