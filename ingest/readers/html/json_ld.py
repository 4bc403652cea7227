"""JSON-LD of a page (schema.org): the object that describes its article, with its references followed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_ARTICLE_TYPES = re.compile(r"(?:\w*Article|Report|\w*Posting)$")
_OTHER_TYPES = re.compile(r"(?:Recipe|Review|WebPage|\w+Page|CreativeWork)$")
"""What describes a page where nothing calls itself an article."""

_MAX_NESTED = 2_000
_AROUND = re.compile(r"^\s*(?:/[/*]\s*)?<!(?:\[CDATA\[|--)(?:\s*\*/)?|(?:/[/*]\s*)?(?:\]\]|--)>(?:\s*\*/)?\s*$")

JsonLd = dict[str, Any]


def article_json_ld(tree: Any) -> JsonLd:
    """Return the object that describes the page's article; empty where there is none.

    Of several, the first article that has a headline or a date; its author and publisher are objects, even where the
    page only refers to them.
    """
    objects = [item for data in _json_ld_documents(tree) for item in _objects(data)]
    by_id = {item["@id"]: item for item in reversed(objects) if isinstance(item.get("@id"), str) and len(item) > 1}
    articles = [item for item in objects if _is_a(item, _ARTICLE_TYPES)]
    others = [item for item in objects if _is_a(item, _OTHER_TYPES) and item.get("datePublished")]
    candidates = [item for item in articles if item.get("headline") or item.get("datePublished")]
    best = next(iter([*candidates, *articles, *others]), {})
    return {name: _followed(value, by_id) for name, value in best.items()}


def is_article(json_ld: JsonLd) -> bool:
    """Whether the object calls itself an article."""
    return _is_a(json_ld, _ARTICLE_TYPES)


def text_in(value: Any) -> str:
    """Return the text of a value, with the entities that some pages leave in it; empty where it is no text."""
    return html.unescape(value).strip() if isinstance(value, str) else ""


def names_in(value: Any) -> list[str]:
    """Return the names of persons or organisations: texts, objects with a name, or lists of these."""
    if isinstance(value, list):
        return [name for item in value[:20] for name in names_in(item)]
    name = text_in(value.get("name")) if isinstance(value, dict) else text_in(value)
    return [name] if name else []


def _json_ld_documents(tree: Any) -> Iterator[Any]:
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            try:
                yield json.loads(_AROUND.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue


def _objects(data: Any) -> Iterator[JsonLd]:
    """Yield the objects of a document, the outer ones first."""
    waiting = [data]
    for _ in range(_MAX_NESTED):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, dict):
            yield item
            waiting.extend(value for value in item.values() if isinstance(value, (dict, list)))
        elif isinstance(item, list):
            waiting.extend(item)


def _is_a(item: JsonLd, kind: re.Pattern[str]) -> bool:
    kinds = item.get("@type")
    return any(kind.search(str(name)) for name in (kinds if isinstance(kinds, list) else [kinds]))


def _followed(value: Any, by_id: dict[str, JsonLd]) -> Any:
    """Replace an object that only refers to another one by that one."""
    if isinstance(value, list):
        return [_followed(item, by_id) for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value
