"""Summaries, timelines and the newest coverage as answers: what the core makes of several articles, in exact quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rag.answering.quote_writer import introduced
from rag.question.foreign_dates import period_in
from rag.replies.newsroom import WINDOW, Beside, Newsroom, nothing_about, quotes_numbered
from rag.replies.wished_length import wished_sentences
from rag.retrieval.retrieve import retrieve
from rag.retrieval.topic import evidence_about
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import Briefing, BriefingRequest, BriefingStory
from rag.summaries.sources import MOST_ARTICLES
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length
from rag.summaries.timeline import timeline
from rag.text.formatting import day_in_words, days_in_words, when_in_words
from rag.text.relative_periods import distance_in_words
from rag.types import Answer, ArticleRef, Intent, Question
from rag.wording import _, ngettext

SUMMARY_SENTENCES = 5
LATEST_ARTICLES = 8
"""Articles of the newest coverage that are read."""

OLD_FROM = timedelta(days=2)
"""News of this age is told with it."""

STORIES = 5
EVENTS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a digest is about: a topic within a question's limits, or articles (ids) that were at hand."""

    question: Question
    topic: str = ""
    articles: tuple[str, ...] = ()

    @property
    def of_topic(self) -> Question:
        """The topic within the limits that the reader set."""
        return Question(text=self.topic, scope=self.question.scope)


def summary(room: Newsroom, subject: Subject) -> Answer:
    """What the articles at hand say in short, or those on the topic; without either, the main stories."""
    ids = list(subject.articles)
    if not ids and subject.topic:
        asked = _within_period(room, subject)
        ids = _articles_about(room, asked)[:MOST_ARTICLES]
        if not ids:
            return about_nothing(room, subject, "summary")
    if not ids:
        return headlines(room, subject, "summary")
    length = Length(sentences=wished_sentences(subject.question.text) or SUMMARY_SENTENCES)
    made = summarise(room.library, ids, length=length, about=subject.topic, model=room.model)
    if not made.sentences:
        return room.nothing(subject.question, "summary", made.provenance.notice)
    told = ngettext(
        "In short, from {n} article{topic}{days}:",
        "In short, from {n} articles{topic}{days}:",
        made.read,
        topic=_on(subject.topic),
        days=_published(made.articles),
    )
    return room.reply(
        subject.question,
        "summary",
        message=told,
        sentences=made.sentences,
        citations=made.citations,
        beside=Beside(provenance=made.provenance),
    )


def latest(room: Newsroom, subject: Subject) -> Answer:
    """The newest coverage of the topic, newest first, in a window that ends at its newest article; without a topic, the
    main stories of the newest days."""
    if not subject.topic:
        return headlines(room, subject, "latest")
    found = evidence_about(room.library, _within_period(room, subject), now=room.now())
    refs = sorted(
        {one.passage.article.id: one.passage.article for one in found if one.passage.article.believed}.values(),
        key=lambda ref: (ref.believed or room.now(), ref.id),
        reverse=True,
    )
    if not refs:
        return about_nothing(room, subject, "latest")
    newest = refs[0].believed or room.now()
    window = [ref for ref in refs if ref.believed and ref.believed >= newest - WINDOW][:LATEST_ARTICLES]
    length = Length(sentences=max(2, min(SUMMARY_SENTENCES, len(window))))
    made = summarise(room.library, [ref.id for ref in window], length=length, about=subject.topic)
    quotes = sorted(made.citations, key=lambda quote: (-_moment(quote.article), quote.article.id, quote.start))
    sentences, citations = quotes_numbered(quotes, introduced(quotes))
    day = _day_and_age(newest, room.now())
    told = _("The newest coverage of “{topic}” here is of {day}", topic=subject.topic, day=day)
    if len(window) > 1:
        told = ngettext(
            "{told}; {n} article is of the week up to then",
            "{told}; {n} articles are of the week up to then",
            len(window),
            told=told,
        )
    told = _("{told}. Newest first:", told=told)
    return room.reply(subject.question, "latest", message=told, sentences=sentences, citations=citations)


def headlines(room: Newsroom, subject: Subject, intent: Intent) -> Answer:
    """The main stories of the period that is named, or of the newest days of the library."""
    question, now = subject.question, room.now()
    period = period_in(question.text, now)
    told = ""
    newest = _newest(room, question)
    if newest is None:
        return room.nothing(question, intent, _("There is no dated article here within these limits."))
    scope = question.scope
    if period is not None and not (scope.after or scope.before):
        within = replace(scope, after=period.after, before=period.before)
        made = build_briefing(room.library, BriefingRequest.of(scope=within, stories=STORIES, sentences=1), now=now)
        if made.stories:
            return _stories(room, subject, intent, made, _("The main stories; {period}:", period=period.in_words()))
        told = _("No article here was published then ({period}).", period=period.in_words()) + " "
    end = scope.before or newest
    within = replace(scope, after=max(filter(None, (scope.after, newest - WINDOW))), before=max(end, newest))
    made = build_briefing(room.library, BriefingRequest.of(scope=within, stories=STORIES, sentences=1), now=now)
    day = _day_and_age(newest, now)
    told += _("The newest article here is of {day}. The main stories of the week up to then:", day=day)
    return _stories(room, subject, intent, made, told)


def events(room: Newsroom, subject: Subject) -> Answer:
    """What happened when, oldest first."""
    if not subject.topic:
        asks = _("A timeline of what? Name its topic, such as “timeline of the budget talks”.")
        return room.reply(subject.question, "timeline", message=asks)
    found = timeline(room.library, subject.topic, scope=subject.question.scope, limit=EVENTS, now=room.now())
    if not found.events:
        return room.nothing(subject.question, "timeline", found.notice, found.about)
    quotes = [event.quote for event in found.events]
    led_in = []
    for sentence, event in zip(introduced(quotes), found.events, strict=True):
        day = when_in_words(event.first, event.last)
        where = f", {event.quote.article.outlet}" if event.quote.article.outlet else ""
        led_in.append(replace(sentence, lead_in=f"{day}{where}:"))
    sentences, citations = quotes_numbered(quotes, led_in)
    number = ngettext("{n} event", "{n} events", len(quotes))
    if found.total > len(quotes):
        number = _("{events} of {all}", events=number, all=found.total)
    told = _("{events}{topic}, oldest first:", events=number, topic=_on(subject.topic))
    return room.reply(subject.question, "timeline", message=told, sentences=sentences, citations=citations)


def about_nothing(room: Newsroom, subject: Subject, intent: Intent) -> Answer:
    """That no article is about the topic, with the nearest ones."""
    found = retrieve(room.library, subject.of_topic, limit=5, now=room.now())
    refs = dict.fromkeys(one.passage.article for one in found)
    return room.nothing(subject.question, intent, nothing_about(subject.topic), refs)


def _stories(room: Newsroom, subject: Subject, intent: Intent, made: Briefing, told: str) -> Answer:
    stories = made.stories
    if intent == "latest":
        stories = tuple(sorted(stories, key=_age_of_story))
    quotes, led_in, untitled = [], [], _("Untitled")
    for story in stories:
        for place, sentence in enumerate(introduced(story.sentences)):
            sources = ngettext("{n} source", "{n} sources", story.sources)
            heading = f"{story.title or untitled} ({sources})"
            led_in.append(replace(sentence, heading=heading if place == 0 else ""))
            quotes.append(story.sentences[place])
    sentences, citations = quotes_numbered(quotes, led_in)
    if not sentences:
        return room.nothing(subject.question, intent, made.notice or told, made.nearest)
    return room.reply(subject.question, intent, message=told, sentences=sentences, citations=citations)


def _within_period(room: Newsroom, subject: Subject) -> Question:
    """The topic within the period that the reader's words name, where an article of it is that new."""
    asked = subject.of_topic
    if asked.scope.after or asked.scope.before:
        return asked
    period = period_in(subject.question.text, room.now())
    if period is None:
        return asked
    within = replace(asked, scope=replace(asked.scope, after=period.after, before=period.before))
    return within if evidence_about(room.library, within, now=room.now()) else asked


def _articles_about(room: Newsroom, asked: Question) -> list[str]:
    found = evidence_about(room.library, asked, now=room.now())
    return list(dict.fromkeys(one.passage.article.id for one in found))


def _newest(room: Newsroom, question: Question) -> datetime | None:
    refs = room.library.archive.refs(question.scope, limit=1)
    return refs[0].believed if refs else None


def _age_of_story(story: BriefingStory) -> float:
    return -max(_moment(ref) for ref in story.articles)


def _moment(ref: ArticleRef) -> float:
    return ref.believed.timestamp() if ref.believed else 0.0


def _on(topic: str) -> str:
    return " " + _("on “{topic}”", topic=topic) if topic else ""


def _published(refs: Sequence[ArticleRef]) -> str:
    dates = sorted(ref.believed for ref in refs if ref.believed)
    return f", {days_in_words(dates[0], dates[-1])}" if dates else ""


def _day_and_age(moment: datetime, now: datetime) -> str:
    age = now - moment
    day = day_in_words(moment)
    return _("{day} ({age} ago)", day=day, age=distance_in_words(age)) if age >= OLD_FROM else day
