"""The Newsletter view's components, and what is wired to what."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from newsletter.config import load_config
from rag.errors import UsageError
from rag.question.tags import tags_of
from rag.wording import _
from web.page.background import in_background
from web.page.components import PRIVATE, Shared, folded, html, sent
from web.page.editor.choices import first_choices, letter_periods
from web.page.editor.draft import exported, make_draft, preview_of
from web.page.editor.sending import can_send, send_a_test, send_to_readers
from web.page.editor.showing import draft_html
from web.page.html.briefing import stage_html
from web.page.html.editor import form_html
from web.page.html.rendering import failed_html
from web.page.session import Session
from web.serving.context import reader_of
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from newsletter.config import NewsletterConfig
    from web.page.editor.draft import Draft

Shown = tuple[str | dict[str, Any], str]
"""The HTML of the view, and what its script takes: how the issue looks, and what the browser keeps."""

EVERY_STEP: dict[str, Any] = {**PRIVATE, "trigger_mode": "multiple"}
"""No step is dropped because another one is still on its way."""

_STEP = ("act", "story", "place", "value")


def add_editor(shared: Shared) -> None:
    """The view; the operator's newsletter is read here, so that one that cannot be used ends the start.

    Raises `UsageError` for that.
    """
    settings = shared.app_context.desk.settings
    base = load_config(settings.newsletter) if settings.newsletter is not None else None
    with folded(_("What the issue is made of")):
        form = html("editor_form", js_on_load="newsdesk.letterForm(element, trigger)")
    with gr.Row(elem_id="nd-editor-row"):
        editor = html("editor", elem_id="nd-editor", js_on_load="newsdesk.editor(element, props, trigger, watch)")
        preview = html("issue_preview", elem_id="nd-preview", js_on_load="newsdesk.preview(element, props, watch)")
    download = html("download", js_on_load="newsdesk.download(element, props, watch)")
    _wire(shared, base, form=form, editor=editor, preview=preview, download=download)


def _wire(
    shared: Shared,
    base: NewsletterConfig | None,
    *,
    form: gr.HTML,
    editor: gr.HTML,
    preview: gr.HTML,
    download: gr.HTML,
) -> None:
    app_context = shared.app_context
    desk = app_context.desk
    may_send = shared.adding.allowed and can_send(base)

    def offered() -> str:
        try:
            first = first_choices(desk, base)
            tags = list(desk.tags()) or tags_of([first.tags])
            kept_as = json.dumps(first.model_dump())
            return form_html(letter_periods(desk), tags, kept_as=kept_as, may_send=may_send)
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return failed_html(message_for(error))

    def shown(draft: Draft, told: str = "") -> Shown:
        passed = {**preview_of(draft), "kept": draft.kept()}
        return draft_html(draft, desk, told=told, may_send=may_send), _passed(passed)

    def make(request: gr.Request, current: Session, event: gr.EventData) -> Iterator[Shown]:
        choices, edits = sent(event, "choices"), sent(event, "edits")
        work = current.newsletter.begin()

        def build(report: Callable[[Shown], None]) -> Shown:
            def progress(done: int, total: int) -> None:
                report(_stage(_("Section {done} of {total} is made", done=done, total=total)))

            try:
                with app_context.rate_limiter.work(reader_of(request)):
                    draft = make_draft(desk, base, _values(choices), edits, progress=progress)
                if not current.newsletter.take(work, draft):
                    return _stage(_("Making the issue"))
                return shown(draft)
            # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
            except Exception as error:
                return failed_html(message_for(error)), _passed({})

        yield _stage(_("Making the issue"))
        yield from in_background(build, name="newsdesk-newsletter")

    def change(current: Session, event: gr.EventData) -> Shown:
        step = {name: sent(event, name) for name in _STEP}
        try:
            draft, told = current.newsletter.change(desk, step)
            return shown(draft, told)
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return gr.skip(), _passed({"told": message_for(error), "is_wrong": True})

    def take_away(current: Session, event: gr.EventData) -> str:
        draft = current.newsletter.draft
        if draft is None:
            return ""
        return _passed(exported(draft, sent(event, "form"), with_mail=may_send))

    def send(current: Session, event: gr.EventData) -> Iterator[Shown]:
        def deliver(report: Callable[[Shown], None]) -> Shown:
            try:
                draft = current.newsletter.draft
                if draft is None or not may_send:
                    raise UsageError(_("there is nothing to send here; make the issue first"))
                if sent(event, "to") == "test":
                    return gr.skip(), _passed({"told": send_a_test(draft, desk, sent(event, "address"))})
                said = send_to_readers(
                    draft,
                    desk,
                    progress=lambda done, total: report(
                        _saying(_("{done} of {total} messages are sent", done=done, total=total))
                    ),
                )
                return draft_html(draft, desk, told=said, may_send=may_send), _passed({"told": said})
            # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
            except Exception as error:
                return gr.skip(), _passed({"told": message_for(error), "is_wrong": True})

        yield _saying(_("Sending"))
        yield from in_background(deliver, name="newsdesk-sending")

    both = [editor, preview]
    form.expand(offered, None, [form], **PRIVATE)
    editor.select(make, [shared.session], both, **EVERY_STEP)
    editor.edit(change, [shared.session], both, **EVERY_STEP)
    editor.input(take_away, [shared.session], [download], **PRIVATE)
    editor.submit(send, [shared.session], both, **PRIVATE)


def _stage(words: str) -> Shown:
    return stage_html(words), _passed({})


def _saying(words: str) -> Shown:
    return gr.skip(), _passed({"told": f"{words}…"})


def _values(choices: str) -> dict[str, Any]:
    try:
        values = json.loads(choices)
    # A depth without end, too.
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise UsageError(_("the form cannot be read; reload the page"))
    return values


def _passed(values: dict[str, Any]) -> str:
    """A value for the page's script, in base64: as a value of HTML it would be read as markup. No two are alike, so
    that each is noticed."""
    return b64encode(json.dumps({**values, "number": secrets.token_hex(4)}).encode("ascii")).decode("ascii")
