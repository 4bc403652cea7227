"""The stories of a period or a topic: what happened, who tells it, and on what outlets differ.

Articles of the period are read in batches, put into stories (`rag.summaries.story_clustering`), and ranked by how many
independent outlets and further articles tell a story, how new it is and how near the topic. Only the stories shown are
read in full. The same library and the same `now` give the same briefing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from rag.checking.disagreements import disagreements, revisions
from rag.retrieval.copies import SyndicatedCopies
from rag.retrieval.topic import ranks_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing_types import Briefing, BriefingRequest, BriefingStory
from rag.summaries.reporting import is_opinion
from rag.summaries.source_sentences import leading_quotes
from rag.summaries.story_clustering import Floats, clusters, storylines
from rag.summaries.story_quotes import StoryQuotes, headline, nothing_said, said_by, story_quotes
from rag.summaries.story_texts import Progress, StoryText, age_of, silent, story_texts
from rag.summaries.summary_types import Length, numbering
from rag.types import ArticleRef, Citation, Passage

USUAL_PERIOD = timedelta(weeks=4)

ARTICLES_COMPARED = 8
"""So many of a story's articles are held against each other for disagreements."""

TYPICAL_SUMMARISED = 3
"""A story's quotes are chosen from so many of its most typical articles, the first and the newest: embedding their
sentences takes about a second."""

MOST_DISPUTED = 3
"""Disagreements shown of one story."""

FURTHER_SHARE = 0.5
"""An outlet that goes on with a story says that it matters, half as much as another outlet does."""

OPINION = 1.0
"""What only opinion pieces tell is no news: half as many sources."""

RELEVANCE_SHARE = 2.0
"""A story at the head of what is found for the topic counts like two doublings of its sources."""


def build_briefing(
    library: Library, request: BriefingRequest, *, now: datetime, progress: Progress | None = None
) -> Briefing:
    """The briefing that is asked for, the most important story first.

    Undated articles take part only where no period is asked for. An empty briefing names the library's dates and the
    nearest articles.
    """
    topic, scope = request.topic, request.scope
    told = progress or silent
    ranks = ranks_about(library, topic, scope=scope, now=now) if topic else {}
    refs = library.archive.refs(scope)
    if topic:
        refs = [ref for ref in refs if ref.id in ranks]
    texts = story_texts(library, refs, told)
    sketches = [text.sketch for text in texts]
    events = clusters(sketches)
    if request.say_only_new:
        events = [sorted(i for event in line for i in events[event]) for line in storylines(sketches, events)]
    groups = [[texts[i] for i in group] for group in events]
    groups = [group for group in groups if not all(text.is_known(request.known) for text in group)]
    newest = max((ref.believed for ref in refs if ref.believed), default=now)
    ordered = sorted(groups, key=lambda group: (-_importance(group, ranks, scope, newest), group[0].ref.id))
    shown: list[BriefingStory] = []
    said = library.embedder.embed_passages(request.told) if request.told else nothing_said(library)
    for group in ordered:
        if len(shown) == request.stories:
            break
        sentences = request.sentences if shown else request.lead_sentences or request.sentences
        made = briefing_story(library, group, replace(request, sentences=sentences), ranks=ranks, said=said)
        if made is not None:
            story, vectors = made
            shown.append(story)
            said = np.vstack([said, vectors])
        told("telling", len(shown), min(request.stories, len(ordered)))
    first, last = library.archive.period()
    return Briefing(
        topic=topic,
        scope=scope,
        stories=_numbered(shown),
        considered=len(refs),
        total=len(groups),
        first=first,
        last=last,
        nearest=() if shown else _nearest(library, scope),
        known=sum(ref.id in request.known for ref in refs),
    )


def sources_of(group: Sequence[StoryText]) -> int:
    """Independent outlets: a text that several carry counts for the first of them; all unknown outlets count as one."""
    return len({text.ref.outlet.casefold() for text in group})


def _importance(group: Sequence[StoryText], ranks: Mapping[str, int], scope: Scope, end: datetime) -> float:
    """How far in front a story stands. `end` is when the newest article of all was published.

    The logarithm of the sources (two outlets more than one matter, twelve more than eleven hardly), plus a share of
    that of the texts that each of them has, plus recency, which halves with every quarter of the period (a week where
    none is asked for), plus nearness to the topic.
    """
    length = (end - scope.after).total_seconds() if scope.after else USUAL_PERIOD.total_seconds()
    newest = max((ref.believed.timestamp() for text in group for ref in text.refs if ref.believed), default=None)
    age = max(0.0, end.timestamp() - newest) if newest is not None else math.inf
    recency = 0.5 ** (age / max(length / 4, 3600.0)) if math.isfinite(age) else 0.0
    best = min((ranks[ref.id] for text in group for ref in text.refs if ref.id in ranks), default=None)
    relevance = RELEVANCE_SHARE * 10 / (9 + best) if best is not None else 0.0
    sources = sources_of(group)
    if all(is_opinion(text.ref) for text in group):
        recency -= OPINION
    return math.log2(sources) + FURTHER_SHARE * math.log2(len(group) / sources) + recency + relevance


def briefing_story(
    library: Library, group: Sequence[StoryText], request: BriefingRequest, *, ranks: Mapping[str, int], said: Floats
) -> tuple[BriefingStory, Floats] | None:
    """One story told, with the vectors of its quotes; None where its articles were removed meanwhile, or where all that
    they say was `said`."""
    typical = most_typical_first(group, ranks)
    compared = _compared(typical)
    passages = {ref.id: library.archive.passages(ref.id) for ref in compared}
    new = [text.ref.id for text in typical if not text.is_known(request.known)]
    by_age = [text.ref.id for text in sorted(group, key=lambda text: age_of(text.ref)) if text.ref.id in new]
    wanted = dict.fromkeys([*new[:TYPICAL_SUMMARISED], *by_age[:1], *by_age[-1:]])
    told = [name for name in wanted if passages.get(name) or library.archive.passages(name)]
    if not told:
        return None
    old = [text.ref.id for text in typical if text.is_known(request.known)]
    length = Length(sentences=request.sentences)
    heard = np.vstack([said, said_by(library, old)]) if request.say_only_new else said
    found = story_quotes(library, told, length=length, about=request.topic, said=heard, read=old)
    if not found.quotes and request.say_only_new and _moved(passages, old, new):
        # "Eleven people died" says what "seven people died" said, and is the news.
        found = story_quotes(library, told, length=Length(sentences=1), about=request.topic, said=said, read=old)
    if not found.quotes and story_quotes(library, told, length=Length(sentences=1)).quotes:
        return None
    if not found.quotes:
        # Notices of a line or two: nothing of them stands alone, the first words have to do.
        first = library.archive.passages(told[0])[0]
        found = StoryQuotes(quotes=(Citation.of(first, first.sentences[0], marker=1),), vectors=nothing_said(library))
    quotes = found.quotes
    # What is told of a story that goes on stands under a headline of what is new.
    titled = [ref for ref in compared if ref.id not in request.known]
    articles = sorted((ref for text in group for ref in text.refs), key=age_of, reverse=True)
    story = BriefingStory(
        title=headline(library, quotes[0], titled or compared) or quotes[0].quote,
        articles=tuple(articles),
        sources=sources_of(group),
        earlier=tuple(ref for ref in articles if ref.id in request.known),
        sentences=SyndicatedCopies(library.archive, request.scope).named(quotes),
        disputed=disagreements(leading_quotes(passages.values()))[:MOST_DISPUTED],
    )
    return story, found.vectors


def _moved(passages: Mapping[str, Sequence[Passage]], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether an outlet gives a figure otherwise than it did."""
    before, since = (leading_quotes(passages[name] for name in names if name in passages) for names in (old, new))
    return bool(revisions(before, since))


def most_typical_first(group: Sequence[StoryText], ranks: Mapping[str, int] = MappingProxyType({})) -> list[StoryText]:
    """The texts of a story, nearest to what they have in common (and to the topic) first."""
    centre = np.mean([text.sketch.vector for text in group], axis=0)
    last = len(ranks) + 1

    def order(text: StoryText) -> tuple[int, float, tuple[float, str]]:
        rank = min((ranks[ref.id] for ref in text.refs if ref.id in ranks), default=last)
        return rank, -round(float(text.sketch.vector @ centre), 6), age_of(text.ref)

    return sorted(group, key=order)


def _compared(texts: Sequence[StoryText]) -> list[ArticleRef]:
    """The articles that are read in full: each text's first carrier, then other outlets that may have edited it."""
    further = [ref for text in texts for ref in text.refs[1:]]
    return [*(text.ref for text in texts), *further][:ARTICLES_COMPARED]


def _numbered(stories: Sequence[BriefingStory]) -> tuple[BriefingStory, ...]:
    """The same stories with markers that count through the whole briefing."""
    marked = numbering()
    numbered = []
    for story in stories:
        sentences = tuple(marked(quote) for quote in story.sentences)
        disputed = tuple(replace(pair, one=marked(pair.one), other=marked(pair.other)) for pair in story.disputed)
        numbered.append(replace(story, sentences=sentences, disputed=disputed))
    return tuple(numbered)


def _nearest(library: Library, scope: Scope) -> tuple[ArticleRef, ...]:
    """The last article before the period and the first after it, whatever its topic; none where there is no period."""
    found: list[ArticleRef] = []
    if scope.after is not None:
        found += library.archive.refs(replace(scope, after=None, before=scope.after), limit=1)
    if scope.before is not None:
        later = library.archive.refs(replace(scope, after=scope.before, before=None))
        found += later[-1:]
    return tuple(dict.fromkeys(found))
