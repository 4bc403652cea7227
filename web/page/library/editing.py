"""Metadata of an article as a reader corrects it on the page, and articles that were removed a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.question.tags import tags_of
from rag.text.formatting import day_in_words
from rag.wording import N_, _
from web.page.html.edit_form import EditForm
from web.page.html.words import time_in_words

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.storage.archive.history import FieldChange
    from rag.types import Article

FIELDS = ("title", "outlet", "published", "authors", "language", "tags")
_OF_THE_ARTICLE = FIELDS[:-1]
_MISSING = {"title": N_("title"), "outlet": N_("outlet"), "published": N_("date")}


def edit_form(desk: Desk, article: Article, *, is_open: bool, told: str = "") -> EditForm:
    """What is known of an article, to be corrected, and what its last correction changed."""
    values = _values(article)
    tags = ", ".join(desk.tags_of(article.ref.id))
    versions = desk.versions(article.ref.id)
    history: tuple[str, ...] = ()
    if len(versions) > 1 and versions[-2].replaced is not None:
        day = day_in_words(versions[-2].replaced)
        history = tuple(
            _("{day}: {field} was {before}", day=day, field=_name(change.name), before=_said(change))
            for change in desk.changes(article.ref.id).fields
        )
    lacks = tuple(name for field, name in _MISSING.items() if not values[field])
    return EditForm(**values, tags=tags, lacks=lacks, is_open=is_open, told=told, history=history)


def correct(desk: Desk, article_id: str, given: Mapping[str, str]) -> None:
    """Take over what a reader wrote into the form, tags too; raises `NewsdeskError` with a sentence for them."""
    from ingest.preparing.edit import edit_article
    from rag.storage.archive.edits import Edit

    before = _values(desk.article(article_id))
    held = set(desk.tags_of(article_id))
    wanted = set(tags_of([given["tags"]])) if "tags" in given else held
    changed = {name: given[name] for name in _OF_THE_ARTICLE if name in given and given[name].strip() != before[name]}
    if not changed and wanted == held:
        raise UsageError(_("nothing was changed; write what is right, then keep it"))
    names = changed.pop("authors", None)
    authors = None if names is None else tuple(name.strip() for name in names.split(";"))
    edit = Edit(**changed, authors=authors)
    if edit != Edit():
        edit_article(desk.library, article_id, edit, now=datetime.now(UTC))
    desk.library.tag(article_id, add=wanted - held, remove=held - wanted)


def _values(article: Article) -> dict[str, str]:
    ref = article.ref
    return {
        "title": ref.title,
        "outlet": ref.outlet,
        "published": f"{ref.published:%Y-%m-%d}" if ref.published else "",
        "authors": "; ".join(article.authors),
        "language": article.language,
    }


def _said(change: FieldChange) -> str:
    """What stood there before, as the page writes it."""
    if change.name == "published" and change.before:
        when = datetime.fromisoformat(change.before)
        # Of what is known to the day, the moment is its midnight.
        return time_in_words(when) if when.time() != time() else day_in_words(when)
    return change.before or _("unknown")


def _name(field: str) -> str:
    names = {
        "title": _("the title"),
        "outlet": _("the outlet"),
        "published": _("the date"),
        "url": _("the address"),
        "authors": _("who wrote it"),
        "language": _("the language"),
    }
    return names.get(field, f"the {field}")
