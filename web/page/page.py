"""The chat page on Gradio: components, what is wired to what, and how it is launched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import NewsdeskError, UsageError
from rag.public_json import answer_json
from web.page.answer_html import conversation_html, story_html
from web.page.answer_tools import REASONS
from web.page.article_html import problem_html
from web.page.briefing import add_briefing
from web.page.briefing_html import opened_in
from web.page.chat import Fields, front_page, open_panel, panel_html, respond_to
from web.page.components import DATE, PRIVATE, html
from web.page.conversation import Failed, Opened
from web.page.feedback import Feedback, Verdict
from web.page.html import failed_html, text
from web.page.library import add_library, opened_article
from web.page.quality import floors, quality_html, saved_runs
from web.page.session import Session
from web.page.uploads import Adding
from web.serving.context import reader_of
from web.serving.error_message import message_for
from web.serving.rate_limit import AT_ONCE, WAITING, Busy

if TYPE_CHECKING:
    from rag.desk import Desk
    from web.serving.context import AppContext

STATIC = Path(__file__).with_name("static")

_LOG = '<div class="nd-log" role="log" aria-live="polite" aria-label="Conversation">${value}</div>'
_PANEL = '<aside class="nd-panel" aria-label="Article">${value}</aside>'
_STORY = '<div class="nd-storyline" role="status">${value}</div>'
_VIEWS = (
    '<div role="tablist" aria-label="View">'
    '<button type="button" role="tab" aria-selected="true" data-view="ask">Ask</button>'
    '<button type="button" role="tab" aria-selected="false" data-view="briefing" tabindex="-1">Briefing</button>'
    '<button type="button" role="tab" aria-selected="false" data-view="library" tabindex="-1">Library</button>'
    '<button type="button" role="tab" aria-selected="false" data-view="quality" tabindex="-1">Quality</button></div>'
)
_QUALITY = '<div class="nd-told" role="region" aria-label="Quality">${value}</div>'
_HISTORY = (
    '<div class="nd-history"><button type="button" data-history>History</button>'
    '<button type="button" data-export-all>Export</button>'
    '<dialog aria-labelledby="nd-history-title"><header><h2 id="nd-history-title">History</h2>'
    '<button type="button" class="nd-close" data-close-history aria-label="Close the history">&times;</button></header>'
    '<p class="nd-byline">Kept in this browser only.</p>'
    '<label>Search <input type="search" data-search></label><ul></ul>'
    '<p><button type="button" data-forget-all>Delete everything</button></p></dialog></div>'
)


def build(app_context: AppContext, *, editing: bool = False) -> gr.Blocks:
    """The page over an app context; every reader gets a conversation of their own. `editing` lets readers add and
    remove articles, where the library can be changed."""
    desk = app_context.desk
    adding = Adding(desk, allowed=editing)
    script = (STATIC / "script.js").read_text(encoding="utf-8")
    # What was uploaded and not taken is deleted after an hour.
    page = gr.Blocks(title="Newsdesk", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    with page:
        session = gr.State(Session())
        with gr.Row(elem_id="nd-top"):
            masthead = html("", head=f"<script>{script}</script>", elem_id="nd-masthead", scale=1)
            html("", html_template=_VIEWS, elem_id="nd-views", js_on_load="newsdesk.views(element)", scale=0)
            html("", html_template=_HISTORY, elem_id="nd-tools", js_on_load="newsdesk.history(element)", scale=0)
            fresh = gr.Button("New conversation", elem_id="nd-fresh", size="sm", scale=0)
        with gr.Row(elem_id="nd-main"):
            with gr.Column(elem_id="nd-conversation"):
                log = html("", html_template=_LOG, js_on_load="newsdesk.log(element, trigger, watch)")
                with gr.Column(elem_id="nd-composer"):
                    told_story = html("", html_template=_STORY, js_on_load="newsdesk.story(element, trigger)")
                    question, ask, stop = _question_row()
                    after, before, outlets = _limits_row()
            briefing = gr.Column(elem_id="nd-briefing")
            library = gr.Column(elem_id="nd-library-place")
            with gr.Column(elem_id="nd-quality"):
                quality = html("", html_template=_QUALITY, js_on_load="newsdesk.quality(element, trigger)")
            panel = html(
                "",
                html_template=_PANEL,
                elem_id="nd-article",
                js_on_load="newsdesk.panel(element, props, trigger, watch)",
            )
            with briefing:
                add_briefing(app_context, page, session, panel)
            with library:
                add_library(desk, page, (session, panel, masthead), adding)
        quality.expand(lambda: _quality(desk), None, [quality], **PRIVATE)
        _wire_answers(
            app_context,
            (session, log, question, ask, stop),
            (after, before, outlets),
            (fresh, panel, told_story, masthead, outlets),
        )
        _wire_story(desk, (session, panel, told_story))
        _wire_reading(app_context, page, (session, log, masthead, outlets, panel))
        gr.events.api(
            _answer_endpoint(app_context),
            api_name="ask",
            api_description="Ask a question; the answer as `newsdesk ask --json` prints it.",
        )
    # Who is worked on, who waits and who is told "busy" is the app context's to say; Gradio passes everybody on.
    page.queue(default_concurrency_limit=AT_ONCE + WAITING, max_size=2 * (AT_ONCE + WAITING))
    return page


def _question_row() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="nd-ask-row"):
        question = gr.Textbox(
            label="Your question",
            show_label=False,
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            autofocus=True,
            elem_id="nd-question",
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
            scale=1,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="nd-ask", scale=0)
        stop = gr.Button("Stop", elem_id="nd-stop", visible=False, scale=0)
    return question, ask, stop


def _limits_row() -> tuple[gr.HTML, gr.HTML, gr.Dropdown]:
    with gr.Accordion("Limit to dates or outlets", open=False, elem_id="nd-limits"), gr.Row():
        after = html("", html_template=DATE.format(label="From"), js_on_load="newsdesk.date(element, props, watch)")
        before = html("", html_template=DATE.format(label="To"), js_on_load="newsdesk.date(element, props, watch)")
        outlets = gr.Dropdown([], multiselect=True, label="Outlets", elem_id="nd-outlets", scale=1)
    return after, before, outlets


def _quality(desk: Desk) -> str:
    try:
        folder = desk.settings.quality_runs
        return quality_html(saved_runs(folder), floors(), folder=folder)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return failed_html(message_for(error))


def _wire_answers(
    app_context: AppContext, shown: tuple[Any, ...], limits: tuple[Any, ...], rest: tuple[Any, ...]
) -> None:
    session, log, question, ask, stop = shown
    fresh, panel, told_story, *front = rest
    desk = app_context.desk
    feedback = Feedback(desk.settings.library)

    def answer(
        request: gr.Request, current: Session, asked: str, after: str, before: str, outlets: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        work, box = current.start(), ""
        fields = Fields(question=asked, after=after, before=before, outlets=outlets, story=current.story)
        turn = ExitStack()

        def spend() -> None:
            turn.enter_context(app_context.rate_limiter.work(reader_of(request)))

        with (
            turn,
            closing(respond_to(desk, current.conversation, fields, admitted=spend)) as steps,
        ):
            for step in steps:
                if not current.keep(work, step):
                    break
                app_context.count("page", step.turns[-1])
                yield _view(desk, current, asked if isinstance(step.turns[-1], Failed) else box)
                box = gr.skip()
        # Gradio sends the last output again when a function ends: it must be what holds by then, stopped or asked anew.
        yield _view(desk, current, gr.skip())

    def answer_example(
        request: gr.Request, current: Session, event: gr.EventData, *given: Any
    ) -> Iterator[tuple[Any, ...]]:
        yield from answer(request, current, str(event._data.get("question", "")), *given)

    def rate(current: Session, event: gr.EventData) -> str:
        number, reason = (str(event._data.get(name, "")) for name in ("turn", "reason"))
        if number.isdecimal() and reason in ("", *REASONS) and not desk.settings.read_only:
            verdict: Verdict = "good" if event._data.get("verdict") == "good" else "bad"
            try:
                current.note(feedback, int(number), verdict, reason)
            except NewsdeskError as error:
                gr.Warning(f"Not kept: {error}")
        return _log_html(desk, current)

    def end(current: Session) -> tuple[Any, ...]:
        current.stop()
        return _view(desk, current, gr.skip())

    def begin_anew(current: Session) -> tuple[Any, ...]:
        current.clear()
        return *_view(desk, current, ""), "", ""

    outputs = [log, question, ask, stop]
    # "multiple": a question asked while another is worked on takes its place, and is not silently dropped.
    asking = {"trigger_mode": "multiple", **PRIVATE}
    typed = gr.on([question.submit, ask.click], answer, [session, question, *limits], outputs, **asking)
    clicked = log.input(answer_example, [session, *limits], outputs, **asking)
    log.like(rate, [session], [log], **PRIVATE)
    # The library may have grown since the page was opened.
    for answered in (typed, clicked):
        answered.then(lambda: _front(desk), None, front, **PRIVATE)
    stop.click(end, [session], outputs, **PRIVATE)
    fresh.click(begin_anew, [session], [*outputs, panel, told_story], **PRIVATE)


def _wire_story(desk: Desk, shown: tuple[Any, ...]) -> None:
    session, panel, told = shown

    def keep_to(current: Session, event: gr.EventData) -> str:
        try:
            opened = _opened(desk, current, str(event._data.get("reference", "")))
            current.story = desk.story_of(opened.article.id) if opened is not None else ()
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            current.story = ()
            return f'<span role="alert">{text(message_for(error))} All articles are asked.</span>'
        return story_html(current.story)

    def clear(current: Session) -> str:
        current.story = ()
        return ""

    panel.apply(keep_to, [session], [told], **PRIVATE)
    told.clear(clear, [session], [told], **PRIVATE)


def _opened(desk: Desk, current: Session, reference: str) -> Opened | None:
    """What a reference of any view leads to."""
    return (
        opened_in(current.briefing, reference)
        or opened_article(desk, reference)
        or current.conversation.opened(reference)
    )


def _wire_reading(app_context: AppContext, page: gr.Blocks, shown: tuple[Any, ...]) -> None:
    session, log, masthead, outlets, panel = shown
    desk = app_context.desk

    def open_one(current: Session, event: gr.EventData) -> str:
        return open_panel(desk, current.conversation, str(event._data.get("reference", "")))

    def arrive(current: Session) -> tuple[str, str, Any]:
        front = front_page(desk)
        shown = _conversation(desk, current) if current.conversation.turns else front.welcome
        return front.masthead, shown, gr.update(choices=list(front.outlets))

    def summarise_one(request: gr.Request, current: Session, event: gr.EventData) -> str:
        reference = str(event._data.get("reference", ""))
        try:
            with app_context.rate_limiter.work(reader_of(request)):
                return panel_html(desk, partial(_opened, desk, current, reference), reference, summarised=True)
        except Busy as error:
            return problem_html(str(error))

    log.select(open_one, [session], [panel], **PRIVATE)
    panel.input(summarise_one, [session], [panel], **PRIVATE)
    page.load(arrive, [session], [masthead, log, outlets], **PRIVATE)


def _front(desk: Desk) -> tuple[str, Any]:
    """Masthead and outlets as they are now."""
    front = front_page(desk)
    return front.masthead, gr.update(choices=list(front.outlets))


def _view(desk: Desk, current: Session, box: Any) -> tuple[Any, ...]:
    """Conversation, question box, and whichever of Ask and Stop can be pressed."""
    return _log_html(desk, current), box, gr.update(visible=not current.busy), gr.update(visible=current.busy)


def _log_html(desk: Desk, current: Session) -> str:
    turns = current.conversation.turns
    return _conversation(desk, current) if turns else front_page(desk).welcome


def _conversation(desk: Desk, current: Session) -> str:
    told = conversation_html(current.conversation, may_rate=not desk.settings.read_only)
    return f'<div data-conversation="{current.id}">{told}</div>'


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
