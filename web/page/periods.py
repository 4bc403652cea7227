"""The periods that a briefing is offered for: counted from the newest article, since a library may be an old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from rag.scope import Scope
from rag.text.formatting import days_in_short
from rag.wording import N_, _

if TYPE_CHECKING:
    from rag.desk import Desk

_ENOUGH = 5
"""So many articles are news to brief on; with fewer, a longer period is looked at first."""

_LENGTHS = {N_("Newest day"): 1, N_("Newest week"): 7, N_("Newest month"): 30}
EVERYTHING = N_("Everything")


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A period with its name (a message), ISO days (empty for no limit) and these in words; `is_first` is shown by
    itself."""

    name: str
    after: str
    before: str
    days: str
    is_first: bool = False


def periods_of(desk: Desk) -> tuple[Period, ...]:
    """The periods of this library; none where no article has a date that is believed."""
    last = desk.status().last_published
    if last is None:
        return ()
    newest = last.astimezone(UTC).date()
    found, first = [], ""
    for name, length in _LENGTHS.items():
        begin = newest - timedelta(days=length - 1)
        if not first and len(desk.articles(scope=Scope.of(after=begin, before=newest), limit=_ENOUGH)) == _ENOUGH:
            first = name
        found.append(_period(name, begin, newest))
    found.append(Period(name=EVERYTHING, after="", before="", days=_("every article")))
    return tuple(
        Period(
            name=one.name, after=one.after, before=one.before, days=one.days, is_first=one.name == (first or EVERYTHING)
        )
        for one in found
    )


def _period(name: str, begin: date, end: date) -> Period:
    return Period(name=name, after=begin.isoformat(), before=end.isoformat(), days=days_in_short(begin, end))
