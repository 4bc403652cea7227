"""Announcements that a later article has overtaken: "will travel on Tuesday", once the journey is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from rag.checking.polarity import INTENTION, stances
from rag.summaries.source_sentences import SourceSentence
from rag.summaries.summarise import Sources
from rag.text.event_dates import event_date
from rag.text.tokens import fold_claim, tokens

TOLD_FROM = 0.4
"""A later sentence tells what was announced from this cosine on. Of the sample's stories of several articles, read by
hand: 2 sentences announce something for a later day that came, both are told by a later article, at .65 and .42, and no
other sentence is left out."""


def without_overtaken(sources: Sources) -> Sources:
    """The sources without sentences that announce what a later article tells as happened.

    What is announced for a day after that article, without a day, or is told by no later one, stays.
    """
    days = [ref.believed.date() if ref.believed is not None else None for ref in sources.refs]
    rows = [(number, one) for number, article in enumerate(sources.sentences) for one in article]
    told = [row for row, (number, one) in enumerate(rows) if days[number] is not None and not announces(one.text)]
    overtaken = {
        row
        for row, (number, one) in enumerate(rows)
        if (day := days[number]) is not None
        and announces(one.text)
        and _is_told(sources, row, [later for later in told if _is_later(days[rows[later][0]], one, day)])
    }
    return sources.only([row not in overtaken for row in range(len(rows))]) if overtaken else sources


def announces(text: str) -> bool:
    """Whether something in it is said to be intended, and nothing to be merely possible."""
    found = [stance.certainty for stance in stances(tokens(fold_claim(text)))]
    return min(found, default=INTENTION + 1) == INTENTION


def _is_later(day: date | None, announcement: SourceSentence, announced: date) -> bool:
    """Whether an article of this day may tell what was announced for a day to come: by then it has come."""
    when = event_date(announcement.text, announced)
    return when is not None and day is not None and announced < when.first <= day


def _is_told(sources: Sources, row: int, later: Sequence[int]) -> bool:
    if not later:
        return False
    return float(np.max(sources.vectors[list(later)] @ sources.vectors[row])) >= TOLD_FROM
