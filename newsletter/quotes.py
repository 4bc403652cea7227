"""A story's quotes as sentences: its gist in a line, then the others, each with who says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.quote_writer import attribution, introduced
from rag.answering.speakers import speaker_of
from rag.summaries.briefing_types import BriefingStory
from rag.types import AnswerSentence, ArticleRef, Citation

_OPENING_MARKS = ("“", '"', "«", "„", "‟", "❝")


def told_in_quotes(story: BriefingStory) -> tuple[Citation, tuple[AnswerSentence, ...]]:
    """The quote that is the story's gist, and its further quotes, led in by outlet, day and speaker."""
    return story.gist, led_in(story.sentences[1:])


def led_in(quotes: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Quotes as sentences, an article's first led in by outlet and day, direct speech also by who speaks: what the
    reporter tells ("..., the minister said") names the speaker itself."""
    made: list[AnswerSentence] = []
    previous: ArticleRef | None = None
    for quote, sentence in zip(quotes, introduced(quotes), strict=True):
        if sentence.speaker and not sentence.text.startswith(_OPENING_MARKS):
            lead_in = "" if quote.article == previous else attribution(quote.article)
            sentence = replace(sentence, lead_in=lead_in)
        made.append(sentence)
        previous = quote.article
    return tuple(made)


def gist_sentence(gist: Citation, whole: Citation) -> AnswerSentence:
    """The gist as a sentence; what was left off behind it is told by an ellipsis."""
    (shown,) = introduced([gist])
    text = shown.text if gist.end == whole.end else f"{shown.text.rstrip(' ,;')} …"
    return replace(shown, text=text, lead_in=attribution(gist.article), speaker=speaker_of(whole.quote))
