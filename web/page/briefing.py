"""The Briefing view's components, and what is wired to what."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import NewsdeskError
from rag.wording import _, pgettext
from web.page.briefing_actions import (
    Shown,
    briefing_with_progress,
    exported,
    nothing_to_brief,
    offered_periods,
    opened_quote,
)
from web.page.chat import choices_of
from web.page.components import PRIVATE, Shared, date_field, folded, html, sent, tag_choices, tags_field
from web.page.conversation import Opened
from web.page.html.rendering import failed_html
from web.page.opening import panel_of
from web.page.places import opened_place
from web.page.session import Session
from web.page.stories.topics import listed_topics, look_with_progress
from web.serving.context import reader_of
from web.serving.rate_limit import Busy


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What the reader asks for, and the button that makes it."""

    topic: gr.Textbox
    after: gr.HTML
    before: gr.HTML
    outlets: gr.Dropdown
    tags: gr.Dropdown
    make: gr.Button
    periods: gr.HTML


def add_briefing(shared: Shared) -> None:
    """The view; quotes open in the page's panel."""
    with folded(_("Other days, topics and outlets")):
        fields = _fields()
        topics = html("topics", js_on_load="newsdesk.topics(element, trigger, watch)")
    briefing = html("briefing", js_on_load="newsdesk.briefing(element, trigger, watch)")
    # The file goes to the script as base64: as a value of HTML it would be read as markup.
    download = html("download", js_on_load="newsdesk.download(element, props, watch)")
    _wire_making(shared, fields, briefing)
    _wire_topics(shared, topics, briefing)
    _wire_quotes(shared, briefing, download)


def _fields() -> Fields:
    periods = html("periods", js_on_load="newsdesk.periods(element, trigger)")
    topic = gr.Textbox(
        label=_("Topic, or nothing for the main stories"),
        placeholder=_("Any topic"),
        lines=1,
        elem_id="nd-topic",
        html_attributes=gr.InputHTMLAttributes(enterkeyhint="go"),
    )
    with gr.Row(elem_id="nd-brief-row"):
        return Fields(
            topic=topic,
            after=date_field(pgettext("field for a day", "Since")),
            before=date_field(pgettext("field for a day", "Until")),
            outlets=gr.Dropdown([], multiselect=True, label=_("Outlets"), elem_id="nd-brief-outlets", scale=1),
            tags=tags_field(_("Tags"), "nd-brief-tags"),
            make=gr.Button(_("Make briefing"), variant="primary", elem_id="nd-make", scale=0),
            periods=periods,
        )


def _wire_making(shared: Shared, fields: Fields, briefing: gr.HTML) -> None:
    desk = shared.app_context.desk

    def make(request: gr.Request, current: Session, *given: Any) -> Iterator[str]:
        yield from _in_steps(shared, request, current, briefing_with_progress(desk, *given))

    def make_of_period(
        request: gr.Request, current: Session, topic: str, outlets: list[str], tags: list[str], event: gr.EventData
    ) -> Iterator[str]:
        yield from make(request, current, topic, sent(event, "after"), sent(event, "before"), outlets, tags)

    given = [shared.session, fields.topic, fields.after, fields.before, fields.outlets, fields.tags]
    gr.on([fields.topic.submit, fields.make.click], make, given, [briefing], **PRIVATE)
    of_period = [shared.session, fields.topic, fields.outlets, fields.tags]
    fields.periods.input(make_of_period, of_period, [briefing], **PRIVATE)
    # The library may have grown since: the view asks for its periods, and the script then for the first briefing.
    asked = fields.periods.expand(lambda: offered_periods(desk), None, [fields.periods], **PRIVATE)

    def choices() -> tuple[Any, Any]:
        outlets, tags = choices_of(desk)
        return gr.update(choices=outlets), tag_choices(tags)

    asked.then(choices, None, [fields.outlets, fields.tags], **PRIVATE)
    # Without articles no first briefing is asked for.
    asked.then(lambda: nothing_to_brief(desk) or gr.skip(), None, [briefing], **PRIVATE)


def _in_steps(shared: Shared, request: gr.Request, current: Session, steps: Iterator[Shown]) -> Iterator[str]:
    """What the steps of a briefing show, as long as no other begins."""
    work = current.briefing_steps.begin()
    try:
        with shared.app_context.rate_limiter.work(reader_of(request)):
            for made, shown in steps:
                if not current.keep_briefing(work, made, shown):
                    break
                yield shown
    except Busy as error:
        current.keep_briefing(work, None, failed_html(str(error)))
    # As with an answer: what Gradio sends again at the end must be what holds by then.
    yield current.briefing_steps.shown


def _wire_topics(shared: Shared, topics: gr.HTML, briefing: gr.HTML) -> None:
    """What is new on a saved topic takes the place of the briefing."""
    desk = shared.app_context.desk

    def list_topics(event: gr.EventData) -> str:
        return listed_topics(desk, sent(event, "topics"))

    def look(request: gr.Request, current: Session, event: gr.EventData) -> Iterator[str]:
        steps: Iterator[Shown] = ((None, shown) for shown in look_with_progress(desk, sent(event, "topic")))
        yield from _in_steps(shared, request, current, steps)

    # Not "always_last": Gradio runs what it put off without the data of its event, and shows a forgotten topic again.
    topics.expand(list_topics, None, [topics], trigger_mode="multiple", **PRIVATE)
    topics.select(look, [shared.session], [briefing], trigger_mode="multiple", **PRIVATE)


def _wire_quotes(shared: Shared, briefing: gr.HTML, download: gr.HTML) -> None:
    def open_quote(current: Session, event: gr.EventData) -> str:
        reference = sent(event, "reference")

        def find() -> Opened | None:
            return opened_quote(current.briefing, reference) or opened_place(shared.app_context.desk, reference)

        return panel_of(shared, find, reference)

    def take_away(current: Session, event: gr.EventData) -> str:
        try:
            made = exported(current.briefing, sent(event, "form"))
        except NewsdeskError:
            return ""
        return b64encode(json.dumps(made).encode()).decode("ascii")

    briefing.select(open_quote, [shared.session], [shared.panel], **PRIVATE)
    briefing.input(take_away, [shared.session], [download], **PRIVATE)
