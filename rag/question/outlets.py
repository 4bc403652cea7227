"""Outlets as a reader names them: any case, any spacing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rag.errors import UsageError

_LISTED = 10


def named_outlets(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The outlets of `known` that `names` mean; a name that fits several in another case means all of them.

    Raises UsageError for a name that fits none, with the nearest.
    """
    by_name: dict[str, list[str]] = {}
    for outlet in known:
        by_name.setdefault(_folded(outlet), []).append(outlet)
    found: list[str] = []
    for name in names:
        # The exact spelling is preferred: it is the only way to name one of two outlets that differ in case.
        fitting = [name] if name in known else by_name.get(_folded(name))
        if not fitting:
            raise UsageError(f"no article is from {name!r}; {_advice(name, by_name)}")
        found += fitting
    return tuple(dict.fromkeys(found))


def _advice(name: str, by_name: dict[str, list[str]]) -> str:
    wanted = _folded(name)
    near = difflib.get_close_matches(wanted, by_name, n=3)
    near += [folded for folded in by_name if wanted and wanted in folded and folded not in near]
    if near:
        return f"did you mean {' or '.join(repr(by_name[folded][0]) for folded in near[:3])}?"
    if not by_name:
        return "no article here has an outlet; leave outlets out"
    listed = [outlets[0] for outlets in by_name.values()]
    more = f" and {len(listed) - _LISTED} more that `newsdesk status` lists" if len(listed) > _LISTED else ""
    return f"the outlets here are {', '.join(listed[:_LISTED])}{more}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
