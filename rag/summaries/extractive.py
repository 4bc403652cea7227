"""Which sentences make a summary: what stands early, what the others also say, what has not been said yet.

Sentences are taken one by one, the best first (Carbonell and Goldstein, The use of MMR, SIGIR 1998, section 2). What
counts: the mean cosine to all others (degree centrality of Erkan and Radev, LexRank, JAIR 2004, section 3.1, with
weights in place of a threshold); how much of the others no taken sentence has covered (a submodular gain, Lin and
Bilmes, ACL 2011, section 4.1, as facility location); and a place near the beginning (Nenkova, AAAI 2005: leads are
hard to beat). What a sentence has in common with taken ones counts against it. Nothing goes beyond the length.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.summaries.source_sentences import SourceSentence
from rag.summaries.summary_types import Length

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What counts how much, beside a centrality between 0 and 1.

    `lead` falls to a third with every `fading` sentences. `covers` is the share of centrality that counts only what no
    taken sentence has covered yet. `repeated` is taken off by the cosine to what was taken, `heard` from an article
    that was quoted already. Nothing nearer than `same` to a taken sentence is taken: to a reader it says the same.
    Nothing nearer than `heard_before` to what another story said is taken. `about` weighs the cosine to what the reader
    asked for. `names` is what a sentence gains, where nothing is asked
    for, that names everybody of whom the articles speak again, less the names of taken sentences (concepts by how often
    they are told: Gillick and Favre, ILP-NLP 2009, section 2). Beyond `USUAL_SENTENCES` it falls with the square of the
    length, as a long summary names everybody anyway. `unknown` is taken off for somebody who is named by a surname that
    no taken sentence has: the reader has not met them.

    Chosen on the development halves of Multi-News (220 words, ROUGE-1/2/L F) and BBC News Summary (three sentences of
    300 articles, share that the gold summary has): `covers` 0, 0.3, 0.6, 1 gives .421/.136/.191 and .764,
    .426/.140/.195 and .736, .426/.141/.195 and .689, .422/.138/.191 and .599; `lead` 0.5 in place of 0.3
    .425/.142/.196 and .704; `fading` 2, 4, 8 (at `lead` 0.5) .421/.134/.190, .424/.140/.195, .425/.142/.195.
    `names` 0, 1, 2, 3 gives .426/.140/.195 and .724, .427/.140/.195 and .743, .427/.140/.194 and .725, .426/.140/.194
    and .723 (of 400 articles): all within noise, so that it is 2 for what these figures do not see, a third party.
    """

    lead: float = 0.3
    fading: float = 8.0
    covers: float = 0.3
    about: float = 1.0
    repeated: float = 0.25
    heard: float = 0.1
    same: float = 0.86
    heard_before: float = 0.8
    names: float = 2.0
    unknown: float = 0.2


USUAL = Weights()
"""What summaries are made with."""

OFTEN = 1.5
"""A name that twice as many sentences have is worth so many powers of two more."""

USUAL_SENTENCES = 3
"""The length at which `Weights.names` counts in full."""

MOST_NEEDED = 3
"""A sentence that needs more than two before it is left out."""


def select_summary(
    articles: Sequence[Sequence[SourceSentence]],
    vectors: Floats,
    *,
    length: Length,
    about: Floats | None = None,
    weights: Weights = USUAL,
    first: int | None = None,
    said: Floats | None = None,
) -> list[SourceSentence]:
    """The sentences of a summary in source order: by article as given, then by place.

    `vectors` has a row of length 1 for each sentence, article by article. A sentence that leans on the one before is
    taken only after or together with it. At most `length`; as much of it as whole sentences fill. The sentence of the
    row `first` is taken before all others, and none that says what one of `said` (vectors) says.
    """
    choice = _Choice(articles, vectors, about, weights, length)
    room = length.words if length.words is not None else length.sentences or 0
    taken: list[int] = []
    if first is not None:
        taken, room = [first], room - choice.cost([first], length)
    heard = told_before(vectors, said, weights)
    while len(taken) < len(choice.sentences):
        options = [group for i in range(len(choice.sentences)) if (group := choice.group(i, taken))]
        options = [group for group in options if choice.cost(group, length) <= room]
        options = [group for group in options if not (choice.repeats(group, taken) or heard.intersection(group))]
        if not options:
            break
        best = max(options, key=lambda group: choice.worth(group, taken))
        taken += best
        room -= choice.cost(best, length)
    return [choice.sentences[i] for i in sorted(taken)]


def told_before(vectors: Floats, said: Floats | None, weights: Weights = USUAL) -> frozenset[int]:
    """The rows of what says the same as one of `said` (vectors): a reader has heard it."""
    if said is None or not len(said) or not len(vectors):
        return frozenset()
    return frozenset(np.flatnonzero((vectors @ said.T).max(axis=1) > weights.heard_before).tolist())


class _Choice:
    """What is known of the sentences, by their place in reading order."""

    def __init__(
        self,
        articles: Sequence[Sequence[SourceSentence]],
        vectors: Floats,
        about: Floats | None,
        weights: Weights,
        length: Length,
    ) -> None:
        self.sentences = [sentence for article in articles for sentence in article]
        self._home = [number for number, article in enumerate(articles) for _ in article]
        self._weights = weights
        self._alike = np.maximum(vectors @ vectors.T, 0.0)
        size = len(self.sentences)
        central = (self._alike.sum(axis=1) - 1) / max(size - 1, 1)
        central = central / max(float(central.max(initial=0.0)), 1e-9)
        lead = np.array([math.exp(-sentence.position / weights.fading) for sentence in self.sentences])
        self._score = weights.lead * lead + (1 - weights.covers) * central
        self._most = max(float(self._alike.sum(axis=1).max(initial=0.0)), 1e-9)
        # Who asks about something does not want everybody in it.
        many = min(1.0, USUAL_SENTENCES / length.about_sentences) ** 2 if about is None else 0.0
        self._named = _named(self.sentences, weights.names * many)
        if about is not None:
            self._score = self._score + weights.about * (vectors @ about)

    def group(self, i: int, taken: Sequence[int]) -> list[int]:
        """The sentence with the ones before it that it needs; empty where it was taken or one of them is missing."""
        if i in taken:
            return []
        found = [i]
        while self.sentences[found[0]].needs_before:
            before = found[0] - 1
            if before < 0 or not self._follows(before, found[0]) or len(found) == MOST_NEEDED:
                return []
            if before in taken:
                break
            found.insert(0, before)
        return found

    def cost(self, group: Sequence[int], length: Length) -> int:
        """How much of the length a group takes."""
        if length.words is None:
            return len(group)
        return sum(self.sentences[i].words for i in group)

    def repeats(self, group: Sequence[int], taken: Sequence[int]) -> bool:
        """Whether one of the group says what was taken already."""
        return bool(taken) and any(self._alike[i, list(taken)].max() > self._weights.same for i in group)

    def worth(self, group: Sequence[int], taken: Sequence[int]) -> float:
        """The mean score of a group less what was said already; a sentence of an article not heard yet gains."""
        heard = {self._home[i] for i in taken}
        values = []
        covered = self._alike[list(taken)].max(axis=0) if taken else 0.0
        known = frozenset[str]().union(*(self.sentences[i].names for i in taken))
        for i in group:
            gain = float(np.maximum(self._alike[i] - covered, 0.0).sum()) / self._most
            value = float(self._score[i]) + self._weights.covers * gain
            value += sum(self._named.get(name, 0.0) for name in self.sentences[i].names - known)
            if self.sentences[i].by_surname - known:
                value -= self._weights.unknown
            if taken:
                value -= self._weights.repeated * float(self._alike[i, list(taken)].max())
            if self._home[i] in heard:
                value -= self._weights.heard
            values.append(value)
        return sum(values) / len(values)

    def _follows(self, before: int, i: int) -> bool:
        return self._home[before] == self._home[i] and self.sentences[before].position + 1 == self.sentences[i].position


def _named(sentences: Sequence[SourceSentence], worth: float) -> dict[str, float]:
    """What each name is worth of those that more than one sentence has; together `worth`."""
    told = Counter(name for sentence in sentences for name in sentence.names)
    again = {name: count**OFTEN for name, count in told.items() if count > 1}
    total = sum(again.values())
    return {name: worth * value / total for name, value in again.items()}
