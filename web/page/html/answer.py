"""An answer as the page shows it: its sentences with markers, its sources, what was read for it and how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rag.answering.quote_writer import in_quotation_marks
from rag.retrieval.copies import independent_sources
from rag.types import Answer, Citation, Evidence, Passage
from rag.wording import _, ngettext
from web.page.conversation import Answered, Limits, reference_to
from web.page.html.answer_tools import AnswerTools, Row, answer_tools, made_of
from web.page.html.views import ArticleCard, CitedText, Marker, QuoteCard, cited_text, quote_card
from web.page.html.words import outlet_of, published_in_words, snippet

_CARDS_SHOWN = 4
_MARKS = '\u201c\u201d"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found for a question, and as many cards of it as are to be shown."""

    total: str
    cards: tuple[ArticleCard, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One quote with who said it, or a paragraph of prose (`attribution` empty), under a `heading` where it has one;
    `translation` is the whole in the reader's language."""

    is_quote: bool
    sentences: tuple[CitedText, ...]
    attribution: str = ""
    heading: str = ""
    translation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An article that is cited: the numbers of its quotes, and the outlets that carry the same text."""

    card: ArticleCard
    markers: tuple[int, ...]
    carried_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFound:
    """What stands in the place of an answer: what was searched, quotes that do not answer, and the nearest articles."""

    searched: str
    limits: Limits | None
    related: tuple[Block, ...]
    nearest: tuple[ArticleCard, ...]
    may_add: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """The line under an answer; `sources` is empty where nothing is cited, `model` is shown where it is not quoted."""

    sources: str
    is_quoted: bool
    model: str
    seconds: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerView:
    """A finished question; `not_found` is set where nothing answers it.

    `is_told`: Newsdesk answers in its own words, and `listed` are the articles that these are about. `outdated` says
    that quotes no longer stand in their articles; empty where they do.
    """

    answer: Answer
    outdated: str
    is_told: bool
    listed: tuple[ArticleCard, ...]
    understood: str
    lead: CitedText | None
    blocks: tuple[Block, ...]
    not_found: NotFound | None
    disputed: tuple[tuple[Marker, ...], ...]
    sources: tuple[Source, ...]
    made: Made
    how: tuple[Row, ...]
    found: Found | None
    tools: AnswerTools
    cards: tuple[QuoteCard, ...]


def answer_view(number: int, turn: Answered, *, may_rate: bool, may_add: bool) -> AnswerView:
    """What is shown of the finished turn `number` of a conversation; `may_add`: the reader can add what is lacking."""
    answer = turn.answer
    by_marker = {citation.marker: _marker(number, citation) for citation in answer.citations}
    understood = answer.provenance.standalone_question
    return AnswerView(
        answer=answer,
        outdated=_outdated(turn.outdated, len(answer.citations)),
        is_told=answer.outcome == "told",
        listed=_nearest_cards(number, answer) if answer.outcome == "told" else (),
        understood=understood if understood.casefold() != turn.question.strip().casefold() else "",
        lead=_lead(answer, by_marker),
        blocks=_rows(_blocks(answer, by_marker)) if answer.layout == "table" else tuple(_blocks(answer, by_marker)),
        not_found=_not_found(number, turn, may_add=may_add) if answer.outcome == "not_found" else None,
        disputed=tuple(tuple(by_marker[marker] for marker in pair) for pair in answer.disputed),
        sources=tuple(_sources(number, answer.citations)),
        made=_made(turn),
        how=made_of(answer),
        found=found_view(number, answer.evidence),
        tools=answer_tools(number, turn, may_rate=may_rate),
        cards=tuple(_cards(number, answer)),
    )


def _outdated(changed: int, quotes: int) -> str:
    if not changed:
        return ""
    of_all = ngettext("{n} quote", "{n} quotes", quotes)
    return ngettext(
        "{n} of {quotes} was corrected or removed since this was answered.",
        "{n} of {quotes} were corrected or removed since this was answered.",
        changed,
        quotes=of_all,
    )


def found_view(number: int, evidence: Sequence[Evidence], *, only_first: bool = False) -> Found | None:
    """What was found for turn `number`; None where nothing was. `only_first` is for while the answer is made."""
    if not evidence:
        return None
    articles = {found.passage.article.id for found in evidence}
    return Found(
        total=_(
            "{passages} from {articles}",
            passages=ngettext("{n} passage", "{n} passages", len(evidence)),
            articles=ngettext("{n} article", "{n} articles", len(articles)),
        ),
        cards=tuple(
            ArticleCard(
                reference=reference_to(number, "evidence", found.rank),
                article=found.passage.article,
                snippet=snippet(found.passage.text),
            )
            for found in evidence[: _CARDS_SHOWN if only_first else None]
        ),
    )


def limits_view(limits: Limits) -> Limits | None:
    """The limits, where the reader set any."""
    scope = limits.scope
    return limits if limits.story or scope.outlets or scope.tags or scope.after or scope.before else None


def _cards(number: int, answer: Answer) -> Iterator[QuoteCard]:
    """A card for every quote; the words around it come from the passage that was read for it."""
    now = datetime.now(UTC)
    for kind, citations in (("citation", answer.citations), ("related", answer.related)):
        for cited in citations:
            around = next((found.passage for found in answer.evidence if _holds(found.passage, cited)), None)
            text, offset = (around.text, around.start) if around is not None else ("", 0)
            yield quote_card(reference_to(number, kind, cited.marker), cited, text, offset, now=now)


def _holds(passage: Passage, cited: Citation) -> bool:
    return passage.article.id == cited.article.id and passage.start <= cited.start and cited.end <= passage.end


def _marker(number: int, citation: Citation, *, kind: str = "citation") -> Marker:
    return Marker(reference=reference_to(number, kind, citation.marker), citation=citation)


def _blocks(answer: Answer, by_marker: dict[int, Marker]) -> Iterator[Block]:
    """Each quote by itself, and the prose between quotes as a paragraph."""
    prose: list[tuple[CitedText, str]] = []
    for sentence in answer.sentences:
        markers = [by_marker[marker] for marker in sentence.citations]
        quotes = [marker.citation.quote for marker in markers]
        text = cited_text(sentence.text, markers, lead_in=sentence.lead_in)
        if sentence.heading and prose:
            yield _paragraph(prose)
            prose = []
        if not any(_bare(sentence.text) == _bare(quote) for quote in quotes):
            prose.append((text, sentence.translation))
            continue
        if prose:
            yield _paragraph(prose)
            prose = []
        yield Block(
            is_quote=True,
            sentences=(text,),
            attribution=sentence.lead_in.strip().removesuffix(":"),
            heading=sentence.heading,
            translation=sentence.translation,
        )
    if prose:
        yield _paragraph(prose)


def _paragraph(prose: Sequence[tuple[CitedText, str]]) -> Block:
    translation = " ".join(translated for _, translated in prose if translated)
    return Block(is_quote=False, sentences=tuple(text for text, _ in prose), translation=translation)


def _rows(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Each block with who said it: in a table every row stands for itself."""
    rows: list[Block] = []
    for block in blocks:
        said = block.attribution or (rows[-1].attribution if rows else "")
        rows.append(replace(block, attribution=said))
    return tuple(rows)


def _bare(text: str) -> str:
    """The text on one line, without the marks around it: quotes are printed with some, and without."""
    return " ".join(text.split()).strip(_MARKS)


def _lead(answer: Answer, by_marker: dict[int, Marker]) -> CitedText | None:
    """A short answer and figures with their markers; what is counted cites all that follows, and shows none."""
    if answer.lead is None:
        return None
    cited = () if answer.lead.kind == "overview" else answer.lead.citations
    return cited_text(answer.lead.text, [by_marker[marker] for marker in cited])


def _sources(number: int, citations: Sequence[Citation]) -> Iterator[Source]:
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    for cited in by_article.values():
        first = cited[0]
        yield Source(
            card=ArticleCard(reference=reference_to(number, "citation", first.marker), article=first.article),
            markers=tuple(citation.marker for citation in cited),
            carried_by=tuple(dict.fromkeys(outlet_of(copy) for citation in cited for copy in citation.copies)),
        )


def _made(turn: Answered) -> Made:
    citations, provenance = turn.answer.citations, turn.answer.provenance
    articles = {citation.article.id for citation in citations}
    told_in = ngettext("{n} article", "{n} articles", len(articles))
    sources = ngettext("{n} independent source", "{n} independent sources", independent_sources(citations))
    # One article is one source: that is no news.
    counted = f"{told_in}, {sources}" if len(articles) > 1 else told_in
    return Made(
        sources=counted if articles else "",
        is_quoted=provenance.writer == "quotes",
        model=provenance.model or _("a language model"),
        seconds=f"{turn.seconds:.1f} s",
    )


def _not_found(number: int, turn: Answered, *, may_add: bool) -> NotFound:
    limits = limits_view(turn.limits)
    return NotFound(
        searched="" if limits else turn.scope,
        limits=limits,
        related=tuple(_related(number, citation) for citation in turn.answer.related),
        nearest=_nearest_cards(number, turn.answer),
        may_add=may_add,
    )


def _nearest_cards(number: int, answer: Answer) -> tuple[ArticleCard, ...]:
    return tuple(
        ArticleCard(reference=reference_to(number, "nearest", position), article=article)
        for position, article in enumerate(answer.nearest)
    )


def _related(number: int, citation: Citation) -> Block:
    article = citation.article
    attribution = [outlet_of(article), published_in_words(article, short=True)]
    text = cited_text(in_quotation_marks(citation.quote), [_marker(number, citation, kind="related")])
    return Block(is_quote=True, sentences=(text,), attribution=", ".join(filter(None, attribution)))
