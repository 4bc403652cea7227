"""What a reply is made with, and the shape that every reply without a chain has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.events import Event
from rag.question.intent.classifier import Decision, IntentClassifier, intent_classifier
from rag.storage.library import Library
from rag.types import Answer, AnswerSentence, ArticleRef, Citation, Intent, Outcome, Provenance, Question
from rag.wording import _

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

AskChain = Callable[[Question, Sequence[str]], Iterator[Event]]
"""The chain's events for a question and the earlier ones that it may lean on."""

WINDOW = timedelta(days=7)
"""How far back the newest coverage reaches from the newest article on."""


NEAREST_ARTICLES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What stands beside the sentences of a reply: as in `rag.types.Answer`."""

    nearest: tuple[ArticleRef, ...] = ()
    missing: tuple[str, ...] = ()
    disputed: tuple[tuple[int, int], ...] = ()
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Newsroom:
    """One library with its language model (None for quotes) and its clock; `ask` answers a question from it."""

    library: Library
    model: BaseChatModel | None
    now: Callable[[], datetime]
    ask: AskChain

    @property
    def classifier(self) -> IntentClassifier:
        """What decides an utterance's intent."""
        return intent_classifier()

    def decided(self, text: str) -> Decision:
        """What the utterance wants."""
        embedder = self.library.embedder
        vector = embedder.embed_question(text) if self.classifier.knows(embedder.identity) else None
        return self.classifier.decide(text, vector)

    def remembering(self) -> Callable[[str], Decision]:
        """`decided`, with each text decided once: a conversation is read anew with every turn."""
        return lru_cache(maxsize=512)(self.decided)

    def reply(
        self,
        question: Question,
        intent: Intent,
        *,
        message: str = "",
        sentences: Sequence[AnswerSentence] = (),
        citations: Sequence[Citation] = (),
        beside: Beside = Beside(),
    ) -> Answer:
        """An answer that no chain made: "partly" where a side is missing, "told" where it has no sentences."""
        made = beside.provenance or Provenance(writer="quotes")
        outcome: Outcome = "told" if not sentences else "partly" if beside.missing else "answered"
        return Answer(
            question=question,
            outcome=outcome,
            sentences=tuple(sentences),
            citations=tuple(citations),
            evidence=(),
            nearest=beside.nearest,
            provenance=replace(made, embedder=self.library.embedder.identity, revision=self.library.archive.revision()),
            missing=beside.missing if sentences else (),
            disputed=beside.disputed,
            intent=intent,
            message=message,
        )

    def nothing(self, question: Question, intent: Intent, message: str, nearest: Iterable[ArticleRef] = ()) -> Answer:
        """An answer that the library does not hold, in a sentence of its own."""
        near = Beside(nearest=tuple(nearest)[:NEAREST_ARTICLES])
        return replace(self.reply(question, intent, message=message, beside=near), outcome="not_found")


def nothing_about(topic: str) -> str:
    """That no article is about a topic."""
    return _("No article here is about “{topic}”.", topic=topic)


def quotes_numbered(
    quotes: Sequence[Citation], sentences: Sequence[AnswerSentence]
) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """One quote a sentence, with markers from 1 in this order."""
    citations = tuple(replace(quote, marker=marker) for marker, quote in enumerate(quotes, start=1))
    numbered = tuple(replace(sentence, citations=(marker,)) for marker, sentence in enumerate(sentences, start=1))
    return numbered, citations
