"""The Quality view's component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.page.components import PRIVATE, Shared, html
from web.page.html.quality import quality_html
from web.page.html.rendering import failed_html
from web.page.quality_runs import floors, saved_runs
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk


def add_quality(shared: Shared) -> None:
    """The view; its figures are read whenever it is shown."""
    desk = shared.app_context.desk
    figures = html("quality", js_on_load="newsdesk.quality(element, trigger)")
    figures.expand(lambda: _figures(desk), None, [figures], **PRIVATE)


def _figures(desk: Desk) -> str:
    try:
        folder = desk.settings.quality_runs
        return quality_html(saved_runs(folder), floors(), folder=folder)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return failed_html(message_for(error))
