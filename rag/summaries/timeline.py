"""What happened when: the dated events of a topic, each with its quote and where its date comes from.

Events are sentences of the passages found for the topic. Several outlets' sentences about the same event become one
entry; the first to publish it is quoted, the others are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal

from rag.public_json import article_json, citation_json
from rag.retrieval.copies import SyndicatedCopies
from rag.retrieval.topic import evidence_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.source_sentences import tells_something, without_dateline
from rag.summaries.summary_types import word_count
from rag.text.event_dates import EventDate, dates_something_else, event_date, speaks_of_another_time
from rag.text.formatting import day_in_words
from rag.text.names import is_name
from rag.text.numbers import read_numbers
from rag.text.quantities import content_stems
from rag.text.search_terms import content_terms
from rag.text.standalone import needs_before
from rag.text.tokens import fold_claim, tokens
from rag.text.word_sets import word_set
from rag.types import ArticleRef, Citation, Evidence, Question
from rag.wording import _, ngettext

DateSource = Literal["sentence", "publication"]

SAME_EVENT = 0.5
"""Two sentences of one date are one event where they share this much of the shorter one's content words,
those of the topic and the date left out."""

_LEAST_SHARED = 2

_BEFORE_PLACES = word_set("in at near outside off")

EVENTS_OF_A_DAY = 2
"""One article's further events of a day are shown only where there is room for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One dated event. `first` to `last` is when it happened, one day where the two are the same.

    `date_source` says whether the quote gives the date (`date_words` as it is written there) or only the publication
    does. `also` are later articles that tell the same.
    """

    first: date
    last: date
    date_source: DateSource
    date_words: str
    quote: Citation
    also: tuple[ArticleRef, ...] = ()

    def __post_init__(self) -> None:
        if self.first > self.last or (self.date_source == "sentence") != bool(self.date_words):
            raise ValueError(f"not a dated event: {self.first} to {self.last}, {self.date_words!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The events of a topic, oldest first; with `since`, only what no article had told before that moment.

    `total` counts the events found before `limit` was applied. `newest` is the last publication date of the library.
    `about` are the articles on the topic where none of them gives an event that can be dated.
    """

    topic: str
    since: datetime | None
    events: tuple[Event, ...]
    total: int
    newest: datetime | None
    about: tuple[ArticleRef, ...] = ()

    @property
    def notice(self) -> str:
        """One or two sentences for the reader where there is no event; otherwise ""."""
        if self.events:
            return ""
        if self.since is None and self.about:
            return ngettext(
                "{n} article tells of “{topic}”, but no sentence of it says when, and no publication date is known.",
                "{n} articles tell of “{topic}”, but no sentence of it says when, and no publication date is known.",
                len(self.about),
                topic=self.topic,
            )
        if self.since is None:
            said = _("No article of this library is about “{topic}”.", topic=self.topic)
        else:
            said = _("Nothing new about “{topic}” since {day}.", topic=self.topic, day=day_in_words(self.since))
        if self.newest is None:
            return said
        return said + " " + _("The newest article of this library is from {day}.", day=day_in_words(self.newest))


@dataclass(frozen=True, slots=True)
class _Telling:
    """A sentence that tells an event, with what decides whether another tells the same.

    `words` are without those of the topic and the date; `share` is how many of the topic's words it has, `rank` that of
    its passage.
    """

    when: EventDate
    source: DateSource
    quote: Citation
    words: frozenset[str]
    all_words: frozenset[str]
    share: float
    rank: int


def timeline(
    library: Library,
    topic: str,
    *,
    scope: Scope = Scope(),
    since: datetime | None = None,
    limit: int = 20,
    now: datetime,
) -> Timeline:
    """The timeline of a topic within a scope, at most `limit` events: those told by most outlets, then those nearest
    to the topic.

    The same library and the same `now` give the same timeline.
    """
    evidence = evidence_about(library, Question(text=topic, scope=scope), now=now)
    found = events_told(library, topic, evidence, scope=scope, since=since, limit=limit)
    return replace(
        found,
        newest=library.archive.period()[1],
        about=() if found.total or since else tuple(dict.fromkeys(one.passage.article for one in evidence)),
    )


def events_told(
    library: Library,
    topic: str,
    evidence: Sequence[Evidence],
    *,
    scope: Scope = Scope(),
    since: datetime | None = None,
    limit: int,
) -> Timeline:
    """The timeline of what these passages of a scope tell of the topic, without the library's newest date."""
    groups = _folded(_tellings(topic, evidence))
    if since is not None:
        groups = [group for group in groups if all(_is_published_since(telling.quote, since) for telling in group)]
    best = _varied(sorted(groups, key=_importance))[:limit]
    events = sorted(map(_event, best), key=_when)
    # A copy is named for the sentence that stands in it, not for its passage.
    named = SyndicatedCopies(library.archive, scope).named([event.quote for event in events])
    return Timeline(
        topic=topic,
        since=since,
        events=tuple(
            replace(event, quote=replace(quote, marker=marker))
            for marker, (event, quote) in enumerate(zip(events, named, strict=True), start=1)
        ),
        total=len(groups),
        newest=None,
    )


def _importance(group: Sequence[_Telling]) -> tuple[int, float, int]:
    """Told by more outlets, in words nearer to the topic, found earlier: smaller comes first."""
    outlets = {telling.quote.article.outlet.casefold() for telling in group}
    return -len(outlets), -max(telling.share for telling in group), min(telling.rank for telling in group)


def _varied(groups: Sequence[list[_Telling]]) -> list[list[_Telling]]:
    """The same groups, with the further events that one article tells of one day behind all others."""
    seen: Counter[tuple[str, date]] = Counter()
    further: list[list[_Telling]] = []
    first: list[list[_Telling]] = []
    for group in groups:
        place = group[0].quote.article.id, group[0].when.first
        (first if seen[place] < EVENTS_OF_A_DAY else further).append(group)
        seen[place] += 1
    return [*first, *further]


def _when(event: Event) -> tuple[date, date, str, int]:
    return event.first, event.last, event.quote.article.id, event.quote.start


def timeline_json(found: Timeline) -> dict[str, Any]:
    """The public JSON form of a timeline (`newsdesk timeline --json`); days are ISO 8601."""
    return {
        "topic": found.topic,
        "since": found.since.isoformat() if found.since else None,
        "total": found.total,
        "events": [event_json(event) for event in found.events],
        "notice": found.notice,
        "about": [article_json(ref) for ref in found.about],
    }


def event_json(event: Event) -> dict[str, Any]:
    """The public JSON form of an event."""
    return {
        "first": event.first.isoformat(),
        "last": event.last.isoformat(),
        "date_source": event.date_source,
        "date_words": event.date_words,
        **citation_json(event.quote),
        "also": [article_json(ref) for ref in event.also],
    }


def _tellings(topic: str, evidence: Sequence[Evidence]) -> list[_Telling]:
    """The sentences that tell a dated event; of an article without any, its first one about the topic."""
    asked = frozenset(content_terms(topic))
    dated: list[_Telling] = []
    undated: dict[str, _Telling] = {}
    for found in evidence:
        article = found.passage.article
        published = article.believed.date() if article.believed else None
        for span in found.passage.sentences:
            quote = Citation.of(found.passage, without_dateline(found.passage, span), marker=1)
            share = len(asked & frozenset(content_terms(quote.quote))) / max(1, len(asked))
            if not share or not _stands_alone(quote.quote):
                continue
            when = event_date(quote.quote, published)
            is_of_publication = when is not None and dates_something_else(quote.quote, when)
            when = None if is_of_publication else when
            everything = _stems(quote.quote)
            words = everything - _stems(f"{topic} {when.words if when else ''}")
            if when is not None:
                dated.append(_Telling(when, "sentence", quote, words, everything, share, found.rank))
            elif published is not None and (is_of_publication or not speaks_of_another_time(quote.quote)):
                day = EventDate(first=published, last=published, words="")
                telling = _Telling(day, "publication", quote, words, everything, share, found.rank)
                undated.setdefault(article.id, telling)
    told = {telling.quote.article.id for telling in dated}
    return [*dated, *(telling for name, telling in undated.items() if name not in told)]


def _stands_alone(text: str) -> bool:
    return tells_something(text, word_count(text)) and not needs_before(text)


def _stems(text: str) -> frozenset[str]:
    found = tokens(fold_claim(text))
    return content_stems(found) | {token.key for token in found if is_name(token)}


def _folded(tellings: Sequence[_Telling]) -> list[list[_Telling]]:
    """The sentences of each event, the first published in front."""
    groups: list[list[_Telling]] = []
    for telling in sorted(tellings, key=_age):
        same = next((group for group in groups if _is_same_event(group[0], telling)), None)
        if same is None:
            groups.append([telling])
        else:
            same.append(telling)
    return groups


def _age(telling: _Telling) -> tuple[bool, float, str, int]:
    published = telling.quote.article.believed
    age = published.timestamp() if published else 0.0
    return published is None, age, telling.quote.article.id, telling.quote.start


def _is_same_event(one: _Telling, other: _Telling) -> bool:
    if (one.when.first, one.when.last) != (other.when.first, other.when.last):
        return False
    if _contradict(one.quote.quote, other.quote.quote):
        return False
    ours, theirs = one.words, other.words
    if min(len(ours), len(theirs)) < _LEAST_SHARED:
        # "It opened in 1977." says little beside the topic and the date: then these count, too.
        ours, theirs = one.all_words, other.all_words
    return len(ours & theirs) >= max(_LEAST_SHARED, SAME_EVENT * min(len(ours), len(theirs)))


def _contradict(one: str, other: str) -> bool:
    """Whether each gives a figure that the other does not: they may tell one event, but not the same of it.

    A name of a place that only the one has, where the other has another in its stead, is the same: "in Westport", "in
    Eastport".
    """
    ours, theirs = _figures(one), _figures(other)
    if ours and theirs and not ours & theirs:
        return True
    here, there = _places(one), _places(other)
    return bool(here and there and not here & there)


def _figures(text: str) -> frozenset[tuple[str, float]]:
    return frozenset(
        (figure.kind, figure.value) for figure in read_numbers(fold_claim(text)).numbers if figure.required
    )


def _places(text: str) -> frozenset[str]:
    """The names that stand behind "in", "at", "near": where it happened."""
    found = tokens(fold_claim(text))
    return frozenset(
        name.key for before, name in pairwise(found) if before.text.casefold() in _BEFORE_PLACES and is_name(name)
    )


def _is_published_since(quote: Citation, since: datetime) -> bool:
    return quote.article.believed is not None and quote.article.believed >= since


def _event(group: Sequence[_Telling]) -> Event:
    first, *others = group
    also = dict.fromkeys(telling.quote.article for telling in others if telling.quote.article != first.quote.article)
    return Event(
        first=first.when.first,
        last=first.when.last,
        date_source=first.source,
        date_words=first.when.words,
        quote=first.quote,
        also=tuple(also),
    )
