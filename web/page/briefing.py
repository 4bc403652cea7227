"""The Briefing view's components, and what is wired to what."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from rag.errors import NewsdeskError
from web.page.briefing_actions import briefing_with_progress, exported, offered_periods, opened_quote
from web.page.chat import choices_of
from web.page.components import PRIVATE, Shared, date_field, html, sent, tag_choices, tags_field
from web.page.html.rendering import failed_html
from web.page.opening import panel_of
from web.page.session import Session
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
    fields = _fields()
    briefing = html("briefing", js_on_load="newsdesk.briefing(element, trigger)")
    # The file goes to the script as base64: as a value of HTML it would be read as markup.
    download = html("download", js_on_load="newsdesk.download(element, props, watch)")
    _wire_making(shared, fields, briefing)
    _wire_quotes(shared, briefing, download)


def _fields() -> Fields:
    periods = html("periods", js_on_load="newsdesk.periods(element, trigger)")
    topic = gr.Textbox(
        label="Topic, or nothing for the main stories",
        placeholder="Any topic",
        lines=1,
        elem_id="nd-topic",
        html_attributes=gr.InputHTMLAttributes(enterkeyhint="go"),
    )
    with gr.Row(elem_id="nd-brief-row"):
        return Fields(
            topic=topic,
            after=date_field("Since"),
            before=date_field("Until"),
            outlets=gr.Dropdown([], multiselect=True, label="Sources", elem_id="nd-brief-outlets", scale=1),
            tags=tags_field("Tags", "nd-brief-tags"),
            make=gr.Button("Make briefing", variant="primary", elem_id="nd-make", scale=0),
            periods=periods,
        )


def _wire_making(shared: Shared, fields: Fields, briefing: gr.HTML) -> None:
    app_context = shared.app_context
    desk = app_context.desk

    def make(request: gr.Request, current: Session, *given: Any) -> Iterator[str]:
        work = current.begin_briefing()
        try:
            with app_context.rate_limiter.work(reader_of(request)):
                for made, shown in briefing_with_progress(desk, *given):
                    if not current.keep_briefing(work, made, shown):
                        break
                    yield shown
        except Busy as error:
            current.keep_briefing(work, None, failed_html(str(error)))
        # As with an answer: what Gradio sends again at the end must be what holds by then.
        yield current.briefing_shown

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


def _wire_quotes(shared: Shared, briefing: gr.HTML, download: gr.HTML) -> None:
    def open_quote(current: Session, event: gr.EventData) -> str:
        reference = sent(event, "reference")
        return panel_of(shared, partial(opened_quote, current.briefing, reference), reference)

    def take_away(current: Session, event: gr.EventData) -> str:
        try:
            made = exported(current.briefing, sent(event, "form"))
        except NewsdeskError:
            return ""
        return b64encode(json.dumps(made).encode()).decode("ascii")

    briefing.select(open_quote, [shared.session], [shared.panel], **PRIVATE)
    briefing.input(take_away, [shared.session], [download], **PRIVATE)
