"""The Library view: articles in a table, added, read and removed; what is inside by month and by outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import gradio as gr

from rag.errors import UsageError
from rag.text.formatting import clipped
from web.page.charts import bars
from web.page.chat import front_page, outlets_of, panel_html, read_scope
from web.page.components import DATE, PRIVATE, html
from web.page.conversation import Opened
from web.page.html import counted, failed_html, isolated, outlet_of, published, text, title_of
from web.page.library_listing import ON_A_PAGE, Entry, Listing, Only, Sort, Wanted, listing
from web.page.session import Session
from web.page.uploads import Adding
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk

_TABLE = '<div class="nd-library" role="region" aria-live="polite" aria-label="Articles">${value}</div>'
_TOLD = '<p class="nd-adding" role="status">${value}</p>'
_TITLE_SHOWN = 120
_LONGEST = 200
_SORTS = {"newest": "Newest", "oldest": "Oldest", "outlet": "Outlet", "title": "Title"}
_ONLY = {
    "": "All",
    "copies": "Carried by several outlets",
    "corrected": "Corrected",
    "incomplete": "Something missing",
}


def library_html(found: Listing, *, editing: bool) -> str:
    """The table with its pages, and the charts."""
    if not found.total:
        return '<p class="nd-notice">No article is like that. Change what you look for, or add some above.</p>'
    rows = "".join(_row(entry, editing=editing) for entry in found.entries)
    remove = '<th scope="col"><span class="nd-unseen">Remove</span></th>' if editing else ""
    first = found.page * ON_A_PAGE + 1
    said = f"{counted(found.total, 'article')}, {first:,} to {first + len(found.entries) - 1:,} shown"
    return (
        f'<p class="nd-byline">{said}</p><table><thead><tr><th scope="col">Title</th><th scope="col">Outlet</th>'
        f'<th scope="col">Published</th><th scope="col">Known of it</th>{remove}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{_pages(found)}"
        f'<div class="nd-charts">{bars("Articles over time", found.months)}{_by_outlet(found)}</div>'
    )


def _row(entry: Entry, *, editing: bool) -> str:
    ref = entry.ref
    outlets = {other.outlet for other in (ref, *entry.copies)}
    known = [f"carried by {counted(len(outlets), 'outlet')}"] if entry.copies else []
    known += (
        [f"corrected {entry.corrections} {'time' if entry.corrections == 1 else 'times'}"] if entry.corrections else []
    )
    known += [f"no {name}" for name in entry.lacks]
    remove = (
        f'<td><button type="button" class="nd-remove" data-remove="{text(ref.id)}" '
        f'aria-label="Remove: {text(clipped(title_of(ref), _TITLE_SHOWN))}">Remove</button></td>'
        if editing
        else ""
    )
    return (
        f'<tr><th scope="row"><button type="button" class="nd-headline" data-open="article:{text(ref.id)}" dir="auto">'
        f"{text(clipped(title_of(ref), _TITLE_SHOWN))}</button></th><td>{isolated(outlet_of(ref))}</td>"
        f"<td>{published(ref, short=True)}</td><td>{text(', '.join(known))}</td>{remove}</tr>"
    )


def _pages(found: Listing) -> str:
    if found.pages == 1:
        return ""
    buttons = [
        f'<button type="button" data-page="{page}"{off}>{label}</button>'
        for label, page, off in (
            ("Earlier page", found.page - 1, ' aria-disabled="true"' if found.page == 0 else ""),
            ("Next page", found.page + 1, ' aria-disabled="true"' if found.page + 1 == found.pages else ""),
        )
    ]
    place = f"<span>Page {found.page + 1:,} of {found.pages:,}</span>"
    return f'<p class="nd-pages" role="group" aria-label="Pages">{buttons[0]}{place}{buttons[1]}</p>'


def _by_outlet(found: Listing) -> str:
    most = max(count for _, count in found.outlets)
    items = "".join(
        f'<li><span>{isolated(name)}</span><meter min="0" max="{most}" value="{count}" aria-label="{text(name)}">'
        f"{count:,}</meter><span>{count:,}</span></li>"
        for name, count in found.outlets
    )
    listed = f'<ul class="nd-outlet-bars">{items}</ul>'
    return f'<figure class="nd-chart"><figcaption>Articles by outlet</figcaption>{listed}</figure>'


def wanted_of(words: str, outlet: str | None, after: str, before: str, only: Only, sort: Sort) -> Wanted:
    """What the view's fields ask for; raises `UsageError` with a sentence for the reader."""
    scope = read_scope(after, before, [outlet] if outlet else [])
    if only not in get_args(Only) or sort not in get_args(Sort):
        raise UsageError("choose one of the kinds and orders that are offered")
    return Wanted(words=words[:_LONGEST], scope=scope, only=only, sort=sort)


def opened_article(desk: Desk, reference: str) -> Opened | None:
    """What a row leads to: the article, with the others that carry its text."""
    kind, _, name = reference.partition(":")
    if kind != "article":
        return None
    article = desk.library.archive.article(name)
    if article is None:
        return None
    story = desk.library.archive.story_of(name)
    members = desk.library.archive.story_members([story]).get(story, ()) if story else ()
    return Opened(article=article.ref, copies=tuple(other for other in members if other.id != name))


def add_library(desk: Desk, page: gr.Blocks, shown: tuple[Any, Any, Any], adding: Adding) -> None:
    """The view's components, and what is wired to what; `shown` are the session, the article panel and the masthead."""
    session, panel, masthead = shown
    told, addition = _adding_row(adding)
    fields, watched = _fields()
    table = html("", html_template=_TABLE, js_on_load="newsdesk.library(element, trigger)")

    def show(current: Session, *given: Any, at: int = 0) -> str:
        try:
            wanted = replace(wanted_of(*given), page=at)
            return library_html(listing(desk, wanted), editing=adding.allowed)
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return failed_html(message_for(error))

    def turn(current: Session, event: gr.EventData, *given: Any) -> str:
        asked = str(event._data.get("page", "0"))
        return show(current, *given, at=int(asked) if asked.isdecimal() else 0)

    def open_one(event: gr.EventData) -> str:
        reference = str(event._data.get("reference", ""))
        return panel_html(desk, partial(opened_article, desk, reference), reference)

    def remove(current: Session, event: gr.EventData, *given: Any) -> tuple[str, str]:
        return text(adding.remove(str(event._data.get("article", "")))), show(current, *given)

    def held() -> str:
        return front_page(desk).masthead

    def outlets() -> Any:
        return gr.update(choices=[("All", ""), *((name, name) for name in outlets_of(desk))])

    given = [session, *fields]
    gr.on(watched, show, given, [table], **PRIVATE)
    table.input(turn, given, [table], **PRIVATE)
    table.select(open_one, None, [panel], **PRIVATE)
    removed = table.delete(remove, given, [told, table], **PRIVATE)
    removed.then(held, None, [masthead], **PRIVATE)
    # The view asks for its table whenever it is shown: the library may have grown.
    table.expand(show, given, [table], **PRIVATE)
    page.load(outlets, None, [fields[1]], **PRIVATE)
    if addition is not None:
        files, address, subscribe, add = addition
        uploaded = files.upload(_told_by(adding.files), [files], [told], **PRIVATE)
        fetched = gr.on([add.click, address.submit], _told_by(adding.address), [address, subscribe], [told], **PRIVATE)
        for ended in (uploaded, fetched):
            ended.then(show, given, [table], **PRIVATE).then(outlets, None, [fields[1]], **PRIVATE).then(
                held, None, [masthead], **PRIVATE
            )
        uploaded.then(lambda: None, None, [files], **PRIVATE)


def _fields() -> tuple[list[Any], list[Any]]:
    """What the reader looks for, and the events after which the table is made anew."""
    date = "newsdesk.date(element, props, watch)"
    with gr.Row(elem_id="nd-library-row"):
        words = gr.Textbox(
            label="Find", placeholder="In title or outlet", lines=1, max_lines=1, elem_id="nd-words", scale=2
        )
        outlet = gr.Dropdown([("All", "")], value="", label="Published by", elem_id="nd-library-outlet")
        after = html("", html_template=DATE.format(label="First day"), js_on_load=date)
        before = html("", html_template=DATE.format(label="Last day"), js_on_load=date)
        only = gr.Dropdown([(said, name) for name, said in _ONLY.items()], value="", label="Only", elem_id="nd-only")
        orders = [(said, name) for name, said in _SORTS.items()]
        sort = gr.Dropdown(orders, value="newest", label="Order", elem_id="nd-sort")
    watched = [words.submit, outlet.input, after.change, before.change, only.input, sort.input]
    return [words, outlet, after, before, only, sort], watched


def _told_by(steps: Any) -> Any:
    """What yields plain words, as a function that yields them escaped."""

    def tell(*given: Any) -> Iterator[str]:
        for said in steps(*given):
            yield text(said)

    return tell


def _adding_row(adding: Adding) -> tuple[gr.HTML, Sequence[Any] | None]:
    if not adding.allowed:
        return html("", html_template=_TOLD), None
    with gr.Row(elem_id="nd-adding-row"):
        label = "Add files: text, HTML, PDF, DOCX, JSONL, CSV, mail, ZIP"
        files = gr.File(label=label, file_count="multiple", elem_id="nd-files", height=150)
        with gr.Column(elem_id="nd-address-column"):
            label = "Or the address of an article or a feed"
            address = gr.Textbox(label=label, placeholder="https://", lines=1, max_lines=1, elem_id="nd-address")
            subscribe = gr.Checkbox(label="It is a feed: subscribe to it", elem_id="nd-subscribe")
            add = gr.Button("Add", elem_id="nd-add", size="sm")
    return html("", html_template=_TOLD), (files, address, subscribe, add)
