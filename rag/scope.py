"""The limits of a question, search, summary or briefing: made once where a reader's words come in, and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from rag.date_input import DateInput, parse_datetime
from rag.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which articles count: published from `after` to `before` (both inclusive), of `outlets`, among `articles` (ids),
    with one of the `tags`.

    An empty field limits nothing. A date leaves undated articles out. `Scope.of` takes what readers type.
    """

    after: datetime | None = None
    before: datetime | None = None
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, moment in (("after", self.after), ("before", self.before)):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} needs a time zone, got {moment!r}")
        if self.after and self.before and self.after > self.before:
            raise ValueError(
                f"the first day asked for, {self.after:%Y-%m-%d}, is later than the last, {self.before:%Y-%m-%d}; "
                "swap the two dates"
            )

    @classmethod
    def of(
        cls,
        *,
        after: DateInput | None = None,
        before: DateInput | None = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
    ) -> Scope:
        """The scope that a reader's words mean: a day alone begins or ends it whole, a time without zone is UTC.

        Raises `UsageError` for what is no date, and for dates that run backwards. Outlets and tags are
        taken as they are written; the desk finds the library's own spelling.
        """
        first, last = parse_datetime(after, end_of_day=False), parse_datetime(before, end_of_day=True)
        try:
            return cls(after=first, before=last, outlets=tuple(outlets), articles=tuple(articles), tags=tuple(tags))
        except ValueError as error:
            raise UsageError(str(error)) from error

    @property
    def is_empty(self) -> bool:
        """Whether every article counts."""
        return self == _EVERYTHING

    def holds_date(self, published: datetime | None) -> bool:
        """Whether an article published then lies between the dates; an undated one only where there are none."""
        if published is None:
            return self.after is None and self.before is None
        return (self.after is None or published >= self.after) and (self.before is None or published <= self.before)


_EVERYTHING = Scope()


class PeriodKeywords(TypedDict, total=False):
    """Dates, outlets and tags as keywords, for a call that has no scope at hand."""

    published_after: DateInput | None
    published_before: DateInput | None
    outlets: Sequence[str]
    tags: Sequence[str]


class ScopeKeywords(PeriodKeywords, total=False):
    """A scope's parts as keywords, for a call that has no scope at hand."""

    articles: Sequence[str]


def one_scope(scope: Scope, **parts: Unpack[ScopeKeywords]) -> Scope:
    """The scope that a call gives, whole or by its parts; raises `UsageError` for both, and for parts that are none."""
    made = Scope.of(
        after=parts.get("published_after"),
        before=parts.get("published_before"),
        outlets=parts.get("outlets", ()),
        articles=parts.get("articles", ()),
        tags=parts.get("tags", ()),
    )
    return only_scope(scope, made)


def only_scope(one: Scope, other: Scope) -> Scope:
    """The one of two scopes that limits anything; raises `UsageError` where both do."""
    if one.is_empty or other.is_empty:
        return other if one.is_empty else one
    raise UsageError("the limits are given twice; give them once, as one scope")
