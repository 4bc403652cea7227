"""The one function behind every front door: what is wanted is decided once, and each kind has its own answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial

from rag.events import Event, Finished, Stage
from rag.question.coreference import subject_of
from rag.question.intent.classifier import Decision
from rag.question.intent.topic import topic_of
from rag.question.search_plan import outlets_in
from rag.replies import digests, words
from rag.replies.comparison import comparison
from rag.replies.conversation import (
    DIGESTS,
    GOES_ON,
    LOOKED_BACK,
    ORDERS,
    Earlier,
    intents_of,
    last_of_the_news,
    news_history,
)
from rag.replies.digests import Subject
from rag.replies.newsroom import Newsroom
from rag.replies.orders import NO_ANSWER_YET, Order, obeyed
from rag.text.pronouns import DEMONSTRATIVE, PERSONAL
from rag.text.search_terms import content_terms
from rag.types import Answer, Intent, Question
from rag.wording import translated

Decide = Callable[[str], Decision]

NAME_WORDS = 2
"""A longer utterance asks for something ("hong kong population")."""

_JOINING = re.compile(r"^\W*(?:and|but|so)\s+", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_POINTS_BACK = re.compile(rf"\b(?:{'|'.join(sorted(PERSONAL | DEMONSTRATIVE))})\b", re.IGNORECASE)
_OF_EVERYTHING = re.compile(
    r"\b(?:news|headlines|stories|briefing|digest|today|yesterday|days?|weeks?|months?|years?|everything|library)\b",
    re.IGNORECASE,
)


def reply(
    room: Newsroom, question: Question, *, history: Sequence[str] = (), last: Answer | None = None
) -> Iterator[Event]:
    """The events of an utterance, ending with `Finished`.

    `history` are the reader's earlier utterances, oldest first; `last` is the answer to the latest of them, where the
    front door still has it: without it that answer is made again.
    """
    decide = room.remembering()
    *_, (_, intent) = intents_of([*history[-LOOKED_BACK:], question.text], decide)
    if intent == "question" and not (history or content_terms(question.text)):
        intent = "other"
    if intent == "question":
        yield from _asked(room, question, news_history(history, decide, partial(_topic, room)))
        return
    yield Stage(name="reading")
    if intent in ORDERS:
        yield from _ordered(room, question, intent, _Conversation(history, last, decide))
    elif intent in DIGESTS:
        yield Finished(answer=_digest(room, question, intent, last_of_the_news(history, decide), last))
    else:
        yield Finished(answer=_told(room, question, intent))


def _asked(room: Newsroom, question: Question, earlier: Sequence[str]) -> Iterator[Event]:
    """The chain's events. A name alone ("boeing", "what about boeing?") asks nothing: where nothing answers it, the
    news of it does. Where nothing answers what names two outlets of the library, the two are held side by side."""
    for event in room.ask(question, earlier):
        if isinstance(event, Finished) and event.answer.outcome == "not_found":
            digest = _in_its_place(room, question, event.answer)
            yield Finished(answer=event.answer if digest is None or digest.outcome == "not_found" else digest)
        else:
            yield event


def _in_its_place(room: Newsroom, question: Question, answer: Answer) -> Answer | None:
    """The digest that may be wanted where a question found no answer; None where none is."""
    if len(outlets_in(question.text, room.library.archive.outlets())) > 1:
        return _digest(room, question, "comparison", None, None)
    return _digest(room, question, "latest", None, None) if _is_name(room, answer) else None


def _is_name(room: Newsroom, answer: Answer) -> bool:
    """Whether nothing but a name was asked; in a conversation "casualties" asks about what went before."""
    question = answer.question
    if question.context:
        return False
    asked = _JOINING.sub("", GOES_ON.sub("", question.text)).strip(" ?!.")
    topic = _topic(room, asked)
    is_short = 0 < len(asked.split()) <= NAME_WORDS
    return is_short and topic.casefold() == _DETERMINER.sub("", asked).casefold()


class _Conversation:
    """The earlier utterances, and the answer to the latest of them where it is at hand."""

    def __init__(self, history: Sequence[str], last: Answer | None, decide: Decide) -> None:
        self.history = history
        self.decide = decide
        self.earlier: Earlier | None = last_of_the_news(history, decide)
        spoke_last = decide(history[-1]).intent if history else "other"
        self.last = (
            last if spoke_last not in ("greeting", "thanks", "goodbye", "library", "newsdesk", "other") else None
        )


def _ordered(room: Newsroom, question: Question, intent: Intent, conversation: _Conversation) -> Iterator[Event]:
    earlier = conversation.earlier
    if earlier is None:
        yield Finished(answer=room.reply(question, intent, message=translated(NO_ANSWER_YET)))
        return
    times = 1 + sum(1 for given, _ in earlier.orders if given == intent)
    if conversation.last is not None and (intent != "more" or times == 1):
        yield Finished(answer=obeyed(room, Order(intent=intent, question=question, on=conversation.last)))
        return
    answer = yield from _answered(room, replace(question, text=earlier.text, standalone="", context=""), earlier)
    base = answer
    for given, words_of_it in earlier.orders:
        if given != "more":
            asked = replace(question, text=words_of_it)
            answer = obeyed(room, Order(intent=given, question=asked, on=answer))
    on = base if intent == "more" else answer
    yield Finished(answer=obeyed(room, Order(intent=intent, question=question, on=on, times=times)))


def _answered(room: Newsroom, question: Question, earlier: Earlier) -> Generator[Event, None, Answer]:
    """The answer to an earlier utterance, made again; its events but the last are passed on."""
    if earlier.intent != "question":
        return _digest(room, question, earlier.intent, None, None)
    for event in _asked(room, question, earlier.before):
        if isinstance(event, Finished):
            return event.answer
        yield event
    raise RuntimeError("the chain's events ended without an answer")


def _digest(room: Newsroom, question: Question, intent: Intent, earlier: Earlier | None, last: Answer | None) -> Answer:
    subject = Subject(question=question, topic=_topic(room, question.text))
    if not subject.topic and earlier is not None:
        subject = _of_conversation(room, subject, intent, earlier, last)
    match intent:
        case "summary":
            return digests.summary(room, subject)
        case "timeline":
            return digests.events(room, subject)
        case "comparison":
            return comparison(room, subject)
    return digests.latest(room, subject)


def _of_conversation(
    room: Newsroom, subject: Subject, intent: Intent, earlier: Earlier, last: Answer | None
) -> Subject:
    """The subject of "summarise that" and "how did it unfold?": what was spoken of last.

    "What's new?" and "the news of the week in brief" ask for all news, whatever was spoken of.
    """
    text = subject.question.text
    if _POINTS_BACK.search(text) is None and (intent == "latest" or _OF_EVERYTHING.search(text)):
        return subject
    if intent == "summary" and last is not None and last.citations:
        ids = tuple(dict.fromkeys(quote.article.id for quote in last.citations))
        return replace(subject, articles=ids)
    if earlier.intent == "question":
        return replace(subject, topic=subject_of([*earlier.before, earlier.text]))
    return replace(subject, topic=_topic(room, earlier.text))


def _told(room: Newsroom, question: Question, intent: Intent) -> Answer:
    match intent:
        case "library":
            return words.of_library(room, question, _topic(room, question.text))
        case "newsdesk":
            return words.of_newsdesk(room, question)
        case "greeting":
            return words.greeting(room, question)
        case "thanks":
            return room.reply(question, intent, message=translated(words.WELCOME))
        case "goodbye":
            return room.reply(question, intent, message=translated(words.GOODBYE))
    return room.reply(question, intent, message=translated(words.OTHER))


def _topic(room: Newsroom, text: str) -> str:
    """What an utterance is about, "" where it names nothing that could be searched for."""
    topic = topic_of(text, room.classifier.requests)
    return topic if content_terms(topic) else ""
