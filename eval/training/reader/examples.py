"""What one step of training is made of: windows to be read, and what is known of their sentences."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.training.news import Cut, NewsArticle, NewsQuestion
from eval.training.reader.wikipedia import ContextQuestion, Group
from rag.models.reader.windows import ReadPassage

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One passage for a question; numbers are of its own sentences.

    `unknown` ones may be shown or not: they take no part in the loss. `answer` is (sentence, start, end) of the words
    that answer, where known.
    """

    question: str
    passage: ReadPassage
    right: frozenset[int] = NOTHING
    unknown: frozenset[int] = NOTHING
    answer: tuple[int, int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """Passages that one question is put to in the same step.

    `together`: their sentences compete for being the best one. `removed` are pairs (with, without): the same passage
    with its answer and without it.
    """

    examples: tuple[Example, ...]
    together: bool = False
    removed: tuple[tuple[int, int], ...] = ()
    weight: float = 1.0


class NewsUnits:
    """Draws units from the news questions: where a window begins, what is beside it, which near misses."""

    def __init__(
        self,
        questions: Sequence[NewsQuestion],
        articles: Mapping[str, NewsArticle],
        near: Mapping[NewsQuestion, Sequence[Cut]],
        *,
        negatives: int = 1,
    ) -> None:
        self.questions, self._articles, self._near = tuple(questions), articles, near
        self._negatives = negatives

    def draw(self, question: NewsQuestion, chance: random.Random) -> Unit:
        """One unit: a window with an answer, the same without it, and windows that do not answer."""
        text = reworded(question.text, chance)
        home = self._articles[question.article]
        titled = chance.random() >= 0.15
        known = question.right | question.partial
        if not question.right:
            cuts = [self._around(home, self._drawn(question.partial, home, chance), chance, titled)]
            cuts += self._others(question, cuts, chance, self._negatives)
            return Unit(examples=tuple(_example(text, cut, question) for cut in cuts), weight=1.0)
        goal = self._around(home, self._drawn(chance.choice(question.facts), home, chance), chance, titled)
        cuts, removed = [goal], []
        if chance.random() < 0.6 and (without := goal.without(known)).numbers:
            cuts.append(without)
            removed.append((0, 1))
        cuts += self._others(question, cuts, chance, self._negatives)
        examples = tuple(_example(text, cut, question) for cut in cuts)
        return Unit(examples=examples, together=True, removed=tuple(removed))

    def _drawn(self, numbers: frozenset[int], home: NewsArticle, chance: random.Random) -> int:
        return chance.choice(sorted(numbers)) if numbers else chance.randrange(len(home.sentences))

    def _around(self, home: NewsArticle, number: int, chance: random.Random, titled: bool) -> Cut:
        """A window of 60 to 170 words that holds the sentence anywhere but for its end."""
        words = chance.randint(60, 170)
        ahead = chance.random() * words
        first = number
        while first > 0 and ahead > 0:
            first -= 1
            ahead -= len(home.sentences[first].split())
        count, past_last = 0, first
        while past_last < len(home.sentences) and (count < words or past_last <= number):
            count += len(home.sentences[past_last].split())
            past_last += 1
        return home.cut(first, past_last, titled=titled)

    def _others(self, question: NewsQuestion, taken: Sequence[Cut], chance: random.Random, most: int) -> list[Cut]:
        """Near passages without an answer, the nearest ones more often."""
        own = {number for cut in taken if cut.article.id == question.article for number in cut.numbers}
        found: list[Cut] = []
        for cut in self._near[question]:
            if len(found) == most:
                break
            is_own = cut.article.id == question.article
            if is_own and (question.right.intersection(cut.numbers) or own.intersection(cut.numbers)):
                continue
            if chance.random() < 0.35:
                found.append(cut)
        return found


def _example(text: str, cut: Cut, question: NewsQuestion) -> Example:
    is_own = cut.article.id == question.article
    place = {number: i for i, number in enumerate(cut.numbers)} if is_own else {}
    # What an unanswerable question's near misses are is known: they do not answer.
    unknown = question.partial if question.right else NOTHING
    return Example(
        question=text,
        passage=cut.passage(),
        right=frozenset(place[n] for n in question.right if n in place),
        unknown=frozenset(place[n] for n in unknown if n in place),
    )


def context_unit(question: ContextQuestion, chance: random.Random) -> Unit:
    """A SQuAD question with its context, and at times the same without the sentences that answer."""
    passage = ReadPassage(sentences=question.sentences, title=question.title if chance.random() < 0.7 else "")
    whole = Example(
        question=reworded(question.text, chance),
        passage=passage,
        right=frozenset({question.answer[0]}) if question.answer else question.right,
        unknown=question.right - {question.answer[0]} if question.answer else NOTHING,
        answer=question.answer,
    )
    kept = tuple(s for i, s in enumerate(question.sentences) if i not in question.right)
    if not question.right or not kept or chance.random() < 0.5:
        return Unit(examples=(whole,))
    without = Example(question=whole.question, passage=ReadPassage(sentences=kept, title=passage.title))
    return Unit(examples=(whole, without), removed=((0, 1),))


def group_unit(group: Group, chance: random.Random) -> Unit:
    """A reader group as a passage of bare sentences in any order."""
    texts = [(text, True) for text in group.right] + [(text, False) for text in group.wrong]
    chance.shuffle(texts)
    texts = texts[:8]
    right = frozenset(i for i, (_, is_right) in enumerate(texts) if is_right)
    passage = ReadPassage(sentences=tuple(text for text, _ in texts))
    return Unit(examples=(Example(question=reworded(group.question, chance), passage=passage, right=right),))


def reworded(question: str, chance: random.Random) -> str:
    """The question as somebody else might type it: at times without its mark, at times with a slip."""
    if chance.random() < 0.25:
        question = question.rstrip("? ")
    words = question.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if long and chance.random() < 0.07:
        at, place = chance.choice(long), chance.randint(1, 3)
        word = words[at]
        slips = (
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place] + word[place:],
        )
        words[at] = chance.choice(slips)
    return " ".join(words)
