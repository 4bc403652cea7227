"""The default writer: chosen sentences, shown as quotes with who said it and when. It is instant and cannot invent."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.candidate import Candidate
from rag.answering.speakers import speaker_of
from rag.text.formatting import dated_in_words
from rag.types import AnswerSentence, ArticleRef, Citation
from rag.wording import _

_CLOSING_OF = {"“": "”", '"': '"', "«": "»", "„": "“", "‟": "”", "❝": "❞"}
_OPENING_OF = {"”": "“", "❞": "❝"}
_OPENS_WITHIN = len("According to ")
_MARKS = frozenset([*_CLOSING_OF, *_OPENING_OF])


def quoted(candidates: Sequence[Candidate]) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """Answer sentences and their citations.

    The article of the best quote comes first, and the quotes of each article stand together, the best one first.
    """
    best: dict[ArticleRef, float] = {}
    for candidate in candidates:
        article = candidate.evidence.passage.article
        best[article] = max(best.get(article, candidate.score), candidate.score)
    readable = sorted(candidates, key=lambda c: (-best[c.evidence.passage.article], -c.score))
    citations = tuple(candidate.citation(marker) for marker, candidate in enumerate(readable, start=1))
    return introduced(citations), citations


def introduced(citations: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Quotes as sentences, each led in by who says it where the article names somebody, an article's first also by its
    outlet and date.

    Direct speech keeps its marks; what the reporter tells gets none.
    """
    sentences: list[AnswerSentence] = []
    previous: ArticleRef | None = None
    for citation in citations:
        speaker = speaker_of(citation.quote)
        sentences.append(
            AnswerSentence(
                text=as_printed(citation.quote),
                citations=(citation.marker,),
                support=1.0,
                lead_in=_lead_in(citation, speaker, is_further=citation.article == previous),
                speaker=speaker,
            )
        )
        previous = citation.article
    return tuple(sentences)


def with_attribution(citations: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Quotes in quotation marks as sentences, each article's first led in by its outlet and date."""
    sentences: list[AnswerSentence] = []
    previous: ArticleRef | None = None
    for citation in citations:
        lead_in = "" if citation.article == previous else attribution(citation.article)
        text = in_quotation_marks(citation.quote)
        sentences.append(AnswerSentence(text=text, citations=(citation.marker,), support=1.0, lead_in=lead_in))
        previous = citation.article
    return tuple(sentences)


def in_quotation_marks(quote: str) -> str:
    """The quote in quotation marks; one that has marks of its own stands as it is printed."""
    return as_printed(quote) if _MARKS.intersection(quote) else f"“{quote}”"


def as_printed(quote: str) -> str:
    """The quote on one line, a quotation closed where it was left open, and opened where it began before."""
    line, opened = " ".join(quote.split()), ""
    prefix = ""
    for character in line:
        if opened:
            opened = "" if character == _CLOSING_OF[opened] else opened
        elif character in _CLOSING_OF:
            opened = character
        elif character in _OPENING_OF:
            prefix = _OPENING_OF[character]
    return prefix + line + (_CLOSING_OF[opened] if opened else "")


def attribution(article: ArticleRef) -> str:
    """`Pacific Ledger, 20 June 2024:`, with what is known; "" where neither outlet nor date is."""
    known = printed_in(article)
    return f"{known}:" if known else ""


def _lead_in(citation: Citation, speaker: str, *, is_further: bool) -> str:
    # Who is named first in the quote introduces himself.
    named = "" if citation.quote.find(speaker) <= _OPENS_WITHIN else speaker[:1].upper() + speaker[1:]
    where = "" if is_further else printed_in(citation.article)
    if named and where:
        place = _("in {place}", place=where) if citation.article.outlet else where
        return f"{named}, {place}:"
    return f"{named or where}:" if named or where else ""


def printed_in(article: ArticleRef) -> str:
    """`Pacific Ledger, 20 June 2024`, as far as it is known."""
    return ", ".join(filter(None, (article.outlet, dated_in_words(article.published, is_ahead=article.is_ahead))))
