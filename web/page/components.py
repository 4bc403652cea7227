"""What several views of the page are made of: the components they share, and how their own are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.wording import _
from web.page.html.rendering import render

if TYPE_CHECKING:
    from web.page.library.uploads import Adding
    from web.serving.context import AppContext

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""How the page's own events are wired: no endpoint for programs, no bar of Gradio's over what is shown."""


def every() -> tuple[str, str]:
    """The choice that limits nothing, for a list of choices."""
    return _("All"), ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """What every view works with: the reader's session, the page's head, the panel in which articles open, and `store`,
    which passes conversations to the reader's browser; and what readers may change of the library."""

    app_context: AppContext
    page: gr.Blocks
    session: gr.State
    masthead: gr.HTML
    panel: gr.HTML
    store: gr.HTML
    adding: Adding


def html(name: str, *, values: Mapping[str, object] | None = None, **options: Any) -> gr.HTML:
    """The component of `templates/components/NAME.html`, which shows its value where that says `${value}`; `values` are
    the template's own."""
    template = render(f"components/{name}.html", **(values or {}))
    return gr.HTML("", html_template=template, apply_default_css=False, **options)


@contextmanager
def folded(label: str, *, everywhere: bool = False) -> Iterator[None]:
    """What is made within is on a phone behind a line that says `label`; where there is more room it stands open,
    without that line, unless it is to be folded `everywhere`. Whether it is open is the browser's to know: nothing that
    is shown anew shuts it."""
    # Gradio's own accordion would be shut or open at every width, and makes what it holds only once it is opened.
    html("fold", values={"label": label}, elem_classes=["nd-fold", "nd-everywhere"] if everywhere else "nd-fold")
    with gr.Column(elem_classes="nd-folded"):
        yield


def date_field(label: str) -> gr.HTML:
    """A field for a day; its value is an ISO date, or empty."""
    template = render("components/date.html", label=label)
    on_load = "newsdesk.date(element, props, watch)"
    return gr.HTML("", html_template=template, apply_default_css=False, js_on_load=on_load)


def tags_field(label: str, name: str, *, several: bool = True) -> gr.Dropdown:
    """A choice of tags, hidden until there are any; `tag_choices` says which."""
    given: Any = [] if several else ""
    choices = [] if several else [every()]
    return gr.Dropdown(choices, value=given, multiselect=several, label=label, elem_id=name, visible=False, scale=1)


def tag_choices(tags: Sequence[str], *, several: bool = True) -> Any:
    """The tags to choose from."""
    choices = [(tag, tag) for tag in tags]
    return gr.update(choices=choices if several else [every(), *choices], visible=bool(tags))


def sent(event: gr.EventData, name: str) -> str:
    """What the page's script sent along with an event under this name; empty where it sent nothing."""
    return str(event._data.get(name, ""))
