"""The articles in one value of JSON: itself, or the records of a list that a program's reply holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ingest.metadata.exported_fields import FIELD_NAMES, bare_name, known_fields, leads_to_a_page, name_in

_OF_REPLIES = frozenset(
    ["articles", "data", "docs", "documents", "entries", "feed", "hits", "items", "list", "matches", "news", "objects",
     "posts", "records", "response", "result", "results", "rows", "searchresults", "stories", "value"]
)  # fmt: skip
"""Names under which feeds and replies hold their articles; a list of another name in an article is part of it."""

_MAX_DEPTH = 4
_MAX_LISTS = 100
_LOOKED_AT = 20


def records_in(value: object) -> list[Any]:
    """Return what should be articles: the value itself where it holds a text or nothing else could be one, else the
    records of the list in it that hold a text, or at least a title and an address.

    A value with a title and a page's address of its own is an article, whatever it lists beside (comments, related
    stories), unless the list has a name of those that replies have.
    """
    if isinstance(value, list):
        return value if not value or any(isinstance(record, Mapping) for record in value) else [value]
    if not isinstance(value, Mapping) or "text" in (known := known_fields(value)):
        return [value]
    is_article = "title" in known and _is_page(name_in(known.get("url")))
    lists = list(islice(_lists_in(value, of_replies=is_article), _MAX_LISTS))
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


def _is_page(url: object) -> bool:
    return isinstance(url, str) and leads_to_a_page(url)


def _lists_in(
    value: Mapping[str, Any], depth: int = 0, *, of_replies: bool = False
) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the lists of objects in an object, those of its own fields before those further inside.

    `of_replies` yields those alone whose names, and those of the objects around them, are of replies.
    """
    fields = [inner for name, inner in value.items() if not of_replies or bare_name(str(name)) in _OF_REPLIES]
    for inner in fields:
        if isinstance(inner, list) and inner and all(isinstance(record, Mapping) for record in inner):
            yield inner
    for inner in fields:
        if isinstance(inner, Mapping) and depth < _MAX_DEPTH:
            yield from _lists_in(inner, depth + 1, of_replies=of_replies)
