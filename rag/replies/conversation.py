"""What a conversation was about before the utterance at hand: its news, and the orders given on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from rag.question.intent.classifier import Decision
from rag.types import Intent

ORDERS: frozenset[Intent] = frozenset(("shorter", "more", "speakers", "table", "sources", "sure", "language"))
OF_THE_NEWS: frozenset[Intent] = frozenset(("question", "summary", "timeline", "comparison", "latest"))
DIGESTS = OF_THE_NEWS - {"question"}

LOOKED_BACK = 20
"""Earlier utterances that are read; what lies further back is no longer meant."""

GOES_ON = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:what|how)\s+about\b|^\W*and\s+(?:about|at|for|from|in|of|on|with)\b", re.IGNORECASE
)
"""In a conversation "what about open models?" goes on from what was asked last, whatever it would be by itself."""

_NAMES = re.compile(r"\s[^\W\d_a-z]")
"""After the news of Sudan "what about Kenya?" wants Kenya's, "what about the dead?" asks on about Sudan."""

assert set(get_args(Intent)) >= ORDERS | OF_THE_NEWS


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """The last utterance that asked for news, `before` it the others that did, and the orders given since."""

    text: str
    intent: Intent
    before: tuple[str, ...]
    orders: tuple[tuple[Intent, str], ...]


def intents_of(utterances: Sequence[str], decided: Callable[[str], Decision]) -> list[tuple[str, Intent]]:
    """What is wanted by each utterance of a conversation: "and of Starliner?" wants of it what was wanted before."""
    found: list[tuple[str, Intent]] = []
    before: Intent | None = None
    for text in utterances:
        intent = decided(text).intent
        if before is not None and intent not in ORDERS and GOES_ON.match(text):
            intent = before if _NAMES.search(text) else "question"
        if intent in OF_THE_NEWS:
            before = intent
        found.append((text, intent))
    return found


def last_of_the_news(history: Sequence[str], decided: Callable[[str], Decision]) -> Earlier | None:
    """What an order or a pointer is about; None where nothing of the news was asked for."""
    found = intents_of(history[-LOOKED_BACK:], decided)
    news = [place for place, (_, intent) in enumerate(found) if intent in OF_THE_NEWS]
    if not news:
        return None
    last = news[-1]
    return Earlier(
        text=found[last][0],
        intent=found[last][1],
        before=tuple(found[place][0] for place in news[:-1]),
        orders=tuple((intent, text) for text, intent in found[last + 1 :] if intent in ORDERS),
    )


def news_history(
    history: Sequence[str], decided: Callable[[str], Decision], topic: Callable[[str], str]
) -> tuple[str, ...]:
    """The earlier questions that a question may lean on: no thanks, no orders, and of a digest its `topic`, asked."""
    found = []
    for text, intent in intents_of(history[-LOOKED_BACK:], decided):
        if intent == "question":
            found.append(text)
        elif intent in DIGESTS and (about := topic(text)):
            found.append(f"What did {about} do?" if about[:1].isupper() else f"What is known about the {about}?")
    return tuple(found)
