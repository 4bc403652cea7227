"""The Story view's component, and what is wired to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import gradio as gr

from web.page.components import PRIVATE, Shared, html, sent
from web.page.html.rendering import failed_html
from web.page.opening import panel_of
from web.page.places import opened_place
from web.page.session import Session
from web.page.stories.actions import story_with_progress
from web.serving.context import reader_of
from web.serving.rate_limit import Busy


def add_story(shared: Shared) -> None:
    """The view; quotes and articles open in the page's panel."""
    app_context = shared.app_context
    desk = app_context.desk
    story = html("whole_story", js_on_load="newsdesk.wholeStory(element, props, trigger, watch)")

    def tell(request: gr.Request, current: Session, event: gr.EventData) -> Iterator[str]:
        work = current.stories.begin()
        try:
            with app_context.rate_limiter.work(reader_of(request)):
                for shown in story_with_progress(desk, sent(event, "story")):
                    if not current.stories.keep(work, shown):
                        break
                    yield shown
        except Busy as error:
            current.stories.keep(work, failed_html(str(error)))
        # As with an answer: what Gradio sends again at the end must be what holds by then.
        yield current.stories.shown

    def open_reference(event: gr.EventData) -> str:
        reference = sent(event, "reference")
        return panel_of(shared, partial(opened_place, desk, reference), reference)

    # "multiple": another story takes the place of one that is still being told.
    story.expand(tell, [shared.session], [story], trigger_mode="multiple", **PRIVATE)
    story.select(open_reference, None, [shared.panel], **PRIVATE)
