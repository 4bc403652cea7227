"""The stories of a period or a topic: what happened, who tells it, and on what outlets differ.

Articles of the period are read in batches, put into stories (`rag.summaries.story_clustering`), and ranked by how many
independent outlets tell a story, how new it is and how near the topic. Only the stories shown are read in full. The
same library and the same `now` give the same briefing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from rag.checking.disagreements import Disagreement, disagreements
from rag.retrieval.copies import SyndicatedCopies
from rag.retrieval.topic import article_ranks, evidence_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing_types import Briefing, BriefingRequest, BriefingStory
from rag.summaries.source_sentences import without_dateline
from rag.summaries.story_clustering import ArticleFeatures, clusters, sketches_of
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length
from rag.types import ArticleRef, Citation, Passage, Question

Progress = Callable[[str, int, int], None]
"""Told a stage ("reading", "telling"), how much of it is done and how much there is."""

_ARTICLES_AT_ONCE = 100
USUAL_PERIOD = timedelta(weeks=4)

ARTICLES_COMPARED = 8
SENTENCES_COMPARED = 25
"""Of a story's articles and of each one's sentences, so many are held against each other for disagreements."""

ARTICLES_SUMMARISED = 4
"""A story's quotes are chosen from so many of its articles: embedding their sentences takes about a second."""

MOST_DISPUTED = 3
"""Disagreements shown of one story."""

RELEVANCE_SHARE = 2.0
"""A story at the head of what is found for the topic counts like two doublings of its sources."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Articles that carry one text, the earliest first, and what is compared of it."""

    refs: tuple[ArticleRef, ...]
    sketch: ArticleFeatures

    @property
    def ref(self) -> ArticleRef:
        return self.refs[0]

    def is_known(self, known: frozenset[str]) -> bool:
        """Whether the reader has read it: another copy of a text is no news."""
        return any(ref.id in known for ref in self.refs)


def build_briefing(
    library: Library, request: BriefingRequest, *, now: datetime, progress: Progress | None = None
) -> Briefing:
    """The briefing that is asked for, the most important story first.

    Undated articles take part only where no period is asked for. An empty briefing names the library's dates and the
    nearest articles.
    """
    topic, scope = request.topic, request.scope
    told = progress or _silent
    ranks = article_ranks(evidence_about(library, Question(text=topic, scope=scope), now=now)) if topic else {}
    refs = library.archive.refs(scope)
    if topic:
        refs = [ref for ref in refs if ref.id in ranks]
    texts = _texts(library, refs, told)
    groups = [[texts[i] for i in group] for group in clusters([text.sketch for text in texts])]
    groups = [group for group in groups if not all(text.is_known(request.known) for text in group)]
    newest = max((ref.believed for ref in refs if ref.believed), default=now)
    ordered = sorted(groups, key=lambda group: (-_importance(group, ranks, scope, newest), group[0].ref.id))
    shown = []
    for done, group in enumerate(ordered[: request.stories], start=1):
        shown.append(_story(library, group, request, ranks=ranks))
        told("telling", done, min(request.stories, len(ordered)))
    first, last = library.archive.period()
    return Briefing(
        topic=topic,
        scope=scope,
        stories=_numbered([story for story in shown if story is not None]),
        considered=len(refs),
        total=len(groups),
        first=first,
        last=last,
        nearest=() if shown else _nearest(library, scope),
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def _texts(library: Library, refs: Sequence[ArticleRef], progress: Progress) -> list[_Text]:
    """What the articles say, near copies once, oldest first."""
    carriers: dict[str, list[ArticleRef]] = {}
    for batch in _batches(refs):
        stories = library.archive.stories_of([ref.id for ref in batch])
        for ref in batch:
            carriers.setdefault(stories.get(ref.id, ref.id), []).append(ref)
    by_first = {}
    for members in carriers.values():
        in_order = tuple(sorted(members, key=_age))
        by_first[in_order[0].id] = in_order
    firsts = sorted((members[0] for members in by_first.values()), key=_age)
    texts = []
    for done, batch in enumerate(_batches(firsts), start=1):
        sketches = sketches_of(library, [ref.id for ref in batch])
        texts += [_Text(by_first[ref.id], sketches[ref.id]) for ref in batch if ref.id in sketches]
        progress("reading", min(done * _ARTICLES_AT_ONCE, len(firsts)), len(firsts))
    return texts


def _batches(refs: Sequence[ArticleRef]) -> Iterator[Sequence[ArticleRef]]:
    for start in range(0, len(refs), _ARTICLES_AT_ONCE):
        yield refs[start : start + _ARTICLES_AT_ONCE]


def _age(ref: ArticleRef) -> tuple[float, str]:
    return (ref.believed.timestamp() if ref.believed else math.inf, ref.id)


def _sources(group: Sequence[_Text]) -> int:
    """Independent outlets: a text that several carry counts for the first of them; all unknown outlets count as one."""
    return len({text.ref.outlet.casefold() for text in group})


def _importance(group: Sequence[_Text], ranks: Mapping[str, int], scope: Scope, end: datetime) -> float:
    """How far in front a story stands. `end` is when the newest article of all was published.

    The logarithm of the sources (two outlets more than one matter, twelve more than eleven hardly), plus recency, which
    halves with every quarter of the period (a week where none is asked for), plus nearness to the topic.
    """
    length = (end - scope.after).total_seconds() if scope.after else USUAL_PERIOD.total_seconds()
    newest = max((ref.believed.timestamp() for text in group for ref in text.refs if ref.believed), default=None)
    age = max(0.0, end.timestamp() - newest) if newest is not None else math.inf
    recency = 0.5 ** (age / max(length / 4, 3600.0)) if math.isfinite(age) else 0.0
    best = min((ranks[ref.id] for text in group for ref in text.refs if ref.id in ranks), default=None)
    relevance = RELEVANCE_SHARE * 10 / (9 + best) if best is not None else 0.0
    return math.log2(_sources(group)) + recency + relevance


def _story(
    library: Library, group: Sequence[_Text], request: BriefingRequest, *, ranks: Mapping[str, int]
) -> BriefingStory | None:
    """One story told; None where its articles were removed meanwhile."""
    typical = _most_typical_first(group, ranks)
    compared = _compared(typical)
    passages = {ref.id: library.archive.passages(ref.id) for ref in compared}
    new = [text.ref.id for text in typical if not text.is_known(request.known)]
    told = [name for name in new if passages.get(name)][:ARTICLES_SUMMARISED]
    if not told:
        return None
    quotes = summarise(library, told, length=Length(sentences=request.sentences), about=request.topic).citations
    if not quotes:
        # Notices of a line or two: nothing of them stands alone, the first words have to do.
        first = passages[told[0]][0]
        quotes = (Citation.of(first, first.sentences[0], marker=1),)
    articles = sorted((ref for text in group for ref in text.refs), key=_age, reverse=True)
    title = next((text.ref.title for text in typical if text.ref.title.strip()), quotes[0].quote)
    return BriefingStory(
        title=title,
        articles=tuple(articles),
        sources=_sources(group),
        earlier=tuple(ref for ref in articles if ref.id in request.known),
        sentences=SyndicatedCopies(library.archive, request.scope).named(quotes),
        disputed=_disputed(passages),
    )


def _most_typical_first(group: Sequence[_Text], ranks: Mapping[str, int]) -> list[_Text]:
    """The texts of a story, nearest to what they have in common (and to the topic) first."""
    centre = np.mean([text.sketch.vector for text in group], axis=0)
    last = len(ranks) + 1

    def order(text: _Text) -> tuple[int, float, tuple[float, str]]:
        rank = min((ranks[ref.id] for ref in text.refs if ref.id in ranks), default=last)
        return rank, -round(float(text.sketch.vector @ centre), 6), _age(text.ref)

    return sorted(group, key=order)


def _compared(texts: Sequence[_Text]) -> list[ArticleRef]:
    """The articles that are read in full: each text's first carrier, then other outlets that may have edited it."""
    further = [ref for text in texts for ref in text.refs[1:]]
    return [*(text.ref for text in texts), *further][:ARTICLES_COMPARED]


def _disputed(passages: Mapping[str, Sequence[Passage]]) -> tuple[Disagreement, ...]:
    quotes: list[Citation] = []
    for own in passages.values():
        spans = [(passage, span) for passage in own for span in passage.sentences]
        quotes += [
            Citation.of(passage, without_dateline(passage, span), marker=1)
            for passage, span in spans[:SENTENCES_COMPARED]
        ]
    return disagreements(quotes)[:MOST_DISPUTED]


def _numbered(stories: Sequence[BriefingStory]) -> tuple[BriefingStory, ...]:
    """The same stories with markers that count through the whole briefing."""
    marker = 0

    def marked(quote: Citation) -> Citation:
        nonlocal marker
        marker += 1
        return replace(quote, marker=marker)

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
