"""The form in which a reader corrects what is known of an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class EditForm:
    """The values as they are (`published` an ISO date, `authors` with semicolons between them, `tags` with commas,
    unknown ones empty), what of them is missing, what came of the last try, and what the last correction changed."""

    title: str
    outlet: str
    published: str
    authors: str
    language: str
    tags: str
    lacks: tuple[str, ...]
    is_open: bool
    told: str
    history: tuple[str, ...]
