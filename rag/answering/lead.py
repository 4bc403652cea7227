"""What an answer begins with: the short answer, the figures on which sources differ, or what follows, counted.

A lead is made of spans of the quotes, of outlets, dates and counts. Where none of these is certain there is none: a
wrong short answer is read before the quotes that would put it right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rag.answering.candidate import Candidate
from rag.answering.quote_writer import printed_in
from rag.answering.short_answers import figure_of, is_time_of_day, short_answer
from rag.checking.disagreements import Disagreement
from rag.checking.polarity import denied_words
from rag.question.answer_type import AnswerType, answer_form, answer_type, is_yes_no
from rag.retrieval.copies import independent_sources
from rag.text.event_dates import event_dates
from rag.text.formatting import day_in_words
from rag.text.tokens import fold_claim, tokens
from rag.types import ArticleRef, Citation, Lead
from rag.wording import N_, _, ngettext, translated

SHORT_FROM, ANSWERS_FROM = 0.16, 0.41
"""A short answer is shown where its sentence answers with this probability and together with the span's own (of its two
ends) it reaches the other. Of 203 such questions of the development half of wikinews-qa, read by hand, 40 are then
given one: 39 of them rightly, of one it is a part."""

FIGURE_FROM, FIGURE_ANSWERS_FROM = 0.015, 0.1
"""The same for figures that stand beside each other: each says who gives it, and its quote follows."""

FIGURES_WITHIN = timedelta(days=7)
"""Figures that were published further apart are an update, and no difference."""

_ASKS_FOR_HOUR = re.compile(r"\b(?:what|which) time\b", re.IGNORECASE)
_NUMBERS = (
    *(N_("zero"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six")),
    *(N_("seven"), N_("eight"), N_("nine"), N_("ten"), N_("eleven"), N_("twelve")),
)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote of the answer with what was read of it."""

    candidate: Candidate
    citation: Citation

    def short_answer(self, kind: AnswerType, *, joint_from: float, answers_from: float) -> str:
        """The words that are the short answer; "" where the reader is less sure of them and of the sentence."""
        short, quote, probability = self.candidate.short_answer, self.candidate.span, self.candidate.probability
        is_sure = probability >= answers_from and probability * self.candidate.short_answer_probability >= joint_from
        if short is None or not is_sure:
            return ""
        published = self.citation.article.believed
        start = max(short.start - quote.start, 0)  # the reader read the dateline, too
        return short_answer(kind, self.candidate.text, start, short.end - quote.start, published)


def lead_of(
    question: str,
    shown: Sequence[ShownQuote],
    *,
    is_sure: bool,
    counted_out: bool = False,
    with_figures: bool = False,
    disputed: Sequence[Disagreement] = (),
) -> Lead | None:
    """The lead over the quotes of an answer, in their order; None where nothing certain can be said.

    `is_sure` tells that the answer stands without a warning; without that there are only figures that differ.
    `counted_out` tells that an article counts the quotes out: only then are they as many reasons as quotes.
    `with_figures` tells that some of them give the figures of which the question asks why they differ.
    """
    if not shown:
        return None
    kind, form = answer_type(question), answer_form(question)
    if figures := _figures("number" if with_figures else kind, shown) or _disputed(disputed):
        return figures
    if not is_sure:
        return None
    if is_yes_no(question):
        return _denied(question, shown)
    if form == "fact":
        return _short(question, kind, shown)
    return _counted(form, [quote.citation for quote in shown], counted_out=counted_out)


def _short(question: str, kind: AnswerType, shown: Sequence[ShownQuote]) -> Lead | None:
    first = shown[0]
    words = first.short_answer(kind, joint_from=SHORT_FROM, answers_from=ANSWERS_FROM)
    if not words or (_ASKS_FOR_HOUR.search(question) and not is_time_of_day(words)):
        return None
    if any(_gives_another_figure(other, kind, words) for other in shown[1:]):
        return None
    published = first.citation.article.believed
    text = words[:1].upper() + words[1:]
    if kind == "when" and published and not _has_year(words):
        text = _dated(text, first.citation.quote, published)
    return Lead(kind="short_answer", text=text, citations=(first.citation.marker,))


def _denied(question: str, shown: Sequence[ShownQuote]) -> Lead | None:
    """ "No" where every quote denies a word of a yes/no question; what bears it out says so itself (decision 0050)."""
    asked = tokens(fold_claim(question))
    if not all(denied_words(asked, tokens(fold_claim(quote.candidate.text))) for quote in shown):
        return None
    citation = shown[0].citation
    text = _("No, according to {source}", source=_said_by(citation.article))
    return Lead(kind="short_answer", text=text, citations=(citation.marker,))


def _dated(words: str, quote: str, published: datetime) -> str:
    """A time of the quote with the day that it means: "Tuesday" says one only together with the day of publication."""
    days = {
        when.first
        for when in event_dates(quote, published.date())
        if when.first == when.last and when.words.casefold() in words.casefold()
    }
    if len(days) == 1:
        return f"{words} ({day_in_words(days.pop())})"
    return _("{words} (told on {day})", words=words, day=day_in_words(published))


def _gives_another_figure(quote: ShownQuote, kind: AnswerType, words: str) -> bool:
    """Whether a quote beside the first one may give a figure of its own: which of the two is asked for is unsure."""
    figure = figure_of(words)
    other = figure_of(quote.short_answer(kind, joint_from=FIGURE_FROM, answers_from=FIGURE_ANSWERS_FROM))
    return None not in (figure, other) and figure != other


def _figures(kind: AnswerType, shown: Sequence[ShownQuote]) -> Lead | None:
    """The figures of sources that give different ones, each with who says it and when."""
    if kind not in ("number", "measure"):
        return None
    told: list[tuple[ShownQuote, str]] = []
    for quote in shown:
        words = quote.short_answer(kind, joint_from=FIGURE_FROM, answers_from=FIGURE_ANSWERS_FROM)
        is_another = all(figure_of(words) != figure_of(other) for _, other in told)
        is_other_source = independent_sources([*(one.citation for one, _ in told), quote.citation]) == len(told) + 1
        is_of_the_time = all(_published_near(quote, other) for other, _ in told)
        if words and is_another and is_other_source and is_of_the_time:
            told.append((quote, words))
    if len(told) < 2:
        return None
    return _side_by_side([(words, quote.citation) for quote, words in told])


def _published_near(one: ShownQuote, other: ShownQuote) -> bool:
    first, second = one.citation.article.believed, other.citation.article.believed
    return first is None or second is None or abs(first - second) <= FIGURES_WITHIN


def _disputed(disputed: Sequence[Disagreement]) -> Lead | None:
    """The figures of the first pair of quotes that cannot both be so."""
    pair = next((pair for pair in disputed if all(pair.values)), None)
    return _side_by_side(list(zip(pair.values, (pair.one, pair.other), strict=True))) if pair else None


def _side_by_side(told: Sequence[tuple[str, Citation]]) -> Lead:
    figures = "; ".join(f"{words} ({_said_by(citation.article)})" for words, citation in told)
    return Lead(
        kind="figures",
        text=_("The figures differ: {figures}", figures=figures),
        citations=tuple(citation.marker for _, citation in told),
    )


def _counted(form: str, citations: Sequence[Citation], *, counted_out: bool) -> Lead | None:
    quotes = len(citations)
    who, are_several = _sources_in_words(citations)
    number, told = _in_words(quotes), 2 if are_several else 1
    if form == "reasons" and counted_out:
        text = ngettext("{who} gives {number} reasons:", "{who} give {number} reasons:", told, who=who, number=number)
    elif form == "reasons" and quotes > 1:
        text = ngettext(
            "{who} explains in {number} quotes:", "{who} explain in {number} quotes:", told, who=who, number=number
        )
    elif form in ("way", "several") and quotes > 1:
        text = ngettext(
            "{who} answers in {number} quotes:", "{who} answer in {number} quotes:", told, who=who, number=number
        )
    else:
        return None
    return Lead(kind="overview", text=text, citations=tuple(citation.marker for citation in citations))


def _sources_in_words(citations: Sequence[Citation]) -> tuple[str, bool]:
    """Who says it, the same text counted once: an outlet's name, or how many; and whether that is more than one."""
    outlets = {citation.article.outlet.casefold(): citation.article.outlet for citation in citations}
    sources = independent_sources(citations)
    if sources == 1 and len(outlets) == 1:
        return next(iter(outlets.values())) or _("One article"), False
    number = _in_words(sources)
    if sources == len(outlets):
        who = ngettext("{number} outlet", "{number} outlets", sources, number=number)
    else:
        who = ngettext("{number} independent source", "{number} independent sources", sources, number=number)
    return who[:1].upper() + who[1:], sources > 1


def _in_words(number: int) -> str:
    return translated(_NUMBERS[number]) if number <= 12 else str(number)


def _said_by(article: ArticleRef) -> str:
    return printed_in(article) or _("an article")


def _has_year(words: str) -> bool:
    return re.search(r"\b(?:19|20)\d\d\b", words) is not None
