"""Which quote answers best, and which others are worth showing: each is read once more as it would be shown.

In its passage a sentence is scored among its neighbours, whose words count for it. Who reads the answer sees the quote
alone. So does the network here, under the article's heading, before the order of the quotes is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.candidate import Candidate
from rag.answering.short_answers import figure_of, short_answer
from rag.models.reader.sentence_reader import SentenceReader
from rag.models.reader.windows import ReadPassage
from rag.question.answer_type import answer_type
from rag.retrieval.reading_order import as_read, without_questions
from rag.types import Question

ALONE_WEIGHT = 0.5
"""What the score of a quote read alone counts beside that of its sentence in its passage. On half of the
development half of wikinews-qa the first quote is then right for .84 of the questions that are answered, without it (0)
for .81; from .5 to 1.5 it changes little."""

FROM_ELSEWHERE = 0.4
"""The share of that distance within which another article's quote is shown: what comes near the best one from elsewhere
is mostly of another matter. Of 234 answers to every second question of the development half of wikinews-qa
quote_precision is .734 so, .719 where articles are treated alike; fact_recall .869 and .860."""


@dataclass(frozen=True, slots=True)
class QuoteReader:
    """Reads quotes alone for one question, as the reader network was `asked`."""

    reader: SentenceReader
    asked: str

    def worth_showing(self, quotes: Sequence[Candidate], *, within: float) -> list[Candidate]:
        """The best quote and those whose scores of both readings come within so much of it, best first, another
        article's nearer still (`FROM_ELSEWHERE`); where figures are asked for, its other figure, too."""
        if len(quotes) < 2:
            return list(quotes)
        alone = self.reader.read(self.asked, [self._as_shown(quote) for quote in quotes])
        scored = [
            replace(quote, score=quote.score + ALONE_WEIGHT * read.score)
            for quote, read in zip(quotes, alone.passages, strict=True)
        ]
        best, *others = sorted(scored, key=lambda quote: -quote.score)
        return [best, *(o for o in others if _is_near(o, best, within) or self._tells_other_figure(o, best))]

    def _as_shown(self, quote: Candidate) -> ReadPassage:
        passage = without_questions(as_read(quote.evidence.passage), Question(text=self.asked))
        return replace(passage, sentences=(quote.text,))

    def _tells_other_figure(self, one: Candidate, best: Candidate) -> bool:
        if one.evidence.passage.article == best.evidence.passage.article:
            return False
        figure, of_best = self._figure(one), self._figure(best)
        return figure is not None and of_best is not None and figure != of_best

    def _figure(self, quote: Candidate) -> tuple[str, float] | None:
        return figure_told(quote) if answer_type(self.asked) in ("number", "measure") else None


def figure_told(quote: Candidate, *, joint_from: float = 0.0) -> tuple[str, float] | None:
    """The figure that a quote gives as the short answer, as kind and value; None where it gives none, or its sentence
    answers and the span is the answer with a probability below `joint_from`."""
    short = quote.short_answer
    if short is None or quote.probability * quote.short_answer_probability < joint_from:
        return None
    start, end = max(short.start - quote.span.start, 0), short.end - quote.span.start
    return figure_of(short_answer("number", quote.text, start, end, None))


def _is_near(one: Candidate, best: Candidate, within: float) -> bool:
    is_of_article = one.evidence.passage.article.id == best.evidence.passage.article.id
    return one.score >= best.score - within * (1.0 if is_of_article else FROM_ELSEWHERE)
