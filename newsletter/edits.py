"""What an editor changes in an issue before it goes out: order, stories left out, other quotes, notes of their own.

Edits stand in a small TOML file beside the config and are applied to the issue each time that it is built, so that an
edited issue can be previewed, exported and sent like any other. Whatever is quoted stays the exact text of its article.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newsletter.issue import Issue, Item, Section
from newsletter.quotes import gist_sentence
from rag.answering.quote_writer import introduced
from rag.errors import UsageError
from rag.summaries.briefing_types import gist_of
from rag.summaries.source_sentences import source_sentences
from rag.types import AnswerSentence, Citation

if TYPE_CHECKING:
    from rag.desk import Desk

MOST_LOOKED_AT = 60
"""Sentences of one article that may be quoted in the place of others."""

EMPTIED = "Left out by the editor."


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Strict):
    """A sentence of one of the story's articles, by its place in the text."""

    article_id: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]


class StoryEdits(_Strict):
    """What becomes of one story, known by its key. `quotes`, where there are any, take the place of all that it quotes,
    and the first of them is its gist."""

    story: str
    drop: bool = False
    title: str = ""
    note: str = ""
    quotes: tuple[Quoted, ...] = ()


class Edits(_Strict):
    """All edits of an issue. Stories named in `order` stand first in their section, in that order."""

    order: tuple[str, ...] = ()
    stories: tuple[StoryEdits, ...] = ()

    @classmethod
    def read(cls, file: str | Path) -> Edits:
        """What the file says; `UsageError` where it cannot be read or says something else."""
        path = Path(file)
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"cannot read the edits in {path.name!r} ({error}); name a TOML file of edits") from error
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
            raise UsageError(f"{path.name}: {where!r}: {fault['msg'].lower()}; docs/guide.md tells the keys") from error


def edited(issue: Issue, edits: Edits, desk: Desk) -> Issue:
    """The issue with the edits, markers counted anew.

    Raises `UsageError` for a story that is not in the issue, and for a quote that is no text of its story's articles.
    """
    by_key = {one.story: one for one in edits.stories}
    known = {item.key for item in issue.items}
    if strange := [key for key in (*by_key, *edits.order) if key not in known]:
        raise UsageError(f"no story of the issue has the key {strange[0]!r}; `newsdesk newsletter --json` prints them")
    place = {key: number for number, key in enumerate(edits.order)}
    sections: list[Section] = []
    marker = 0
    for section in issue.sections:
        items: list[Item] = []
        for item in sorted(section.items, key=lambda one: place.get(one.key, len(place))):
            wanted = by_key.get(item.key)
            if wanted is not None and wanted.drop:
                continue
            made = _numbered(_edited_item(item, wanted, desk) if wanted is not None else item, marker)
            marker = max(quote.marker for quote in made.quotes)
            items.append(made)
        notice = section.notice or ("" if items else EMPTIED)
        sections.append(Section(title=section.title, items=tuple(items), notice=notice, show_empty=section.show_empty))
    return replace(issue, sections=tuple(sections))


def alternatives(item: Item, desk: Desk) -> tuple[Citation, ...]:
    """The sentences of the story's articles that may be quoted in the place of others, article by article, markers
    counted from 1."""
    found: list[Citation] = []
    for ref in item.articles:
        for sentence in source_sentences(desk.library.archive.passages(ref.id), most=MOST_LOOKED_AT):
            found.append(Citation.of(sentence.passage, sentence.span, marker=len(found) + 1))
    return tuple(found)


def _edited_item(item: Item, wanted: StoryEdits, desk: Desk) -> Item:
    changed = replace(item, title=wanted.title.strip() or item.title, note=wanted.note.strip())
    if not wanted.quotes:
        return changed
    taken = max(quote.marker for quote in item.quotes)
    quotes = [_cited(item, one, desk, marker=taken + number) for number, one in enumerate(wanted.quotes, start=1)]
    gist = gist_of(quotes[0])
    return replace(
        changed,
        gist=gist_sentence(gist, quotes[0]),
        sentences=introduced(quotes[1:]),
        citations=(gist, *quotes[1:]),
        writer="quotes",
    )


def _cited(item: Item, wanted: Quoted, desk: Desk, *, marker: int) -> Citation:
    ref = next((one for one in item.articles if one.id == wanted.article_id), None)
    if ref is None:
        raise UsageError(f"{wanted.article_id!r} is no article of the story {item.title!r}; quote one of its own")
    text = desk.article(ref.id).text[wanted.start : wanted.end]
    if wanted.end - wanted.start != len(text) or not text.strip():
        raise UsageError(f"article {ref.id!r} has no text from {wanted.start} to {wanted.end}; correct the place")
    return Citation(marker=marker, article=ref, start=wanted.start, end=wanted.end, quote=text)


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
