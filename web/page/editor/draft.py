"""The issue that a reader of the page edits: made from their choices, changed step by step, kept by their browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from newsletter.builder import build_issue, verify
from newsletter.config import NewsletterConfig, config_toml
from newsletter.editing import Edited, alternatives, as_edited, quoted_of
from newsletter.edits import Edits, Quoted
from newsletter.formats import render
from newsletter.html import as_html
from newsletter.issue import Issue, Item
from newsletter.mail import draft as mail_draft
from newsletter.sent_log import SentLog
from newsletter.toml_file import first_fault
from rag.errors import UsageError
from rag.types import Citation
from rag.wording import N_, _, ngettext, translated
from web.page.editor.choices import Choices, config_from, first_choices, read_choices

if TYPE_CHECKING:
    from rag.desk import Desk

EXPORTS = {
    "html": "issue.html",
    "text": "issue.txt",
    "eml": "issue.eml",
    "edits": "edits.toml",
    "settings": "newsletter.toml",
}
"""What an issue can be taken away as, with the name of the file."""

MADE_ANEW = N_("The library has changed; the issue was made anew, with your changes.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An issue as it was `built`, with all `edits`; `made` is what became of them. `replacing` is the story and the
    place of the quote for which others are shown."""

    choices: Choices
    config: NewsletterConfig
    built: Issue
    edits: Edits
    made: Edited
    replacing: tuple[str, int] | None = None

    @property
    def issue(self) -> Issue:
        """The issue as its readers get it."""
        return self.made.issue

    def kept(self) -> dict[str, Any]:
        """What the reader's browser keeps of it."""
        return {"choices": self.choices.model_dump(), "edits": self.edits.model_dump_json(exclude_defaults=True)}


class Drafting:
    """A reader's draft, to which one thing at a time is done."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self._lock = threading.Lock()
        self._work: object | None = None

    def begin(self) -> object:
        """Begin to make an issue, in place of one that is being made."""
        self._work = work = object()
        return work

    def take(self, work: object, draft: Draft) -> bool:
        """Take over what was made; False, with nothing changed, where another was begun meanwhile."""
        with self._lock:
            if self._work is not work:
                return False
            self.draft = draft
            return True

    def change(self, desk: Desk, step: Mapping[str, str]) -> tuple[Draft, str]:
        """Do a step of the editor's; gives the draft and what is to be said of it.

        Raises `UsageError` where there is no draft, or nothing to which the step could be done.
        """
        with self._lock:
            if self.draft is None:
                raise UsageError(_("there is no issue yet; make it first"))
            current, said = refreshed(self.draft, desk)
            self.draft, told = changed(current, desk, step)
            return self.draft, said or told


def make_draft(
    desk: Desk,
    base: NewsletterConfig | None,
    choices: Mapping[str, Any],
    edits: str,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Draft:
    """The issue that the form asks for, with edits that the browser kept; raises `NewsdeskError` for what is none."""
    wanted = read_choices(dict(choices))
    config = config_from(wanted, base, first_choices(desk, base))
    kept = read_edits(edits)
    built = _built(desk, config, progress=progress)
    return _applied(Draft(choices=wanted, config=config, built=built, edits=kept, made=_untouched(built)), desk)


def refreshed(draft: Draft, desk: Desk) -> tuple[Draft, str]:
    """The draft over the library as it stands, and what is to be said where that is another one."""
    if desk.status().revision == draft.built.revision:
        return draft, ""
    return _applied(replace(draft, built=_built(desk, draft.config), replacing=None), desk), translated(MADE_ANEW)


def changed(draft: Draft, desk: Desk, step: Mapping[str, str]) -> tuple[Draft, str]:
    """One step: `act`, and what it is done to (`story`, `place`, `value`); with what is to be said of it."""
    act, key, value = step.get("act", ""), step.get("story", ""), step.get("value", "")
    edits = draft.edits
    try:
        match act:
            case "up" | "down":
                edits = edits.moved(draft.built, _item(draft, key).key, -1 if act == "up" else 1)
            case "drop" | "restore":
                edits = edits.with_story(_item(draft, key).key, drop=act == "drop")
            case "title" | "note":
                edits = edits.with_story(_item(draft, key).key, **{act: value})
            case "subject" | "preheader":
                edits = edits.with_words(**{act: " ".join(value.split())})
            case "own":
                edits = edits.with_story(_item(draft, key).key, quotes=())
            case "replace" | "remove" | "open" | "shut":
                return _requoted(draft, desk, act, key, step.get("place", ""), value)
            case "forget":
                edits = draft.made.applied
            case "reset":
                edits = Edits()
            case _:
                raise UsageError(_("the page asked for something that it cannot do; reload it"))
    except ValidationError as error:
        raise UsageError(_("not kept: {fault}", fault=first_fault(error))) from error
    made = _applied(replace(draft, edits=edits), desk)
    return made, _said(made, act, key)


def others_of(draft: Draft, desk: Desk) -> tuple[Citation, ...]:
    """The quotes that may stand in the place of the one that is replaced; none where none is."""
    if draft.replacing is None:
        return ()
    item = _shown(draft, draft.replacing[0])
    quoted = {(quote.article.id, quote.start) for quote in item.citations}
    return tuple(quote for quote in alternatives(item, desk) if (quote.article.id, quote.start) not in quoted)


def exported(draft: Draft, form: str, *, with_mail: bool) -> dict[str, str]:
    """`{name, content}` of a file to take the issue away in; the readers' addresses stand in it only `with_mail`.

    The edits are those that could be applied, so that the command line makes the same issue of them. Raises
    `UsageError` for a form that there is not.
    """
    config = draft.config if with_mail else draft.config.model_copy(update={"mail": None, "smtp": None})
    match form:
        case "html" | "text":
            content = render(draft.issue, "html" if form == "html" else "text", config=config)
        case "eml":
            content = mail_draft(draft.issue, config).as_string()
        case "edits":
            content = draft.made.applied.as_toml()
        case "settings":
            content = config_toml(config)
        case _:
            raise UsageError(_("an issue cannot be taken away in that form; choose one of the buttons"))
    return {"name": EXPORTS[form], "content": content}


def preview_of(draft: Draft) -> dict[str, str]:
    """The issue as its readers see it, as HTML and as plain text."""
    return {"html": as_html(draft.issue, draft.config), "text": render(draft.issue, "text")}


def read_edits(kept: str) -> Edits:
    """Edits that the browser kept; raises `UsageError` where these are none."""
    try:
        return Edits.model_validate_json(kept or "{}")
    except ValidationError as error:
        raise UsageError(_("the changes kept in this browser cannot be read; make the issue without them")) from error


def _built(desk: Desk, config: NewsletterConfig, *, progress: Callable[[int, int], None] | None = None) -> Issue:
    # Only a newsletter that was set up remembers what it sent.
    sent = None if config.mail is not None else SentLog()
    return build_issue(desk, config, sent=sent, progress=progress)


def _untouched(built: Issue) -> Edited:
    return Edited(issue=built, applied=Edits())


def _applied(draft: Draft, desk: Desk) -> Draft:
    made = as_edited(draft.built, draft.edits, desk)
    verify(made.issue, desk)
    return replace(draft, made=made)


def _item(draft: Draft, key: str) -> Item:
    """A story as it was built, left out or not."""
    found = next((item for item in draft.built.items if item.key == key), None)
    if found is None:
        raise UsageError(_("that story is no longer in the issue"))
    return found


def _shown(draft: Draft, key: str) -> Item:
    return next((item for item in draft.issue.items if item.key == key), None) or _item(draft, key)


def _requoted(draft: Draft, desk: Desk, act: str, key: str, place: str, value: str) -> tuple[Draft, str]:
    item = _shown(draft, key)
    quotes = list(draft.made.applied.of(key).quotes or quoted_of(item, desk))
    at = int(place) if place.isdecimal() else -1
    if act == "shut":
        return replace(draft, replacing=None), ""
    if item.writer != "quotes" or not 0 <= at <= len(quotes):
        raise UsageError(_("that quote is no longer in the issue"))
    if act == "open":
        opened = replace(draft, replacing=(key, at))
        number = len(others_of(opened, desk))
        return opened, ngettext("{n} other quotes of this story", "{n} other quotes of this story", number)
    if act == "remove":
        if len(quotes) < 2 or at == len(quotes):
            raise UsageError(_("a story needs a quote; leave the story out instead"))
        del quotes[at]
        told = _("The quote is left out.")
    else:
        found = next(
            (one for one in others_of(replace(draft, replacing=(key, at)), desk) if place_of(one) == value), None
        )
        if found is None:
            raise UsageError(_("that sentence can no longer be quoted; choose another one"))
        quotes[at : at + 1] = [Quoted.of(found)]
        told = _("The quote is replaced.")
    edits = draft.edits.with_story(key, quotes=[one.model_dump() for one in quotes])
    return _applied(replace(draft, edits=edits, replacing=None), desk), told


def place_of(quote: Citation) -> str:
    """What the page calls a quote by when it is chosen."""
    return f"{quote.article.id}:{quote.start}-{quote.end}"


def _said(draft: Draft, act: str, key: str) -> str:
    """What is said of a step to who does not see it."""
    match act:
        case "up" | "down":
            section = next(one for one in draft.issue.sections if any(item.key == key for item in one.items))
            keys = [item.key for item in section.items]
            return _("Now {place} of {all}.", place=keys.index(key) + 1, all=len(keys))
        case "drop":
            return _("Left out.")
        case "restore":
            return _("Back in the issue.")
        case "own":
            return _("The story has its own quotes again.")
        case "forget" | "reset":
            return _("Forgotten.")
    return _("Kept.")
