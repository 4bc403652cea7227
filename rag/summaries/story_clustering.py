"""Articles about the same event, whatever words they use: average-link clustering over vectors, names and time.

Near copies are found at ingest, word by word; two reporters at one fire share no sentence. Average link (UPGMA: Sokal
and Michener 1958) joins the two groups whose articles are most alike on average, as long as that is above a threshold,
so that a long chain of slightly related articles does not become one story.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.storage.archive.rows import StoredPassage
from rag.storage.library import Library
from rag.text.names import is_name
from rag.text.search_terms import content_terms
from rag.text.tokens import fold_claim, tokens

Floats = NDArray[np.float32]

VECTOR_SHARE = 0.7
"""Weight of the vectors' cosine in how alike two articles are; the rest is what they share of names and title words,
rare ones counting more. Best B-cubed F on the development half of Multi-News with 1.0, 0.8, 0.7, 0.6: .864, .867, .867,
.868."""

ALIKE = 0.45
"""Two groups join where their articles are at least so alike on average. B-cubed F on the development half of
Multi-News with 0.35, 0.4, 0.45, 0.5, 0.55: .810, .860, .867, .859, .825."""

DAYS_APART = 4.0
"""Articles published further apart tell different events: a trial's verdict is not its opening."""

GOES_ON = 0.53
"""An event goes on with an earlier one from so alike on, on average over their articles. Over two months of the
development corpus of RealTime QA (150 articles, 67 events), read by hand: of 13 joins at .5 12 are right, of 12 at .53
all."""

DAYS_BETWEEN = 14.0
"""What happens after a longer silence is a story of its own."""

LEAD_CHARACTERS = 1200
"""Names are read in so much of an article: news says in its lead who and where."""

_ROWS_AT_ONCE = 512
_LARGEST_GROUP = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFeatures:
    """What of an article is compared: its passages' mean vector (d,), its names and title words, seconds since 1970."""

    vector: Floats
    terms: frozenset[str]
    published: float | None


def sketch(title: str, lead: str, vectors: Floats, *, published: float | None) -> ArticleFeatures:
    """The sketch of an article with passage vectors (n, d)."""
    mean = vectors.mean(axis=0)
    names = (token.key for token in tokens(fold_claim(lead[:LEAD_CHARACTERS])) if is_name(token))
    return ArticleFeatures(
        vector=(mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32),
        terms=frozenset([*names, *content_terms(title)]),
        published=published,
    )


def clusters(sketches: Sequence[ArticleFeatures], *, alike: float = ALIKE) -> list[list[int]]:
    """The positions of the articles of each story, in order; stories in the order of their first article.

    Memory grows with the number of alike pairs, not with all pairs.
    """
    if not sketches:
        return []
    comparison = _Comparison(sketches)
    found: list[list[int]] = []
    for group in _connected(len(sketches), comparison.pairs(alike)):
        for part in range(0, len(group), _LARGEST_GROUP):
            found += _average_link(group[part : part + _LARGEST_GROUP], comparison, alike)
    return sorted(found)


def storylines(
    sketches: Sequence[ArticleFeatures], events: Sequence[Sequence[int]], *, alike: float = GOES_ON
) -> list[list[int]]:
    """The positions of the events of each storyline, oldest first; storylines in the order of their first event.

    An event is the positions of its articles, as `clusters` gives them. It goes on with the storyline that has the one
    most alike to it among those of the last `DAYS_BETWEEN` days; undated events go on with none.
    """
    if not events:
        return []
    comparison = _Comparison(sketches, days_apart=math.inf)
    ends = [_first_and_last([sketches[one].published for one in event]) for event in events]
    order = sorted((span[0], number) for number, span in enumerate(ends) if span is not None)
    lines: list[list[int]] = []
    line_of: dict[int, int] = {}
    for begun, number in order:
        rows = comparison.rows(events[number])
        best = alike
        nearest: int | None = None
        for earlier in line_of:
            span = ends[earlier]
            if span is None or begun - span[1] > DAYS_BETWEEN * 86400:
                continue
            likeness = float(rows[:, list(events[earlier])].mean())
            if likeness >= best:
                best, nearest = likeness, earlier
        if nearest is None:
            line_of[number] = len(lines)
            lines.append([number])
        else:
            line_of[number] = line_of[nearest]
            lines[line_of[nearest]].append(number)
    return lines


def nearest_events(
    sketches: Sequence[ArticleFeatures], events: Sequence[Sequence[int]], to: Sequence[int]
) -> list[tuple[float, int]]:
    """How alike each event is to the articles at the positions `to`, on average over their pairs, with its number; the
    most alike first."""
    if not events or not to:
        return []
    rows = _Comparison(sketches, days_apart=math.inf).rows(to)
    return sorted(
        ((float(rows[:, list(event)].mean()), number) for number, event in enumerate(events)),
        key=lambda found: (-round(found[0], 6), found[1]),
    )


def _first_and_last(moments: Sequence[float | None]) -> tuple[float, float] | None:
    known = [moment for moment in moments if moment is not None]
    return (min(known), max(known)) if known else None


class _Comparison:
    """How alike articles are: cosine of vectors and of weighted terms; 0 where they are too far apart in time."""

    def __init__(self, sketches: Sequence[ArticleFeatures], *, days_apart: float = DAYS_APART) -> None:
        self._days_apart = days_apart
        self._vectors = np.stack([one.vector for one in sketches])
        self._published = np.array([np.nan if one.published is None else one.published for one in sketches])
        counts = Counter(term for one in sketches for term in one.terms)
        # A term of one article joins nothing; it only makes the others weigh less.
        self._weights = {term: math.log(1 + len(sketches) / count) for term, count in counts.items()}
        self._terms = [sorted(one.terms) for one in sketches]
        self._lengths = np.array(
            [math.sqrt(sum(self._weights[term] ** 2 for term in terms)) or 1.0 for terms in self._terms]
        )
        self._holders: dict[str, list[int]] = {}
        for position, terms in enumerate(self._terms):
            for term in terms:
                self._holders.setdefault(term, []).append(position)

    def rows(self, positions: Sequence[int]) -> Floats:
        """How alike these articles are to all, shape (len(positions), n)."""
        of_vectors = self._vectors[positions] @ self._vectors.T
        of_terms = np.zeros_like(of_vectors)
        for row, position in enumerate(positions):
            for term in self._terms[position]:
                of_terms[row, self._holders[term]] += self._weights[term] ** 2
            of_terms[row] /= self._lengths[position] * self._lengths
        alike = np.asarray(VECTOR_SHARE * of_vectors + (1 - VECTOR_SHARE) * of_terms, dtype=np.float32)
        apart = np.abs(self._published[positions][:, None] - self._published[None, :]) > self._days_apart * 86400
        alike[apart] = 0.0
        return alike

    def pairs(self, alike: float) -> Iterator[tuple[int, int]]:
        """The pairs that are alike, found in blocks of rows."""
        size = len(self._terms)
        for start in range(0, size, _ROWS_AT_ONCE):
            block = self.rows(range(start, min(size, start + _ROWS_AT_ONCE)))
            for row, column in np.argwhere(block >= alike):
                if start + row < column:
                    yield int(start + row), int(column)


def _connected(size: int, pairs: Iterator[tuple[int, int]]) -> list[list[int]]:
    """The connected components of the graph of pairs."""
    parent = list(range(size))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    groups: dict[int, list[int]] = {}
    for node in range(size):
        groups.setdefault(root(node), []).append(node)
    return list(groups.values())


def _average_link(group: list[int], comparison: _Comparison, threshold: float) -> list[list[int]]:
    """Join the two most alike clusters, again and again, down to the threshold; ties go to the earlier article."""
    if len(group) == 1:
        return [group]
    alike = np.concatenate(
        [comparison.rows(group[i : i + _ROWS_AT_ONCE])[:, group] for i in range(0, len(group), _ROWS_AT_ONCE)]
    ).astype(np.float64)
    np.fill_diagonal(alike, -np.inf)
    members: list[list[int]] = [[position] for position in group]
    best = alike.argmax(axis=1)
    while True:
        top = int(np.argmax(alike[np.arange(len(group)), best]))
        one, other = sorted((top, int(best[top])))
        if alike[one, other] < threshold:
            return [sorted(positions) for positions in members if positions]
        _join(alike, members, one, other)
        # Only rows whose nearest was one of the two, or that now like the joined one better, look again.
        stale = (best == one) | (best == other)
        stale[[one, other]] = True
        best[stale] = alike[stale].argmax(axis=1)
        better = alike[:, one] > alike[np.arange(len(group)), best]
        best[better] = one


def _join(alike: NDArray[np.float64], members: list[list[int]], one: int, other: int) -> None:
    """Put cluster `other` into `one`; the averages are those of Lance and Williams (1967)."""
    sizes = len(members[one]), len(members[other])
    joined = (sizes[0] * alike[one] + sizes[1] * alike[other]) / sum(sizes)
    joined[[one, other]] = -np.inf
    alike[one, :] = alike[:, one] = joined
    alike[other, :] = alike[:, other] = -np.inf
    members[one] += members[other]
    members[other] = []


def sketches_of(library: Library, ids: Sequence[str]) -> dict[str, ArticleFeatures]:
    """Article id -> what is compared of it; an article without passages, or removed meanwhile, has none."""
    stored: dict[str, list[StoredPassage]] = {}
    for one in library.archive.stored_passages(ids):
        stored.setdefault(one.passage.article.id, []).append(one)
    found = {}
    for name, own in stored.items():
        ref = own[0].passage.article
        found[name] = sketch(
            ref.title,
            " ".join(one.passage.text for one in own)[:LEAD_CHARACTERS],
            np.stack([one.vector for one in own]),
            published=ref.believed.timestamp() if ref.believed else None,
        )
    return found
