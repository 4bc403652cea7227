"""The Library view's components, and what is wired to what: articles in a table, added, read and removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, get_args

import gradio as gr

from rag.errors import UsageError
from rag.wording import N_, _, pgettext, translated
from web.page.chat import choices_of, masthead, read_scope
from web.page.components import PRIVATE, Shared, date_field, every, folded, html, sent, tag_choices, tags_field
from web.page.html.library import library_html, removed_html
from web.page.html.rendering import failed_html, text_html
from web.page.library.additions import Additions, adding_status, additions, wire_additions
from web.page.library.listing import Only, Sort, Wanted, listing
from web.page.opening import panel_of
from web.page.places import opened_place
from web.page.session import Session
from web.serving.error_message import message_for

_LONGEST = 200
_SORTS = {"newest": N_("Newest"), "oldest": N_("Oldest"), "outlet": N_("Outlet"), "title": N_("Title")}
_ONLY = {
    "": N_("All"),
    "copies": N_("Carried by several outlets"),
    "corrected": N_("Corrected"),
    "incomplete": N_("Something missing"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What the reader looks for."""

    words: gr.Textbox
    outlet: gr.Dropdown
    after: gr.HTML
    before: gr.HTML
    only: gr.Dropdown
    sort: gr.Dropdown
    tag: gr.Dropdown

    @property
    def values(self) -> list[Any]:
        """The fields in the order in which `wanted_of` takes them."""
        return [self.words, self.outlet, self.after, self.before, self.only, self.sort, self.tag]

    @property
    def changes(self) -> list[Any]:
        """The events, beside each letter of `words`, after which the table is made anew."""
        return [
            self.outlet.input,
            self.after.change,
            self.before.change,
            self.only.input,
            self.sort.input,
            self.tag.input,
        ]


def wanted_of(
    words: str | None, outlet: str | None, after: str, before: str, only: Only, sort: Sort, tag: str | None = None
) -> Wanted:
    """What the view's fields ask for; raises `UsageError` with a sentence for the reader.

    A field is None where the page was opened at this view and has not been filled yet.
    """
    scope = read_scope(after, before, [outlet] if outlet else [], [tag] if tag else [])
    if only not in get_args(Only) or sort not in get_args(Sort):
        raise UsageError(_("choose one of the kinds and orders that are offered"))
    return Wanted(words=(words or "")[:_LONGEST], scope=scope, only=only, sort=sort)


def add_library(shared: Shared) -> None:
    """The view; articles are added and removed where that is allowed, and open in the page's panel."""
    # Who comes back looks for an article; adding some is behind a line.
    fields = _fields()
    given = additions("library", is_folded=True) if shared.adding.allowed else None
    status = given.status if given is not None else adding_status()
    table = html("library", js_on_load="newsdesk.library(element, trigger, watch)")
    _Wiring(shared, fields, status, table).wire(given)


class _Wiring:
    """What is called when something of the view is used."""

    def __init__(self, shared: Shared, fields: Fields, status: gr.HTML, table: gr.HTML) -> None:
        self._shared = shared
        self._desk = shared.app_context.desk
        self._adding = shared.adding
        self._fields = fields
        self._status = status
        self._table = table
        self._given = [shared.session, *fields.values]

    def wire(self, given: Additions | None) -> None:
        """Connect it all."""
        table, panel = self._table, self._shared.panel
        gr.on(self._fields.changes, self.show, self._given, [table], **PRIVATE)
        # While one is looked for the letters that come count once, by the last of them.
        self._fields.words.change(self.show, self._given, [table], trigger_mode="always_last", **PRIVATE)
        table.input(self.turn, self._given, [table], **PRIVATE)
        table.select(self.open, None, [panel], **PRIVATE)
        for changed in (
            table.delete(self.remove, self._given, [self._status, table], **PRIVATE),
            self._status.undo(self.put_back, self._given, [self._status, table], **PRIVATE),
        ):
            self._recount(changed)
        # The view asks for its table whenever it is shown: the library may have grown.
        table.expand(self.show, self._given, [table], **PRIVATE).then(
            self.choices, None, [self._fields.outlet, self._fields.tag], **PRIVATE
        )
        choices = [self._fields.outlet, self._fields.tag]
        self._shared.page.load(self.choices, None, choices, **PRIVATE)
        for ended in wire_additions(self._shared, given) if given is not None else ():
            shown = ended.then(self.show, self._given, [table], **PRIVATE)
            shown.then(self.choices, None, choices, **PRIVATE)

    def _recount(self, ended: Any) -> None:
        ended.then(lambda: masthead(self._desk), None, [self._shared.masthead], **PRIVATE)

    def show(self, current: Session, *given: Any, page: int = 0) -> str:
        """The table that the fields ask for, or a message."""
        try:
            wanted = replace(wanted_of(*given), page=page)
            found = listing(self._desk, wanted)
            is_empty = not found.total and self._desk.status().articles == 0
            return library_html(found, editing=self._adding.allowed, is_empty=is_empty)
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return failed_html(message_for(error))

    def turn(self, current: Session, event: gr.EventData, *given: Any) -> str:
        """Another page of it."""
        asked = sent(event, "page")
        return self.show(current, *given, page=int(asked) if asked.isdecimal() else 0)

    def open(self, event: gr.EventData) -> str:
        """An article in the panel."""
        reference = sent(event, "reference")
        return panel_of(self._shared, partial(opened_place, self._desk, reference), reference)

    def remove(self, current: Session, event: gr.EventData, *given: Any) -> tuple[str, str]:
        """Remove an article; what came of it, and the table without it."""
        said, current.removed = self._adding.remove(sent(event, "article"))
        name = current.removed.article.ref.id if current.removed is not None else ""
        return removed_html(said, article=name), self.show(current, *given)

    def put_back(self, current: Session, *given: Any) -> tuple[str, str]:
        """Take back the last removal; what came of it, and the table with the article."""
        removed, current.removed = current.removed, None
        return text_html(self._adding.put_back(removed)), self.show(current, *given)

    def choices(self) -> tuple[Any, Any]:
        """The outlets and the tags to choose from."""
        outlets, tags = choices_of(self._desk)
        return gr.update(choices=[every(), *((name, name) for name in outlets)]), tag_choices(tags, several=False)


def _fields() -> Fields:
    with gr.Row(elem_id="nd-library-row"):
        words = gr.Textbox(
            label=_("Find"), placeholder=_("In title or outlet"), lines=1, max_lines=1, elem_id="nd-words", scale=2
        )
        with folded(_("Filter and order")):
            return Fields(
                words=words,
                outlet=gr.Dropdown([every()], value="", label=_("Published by"), elem_id="nd-library-outlet"),
                after=date_field(_("First day")),
                before=date_field(_("Last day")),
                only=gr.Dropdown(
                    [(translated(label), name) for name, label in _ONLY.items()],
                    value="",
                    label=pgettext("field", "Only"),
                    elem_id="nd-only",
                ),
                sort=gr.Dropdown(
                    [(translated(label), name) for name, label in _SORTS.items()],
                    value="newest",
                    label=_("Order"),
                    elem_id="nd-sort",
                ),
                tag=tags_field(_("Tagged"), "nd-library-tag", several=False),
            )
