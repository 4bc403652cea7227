"""The Briefing view of the page: a topic or period as stories with citations, and its export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.from_briefing import issue_of_briefing
from newsletter.html import as_html
from newsletter.mail import draft
from newsletter.markdown import as_markdown
from rag.answering.quote_writer import in_quotation_marks
from rag.checking.disagreements import Disagreement
from rag.errors import UsageError
from rag.summaries.briefing_types import Briefing, BriefingRequest, BriefingStory
from rag.text.formatting import clipped, day_in_words, days_in_words
from rag.types import ArticleRef, Citation
from web.page.background import in_steps
from web.page.chat import read_scope
from web.page.conversation import Opened
from web.page.html import counted, failed_html, isolated, outlet_of, published, text, title_of
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk

EXPORTS = {"markdown": "briefing.md", "html": "briefing.html", "eml": "briefing.eml"}
"""What a briefing can be taken away as, with the name of the file."""

_STORIES = 5
_STAGES = {"reading": "Reading the articles", "telling": "Choosing what tells the stories"}
_SNIPPET_SHOWN = 180


def brief_within(
    desk: Desk,
    topic: str,
    after: str,
    before: str,
    outlets: Sequence[str],
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Briefing | None, str]:
    """The briefing that the view's fields ask for and its HTML; a message alone where they cannot be used. Never
    raises."""
    try:
        scope = read_scope(after, before, outlets)
        wanted = BriefingRequest.of(topic=topic.strip(), scope=scope, stories=_STORIES)
        found = desk.briefing(wanted, progress=progress)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return None, failed_html(message_for(error))
    return found, briefing_html(found)


def brief_in_steps(
    desk: Desk, topic: str, after: str, before: str, outlets: Sequence[str]
) -> Iterator[tuple[Briefing | None, str]]:
    """`brief_within`, with how far it is as HTML before it."""

    def work(say: Callable[[tuple[Briefing | None, str]], None]) -> tuple[Briefing | None, str]:
        def tell(stage: str, done: int, total: int) -> None:
            say((None, _stage(f"{_STAGES.get(stage, stage.capitalize())}: {done:,} of {total:,}")))

        return brief_within(desk, topic, after, before, outlets, progress=tell)

    yield None, _stage("Looking for the articles")
    yield from in_steps(work, name="newsdesk-briefing")


def _stage(said: str) -> str:
    return f'<p class="nd-stage"><span class="nd-pulse" aria-hidden="true"></span>{text(said)}…</p>'


def exported(briefing: Briefing | None, form: str) -> dict[str, str]:
    """`{name, content}` of a file to take the briefing away in; raises `UsageError` where there is none to take."""
    if briefing is None or form not in EXPORTS:
        raise UsageError("There is no briefing yet: make one, then take it away.")
    issue = issue_of_briefing(briefing, now=datetime.now(UTC))
    if form == "eml":
        return {"name": EXPORTS[form], "content": draft(issue).as_string()}
    return {"name": EXPORTS[form], "content": as_markdown(issue) if form == "markdown" else as_html(issue)}


def opened_in(briefing: Briefing | None, reference: str) -> Opened | None:
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


def briefing_html(briefing: Briefing) -> str:
    """The stories, the most important first; every word of an article escaped."""
    if briefing.notice:
        nearest = "".join(f"<li>{_named(ref)}</li>" for ref in briefing.nearest)
        offered = (
            f'<p class="nd-label">The nearest articles</p><ul class="nd-nearest">{nearest}</ul>' if nearest else ""
        )
        return (
            f'<section class="nd-brief"><div class="nd-missing"><p>{text(briefing.notice)}</p>{offered}</div></section>'
        )
    told = f"{len(briefing.stories)} of {briefing.total} {'story' if briefing.total == 1 else 'stories'}"
    heading = isolated(clipped(briefing.topic, _SNIPPET_SHOWN)) if briefing.topic else "The main stories"
    away = "".join(
        f'<button type="button" class="nd-export" data-export="{form}">{label}</button>'
        for form, label in (("markdown", "Markdown"), ("html", "HTML"), ("eml", "E-mail"))
    )
    return (
        f'<section class="nd-brief" aria-labelledby="nd-brief-title"><h2 id="nd-brief-title">{heading}</h2>'
        f'<p class="nd-byline">{told}, {counted(briefing.considered, "article")}{_period(briefing)}</p>'
        f"{''.join(map(_story, briefing.stories))}"
        f'<p class="nd-away-row" role="group" aria-label="Take this briefing away">Take it away as {away}</p></section>'
    )


def _story(story: BriefingStory) -> str:
    outlets = ", ".join(isolated(name) for name in story.outlets)
    sources = counted(story.sources, "independent source")
    disputed = "".join(map(_dispute, story.disputed))
    return (
        f'<article class="nd-story"><h3 dir="auto">{text(story.title)}</h3>'
        f'<p class="nd-byline">{sources}{f": {outlets}" if outlets else ""}</p>'
        f"{''.join(map(_quote, story.sentences))}{disputed}</article>"
    )


def _quote(citation: Citation, value: str = "") -> str:
    ref = citation.article
    figure = f"<strong>{text(value)}</strong> " if value else ""
    said = f"{isolated(outlet_of(ref))} · {published(ref, short=True)}"
    return (
        f'<figure class="nd-quote"><figcaption>{said}</figcaption><blockquote dir="auto">'
        f"{figure}{text(in_quotation_marks(citation.quote))} {_marker(citation)}</blockquote></figure>"
    )


def _dispute(pair: Disagreement) -> str:
    what = "The outlets differ" if pair.kind == "figure" else "One denies what the other says"
    sides = "".join(_quote(side, value) for value, side in zip(pair.values, (pair.one, pair.other), strict=True))
    return f'<div class="nd-dispute"><p class="nd-label">{what}</p>{sides}</div>'


def _marker(citation: Citation) -> str:
    ref = citation.article
    day = f", {day_in_words(ref.published)}" if ref.published else ""
    return (
        f'<button type="button" class="nd-cite" data-open="briefing:{citation.marker}" '
        f'aria-label="Open quote {citation.marker}: {text(outlet_of(ref) + day)}" '
        f'title="{text(clipped(citation.quote, _SNIPPET_SHOWN))}">{citation.marker}</button>'
    )


def _named(ref: ArticleRef) -> str:
    return f"<span>{text(title_of(ref))}</span> · {isolated(outlet_of(ref))} · {published(ref, short=True)}"


def _period(briefing: Briefing) -> str:
    first = briefing.scope.after or briefing.first
    last = briefing.scope.before or briefing.last
    return f", {days_in_words(first, last)}" if first and last else ""
