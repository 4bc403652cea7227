"""A briefing as HTML: its stories with citations, what outlets dispute, and how far one in the making is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.answering.quote_writer import in_quotation_marks
from rag.checking.disagreements import Disagreement
from rag.summaries.briefing_types import Briefing, BriefingStory
from rag.text.formatting import count, days_in_words
from rag.types import Citation
from web.page.html.rendering import render
from web.page.html.views import Marker, quote_card
from web.page.periods import Period

FORMS = {"markdown": "Markdown", "html": "HTML", "eml": "E-mail"}
"""What a briefing can be taken away as."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A quote of a story in quotation marks; `value` is the figure that is disputed."""

    marker: Marker
    words: str
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """What two outlets report differently."""

    is_figure: bool
    sides: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story of a briefing."""

    story: BriefingStory
    quotes: tuple[Quote, ...]
    disputes: tuple[Dispute, ...]


def briefing_html(briefing: Briefing, texts: Mapping[str, str]) -> str:
    """The stories, the most important first; where there are none, why, and the nearest articles.

    `texts` are the articles' texts by id, for the words around each quote.
    """
    first = briefing.scope.after or briefing.first
    last = briefing.scope.before or briefing.last
    return render(
        "briefing.html",
        briefing=briefing,
        extent=f"{len(briefing.stories)} of {count(briefing.total, 'story', 'stories')}",
        stories=[_story(story) for story in briefing.stories],
        period=days_in_words(first, last) if first and last else "",
        forms=FORMS.items(),
        cards=[
            quote_card(_reference(cited), cited, texts.get(cited.article.id, ""), 0, now=datetime.now(UTC))
            for cited in briefing.citations
        ],
    )


def periods_html(periods: Sequence[Period]) -> str:
    """A button for each period."""
    return render("periods.html", periods=periods)


def stage_html(words: str) -> str:
    """How far a briefing in the making is."""
    return render("stage.html", words=words)


def _story(story: BriefingStory) -> Story:
    return Story(
        story=story,
        quotes=_quotes(story.sentences, ("",) * len(story.sentences)),
        disputes=tuple(_dispute(pair) for pair in story.disputed),
    )


def _dispute(pair: Disagreement) -> Dispute:
    return Dispute(is_figure=pair.kind == "figure", sides=_quotes((pair.one, pair.other), pair.values))


def _reference(citation: Citation) -> str:
    return f"briefing:{citation.marker}"


def _quotes(citations: Sequence[Citation], values: Sequence[str]) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            marker=Marker(reference=_reference(citation), citation=citation),
            words=in_quotation_marks(citation.quote),
            value=value,
        )
        for citation, value in zip(citations, values, strict=True)
    )
