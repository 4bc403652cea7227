"""From a config and the library to an issue.

A story stands in one section only, the first that wants it. What an earlier issue told is told again only where
something is new: further articles, or a sent quote that its article no longer holds; then only that is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from newsletter.config import NewsletterConfig, SectionConfig
from newsletter.issue import Correction, Issue, Item, Section
from newsletter.sent_log import SentArticle, SentLog
from rag.answering.quote_writer import with_attribution
from rag.date_input import parse_datetime, parse_since
from rag.errors import LibraryError, UsageError
from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.summary_types import word_count
from rag.text.formatting import day_in_words
from rag.types import AnswerSentence, Citation

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.desk import Desk
    from rag.summaries.briefing_types import Briefing, BriefingStory

MORE_STORIES = 3
"""Stories told beyond those asked for, where some may stand in an earlier section."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What readers know, seen from the library as it stands.

    `known` are articles (ids) sent and not corrected in what was quoted of them; `corrections` the quotes that are
    gone, by article id; `days` when an article was last sent.
    """

    known: frozenset[str]
    corrections: Mapping[str, tuple[Correction, ...]]
    days: Mapping[str, date]


def build_issue(
    desk: Desk,
    config: NewsletterConfig,
    *,
    sent: SentLog | None = None,
    now: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Issue:
    """The issue that the config asks for, up to its `until` or `now` (by default this moment).

    `sent` is what earlier issues told, by default what the config's file of it holds. The same library, config, memory
    and day give the same issue. Raises `UsageError` for a period, topic or outlet that cannot be used.
    """
    last = _last(config, now or desk.now())
    memory = (SentLog.read(config.sent_file) if sent is None else sent).before(config.title, last.date())
    earlier = _earlier(desk, memory)
    used: set[str] = set()
    sections: list[Section] = []
    firsts: list[datetime | None] = []
    marker = 0
    for done, wanted in enumerate(config.sections, start=1):
        begin = parse_since(wanted.period or config.period, last)
        firsts.append(begin)
        section = _section(desk, wanted, begin=begin, last=last, earlier=earlier, used=used, marker=marker)
        marker += sum(len(item.citations) + 2 * len(item.disputed) for item in section.items)
        used |= {article.id for item in section.items for article in item.articles}
        sections.append(section)
        if progress is not None:
            progress(done, len(config.sections))
    issue = Issue(
        title=config.title,
        language=config.language,
        intro=config.intro,
        closing=config.closing,
        first=None if None in firsts else min(first for first in firsts if first is not None),
        last=last,
        sections=tuple(sections),
        revision=desk.status().revision,
    )
    verify(issue, desk)
    return issue


def verify(issue: Issue, desk: Desk) -> None:
    """Raise `LibraryError` unless every quote of the issue is the text of its article at its offsets, as it stands."""
    for citation in issue.citations:
        article = desk.library.archive.article(citation.article.id)
        if article is None or article.text[citation.start : citation.end] != citation.quote:
            raise LibraryError("an article was changed while the issue was made; run the same command again")


def _last(config: NewsletterConfig, now: datetime) -> datetime:
    """The last moment that the issue covers: the end of its day, so that a second run on that day is the same issue."""
    if not config.until:
        return datetime.combine(now.astimezone(UTC).date(), time.max, tzinfo=UTC)
    last = parse_datetime(config.until, end_of_day=True)
    if last is None:
        raise UsageError("`until` is empty; give a date such as 2024-06-19, or leave the key out")
    return last


def _earlier(desk: Desk, memory: SentLog) -> _Earlier:
    known, corrections, days = set(), {}, {}
    for name, (day, sent) in memory.articles().items():
        days[name] = day
        if gone := _gone(desk, name, day, sent):
            corrections[name] = gone
        else:
            known.add(name)
    return _Earlier(frozenset(known), corrections, days)


def _gone(desk: Desk, name: str, day: date, sent: SentArticle) -> tuple[Correction, ...]:
    """The sent quotes that their article no longer holds; none where it was removed: nobody can say why."""
    archive = desk.library.archive
    if archive.digest_of(name) in (None, sent.digest):
        return ()
    article = desk.article(name)
    return tuple(
        Correction(article=article.ref, quote=quote, sent=day) for quote in sent.quotes if quote not in article.text
    )


def _section(
    desk: Desk,
    wanted: SectionConfig,
    *,
    begin: datetime | None,
    last: datetime,
    earlier: _Earlier,
    used: Collection[str],
    marker: int,
) -> Section:
    asked = BriefingRequest.of(
        topic=wanted.topic,
        scope=Scope.of(after=begin, before=last, outlets=wanted.outlets),
        # Some of them may go on with what an earlier section told.
        stories=wanted.stories + (MORE_STORIES if used else 0),
        sentences=wanted.sentences,
        known=earlier.known | set(used),
    )
    found = desk.briefing(asked, now=last)
    items: list[Item] = []
    room = wanted.words
    for story in found.stories:
        if len(items) == wanted.stories:
            break
        # A story that an earlier section of this issue told is not told again, not even where it goes on.
        if used and any(ref.id in used for ref in story.articles):
            continue
        item = _item(desk, wanted, story, earlier, marker=marker)
        if room is not None:
            fitting = _shortened(item, room)
            if fitting is None:
                continue
            item = fitting
            room -= sum(word_count(sentence.text) for sentence in item.sentences)
        items.append(item)
        marker += len(item.citations) + 2 * len(item.disputed)
    return Section(title=wanted.title, items=tuple(items), notice="" if items else _why_empty(found, earlier, used))


def _item(desk: Desk, wanted: SectionConfig, story: BriefingStory, earlier: _Earlier, *, marker: int) -> Item:
    sentences, citations, writer = _told(desk, wanted, story)
    moved = {citation.marker: marker + i for i, citation in enumerate(citations, start=1)}
    next_marker = marker + len(citations)
    disputed = []
    for pair in story.disputed:
        one, other = (replace(side, marker=next_marker + i) for i, side in ((1, pair.one), (2, pair.other)))
        disputed.append(replace(pair, one=one, other=other))
        next_marker += 2
    corrected = tuple(one for ref in story.articles for one in earlier.corrections.get(ref.id, ()))
    days = [earlier.days[ref.id] for ref in story.articles if ref.id in earlier.days]
    return Item(
        title=story.title,
        articles=story.articles,
        sources=story.sources,
        sentences=tuple(replace(s, citations=tuple(moved[m] for m in s.citations)) for s in sentences),
        citations=tuple(replace(citation, marker=moved[citation.marker]) for citation in citations),
        disputed=tuple(disputed),
        told=max(days, default=None),
        earlier=tuple(ref for ref in story.articles if ref.id in earlier.days),
        corrections=corrected,
        writer=writer,
    )


def _told(
    desk: Desk, wanted: SectionConfig, story: BriefingStory
) -> tuple[Sequence[AnswerSentence], Sequence[Citation], str]:
    """The story's sentences: a model's prose where the section asks for it and there is a model, else its quotes."""
    if wanted.prose and desk.model is not None:
        new = [ref.id for ref in story.articles if ref not in story.earlier]
        summary = desk.summarize(new, about=wanted.topic, sentences=wanted.sentences)
        if summary.sentences:
            return summary.sentences, summary.citations, summary.provenance.writer
    return with_attribution(story.sentences), story.sentences, "quotes"


def _shortened(item: Item, room: int) -> Item | None:
    """The story with as many of its first sentences as there is room for (words); None where not one fits."""
    kept: list[AnswerSentence] = []
    for sentence in item.sentences:
        words = word_count(sentence.text)
        if words > room:
            break
        kept.append(sentence)
        room -= words
    if not kept:
        return None
    used = {marker for sentence in kept for marker in sentence.citations}
    citations = tuple(citation for citation in item.citations if citation.marker in used)
    return replace(item, sentences=tuple(kept), citations=citations)


def _why_empty(found: Briefing, earlier: _Earlier, used: Collection[str]) -> str:
    if found.stories:
        return "Nothing that fits into the length of this section, or that does not stand above."
    if found.considered and used:
        return "Nothing that does not stand above."
    if found.considered and earlier.days:
        return f"Nothing new since our issue of {day_in_words(max(earlier.days.values()))}."
    return found.notice or "Nothing in this period."
