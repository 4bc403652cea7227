"""An editor's changes applied to an issue. What is quoted stays the exact text of its article, in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsletter.edits import Edits, Quoted, StoryEdits
from newsletter.issue import Issue, Item, Section, in_its_language
from newsletter.quotes import gist_sentence, led_in
from newsletter.text import paragraphs
from rag.errors import UsageError
from rag.summaries.briefing_types import gist_of
from rag.summaries.source_sentences import source_sentences, without_dateline
from rag.text.formatting import clipped
from rag.types import AnswerSentence, Citation, Passage
from rag.wording import N_, translated

if TYPE_CHECKING:
    from rag.desk import Desk

MOST_LOOKED_AT = 60
"""Sentences of one article that may be quoted in the place of others."""

EMPTIED = N_("Left out by the editor.")
_SHOWN = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """An issue with its edits. `applied` are those that could be applied, `lost` says of each other one what became of
    it: its story is no longer in the issue, or its quote is gone."""

    issue: Issue
    applied: Edits
    lost: tuple[str, ...] = ()


def edited(issue: Issue, edits: Edits, desk: Desk) -> Issue:
    """The issue with all of the edits, markers counted anew; raises `UsageError` where one cannot be applied."""
    made = as_edited(issue, edits, desk)
    if made.lost:
        raise UsageError(f"{made.lost[0]}; correct the edits, `newsdesk newsletter --json` prints keys and places")
    return made.issue


@in_its_language
def as_edited(issue: Issue, edits: Edits, desk: Desk) -> Edited:
    """The issue with the edits that can be applied, markers counted anew, and what became of the others."""
    known = {item.key for item in issue.items}
    lost = [_story_lost(key, desk) for key in dict.fromkeys((*(one.story for one in edits.stories), *edits.order))
            if key not in known]  # fmt: skip
    applied: dict[str, StoryEdits] = {}
    sections: list[Section] = []
    marker = 0
    for section in issue.sections:
        items: list[Item] = []
        for item in edits.in_order(section.items):
            wanted = edits.of(item.key)
            made, quotes, gone = _edited_item(item, wanted, desk)
            lost += gone
            applied[item.key] = wanted.model_copy(update={"quotes": quotes})
            if wanted.drop:
                continue
            made = _numbered(made, marker)
            marker = max(quote.marker for quote in made.quotes)
            items.append(made)
        notice = section.notice or ("" if items else translated(EMPTIED))
        sections.append(Section(title=section.title, items=tuple(items), notice=notice, show_empty=section.show_empty))
    return Edited(
        issue=replace(
            issue,
            sections=tuple(sections),
            subject_line=edits.subject.strip(),
            preheader_line=edits.preheader.strip(),
        ),
        applied=Edits(
            subject=edits.subject,
            preheader=edits.preheader,
            order=tuple(key for key in edits.order if key in known),
            stories=tuple(applied[one.story] for one in edits.stories if one.story in known),
        ),
        lost=tuple(lost),
    )


def alternatives(item: Item, desk: Desk) -> tuple[Citation, ...]:
    """What may be quoted of the story's articles in the place of a quote, article by article and in the text's order,
    markers counted from 1. A sentence that cannot be read alone comes with the one before it."""
    found: list[Citation] = []
    for ref in item.articles:
        for sentence in source_sentences(desk.library.archive.passages(ref.id), most=MOST_LOOKED_AT):
            span = sentence.span
            if sentence.needs_before:
                own = [one.start for one in sentence.passage.sentences]
                place = own.index(span.start) if span.start in own else 0
                if not place:
                    continue
                before = without_dateline(sentence.passage, sentence.passage.sentences[place - 1])
                span = replace(span, start=before.start)
            found.append(Citation.of(sentence.passage, span, marker=len(found) + 1))
    return tuple(found)


def quoted_of(item: Item, desk: Desk) -> tuple[Quoted, ...]:
    """What the story quotes as whole sentences, its gist first: what edits begin with."""
    found: list[Quoted] = []
    by_marker = {quote.marker: quote for quote in item.citations}
    for marker in dict.fromkeys(marker for sentence in item.told_in for marker in sentence.citations):
        quote = by_marker[marker]
        borders = _borders(desk.library.archive.passages(quote.article.id))
        end = min((end for end in borders.ends if end >= quote.end), default=quote.end)
        text = desk.article(quote.article.id).text[quote.start : end]
        found.append(Quoted(article_id=quote.article.id, start=quote.start, end=end, quote=text))
    return tuple(found)


def _story_lost(key: str, desk: Desk) -> str:
    article = desk.library.archive.article(key)
    if article is None:
        return f"no story of the issue has the key {key!r}: its first article is not in the library"
    return f"the story “{clipped(article.ref.title, _SHOWN)}” is not in this issue (no story has the key {key!r})"


def _edited_item(item: Item, wanted: StoryEdits, desk: Desk) -> tuple[Item, tuple[Quoted, ...], list[str]]:
    """The story with its edits, its quotes as they stand by now, and which of them are gone."""
    changed = replace(
        item, title=" ".join(wanted.title.split()) or item.title, note="\n\n".join(paragraphs(wanted.note))
    )
    taken = max(quote.marker for quote in item.quotes)
    quotes: list[Citation] = []
    gone: list[str] = []
    for one in wanted.quotes:
        found = _found(item, one, desk, marker=taken + len(quotes) + 1)
        if isinstance(found, str):
            gone.append(found)
        elif all((found.article.id, found.start) != (other.article.id, other.start) for other in quotes):
            quotes.append(found)
    if not quotes:
        return changed, (), gone
    gist = gist_of(quotes[0])
    return (
        replace(
            changed,
            gist=gist_sentence(gist, quotes[0]),
            sentences=led_in(quotes[1:]),
            citations=(gist, *quotes[1:]),
            writer="quotes",
        ),
        tuple(map(Quoted.of, quotes)),
        gone,
    )


def _found(item: Item, wanted: Quoted, desk: Desk, *, marker: int) -> Citation | str:
    """The quote where its words stand, or in a sentence why there is none."""
    about = f"in “{clipped(item.title, _SHOWN)}”"
    ref = next((one for one in item.articles if one.id == wanted.article_id), None)
    if ref is None:
        return f"{about}: {wanted.article_id!r} is no article of the story"
    text = desk.article(ref.id).text
    words = wanted.quote or text[wanted.start : wanted.end]
    if not words.strip() or (not wanted.quote and wanted.end - wanted.start != len(words)):
        return f"{about}: article {ref.id!r} has no text from {wanted.start} to {wanted.end}"
    borders = _borders(desk.library.archive.passages(ref.id))
    places = [wanted.start] if text[wanted.start : wanted.start + len(words)] == words else []
    places += _places(text, words)
    if not places:
        return f"{about}: “{clipped(words, _SHOWN)}” no longer stands in its article"
    for start in places:
        if start in borders.starts and start + len(words) in borders.ends:
            return Citation(marker=marker, article=ref, start=start, end=start + len(words), quote=words)
    return f"{about}: “{clipped(words, _SHOWN)}” is no whole sentence of its article"


def _places(text: str, words: str) -> list[int]:
    found: list[int] = []
    start = text.find(words)
    while start >= 0:
        found.append(start)
        start = text.find(words, start + 1)
    return found


@dataclass(frozen=True, slots=True)
class _Borders:
    """Where sentences of an article begin, with and without a dateline, and where they end."""

    starts: frozenset[int]
    ends: frozenset[int]


def _borders(passages: Sequence[Passage]) -> _Borders:
    spans = [(passage, span) for passage in passages for span in passage.sentences]
    starts = {span.start for _, span in spans} | {without_dateline(*one).start for one in spans}
    return _Borders(frozenset(starts), frozenset(span.end for _, span in spans))


def _numbered(item: Item, marker: int) -> Item:
    """The same story with markers that count on from `marker`: first what is told, in order, then the rest."""
    in_order = dict.fromkeys(one for sentence in item.told_in for one in sentence.citations)
    in_order |= dict.fromkeys(quote.marker for quote in item.quotes)
    moved = {old: marker + number for number, old in enumerate(in_order, start=1)}

    def cited(quote: Citation) -> Citation:
        return replace(quote, marker=moved[quote.marker])

    return replace(
        item,
        gist=_marked(item.gist, moved) if item.gist is not None else None,
        sentences=tuple(_marked(sentence, moved) for sentence in item.sentences),
        citations=tuple(sorted(map(cited, item.citations), key=lambda quote: quote.marker)),
        disputed=tuple(replace(pair, one=cited(pair.one), other=cited(pair.other)) for pair in item.disputed),
        corrections=tuple(replace(one, now=cited(one.now)) if one.now is not None else one for one in item.corrections),
    )


def _marked(sentence: AnswerSentence, moved: Mapping[int, int]) -> AnswerSentence:
    return replace(sentence, citations=tuple(moved[one] for one in sentence.citations))
