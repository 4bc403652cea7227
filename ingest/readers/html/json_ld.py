"""JSON-LD of a page (schema.org): the object that describes its article, with its references followed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_ARTICLE_TYPES = re.compile(r"(?:\w*Article|Report|\w*Posting)$")
_OF_OTHERS = frozenset(
    [
        "citation", "isbasedon", "isrelatedto", "itemlistelement", "liveblogupdate", "mentions", "relatedlink",
        "significantlink",
    ]
)  # fmt: skip
"""Properties whose objects are other articles: lists of the newest, related stories, sources, a live blog's entries."""

_MAX_NESTED = 2_000

JsonLd = dict[str, Any]


def article_json_ld(tree: Any, *addresses: str) -> JsonLd:
    """Return the page's object that calls itself an article; empty where none does.

    Of several it is the one that names one of the page's own `addresses`, else the first. Its author and publisher are
    objects, even where the page only refers to them.
    """
    objects = [item for document in _documents(tree) for item in _objects(document)]
    by_id = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str) and "name" in item}
    articles = [item for item in objects if _is_article(item)]
    own = (item for item in articles if len(articles) > 1 and _names_one_of(item, addresses))
    article = next(own, next(iter(articles), {}))
    return {name: _followed(value, by_id) for name, value in article.items()}


def dates_others(script: Any) -> bool:
    """Whether a script element says when other articles were published."""
    return any(
        "datePublished" in nested
        for document in _documents(script)
        for item in _objects(document)
        for name, value in item.items()
        if name.lower() in _OF_OTHERS
        for nested in _objects(value)
    )


def text_in(value: Any) -> str:
    """Return the text of a value, with the entities that some pages leave in it; empty where it is no text."""
    return html.unescape(value).strip() if isinstance(value, str) else ""


def names_in(value: Any) -> list[str]:
    """Return the names of persons or organisations: texts, objects with a name, or lists of these."""
    if isinstance(value, list):
        return [name for item in value[:20] for name in names_in(item)]
    name = text_in(value.get("name")) if isinstance(value, dict) else text_in(value)
    return [name] if name else []


def _documents(tree: Any) -> Iterator[Any]:
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            try:
                yield json.loads(script.text or "", strict=False)
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
            nested = (value for name, value in item.items() if name.lower() not in _OF_OTHERS)
            waiting.extend(value for value in nested if isinstance(value, (dict, list)))
        elif isinstance(item, list):
            waiting.extend(item)


def _followed(value: Any, by_id: dict[str, JsonLd]) -> Any:
    """Replace an object that only refers to another one by that one."""
    if isinstance(value, list):
        return [_followed(item, by_id) for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _names_one_of(item: JsonLd, addresses: tuple[str, ...]) -> bool:
    """Whether an object says that it stands at one of these addresses; scheme, query and a last slash are free."""
    page = item.get("mainEntityOfPage")
    named = (item.get("url"), item.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    wanted = {_bare(address) for address in addresses if address}
    return any(isinstance(name, str) and _bare(name) in wanted for name in named)


def _bare(address: str) -> str:
    return re.split(r"[?#]", address.strip().partition("://")[2])[0].rstrip("/").lower()


def _is_article(item: JsonLd) -> bool:
    kinds = item.get("@type")
    return any(_ARTICLE_TYPES.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))
