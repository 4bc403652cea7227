"""The typed forms of a story told whole and of a digest; what `newsdesk story --json` and `digest --json` print."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from web.api.schemas import ArticleRef, Citation, Story


class OutletSays(BaseModel):
    """What one outlet says of a story in its own words."""

    outlet: str
    quotes: list[Citation]
    articles: list[ArticleRef]


class Event(Citation):
    """A dated event; `first` and `last` are one day where it took one."""

    first: str
    last: str
    date_source: Literal["sentence", "publication"]
    date_words: str
    also: list[ArticleRef]


class CoverageDay(BaseModel):
    """A day and the outlets that wrote texts of their own on it."""

    day: str
    outlets: list[str]


class Coverage(BaseModel):
    """How much a story is told; `strength` counts outlets, each halved for every two days since its last article."""

    summary: str
    trend: Literal["rising", "steady", "fading"]
    strength: float
    until: str
    days: list[CoverageDay]


class Note(BaseModel):
    """What an event added to its storyline."""

    day: str
    quote: Citation
    articles: list[ArticleRef]


class RelatedStory(ArticleRef):
    """The most typical article of another story, and how many independent outlets tell it."""

    sources: int


class WholeStory(Story):
    """One story whole; markers count through all of it."""

    why: list[Citation]
    says: list[OutletSays]
    timeline: list[Event]
    coverage: Coverage
    notes: list[Note]
    related: list[RelatedStory]


class DigestStory(BaseModel):
    """A storyline in a digest; `earlier` are notes from before its period."""

    title: str
    outlets: list[str]
    earlier: list[Note]
    notes: list[Note]
    articles: list[ArticleRef]


class Digest(BaseModel):
    """The storylines of a week or month."""

    first: str
    last: str
    summary: str
    stories: list[DigestStory]
