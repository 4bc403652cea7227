"""The articles in one value of JSON: itself, or the records of a list that a program's reply holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ingest.metadata.exported_fields import FIELD_NAMES, bare_name, known_fields

_MAX_DEPTH = 4
_MAX_LISTS = 100
_LOOKED_AT = 20


def records_in(value: object) -> list[Any]:
    """Return what should be articles: the value itself where it holds a text or nothing else could be one, else the
    records of the list in it that hold a text, or at least a title and an address.
    """
    if isinstance(value, list):
        return value if not value or any(isinstance(record, Mapping) for record in value) else [value]
    if not isinstance(value, Mapping) or "text" in known_fields(value):
        return [value]
    lists = list(islice(_lists_in(value), _MAX_LISTS))
    for wanted in ({"text"}, {"title", "url"}):
        for records in lists:
            if any(wanted <= known_fields(record).keys() for record in records[:_LOOKED_AT]):
                return records
    return [value]


def names_articles(names: list[str]) -> bool:
    """Whether fields of these names, among others, are likely those of articles."""
    bare = {bare_name(name) for name in names}
    told = [field for field in ("text", "title", "url", "published") if not bare.isdisjoint(FIELD_NAMES[field].split())]
    return len(told) > 1


def _lists_in(value: Mapping[str, Any], depth: int = 0) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the lists of objects in an object, those of its own fields before those further inside."""
    for inner in value.values():
        if isinstance(inner, list) and inner and all(isinstance(record, Mapping) for record in inner):
            yield inner
    for inner in value.values():
        if isinstance(inner, Mapping) and depth < _MAX_DEPTH:
            yield from _lists_in(inner, depth + 1)
