"""An issue of a newsletter, as data: sections of stories, each with cited sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from rag.checking.disagreements import Disagreement
from rag.public_json import article_json, citation_json, sentence_json
from rag.summaries.briefing_types import disagreement_json
from rag.text.formatting import all_of, clipped, day_in_words, days_in_short, sources_in_words
from rag.types import AnswerSentence, ArticleRef, Citation
from rag.wording import _, ngettext, using

Given = ParamSpec("Given")
Made = TypeVar("Made")

CONTENTS_FROM = 3
"""Fewer stories are seen at a glance."""

SUBJECT_CHARACTERS, PREHEADER_CHARACTERS = 120, 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A quote that an earlier issue sent and that no longer stands in its article; `now` is what stands in its place,
    where that can be told."""

    article: ArticleRef
    quote: str
    sent: date
    now: Citation | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One story. Markers of its gist and sentences and its citations are the same set.

    `gist` says in a line what happened, `sentences` the rest; prose of a language model has no gist. `articles` are all
    that tell it, newest first, `sources` counts the independent outlets. Where an earlier issue told the story, `told`
    is that issue's day and `earlier` are the articles that it was told from; `corrections` are the quotes of it that no
    longer stand. `note` is the editor's own word on it, always shown as such.
    """

    title: str
    articles: tuple[ArticleRef, ...]
    sources: int
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    disputed: tuple[Disagreement, ...] = ()
    told: date | None = None
    earlier: tuple[ArticleRef, ...] = ()
    corrections: tuple[Correction, ...] = ()
    writer: str = "quotes"
    gist: AnswerSentence | None = None
    note: str = ""

    def __post_init__(self) -> None:
        used = {marker for sentence in self.told_in for marker in sentence.citations}
        if not used or used != {citation.marker for citation in self.citations}:
            raise ValueError("the markers of a story and its citations are the same set, and not empty")

    @property
    def told_in(self) -> tuple[AnswerSentence, ...]:
        """Gist and sentences, in order."""
        return (self.gist, *self.sentences) if self.gist is not None else self.sentences

    @property
    def key(self) -> str:
        """What the story is known by to who edits the issue: the id of the article that tells it first."""
        dated = [(article.believed is None, article.believed, article.id) for article in self.articles]
        return min(dated, key=lambda one: (one[0], one[1].timestamp() if one[1] else 0.0, one[2]))[2]

    @property
    def anchor(self) -> str:
        """The name of the story's place in the HTML, which no other story of the issue has."""
        return f"story-{min(citation.marker for citation in self.citations)}"

    @property
    def days_in_words(self) -> str:
        """`20 to 24 October 2025`: when its articles were published; "" where no date is known."""
        days = sorted(article.believed for article in self.articles if article.believed is not None)
        return days_in_short(days[0], days[-1]) if days else ""

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that tells it, sorted; unknown ones are left out."""
        return tuple(sorted({article.outlet for article in self.articles if article.outlet}))

    @property
    def sources_in_words(self) -> str:
        """`2 independent sources`, and how many outlets where some carry the same text."""
        return sources_in_words(self.sources, len(self.outlets))

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """Every quote, those of disputes and corrections included, each marker once and in its order."""
        sides = (side for pair in self.disputed for side in (pair.one, pair.other))
        stands = (one.now for one in self.corrections if one.now is not None)
        by_marker = {quote.marker: quote for quote in (*stands, *sides, *self.citations)}
        return tuple(by_marker[marker] for marker in sorted(by_marker))

    def by_article(self) -> list[tuple[ArticleRef, list[Citation]]]:
        """The quotes of each article together, in the order of their first markers."""
        groups: dict[ArticleRef, list[Citation]] = {}
        for quote in self.quotes:
            groups.setdefault(quote.article, []).append(quote)
        return list(groups.items())

    @property
    def change(self) -> str:
        """In a sentence what is new since the earlier issue; "" for a story that no earlier issue told."""
        if self.told is None:
            return ""
        new = len(self.articles) - len(self.earlier)
        parts = [ngettext("{n} new article", "{n} new articles", new)] if new else []
        if self.corrections:
            parts.append(ngettext("{n} quote corrected", "{n} quotes corrected", len(self.corrections)))
        changes = all_of(parts) or _("changed since")
        return _("Update to our issue of {day}: {changes}.", day=day_in_words(self.told), changes=changes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section; `notice` says why there is nothing in it, "" where there is. `show_empty` tells that readers are to
    see that."""

    title: str
    items: tuple[Item, ...]
    notice: str = ""
    show_empty: bool = False

    def __post_init__(self) -> None:
        if bool(self.items) == bool(self.notice):
            raise ValueError("a section has stories, or says why it has none")


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """An issue. No article stands in two of its stories, and markers count through the whole of it.

    `day` is the last day that it covers; `first` the first, None where some section reaches back without a limit.
    `previous` is the day of the issue before, None where this is the first; `colour` (#rrggbb) is the masthead's,
    `with_contents` whether a list of the stories stands before them. `subject_line` and `preheader_line` are an
    editor's own in the place of `subject` and `preheader`.
    """

    title: str
    language: str
    intro: str
    closing: str
    first: datetime | None
    last: datetime
    sections: tuple[Section, ...]
    revision: int
    number: int = 1
    previous: date | None = None
    colour: str = "#8c1d18"
    with_contents: bool = True
    subject_line: str = ""
    preheader_line: str = ""

    def __post_init__(self) -> None:
        shown = [article.id for item in self.items for article in item.articles]
        if len(shown) != len(set(shown)):
            raise ValueError("an article stands in two stories of the issue")
        markers = [citation.marker for citation in self.citations]
        if len(markers) != len(set(markers)):
            raise ValueError("two citations of the issue have one marker")

    @property
    def day(self) -> date:
        """The day of the issue."""
        return self.last.date()

    @property
    def items(self) -> tuple[Item, ...]:
        """All stories, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quote of the issue, those of disputes included."""
        return tuple(quote for item in self.items for quote in item.quotes)

    @property
    def shown_sections(self) -> tuple[Section, ...]:
        """The sections that readers see: an issue without a story says why in each of them."""
        return tuple(one for one in self.sections if one.items or one.show_empty or not self.items)

    @property
    def lead(self) -> Item | None:
        """The first story, which has more room than the others; None where there is none."""
        return next(iter(self.items), None)

    @property
    def contents(self) -> tuple[Item, ...]:
        """The stories that a list before them names; none where there are too few for one."""
        return self.items if self.with_contents and len(self.items) >= CONTENTS_FROM else ()

    @property
    def subject(self) -> str:
        """The subject of the mail: the newsletter's name and the first headline."""
        about = self.lead.title if self.lead is not None else self.period_in_words
        return self.subject_line or clipped(f"{self.title}: {about}", SUBJECT_CHARACTERS)

    @property
    def preheader(self) -> str:
        """What a mail program shows beside the subject: the headlines that the subject does not name."""
        further = self.items[1:] or self.items
        return self.preheader_line or clipped("; ".join(item.title for item in further), PREHEADER_CHARACTERS)

    @property
    def has_notes(self) -> bool:
        """Whether an editor's own words stand under some headline."""
        return any(item.note for item in self.items)

    @property
    def is_dark(self) -> bool:
        """Whether the masthead's colour needs light letters: its luminance, as WCAG 2 has it, is nearer to black."""
        channels = [int(self.colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
        return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) < 0.179

    @property
    def edition(self) -> str:
        """`No. 12, 14 to 20 June 2024`."""
        return _("No. {number}, {period}", number=self.number, period=self.period_in_words)

    @property
    def changes(self) -> str:
        """In a sentence what there is since the issue before; "" in the first issue and in an empty one."""
        if self.previous is None or not self.items:
            return ""
        going_on = sum(item.told is not None for item in self.items)
        corrected = sum(len(item.corrections) for item in self.items)
        new = len(self.items) - going_on
        parts = [ngettext("{n} new story", "{n} new stories", new)] if new else []
        if going_on:
            parts.append(ngettext("{n} story that goes on", "{n} stories that go on", going_on))
        if corrected:
            parts.append(ngettext("{n} quote corrected", "{n} quotes corrected", corrected))
        return _("Since our issue of {day}: {changes}.", day=day_in_words(self.previous), changes=all_of(parts))

    @property
    def period_in_words(self) -> str:
        """`14 to 20 June 2024`, or up to which day."""
        if self.first is None:
            return _("up to {day}", day=day_in_words(self.last))
        return days_in_short(self.first, self.last)


def in_its_language(make: Callable[Concatenate[Issue, Given], Made]) -> Callable[Concatenate[Issue, Given], Made]:
    """What is made of an issue says its own words in the language of the issue."""

    @wraps(make)
    def made(issue: Issue, /, *given: Given.args, **named: Given.kwargs) -> Made:
        with using(issue.language):
            return make(issue, *given, **named)

    return made


@in_its_language
def issue_json(issue: Issue) -> dict[str, Any]:
    """The public JSON form, with the place of every quote in its article."""
    return {
        "title": issue.title,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "number": issue.number,
        "day": issue.day.isoformat(),
        "previous": issue.previous.isoformat() if issue.previous else None,
        "changes": issue.changes,
        "language": issue.language,
        "published_after": issue.first.isoformat() if issue.first else None,
        "published_before": issue.last.isoformat(),
        "intro": issue.intro,
        "closing": issue.closing,
        "library_revision": issue.revision,
        "sections": [
            {"title": section.title, "notice": section.notice, "items": [_item_json(item) for item in section.items]}
            for section in issue.sections
        ],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "title": item.title,
        "note": item.note,
        "sources": item.sources,
        "outlets": list(item.outlets),
        "writer": item.writer,
        "change": item.change,
        "gist": sentence_json(item.gist) if item.gist is not None else None,
        "sentences": [sentence_json(sentence) for sentence in item.sentences],
        "citations": [citation_json(citation) for citation in item.citations],
        "disputed": [disagreement_json(pair) for pair in item.disputed],
        "corrections": [
            {
                **article_json(one.article),
                "quote_sent": one.quote,
                "sent": one.sent.isoformat(),
                "now": citation_json(one.now) if one.now is not None else None,
            }
            for one in item.corrections
        ],
        "earlier": [ref.id for ref in item.earlier],
        "articles": [article_json(ref) for ref in item.articles],
    }
