"""The Newsletter view as HTML: its form, the stories of an issue with what an editor does to them, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.config import DESIGNS, Design
from newsletter.edits import Edits
from newsletter.issue import Issue, Item
from rag.answering.quote_writer import as_printed
from rag.types import ArticleRef, Citation
from rag.wording import N_, ngettext
from web.page.html.rendering import render
from web.page.periods import Period

_DESIGNS: dict[Design, str] = {
    "classic": N_("Classic, a newspaper"),
    "bulletin": N_("Bulletin, a coloured band"),
    "letter": N_("Letter, one quiet column"),
}
FORMS = {
    "html": "HTML",
    "text": N_("Plain text"),
    "eml": N_("E-mail draft"),
    "edits": N_("Your changes"),
    "settings": N_("Settings"),
}
"""What an issue can be taken away as."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """A quote that may stand in the place of another; `name` is what the page sends when it is chosen."""

    name: str
    citation: Citation
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OthersOf:
    """The quotes of one article that may be chosen."""

    article: ArticleRef
    quotes: tuple[Other, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteRow:
    """A quote of a story; `others` stand open under it where it is to be replaced."""

    place: int
    words: str
    article: ArticleRef
    others: tuple[OthersOf, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryRow:
    """A story as its editor sees it: as it is shown, and what of it is the editor's own.

    `usual_title` is the headline that it has without an editor's own; `adding` are the quotes that may be added, None
    while they are not asked for.
    """

    item: Item
    usual_title: str
    own_title: str
    note: str
    is_out: bool
    is_first: bool
    is_last: bool
    is_requoted: bool
    quotes: tuple[QuoteRow, ...]
    adding: tuple[OthersOf, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionRow:
    """A section with its stories, those that are left out behind the others."""

    title: str
    notice: str
    stories: tuple[StoryRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """Whom the issue can be sent to; `before` says that it went out already."""

    readers: str
    sender: str
    before: str


def form_html(periods: Sequence[Period], tags: Sequence[str], *, kept_as: str, may_send: bool) -> str:
    """The form; `kept_as` is what it begins with (JSON), for the page's script. Where there are no `tags`, none are
    asked for."""
    return render(
        "editor_form.html",
        periods=periods,
        designs=[(name, _DESIGNS[name]) for name in DESIGNS],
        first=kept_as,
        some_tags=", ".join(tags[:4]),
        may_send=may_send,
    )


def issue_html(
    issue: Issue,
    sections: Sequence[SectionRow],
    *,
    edits: Edits,
    lost: Sequence[str],
    told: str,
    sending: Sending | None,
) -> str:
    """The issue to be edited; `told` is what came of the last step."""
    stories = ngettext("{n} story", "{n} stories", len(issue.items))
    quotes = ngettext("{n} quote", "{n} quotes", len(issue.citations))
    return render(
        "editor.html",
        issue=issue,
        extent=f"{issue.edition}: {stories}, {quotes}",
        sections=sections,
        edits=edits,
        is_edited=edits != Edits(),
        lost=lost,
        told=told,
        forms=FORMS.items(),
        sending=sending,
    )


def other_quotes(quotes: Sequence[Citation], names: Sequence[str]) -> tuple[OthersOf, ...]:
    """Quotes to choose from, article by article."""
    by_article: dict[ArticleRef, list[Other]] = {}
    for quote, name in zip(quotes, names, strict=True):
        one = Other(name=name, citation=quote, words=as_printed(quote.quote))
        by_article.setdefault(quote.article, []).append(one)
    return tuple(OthersOf(article=article, quotes=tuple(own)) for article, own in by_article.items())
