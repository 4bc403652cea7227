"""Saved topics as HTML: the list of them, and what is new on one since the reader's last look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.checking.disagreements import Disagreement
from rag.summaries.changes import ChangedStory, Changes
from rag.text.formatting import day_in_words
from rag.types import ArticleRef, Citation
from rag.wording import _, ngettext
from web.page.html.rendering import render
from web.page.html.views import Quote, quote_cards, quote_of
from web.page.places import quote_reference


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicLine:
    """A saved topic, and in words what is new on it."""

    topic: str
    new: str
    has_new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A figure that an outlet gave and gives otherwise since."""

    in_words: str
    sides: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewStory:
    """A story with what is new in it; `article` is the one under whose id it is told whole."""

    title: str
    article: str
    about: str
    quotes: tuple[Quote, ...]
    moved: tuple[Moved, ...]


def topics_html(lines: Sequence[TopicLine], *, revision: int, now: datetime) -> str:
    """The list; `revision` and `now` are what a topic is saved with that has never been looked at."""
    return render("topics.html", lines=lines, revision=revision, now=now.isoformat())


def topic_line(topic: str, new: Sequence[ArticleRef], since: datetime | None) -> TopicLine:
    """A topic with so many new articles; `since` is the last look, None where it is saved only now."""
    if since is None:
        return TopicLine(topic=topic, new=_("saved; what comes in from now on is new"), has_new=False)
    day = day_in_words(since)
    told = ngettext("{n} new article since {day}", "{n} new articles since {day}", len(new), day=day)
    return TopicLine(topic=topic, new=told if new else _("nothing new since {day}", day=day), has_new=bool(new))


def changes_html(found: Changes, texts: Mapping[str, str], *, topic: str) -> str:
    """What is new on a topic; `texts` are the articles' texts by id, for the words around each quote."""
    return render(
        "changes.html",
        found=found,
        topic=topic,
        until=found.until.isoformat(),
        stories=[_story(story) for story in found.stories],
        corrected=[one.article for one in found.corrected],
        cards=quote_cards(quotes_in(found), texts, quote_reference),
    )


def quotes_in(found: Changes) -> list[Citation]:
    """Every quote of the changes."""
    return [
        quote
        for story in found.stories
        for quote in (*story.told.sentences, *(side for pair in story.revised for side in (pair.one, pair.other)))
    ]


def _story(story: ChangedStory) -> NewStory:
    new = len(story.new_articles)
    if story.kind == "new":
        about = ngettext("New, {n} new article", "New, {n} new articles", new)
    else:
        about = ngettext("Goes on, {n} new article", "Goes on, {n} new articles", new)
    return NewStory(
        title=story.told.title,
        article=story.told.sentences[0].article.id,
        about=about,
        quotes=tuple(map(_quote, story.told.sentences)),
        moved=tuple(map(_moved, story.revised)),
    )


def _moved(pair: Disagreement) -> Moved:
    return Moved(
        in_words=_("{one}, then {other}", one=pair.values[0], other=pair.values[1]),
        sides=(_quote(pair.one), _quote(pair.other)),
    )


def _quote(citation: Citation) -> Quote:
    return quote_of(citation, quote_reference(citation))
