"""The chat page on Gradio: its head, its views and the panel in which articles open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import NewsdeskError, UsageError
from rag.public_json import answer_json
from rag.wording import language, using
from web.page.ask import ask_view, wire_ask
from web.page.assets import script_element
from web.page.briefing import add_briefing
from web.page.components import Shared, html
from web.page.editor.view import add_editor
from web.page.html.rendering import load_templates
from web.page.kept.view import rail, store
from web.page.library.uploads import Adding
from web.page.library.view import add_library
from web.page.panel import panel, wire_panel
from web.page.quality import add_quality
from web.page.session import Session
from web.page.stories.view import add_story
from web.serving.context import reader_of
from web.serving.rate_limit import AT_ONCE, WAITING

if TYPE_CHECKING:
    from web.page.library.upload_store import UploadStore
    from web.serving.context import AppContext


class Page(gr.Blocks):
    """A page in one language: all that its functions say to readers is said in it."""

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(**options)
        self.language = language

    async def call_function(self, *given: Any, **named: Any) -> Any:
        """Gradio calls every function of the page through this, whoever's request it answers."""
        with using(self.language):
            return await super().call_function(*given, **named)


def build(app_context: AppContext, uploads: UploadStore, *, editing: bool = False) -> gr.Blocks:
    """The page over an app context; every reader gets a conversation of their own. `editing` lets readers add and
    remove articles, where the library can be changed; `uploads` holds the files that they send. It speaks the language
    that is in use while it is built."""
    load_templates()
    # What was uploaded and not taken is deleted after an hour.
    page = Page(language(), title="Newsdesk", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    with page:
        session = gr.State(Session())
        adding = Adding(app_context.desk, uploads, allowed=editing)
        masthead = _top_row()
        with gr.Row(elem_id="nd-main"):
            rail(in_library=app_context.conversations is not None)
            with gr.Column(elem_id="nd-conversation"):
                ask = ask_view(may_add=adding.allowed)
            briefing = gr.Column(elem_id="nd-briefing")
            story = gr.Column(elem_id="nd-story-place")
            newsletter = gr.Column(elem_id="nd-newsletter")
            library = gr.Column(elem_id="nd-library-place")
            quality = gr.Column(elem_id="nd-quality")
            shared = Shared(
                app_context=app_context, page=page, session=session, masthead=masthead, panel=panel(), store=store(),
                adding=adding,
            )  # fmt: skip
            with briefing:
                add_briefing(shared)
            with story:
                add_story(shared)
            with newsletter:
                add_editor(shared)
            with library:
                add_library(shared)
            with quality:
                add_quality(shared)
        wire_ask(shared, ask)
        wire_panel(shared, ask)
        gr.events.api(
            _answer_endpoint(app_context),
            api_name="ask",
            api_description="Ask a question; the answer as `newsdesk ask --json` prints it.",
        )
    # Who is worked on, who waits and who is refused as busy is decided by the app context; Gradio passes everybody on.
    page.queue(default_concurrency_limit=AT_ONCE + WAITING, max_size=2 * (AT_ONCE + WAITING))
    return page


def _top_row() -> gr.HTML:
    """The page's head: what the library holds, the views, the list of conversations, and a new one."""
    with gr.Row(elem_id="nd-top"):
        masthead = html("masthead", head=script_element(), elem_id="nd-masthead", scale=1)
        html("views", elem_id="nd-views", js_on_load="newsdesk.views(element)", scale=0)
        html("rail_button", elem_id="nd-tools", scale=0)
    return masthead


def _answer_endpoint(app_context: AppContext) -> Callable[..., dict[str, Any]]:
    def ask(request: gr.Request, question: str, history: list[str] | None = None) -> dict[str, Any]:
        try:
            if isinstance(history, str):
                raise UsageError("history is a list of earlier questions; send [] where there are none")
            answer = app_context.answered(
                "page api", reader_of(request), lambda: app_context.desk.ask(question, history=history or ())
            )
        except NewsdeskError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return answer_json(answer)

    return ask
