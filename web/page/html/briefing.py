"""A briefing as HTML: its stories with citations, what outlets dispute, and how far one in the making is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.summaries.briefing_types import Briefing, BriefingStory
from rag.text.formatting import days_in_words
from rag.types import Citation
from rag.wording import N_, _, ngettext, translated
from rag.wording.numbers import number_in_words
from web.page.html.rendering import render
from web.page.html.views import Dispute, Quote, dispute_of, quote_cards, quote_of
from web.page.periods import Period

FORMS = {"markdown": "Markdown", "html": "HTML", "eml": N_("E-mail")}
"""What a briefing can be taken away as."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story of a briefing; `article` is the one under whose id it is told whole."""

    story: BriefingStory
    article: str
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
        extent=ngettext("{shown} of {n} story", "{shown} of {n} stories", briefing.total, shown=len(briefing.stories)),
        stories=[_story(story) for story in briefing.stories],
        period=days_in_words(first, last) if first and last else "",
        forms=FORMS.items(),
        cards=quote_cards(briefing.citations, texts, _reference),
    )


def periods_html(periods: Sequence[Period]) -> str:
    """A button for each period."""
    return render("periods.html", periods=periods)


def stage_html(words: str) -> str:
    """How far a briefing in the making is."""
    return render("stage.html", words=words)


def counted_html(stages: Mapping[str, str], stage: str, done: int, total: int) -> str:
    """How far it is within a stage; `stages` are the words for them."""
    words = translated(stages.get(stage, stage.capitalize()))
    so_far = _("{stage}: {done} of {total}", stage=words, done=number_in_words(done), total=number_in_words(total))
    return stage_html(so_far)


def _story(story: BriefingStory) -> Story:
    return Story(
        story=story,
        article=story.sentences[0].article.id,
        quotes=tuple(quote_of(cited, _reference(cited)) for cited in story.sentences),
        disputes=tuple(dispute_of(pair, _reference) for pair in story.disputed),
    )


def _reference(citation: Citation) -> str:
    return f"briefing:{citation.marker}"
