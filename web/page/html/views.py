"""The values that templates of several views show: what a reader can open, and a sentence with its markers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.answering.quote_writer import in_quotation_marks
from rag.checking.disagreements import Disagreement
from rag.types import ArticleRef, Citation
from web.page.html.words import age_in_words

_WORD_KEPT_WITH_MARKERS = 20
_AROUND = 220
"""Characters of its paragraph on each side of a quote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A numbered button that opens a quote; `reference` is what the page sends when it is pressed."""

    reference: str
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleCard:
    """An article that `reference` opens, with a few of its words where they are to be shown."""

    reference: str
    article: ArticleRef
    snippet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedText:
    """A sentence, what leads it in, and its markers.

    `last_word` stays on one line with the markers, which never begin a line; where it is a very long one it is part of
    `start` and empty here.
    """

    start: str
    last_word: str
    markers: tuple[Marker, ...]
    lead_in: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A quote of a story in quotation marks, with its marker; `value` is the figure that is disputed."""

    citation: Citation
    text: CitedText
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """What two outlets report differently."""

    is_figure: bool
    sides: tuple[Quote, ...]


def quote_of(citation: Citation, reference: str, value: str = "") -> Quote:
    """The quote that `reference` opens."""
    marker = Marker(reference=reference, citation=citation)
    return Quote(citation=citation, text=cited_text(in_quotation_marks(citation.quote), (marker,)), value=value)


def dispute_of(pair: Disagreement, reference: Callable[[Citation], str]) -> Dispute:
    """Both quotes of a disagreement; `reference` says what opens each."""
    quotes = zip((pair.one, pair.other), pair.values, strict=True)
    sides = tuple(quote_of(quote, reference(quote), value) for quote, value in quotes)
    return Dispute(is_figure=pair.kind == "figure", sides=sides)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteCard:
    """What is shown of a quote while its number is pointed at: the words around it in its paragraph, its article and
    how old that is. `reference` is that of its marker."""

    reference: str
    citation: Citation
    before: str
    after: str
    age: str


def quote_card(reference: str, citation: Citation, text: str, offset: int, *, now: datetime) -> QuoteCard:
    """The card of a quote in `text`, a part of its article that begins at `offset`; without words around it where the
    quote does not stand there."""
    start, end = citation.start - offset, citation.end - offset
    before = after = ""
    if start >= 0 and text[start:end] == citation.quote:
        before = text[:start].rpartition("\n")[2]
        after = text[end:].partition("\n")[0]
    published = citation.article.believed
    return QuoteCard(
        reference=reference,
        citation=citation,
        before=before if len(before) <= _AROUND else f"…{before[-_AROUND:].partition(' ')[2]}",
        after=after if len(after) <= _AROUND else f"{after[:_AROUND].rpartition(' ')[0]}…",
        age=age_in_words(published, now) if published is not None else "",
    )


def quote_cards(
    citations: Iterable[Citation], texts: Mapping[str, str], reference: Callable[[Citation], str]
) -> list[QuoteCard]:
    """The card of each quote, once for each reference; `texts` are the articles' whole texts by id."""
    now = datetime.now(UTC)
    by_reference = {reference(cited): cited for cited in citations}
    return [quote_card(name, one, texts.get(one.article.id, ""), 0, now=now) for name, one in by_reference.items()]


def cited_text(sentence: str, markers: Sequence[Marker], *, lead_in: str = "") -> CitedText:
    """A sentence with the markers of what it cites."""
    head, space, last = sentence.rpartition(" ")
    if len(last) > _WORD_KEPT_WITH_MARKERS:
        return CitedText(start=sentence, last_word="", markers=tuple(markers), lead_in=lead_in)
    return CitedText(start=head + space, last_word=last, markers=tuple(markers), lead_in=lead_in)
