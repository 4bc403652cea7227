"""The article panel as a reader of this page gets it: with the form to correct it, where they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from web.page.chat import panel_html
from web.page.library.editing import edit_form

if TYPE_CHECKING:
    from rag.types import Article
    from web.page.components import Shared
    from web.page.conversation import Opened
    from web.page.html.edit_form import EditForm


def panel_of(
    shared: Shared,
    find: Callable[[], Opened | None],
    reference: str,
    *,
    summarised: bool = False,
    told: str = "",
) -> str:
    """`panel_html`; `told` is what came of a correction, whose form is open again."""
    desk = shared.app_context.desk

    def form_of(article: Article) -> EditForm:
        return edit_form(desk, article, is_open=bool(told) or reference.startswith("edit:"), told=told)

    may_correct = shared.adding.allowed
    return panel_html(desk, find, reference, summarised=summarised, form_of=form_of if may_correct else None)
