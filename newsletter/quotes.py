"""A story's quotes as sentences: its gist in a line, then the others, each with who says it."""

from __future__ import annotations

from dataclasses import replace

from rag.answering.quote_writer import attribution, introduced
from rag.answering.speakers import speaker_of
from rag.summaries.briefing_types import BriefingStory
from rag.types import AnswerSentence, Citation


def told_in_quotes(story: BriefingStory) -> tuple[Citation, tuple[AnswerSentence, ...]]:
    """The quote that is the story's gist, and its further quotes, led in by outlet, day and speaker."""
    return story.gist, introduced(story.sentences[1:])


def gist_sentence(gist: Citation, whole: Citation) -> AnswerSentence:
    """The gist as a sentence; what was left off behind it is told by an ellipsis."""
    (shown,) = introduced([gist])
    text = shown.text if gist.end == whole.end else f"{shown.text.rstrip(' ,;')} …"
    return replace(shown, text=text, lead_in=attribution(gist.article), speaker=speaker_of(whole.quote))
