"""What an answer is made of: sentences for every part of the question, how sure it is, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.candidate import Candidate
from rag.answering.quote_reading import QuoteReader, figure_told
from rag.answering.sentence_reading import EvidenceReading, read_evidence
from rag.answering.whole_quotes import QuotableArticles
from rag.checking.disagreements import disagreements
from rag.models.embedder import Embedder
from rag.question.answer_type import Form, answer_form
from rag.question.decomposition import question_parts
from rag.question.differing_figures import asked_for_figures
from rag.retrieval.copies import differ
from rag.retrieval.foreign_articles import foreign_language_of
from rag.retrieval.reading_order import question_in_full
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.types import Evidence, Question, Span

RELATED_SENTENCES = 2

RELATED_FROM = 0.1
"""A sentence that answers with this probability speaks of the matter, though it is not shown as an answer."""

SAME_SENTENCE_COSINE = 0.86
"""Above it two sentences say the same thing to a reader."""

RIVALS = 12
"""Of the best sentences so many are held against the picked ones for contradictions."""

MOST_QUOTES: dict[Form, int] = {"fact": 2, "reasons": 3, "way": 3, "several": 5, "other": 3}
"""Quotes of an answer by what it looks like; the setting `max_sentences` bounds all of them."""

OWN_ARTICLE: dict[Form, float] = {"fact": 1.0, "reasons": 2.25, "way": 1.0, "several": 2.0, "other": 1.0}
OTHER_ARTICLE: dict[Form, float] = {"fact": 1.0, "reasons": 0.5, "way": 1.0, "several": 1.0, "other": 1.0}
"""How far below the best sentence others are shown, in its article and in others, in units of the reader's
`shown_within`. Chosen on the development half of wikinews-qa: together shown_right .763 and quote_precision .636, with
1.0 and five quotes everywhere .758 and .647; for reasons alone .719 and .674."""

FIGURE_FROM = 0.015
"""A figure that differs is quoted where its sentence and its span answer with this probability together, as a lead
shows it (`rag.answering.lead`)."""

REASONS_OF_FIGURES = 2
"""Quotes that say why figures differ, beside the figures themselves."""

READ_AGAIN = 6
"""Quotes that are read as they would be shown: each costs the reading of a sentence."""

SURE_WITHIN, UNSURE_WITHIN = 1.5, 1.0
"""How far below the best quote others are shown once all are read as shown, in units of the reader's `shown_within`:
less far where the best may be wrong, as what comes near it is seldom better. Of 234 answers to every second question of
the development half of wikinews-qa (not those that count points out) quote_precision is .734 so, fact_recall .869, and
.744 begin with a right quote and hold none that is beside the point; .674, .881 and .688 with 2 for both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedSentences:
    """What was chosen. Empty `picked` means that nothing answers; then `related` is what comes nearest.

    `confidence` is the calibrated probability that the picked sentences answer the question, `is_sure` whether it is so
    high that nobody needs to be warned, `missing` the parts of it that nothing answers. `counted_out` tells that
    an article counts them out ("The first reason ..."), `without_context` that the question was answered better as if
    nothing had been asked before it, `of_parts` that it asks several things, each answered for itself,
    `with_figures` that the quotes give the figures of which it asks why they differ.
    """

    picked: tuple[Candidate, ...]
    confidence: float = 0.0
    is_sure: bool = False
    missing: tuple[str, ...] = ()
    related: tuple[Candidate, ...] = ()
    counted_out: bool = False
    without_context: bool = False
    of_parts: bool = False
    with_figures: bool = False


def select_sentences(
    library: Library, question: Question, evidence: Sequence[Evidence], *, limit: int
) -> SelectedSentences:
    """The sentences that answer, at most `limit` and the best first, with what is known of how well they do."""
    parts = question_parts(question, library.archive.outlets())
    if len(parts) > 1:
        of_parts = _of_parts(library, parts, evidence, limit=limit)
        if of_parts.picked:
            return of_parts
    articles = QuotableArticles(library.archive)
    reading = read_evidence(library, question, evidence, articles=articles)
    form = answer_form(question.complete)
    again = _quote_reader(library, question_in_full(question))
    picked = select_quotes(library.embedder, reading, articles, form=form, limit=limit, again=again)
    if not picked:
        return SelectedSentences(picked=(), related=tuple(_related(library, question, reading, articles)))
    # Reasons that somebody counts out are reasons, however short the question was.
    is_counted_out = bool(articles.counted_out(picked[:1], form))
    picked += _contradicting(picked, reading, articles)
    return SelectedSentences(
        picked=tuple(picked),
        confidence=reading.confidence,
        is_sure=reading.is_sure or is_counted_out,
        counted_out=is_counted_out,
    )


def select_quotes(
    embedder: Embedder,
    reading: EvidenceReading,
    articles: QuotableArticles,
    *,
    form: Form,
    limit: int,
    again: QuoteReader | None = None,
) -> list[Candidate]:
    """The quotes to show, best first: empty where none is probable enough to be an answer.

    Beside the best one those that come near it, as many as an answer of this `form` needs; each can be read alone, and
    none repeats another. Of reasons and points that the article counts out all are shown. `again` reads the quotes once
    more, as they would be shown; it decides which is the best and which come near.
    """
    if not reading.answers:
        return []
    probable = _whole(_near(reading, form)[: 2 * limit], articles)
    if not probable:
        return []
    if items := articles.counted_out(reading.shown, form):
        return items[:limit]
    if again is not None:
        within = (SURE_WITHIN if reading.is_sure else UNSURE_WITHIN) * reading.shown_within
        probable = again.worth_showing(probable[:READ_AGAIN], within=within)
    return _unlike(embedder, probable, most=min(limit, MOST_QUOTES[form]))


def _unlike(embedder: Embedder, quotes: Sequence[Candidate], *, most: int) -> list[Candidate]:
    """The first of the quotes, so many at most, without those that say the same as an earlier one."""
    vectors = list(embedder.embed_passages([quote.text for quote in quotes[:most]])) if len(quotes) > 1 else []
    kept = list(range(min(1, len(quotes))))
    for i, quote in enumerate(quotes[1:], start=1):
        if len(kept) >= most:
            break
        if i == len(vectors):
            vectors += list(embedder.embed_passages([quote.text]))
        near = [k for k in kept if float(vectors[i] @ vectors[k]) > SAME_SENTENCE_COSINE]
        # Near in meaning, but another figure or name: a reader learns something.
        if all(differ(quote.text, quotes[k].text) for k in near):
            kept.append(i)
    return [quotes[i] for i in kept]


def _quote_reader(library: Library, asked: str) -> QuoteReader | None:
    return QuoteReader(library.reader, asked) if library.reader is not None else None


def answers_what_went_before(
    library: Library, question: Question, selected: SelectedSentences, evidence: Sequence[Evidence]
) -> bool:
    """Whether the best quote is what answers the earlier questions that a question was read with: they drown a short
    one."""
    if not selected.picked or not question.context:
        return False
    earlier = read_evidence(library, Question(text=question.context, scope=question.scope), evidence)
    best, before = selected.picked[0], earlier.ranked[:1]
    return any(best.evidence == one.evidence and _overlap(best, one) for one in before)


def with_differing_figures(
    library: Library, question: Question, evidence: Sequence[Evidence], selected: SelectedSentences
) -> SelectedSentences:
    """What was chosen, and for a question of why figures differ the two figures themselves, each in a quote of its
    source. Where nothing says why, the reason is named as missing."""
    asked = asked_for_figures(question)
    if asked is None:
        return selected
    articles = QuotableArticles(library.archive)
    reading = read_evidence(library, asked, evidence, articles=articles)
    figures = _of_two_sources(_whole(reading.ranked[:RIVALS], articles))
    if not figures:
        return selected
    reasons = [one for one in selected.picked if not any(_overlap(one, figure) for figure in figures)]
    return replace(
        selected,
        picked=(*reasons[:REASONS_OF_FIGURES], *figures),
        confidence=selected.confidence or reading.confidence,
        missing=selected.missing if reasons else (question.text,),
        counted_out=False,
        with_figures=True,
    )


def _of_two_sources(quotes: Sequence[Candidate]) -> list[Candidate]:
    """The best quote with a figure and the best of another outlet with another one; empty where there are no two."""
    told = [(one, figure) for one in quotes if (figure := figure_told(one, joint_from=FIGURE_FROM)) is not None]
    for other, figure in told[1:]:
        first, of_first = told[0]
        is_other = other.evidence.passage.article.outlet != first.evidence.passage.article.outlet
        if is_other and figure[0] == of_first[0] and figure != of_first:
            return [first, other]
    return []


def _near(reading: EvidenceReading, form: Form) -> list[Candidate]:
    """The best sentence and those that come near enough to it: in its own article, and in others."""
    best = reading.ranked[0]
    article = best.evidence.passage.article.id

    def within(candidate: Candidate) -> float:
        share = OWN_ARTICLE[form] if candidate.evidence.passage.article.id == article else OTHER_ARTICLE[form]
        return share * reading.shown_within

    return [candidate for candidate in reading.ranked if candidate.score >= best.score - within(candidate)]


def _contradicting(
    picked: Sequence[Candidate], reading: EvidenceReading, articles: QuotableArticles
) -> list[Candidate]:
    """What another outlet says otherwise: the best quote that cannot be so where one of the picked is."""
    others = [c for c in _whole(reading.ranked[:RIVALS], articles) if not any(_overlap(c, one) for one in picked)]
    quotes = [candidate.citation(marker) for marker, candidate in enumerate([*picked, *others], start=1)]
    for pair in disagreements(quotes):
        first, second = sorted((pair.one.marker, pair.other.marker))
        if first <= len(picked) < second:
            return [others[second - len(picked) - 1]]
    return []


def _whole(candidates: Sequence[Candidate], articles: QuotableArticles) -> list[Candidate]:
    """The candidates as whole quotes, in their order; those that share a sentence are one quote."""
    found: list[Candidate] = []
    for candidate in candidates:
        quote = articles.whole(candidate)
        if quote is None:
            continue
        shared = [number for number, other in enumerate(found) if _overlap(quote, other)]
        if not shared:
            found.append(quote)
        elif (joined := articles.joined(found[shared[0]], quote)) is not None and len(shared) == 1:
            found[shared[0]] = joined
    return found


def _overlap(one: Candidate, other: Candidate) -> bool:
    is_same = one.evidence.passage.article.id == other.evidence.passage.article.id
    return is_same and one.span.start < other.span.end and other.span.start < one.span.end


def _of_parts(
    library: Library, parts: Sequence[Question], evidence: Sequence[Evidence], *, limit: int
) -> SelectedSentences:
    """Every part for itself; a sentence that answers two of them is shown once."""
    # Every part has its share, so that none pushes out another's only sentence.
    share = max(1, limit // len(parts))
    picked: dict[tuple[str, Span], Candidate] = {}
    missing: list[str] = []
    answered: list[EvidenceReading] = []
    articles = QuotableArticles(library.archive)
    for part in parts:
        asked, form = part.standalone or part.text, answer_form(part.complete)
        again = _quote_reader(library, asked)
        pool = list(_within(part, evidence))
        of_before = [piece for piece in pool if any(piece.passage.article.id == name for name, _ in picked)]
        # "And why?" is about what the first part was answered from, where that says it.
        for pieces in [of_before, pool] if part.standalone and of_before else [pool]:
            reading = read_evidence(library, replace(part, text=asked), pieces, is_part=True, articles=articles)
            found = select_quotes(library.embedder, reading, articles, form=form, limit=share, again=again)
            if found:
                break
        # "It costs $1.7 billion and will be finished by 2028" may answer another part, too.
        told = reading.answers and any(_overlap(c, other) for c in reading.shown for other in picked.values())
        if not (found or told):
            reading = _asked_alone(library, part)
            found = select_quotes(library.embedder, reading, articles, form=form, limit=share, again=again)
        if found or told:
            answered.append(reading)
        else:
            missing.append(_name(part, parts))
        picked |= {_place(candidate): candidate for candidate in found if _place(candidate) not in picked}
    return SelectedSentences(
        picked=tuple(picked.values()),
        confidence=min((reading.confidence for reading in answered), default=0.0),
        is_sure=bool(answered) and all(reading.is_sure for reading in answered),
        missing=tuple(missing) if picked else (),
        of_parts=True,
    )


def _asked_alone(library: Library, part: Question) -> EvidenceReading:
    """Read for a part what is found for it alone: nobody shall be told that a part is missing and find it by asking."""
    alone = replace(part, context="")
    return read_evidence(library, alone, retrieve(library, alone, limit=library.settings.max_passages))


def _place(candidate: Candidate) -> tuple[str, Span]:
    return candidate.evidence.passage.article.id, candidate.span


def _within(part: Question, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """The evidence within the limits of a part."""
    for piece in evidence:
        article = piece.passage.article
        carriers = {article.outlet, *(copy.outlet for copy in piece.copies)}
        if part.scope.holds_date(article.believed) and (not part.scope.outlets or carriers & set(part.scope.outlets)):
            yield piece


def _name(part: Question, parts: Sequence[Question]) -> str:
    """A part in the reader's words; for one that is an outlet's, with the outlet."""
    outlets = part.scope.outlets
    if outlets and any(outlets != other.scope.outlets for other in parts):
        return f"{outlets[0]}: {part.text}"
    return part.text


def _related(
    library: Library, question: Question, reading: EvidenceReading, articles: QuotableArticles
) -> list[Candidate]:
    """What speaks of the matter, and the best of an article in another language: of that the reader believes little."""
    nearest = reading.ranked[:1]
    is_foreign = nearest and foreign_language_of(library.archive, nearest[0].evidence.passage.article.id, question.text)
    least = 0.0 if is_foreign else RELATED_FROM
    near = [c for c in reading.ranked[: 2 * RELATED_SENTENCES] if c.probability >= least]
    return _whole(near, articles)[:RELATED_SENTENCES]
