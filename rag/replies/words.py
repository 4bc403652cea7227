"""What Newsdesk says of itself and of its library: counts, dates and names, nothing that an article tells."""

from __future__ import annotations

import re
from collections import Counter

from rag.question.search_plan import outlets_in
from rag.replies.newsroom import Beside, Newsroom, nothing_about
from rag.retrieval.topic import evidence_about
from rag.text.formatting import day_in_words, days_in_words
from rag.text.relative_periods import distance_in_words
from rag.types import Answer, ArticleRef, Question
from rag.wording import N_, _, ngettext, translated

MOST_LISTED = 10

_OUTLETS = re.compile(r"\b(?:outlets?|(?:news)?papers?|sources?|publishers?|publications?)\b", re.IGNORECASE)
_OLDEST = re.compile(r"\b(?:oldest|earliest|first|far back|since when|start|begin|go back)\b", re.IGNORECASE)
_NEWEST = re.compile(
    r"\b(?:newest|latest|(?:most )?recent|last|up to date|current|fresh|updated?|how old is the news)\b", re.IGNORECASE
)

CAPABILITIES = N_(
    "Newsdesk answers questions from the articles in this library, in exact quotes that open at their place in the "
    "article. Ask a question, or for a summary, a timeline, what is new on a topic, or what outlets say differently; "
    "then “shorter”, “more”, “who said that?”, “in a table” or “where is that from?”. What the articles do not "
    "hold, it says so."
)
HELLO = N_("Hello. Ask about the news in this library.")
WELCOME = N_("You are welcome.")
GOODBYE = N_("Goodbye.")
OTHER = N_("That is nothing that news articles can answer. Newsdesk only answers from the articles in this library.")


def of_newsdesk(room: Newsroom, question: Question) -> Answer:
    """What it is, what it can do and who writes."""
    if room.model is None:
        writer = _("It is a program, not a person, and no language model writes here: every sentence is a quote.")
    else:
        writer = _(
            "It is a program, not a person: the language model {model} drafts, and every sentence is checked against "
            "the quotes it cites before it is shown.",
            model=room.library.settings.model,
        )
    return room.reply(question, "newsdesk", message=f"{translated(CAPABILITIES)} {writer}")


def greeting(room: Newsroom, question: Question) -> Answer:
    """A greeting, with what can be asked about."""
    return room.reply(question, "greeting", message=f"{translated(HELLO)} {_holdings(room)}")


def of_library(room: Newsroom, question: Question, topic: str) -> Answer:
    """What the library holds: on a topic, of an outlet, the oldest or the newest article, its outlets, or all of it."""
    outlets = room.library.archive.outlets()
    named = outlets_in(question.text, outlets)
    if named:
        return _of_outlets(room, question, named)
    if topic:
        return _on_topic(room, question, topic)
    if _OLDEST.search(question.text):
        return _at_an_end(room, question, "oldest")
    if _NEWEST.search(question.text):
        return _at_an_end(room, question, "newest")
    if _OUTLETS.search(question.text):
        held = Counter(ref.outlet for ref in room.library.archive.refs(question.scope) if ref.outlet)
        named_with_counts = ", ".join(f"{name} ({number})" for name, number in held.most_common())
        if held:
            message = ngettext("{n} outlet: {names}.", "{n} outlets: {names}.", len(held), names=named_with_counts)
        else:
            message = _("No article here names its outlet.")
        return room.reply(question, "library", message=message)
    return room.reply(question, "library", message=_holdings(room))


def _on_topic(room: Newsroom, question: Question, topic: str) -> Answer:
    found = evidence_about(room.library, Question(text=topic, scope=question.scope), now=room.now())
    refs = list(dict.fromkeys(ref for one in found for ref in (one.passage.article, *one.copies)))
    if not refs:
        return room.reply(question, "library", message=f"{nothing_about(topic)} {_holdings(room)}")
    dates = sorted(ref.believed for ref in refs if ref.believed)
    outlets = ", ".join(sorted({ref.outlet for ref in refs if ref.outlet}))
    told = ngettext(
        "{n} article here is about “{topic}”", "{n} articles here are about “{topic}”", len(refs), topic=topic
    )
    if dates:
        told = _("{told}, published {days}", told=told, days=days_in_words(dates[0], dates[-1]))
    message = _("{told}; from {outlets}.", told=told, outlets=outlets) if outlets else f"{told}."
    return room.reply(question, "library", message=message, beside=Beside(nearest=tuple(refs[:MOST_LISTED])))


def _of_outlets(room: Newsroom, question: Question, named: list[str]) -> Answer:
    refs = [ref for ref in room.library.archive.refs(question.scope) if ref.outlet in named]
    held = Counter(ref.outlet for ref in refs)
    message = "; ".join(f"{name}: " + ngettext("{n} article", "{n} articles", held[name]) for name in named)
    return room.reply(question, "library", message=f"{message}.", beside=Beside(nearest=tuple(refs[:MOST_LISTED])))


def _at_an_end(room: Newsroom, question: Question, which: str) -> Answer:
    dated = [ref for ref in room.library.archive.refs(question.scope) if ref.believed]
    if not dated:
        return room.reply(question, "library", message=_("No article here has a date."))
    ref: ArticleRef = dated[-1] if which == "oldest" else dated[0]
    assert ref.believed is not None
    age = distance_in_words(room.now() - ref.believed)
    day = day_in_words(ref.believed)
    if which == "oldest":
        message = _("The oldest article here is of {day}, {age} ago.", day=day, age=age)
    else:
        message = _("The newest article here is of {day}, {age} ago.", day=day, age=age)
    return room.reply(question, "library", message=message, beside=Beside(nearest=(ref,)))


def _holdings(room: Newsroom) -> str:
    archive = room.library.archive
    articles, outlets = archive.count(), archive.outlets()
    if not articles:
        return _(
            "It holds no articles yet. Where you may add some, the view Library of the page takes files, addresses and "
            "feeds."
        )
    first, last = archive.period()
    told = _(
        "It holds {articles} from {outlets}",
        articles=ngettext("{n} article", "{n} articles", articles),
        outlets=ngettext("{n} outlet", "{n} outlets", len(outlets)),
    )
    if not (first and last):
        return f"{told}."
    return _("{told}, published {days}", told=told, days=days_in_words(first, last)) + "."
