"""Comparisons: what each outlet says of a topic, or what is said of each of two things.

A side without a quote is named as missing. Quotes that cannot both be so stand in front, as a briefing finds them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from rag.answering.quote_writer import introduced
from rag.checking.disagreements import disagreements
from rag.question.intent.topic import stretch_of, topic_of
from rag.question.search_plan import outlets_in, without_outlets
from rag.replies.digests import Subject, about_nothing
from rag.replies.newsroom import Beside, Newsroom, quotes_numbered
from rag.replies.sides import ARTICLES_A_SIDE, SENTENCES_A_SIDE, Side, sides_named
from rag.retrieval.copies import SyndicatedCopies
from rag.retrieval.topic import evidence_about
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.sources import of_story
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length
from rag.text.search_terms import content_terms
from rag.types import Answer, AnswerSentence, ArticleRef, Citation, Question
from rag.wording import _, ngettext

MOST_SIDES = 5

_OF_OUTLETS = re.compile(
    r"\b(?:outlets?|(?:news)?papers?|sources?|reports?|reporting|coverage|accounts?|articles?|versions?|stories)\b",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"\s*,?\s*\b(?:vs\.?|versus|compared?\s+(?:to|with)|in\s+comparison\s+(?:to|with)|and|with|against|or)\s+",
    re.IGNORECASE,
)
_ON = re.compile(r"^(?P<sides>.+?)\s+(?:on|about|in terms of|regarding)\s+(?P<topic>.+)$", re.IGNORECASE)


def comparison(room: Newsroom, subject: Subject) -> Answer:
    """The sides that the reader names, otherwise the outlets that tell of the topic."""
    text, outlets = subject.question.text, room.library.archive.outlets()
    named = outlets_in(text, outlets)
    if named:
        topic = topic_of(without_outlets(text, outlets), room.classifier.requests) or subject.topic
        return _compared(room, replace(subject, topic=topic), named, topic)
    stretch = stretch_of(text, room.classifier.requests)
    sides = [] if _OF_OUTLETS.search(text) else _things(stretch) or _things(subject.topic)
    if sides:
        asked = [(name, replace(subject.of_topic, text=wanted)) for name, wanted in sides]
        found = sides_named(room.library, asked, now=room.now())
        return _reply(room, subject, found, about="")
    if not subject.topic:
        asks = _("A comparison on what? Name a topic, such as “compare the outlets on the budget talks”.")
        return room.reply(subject.question, "comparison", message=asks)
    telling = _outlets_telling(room, subject.of_topic)
    if not telling:
        return about_nothing(room, subject, "comparison")
    found = [Side(name, _in_short(room, ids, subject.topic)) for name, ids in telling.items()]
    return _reply(room, subject, found, about=subject.topic)


def _compared(room: Newsroom, subject: Subject, outlets: Sequence[str], topic: str) -> Answer:
    if not topic:
        asks = _("{outlets} on what? Name a topic, and they are held side by side.", outlets=_and(outlets))
        return room.reply(subject.question, "comparison", message=asks)
    asked = Question(text=topic, scope=subject.question.scope)
    found = [Side(name, _quotes(room, replace(asked, scope=replace(asked.scope, outlets=(name,))))) for name in outlets]
    return _reply(room, subject, found, about=topic)


def _reply(room: Newsroom, subject: Subject, sides: Sequence[Side], *, about: str) -> Answer:
    silent = [side.name for side in sides if not side.quotes]
    speaking = [side for side in sides if side.quotes]
    on = " " + _("on “{topic}”", topic=about) if about else ""
    if not speaking:
        names = ", ".join(side.name for side in sides)
        return room.nothing(
            subject.question,
            "comparison",
            _("No article here tells anything{topic} of: {names}.", topic=on, names=names),
        )
    disputed = _disputed(room, subject, about) if about else []
    quotes = [*disputed]
    led_in = [
        replace(sentence, heading=_("Where they differ") if place == 0 else "")
        for place, sentence in enumerate(_each_led_in(disputed))
    ]
    shown = {(quote.article.id, quote.start) for quote in disputed}
    for side in speaking:
        own = [quote for quote in side.quotes if (quote.article.id, quote.start) not in shown] or list(side.quotes[:1])
        for place, sentence in enumerate(introduced(own)):
            led_in.append(replace(sentence, heading=side.name if place == 0 else ""))
        quotes += own
    sentences, citations = quotes_numbered(quotes, led_in)
    citations = SyndicatedCopies(room.library.archive, subject.question.scope).named(citations)
    number = len(sides)
    names = _and([side.name for side in sides]) if number < 3 else ngettext("{n} outlet", "{n} outlets", number)
    if number > 1:
        told = _("{names}{topic}, side by side.", names=names, topic=on)
    else:
        told = _("{names}{topic}, the only outlet here that tells of it.", names=names, topic=on)
    quiet = " " + _("Of {names} there is no quote.", names=_and(silent)) if silent else ""
    missing = tuple(f"{name}{on}" for name in silent)
    return room.reply(
        subject.question,
        "comparison",
        message=f"{told}{quiet}",
        sentences=sentences,
        citations=citations,
        beside=Beside(
            missing=missing,
            disputed=tuple((pair.one.marker, pair.other.marker) for pair in disagreements(citations)),
        ),
    )


def _and(names: Sequence[str]) -> str:
    return reduce(lambda one, other: _("{one} and {other}", one=one, other=other), names)


def _quotes(room: Newsroom, asked: Question) -> tuple[Citation, ...]:
    """What the nearest articles of a side say in short; none where nothing speaks of it."""
    found = evidence_about(room.library, asked, now=room.now())
    return _in_short(room, [one.passage.article.id for one in found], asked.text)


def _in_short(room: Newsroom, articles: Sequence[str], about: str) -> tuple[Citation, ...]:
    ids = list(dict.fromkeys(articles))[:ARTICLES_A_SIDE]
    if not ids:
        return ()
    return summarise(room.library, ids, length=Length(sentences=SENTENCES_A_SIDE), about=about).citations


def _outlets_telling(room: Newsroom, asked: Question) -> dict[str, list[str]]:
    """Outlet -> its articles on the topic, the outlets with most passages first; copies of a wire report count for
    their first outlet. Where one outlet alone uses the words of the topic, the others that tell its story are behind
    it."""
    found = evidence_about(room.library, asked, now=room.now())
    passages = Counter(one.passage.article.outlet for one in found if one.passage.article.outlet)
    telling: dict[str, list[str]] = {name: [] for name in sorted(passages, key=lambda name: (-passages[name], name))}
    for one in found:
        if one.passage.article.outlet:
            telling[one.passage.article.outlet].append(one.passage.article.id)
    if len(telling) == 1:
        for ref in _of_the_story(room, found[0].passage.article):
            if ref.outlet and ref.outlet not in passages:
                telling.setdefault(ref.outlet, []).append(ref.id)
    return dict(list(telling.items())[:MOST_SIDES])


def _of_the_story(room: Newsroom, article: ArticleRef) -> list[ArticleRef]:
    told = (room.library.archive.article(name) for name in of_story(room.library, article, now=room.now()))
    return [one.ref for one in told if one is not None]


def _disputed(room: Newsroom, subject: Subject, topic: str) -> list[Citation]:
    """Both quotes of what a briefing of the topic calls disputed."""
    wanted = BriefingRequest.of(topic=topic, scope=subject.question.scope, stories=2, sentences=1)
    made = build_briefing(room.library, wanted, now=room.now())
    return [side for story in made.stories for pair in story.disputed for side in (pair.one, pair.other)]


def _each_led_in(quotes: Sequence[Citation]) -> list[AnswerSentence]:
    return [sentence for quote in quotes for sentence in introduced([quote])]


def _things(topic: str) -> list[tuple[str, str]]:
    """Two things to be compared, each with what is searched for it; none where the topic is one thing."""
    match = _ON.match(topic)
    sides = _SIDES.split(match["sides"] if match else topic)
    about = f" {match['topic']}" if match else ""
    if len(sides) != 2 or not all(content_terms(side) for side in sides):
        return []
    return [(side.strip(" ,"), f"{side.strip(' ,')}{about}") for side in sides]
