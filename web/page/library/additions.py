"""Where files, addresses and feeds are added: in the Library view, and on the start page of an empty library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from rag.scope import Scope
from rag.wording import _, pgettext
from web.page.chat import masthead
from web.page.components import PRIVATE, Shared, folded, html, sent
from web.page.html.library import lacking_html
from web.page.html.rendering import text_html
from web.page.opening import panel_of
from web.page.places import opened_place
from web.serving.sessions import sender_of

_MOST_LACKING = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Additions:
    """What the reader adds, and what came of it."""

    files: gr.File
    address: gr.Textbox
    is_feed: gr.Checkbox
    tags: gr.Textbox
    add: gr.Button
    status: gr.HTML
    lacking: gr.HTML


def adding_status() -> gr.HTML:
    """Where it is told what came of adding and removing."""
    return html("adding", js_on_load="newsdesk.adding(element, trigger)")


def additions(place: str, *, is_folded: bool = False) -> Additions:
    """The fields; `place` makes their names in the page their own. What is said of them stands outside their fold."""
    with folded(_("Add articles"), everywhere=True) if is_folded else nullcontext():
        fields = _fields(place)
    lacking = html("lacking", js_on_load="newsdesk.lacking(element, trigger)")
    return Additions(**fields, lacking=lacking, status=adding_status())


def _fields(place: str) -> dict[str, Any]:
    with gr.Row(elem_id=f"nd-adding-row-{place}", elem_classes="nd-adding-row"):
        label = _("Add files: text, HTML, PDF, DOCX, RTF, JSONL, CSV, mail, ZIP")
        files = gr.File(
            label=label, file_count="multiple", elem_id=f"nd-files-{place}", elem_classes="nd-files", height=150
        )
        with gr.Column(elem_classes="nd-address-column"):
            label = _("Or the address of an article or a feed")
            address = gr.Textbox(
                label=label,
                placeholder="https://",
                lines=1,
                max_lines=1,
                elem_id=f"nd-address-{place}",
                elem_classes="nd-line",
            )
            is_feed = gr.Checkbox(
                label=_("It is a feed: subscribe to it"), elem_id=f"nd-subscribe-{place}", elem_classes="nd-subscribe"
            )
            tags = gr.Textbox(
                label=_("Tags for what is added, with commas between them"),
                placeholder=pgettext("tags", "none"),
                lines=1,
                max_lines=1,
                elem_id=f"nd-new-tags-{place}",
                elem_classes="nd-line",
            )
            add = gr.Button(_("Add"), elem_id=f"nd-add-{place}", elem_classes="nd-add", size="sm")
    return {"files": files, "address": address, "is_feed": is_feed, "tags": tags, "add": add}


def wire_additions(shared: Shared, given: Additions) -> list[Any]:
    """Connect the fields; the events after which the library may hold more, the masthead's count renewed."""

    adding, desk = shared.adding, shared.app_context.desk

    def with_what_lacks(work: Iterator[str]) -> Iterator[tuple[Any, Any]]:
        """What the work reports, and after it the articles that it brought and that do not say everything."""
        archive = desk.library.archive
        before = archive.revision()
        for said in work:
            yield text_html(said), gr.skip()
        brought = [change.article_id for change in archive.changed_since(before, limit=_MOST_LACKING)]
        refs = archive.refs(Scope(articles=tuple(brought))) if brought else []
        yield gr.skip(), lacking_html(refs)

    def add_files(request: gr.Request, uploads: list[str] | None, tags: str) -> Iterator[tuple[Any, Any]]:
        yield from with_what_lacks(adding.files(uploads or [], sender_of(request), tags))

    def add_address(address: str, is_feed: bool, tags: str) -> Iterator[tuple[Any, Any]]:
        yield from with_what_lacks(adding.address(address, is_feed, tags))

    def open_lacking(event: gr.EventData) -> str:
        reference = sent(event, "reference")
        return panel_of(shared, partial(opened_place, desk, reference), reference)

    told = [given.status, given.lacking]
    given.lacking.select(open_lacking, None, [shared.panel], **PRIVATE)
    uploaded = given.files.upload(add_files, [given.files, given.tags], told, **PRIVATE)
    asked = [given.add.click, given.address.submit]
    fetched = gr.on(asked, add_address, [given.address, given.is_feed, given.tags], told, **PRIVATE)
    uploaded.then(lambda: None, None, [given.files], **PRIVATE)
    return [ended.then(lambda: masthead(desk), None, [shared.masthead], **PRIVATE) for ended in (uploaded, fetched)]
