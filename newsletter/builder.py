"""From a config and the library to an issue.

A story stands in one section only, the first that wants it. What an earlier issue told is told again only where
something is new: further articles, or a sent quote that its article no longer holds; then only that is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from newsletter.config import NewsletterConfig, SectionConfig
from newsletter.issue import Correction, Issue, Item, Section
from newsletter.quotes import gist_sentence, told_in_quotes
from newsletter.sent_log import SentArticle, SentLog
from rag.date_input import parse_datetime, parse_since
from rag.errors import LibraryError, UsageError
from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.reporting import is_opinion
from rag.summaries.summary_types import word_count
from rag.text.formatting import day_in_words
from rag.types import AnswerSentence, Citation
from rag.wording import _, using

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.desk import Desk
    from rag.summaries.briefing_types import Briefing, BriefingStory

MORE_STORIES = 3
"""Stories told beyond those asked for, where some may stand in an earlier section."""

MORE_SENTENCES = 2
"""Sentences that the first story has beyond those of its section's others, where the config does not say."""

SAME_SENTENCE = 0.6
"""Share of the words, in order, that a sentence has in common with the quote whose place it took (ratio of
`difflib`)."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What readers know, seen from the library as it stands.

    `known` are articles (ids) sent and not corrected in what was quoted of them; `corrections` the quotes that are
    gone, by article id; `days` when an article was last sent.
    """

    known: frozenset[str]
    corrections: Mapping[str, tuple[Correction, ...]]
    days: Mapping[str, date]


@dataclass(slots=True)
class _SoFar:
    """What the issue has told so far: its articles (ids), its sentences, and the last marker."""

    articles: set[str] = field(default_factory=set)
    sentences: list[str] = field(default_factory=list)
    marker: int = 0

    def add(self, item: Item) -> None:
        self.articles |= {article.id for article in item.articles}
        self.sentences += [quote.quote for quote in item.citations]
        self.marker = max(self.marker, *(quote.marker for quote in item.quotes))


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
    and day give the same issue. Raises `UsageError` for a period, topic, outlet or tag that cannot be used.
    """
    with using(config.language):
        return _issue(desk, config, sent=sent, now=now, progress=progress)


def _issue(
    desk: Desk,
    config: NewsletterConfig,
    *,
    sent: SentLog | None,
    now: datetime | None,
    progress: Callable[[int, int], None] | None,
) -> Issue:
    last = _last(config, now or desk.now())
    memory = (SentLog.read(config.sent_file) if sent is None else sent).before(config.title, last.date())
    earlier = _earlier(desk, memory)
    so_far = _SoFar()
    sections: list[Section] = []
    firsts: list[datetime | None] = []
    for done, wanted in enumerate(config.sections, start=1):
        begin = parse_since(wanted.period or config.period, last)
        firsts.append(begin)
        scope = Scope.of(after=begin, before=last, outlets=wanted.outlets, tags=wanted.tags)
        asked = _request(config, wanted, scope=scope, so_far=so_far)
        sections.append(_section(desk, wanted, replace(asked, known=earlier.known | asked.known), earlier, so_far))
        if progress is not None:
            progress(done, len(config.sections))
    days = memory.days_of(config.title)
    issue = Issue(
        title=config.title,
        language=config.language,
        intro=config.intro,
        closing=config.closing,
        first=None if None in firsts else min(first for first in firsts if first is not None),
        last=last,
        sections=tuple(sections),
        revision=desk.status().revision,
        number=config.first_number + len(days),
        previous=max(days, default=None),
        colour=config.colour,
        with_contents=config.contents,
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
        Correction(article=article.ref, quote=quote, sent=day, now=_in_its_place(desk, name, quote))
        for quote in sent.quotes
        if quote not in article.text
    )


def _in_its_place(desk: Desk, name: str, quote: str) -> Citation | None:
    """The sentence of the article that is nearest to a quote that is gone; None where none is near."""
    words = quote.split()
    stands = [
        (SequenceMatcher(None, words, passage.sentence(span).split(), autojunk=False).ratio(), passage, span)
        for passage in desk.library.archive.passages(name)
        for span in passage.sentences
    ]
    likeness, passage, span = max(stands, key=lambda found: found[0], default=(0.0, None, None))
    if passage is None or span is None or likeness < SAME_SENTENCE:
        return None
    return Citation.of(passage, span, marker=1)


def _request(config: NewsletterConfig, wanted: SectionConfig, *, scope: Scope, so_far: _SoFar) -> BriefingRequest:
    """What a section asks for, after what was told so far; the first story of the issue has more room."""
    lead = config.lead_sentences or wanted.sentences + MORE_SENTENCES
    return BriefingRequest.of(
        topic=wanted.topic,
        scope=scope,
        # Some of them may go on with what an earlier section told.
        stories=wanted.stories + (MORE_STORIES if so_far.articles else 0),
        sentences=wanted.sentences,
        known=so_far.articles,
        told=so_far.sentences,
        lead_sentences=None if so_far.articles else lead,
    )


def _section(desk: Desk, wanted: SectionConfig, asked: BriefingRequest, earlier: _Earlier, so_far: _SoFar) -> Section:
    """The section's stories; what they tell is added to `so_far`."""
    found = desk.briefing(asked, now=asked.scope.before)
    goes_on = bool(so_far.articles)
    used = frozenset(so_far.articles)
    items: list[Item] = []
    room = wanted.words
    for story in _reports(found.stories):
        if len(items) == wanted.stories:
            break
        # A story that an earlier section of this issue told is not told again, not even where it goes on.
        if any(ref.id in used for ref in story.articles):
            continue
        item = _item(desk, wanted, story, earlier, marker=so_far.marker)
        if room is not None:
            fitting = _shortened(item, room)
            if fitting is None:
                continue
            item = fitting
            room -= sum(word_count(sentence.text) for sentence in item.told_in)
        items.append(item)
        so_far.add(item)
    notice = "" if items else _why_empty(found, earlier, has_told=goes_on)
    return Section(title=wanted.title, items=tuple(items), notice=notice, show_empty=wanted.show_empty)


def _reports(stories: Sequence[BriefingStory]) -> Sequence[BriefingStory]:
    """The stories without those that opinion pieces alone tell; all where there are no others."""
    return [story for story in stories if not all(map(is_opinion, story.articles))] or stories


def _item(desk: Desk, wanted: SectionConfig, story: BriefingStory, earlier: _Earlier, *, marker: int) -> Item:
    gist, sentences, citations, writer = _told(desk, wanted, story)
    moved = {citation.marker: marker + i for i, citation in enumerate(citations, start=1)}
    placed = tuple(replace(citation, marker=moved[citation.marker]) for citation in citations)
    next_marker = marker + len(citations)
    disputed = []
    for pair in story.disputed:
        one, other = (replace(side, marker=next_marker + i) for i, side in ((1, pair.one), (2, pair.other)))
        disputed.append(replace(pair, one=one, other=other))
        next_marker += 2
    corrected = []
    for correction in (one for ref in story.articles for one in earlier.corrections.get(ref.id, ())):
        stands = correction.now
        if stands is not None:
            same = next((one for one in placed if _is_same_place(one, stands)), None)
            next_marker += same is None
            stands = replace(stands, marker=same.marker if same is not None else next_marker)
        corrected.append(replace(correction, now=stands))
    days = [earlier.days[ref.id] for ref in story.articles if ref.id in earlier.days]

    def marked(sentence: AnswerSentence) -> AnswerSentence:
        return replace(sentence, citations=tuple(moved[m] for m in sentence.citations))

    return Item(
        title=story.title,
        articles=story.articles,
        sources=story.sources,
        gist=marked(gist) if gist is not None else None,
        sentences=tuple(map(marked, sentences)),
        citations=placed,
        disputed=tuple(disputed),
        told=max(days, default=None),
        earlier=tuple(ref for ref in story.articles if ref.id in earlier.days),
        corrections=tuple(corrected),
        writer=writer,
    )


def _is_same_place(one: Citation, other: Citation) -> bool:
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end


def _told(
    desk: Desk, wanted: SectionConfig, story: BriefingStory
) -> tuple[AnswerSentence | None, Sequence[AnswerSentence], Sequence[Citation], str]:
    """The story's gist and sentences: a model's prose where the section asks for it and there is a model, else its
    quotes."""
    if wanted.prose and desk.model is not None:
        new = [ref.id for ref in story.articles if ref not in story.earlier]
        summary = desk.summarize(new, about=wanted.topic, sentences=wanted.sentences)
        if summary.sentences:
            return None, summary.sentences, summary.citations, summary.provenance.writer
    gist, rest = told_in_quotes(story)
    return gist_sentence(gist, story.sentences[0]), rest, (gist, *story.sentences[1:]), "quotes"


def _shortened(item: Item, room: int) -> Item | None:
    """The story with as many of its first sentences as there is room for (words); None where not one fits."""
    kept: list[AnswerSentence] = []
    for sentence in item.told_in:
        words = word_count(sentence.text)
        if words > room:
            break
        kept.append(sentence)
        room -= words
    if not kept:
        return None
    used = {marker for sentence in kept for marker in sentence.citations}
    return replace(
        item,
        sentences=tuple(sentence for sentence in item.sentences if sentence in kept),
        citations=tuple(citation for citation in item.citations if citation.marker in used),
    )


def _why_empty(found: Briefing, earlier: _Earlier, *, has_told: bool) -> str:
    if found.stories:
        return _("Nothing that fits into the length of this section, or that does not stand above.")
    if found.considered and has_told:
        return _("Nothing that does not stand above.")
    if found.considered and earlier.days:
        return _("Nothing new since our issue of {day}.", day=day_in_words(max(earlier.days.values())))
    return found.notice or _("Nothing in this period.")
