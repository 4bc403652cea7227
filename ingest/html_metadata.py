"""What a page says about its article: JSON-LD first, then meta elements, then what trafilatura makes of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.dates import Published, published_of, stated_date
from ingest.identity import canonical_url
from rag.types import DatePrecision

_ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)$")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:-]{2,40})", re.IGNORECASE)
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MAX_NESTED = 2_000
_DATE_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date.issued", "dcterms.created", "dc.date",
    "date",
)  # fmt: skip
_AUTHOR_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")


@dataclass(kw_only=True, slots=True)
class PageMetadata:
    """What the page states; empty where it does not."""

    title: str = ""
    outlet: str = ""
    url: str = ""
    published: datetime | None = None
    precision: DatePrecision = "minute"
    authors: tuple[str, ...] = ()
    language: str = ""


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page's meta element declares in its first bytes, or an empty string."""
    found = _CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else ""


def page_metadata(tree: Any) -> PageMetadata:
    """Read the metadata of a parsed page."""
    meta = _meta_elements(tree)
    linked = _linked_article(tree)
    guessed = _guessed(tree)
    published = _published(tree, meta, linked, guessed)
    outlet = _name(linked.get("publisher")) or meta.get("og:site_name") or guessed.sitename or ""
    title = _text(linked.get("headline")) or meta.get("og:title") or guessed.title or ""
    return PageMetadata(
        title=_without_outlet(title, outlet),
        outlet=outlet,
        url=_url(tree, meta, linked),
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        authors=_authors(meta, linked, guessed),
        language=_language(tree, linked),
    )


def _without_outlet(title: str, outlet: str) -> str:
    """Take off what pages append to their titles: " | Harbour Standard"."""
    for mark in (" | ", " - ", " – ", " — ", " · "):  # noqa: RUF001
        head, found, tail = title.rpartition(mark)
        if found and outlet and tail.strip().casefold() == outlet.strip().casefold():
            return head.strip()
    return title


def _meta_elements(tree: Any) -> dict[str, str]:
    """Return the first content of each meta element, by its name, property or itemprop in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _linked_article(tree: Any) -> dict[str, Any]:
    """Return the page's first JSON-LD object that is an article."""
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "").lower():
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            kinds = item.get("@type")
            if any(_ARTICLE_TYPES.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return item
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
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


def _guessed(tree: Any) -> Any:
    from trafilatura.metadata import extract_metadata

    return extract_metadata(tree, date_config={"original_date": True, "extensive_search": False}, extensive=False)


def _published(tree: Any, meta: dict[str, str], linked: dict[str, Any], guessed: Any) -> Published | None:
    candidates = [_text(linked.get("datePublished")), *(meta.get(name, "") for name in _DATE_META)]
    candidates += [element.get("datetime") or "" for element in list(tree.iter("time"))[:1]]
    candidates.append(guessed.date or "")
    for candidate in filter(None, candidates):
        try:
            return published_of(candidate)
        except ValueError:
            if stated := stated_date(candidate[:100]):
                return stated
    return None


def _url(tree: Any, meta: dict[str, str], linked: dict[str, Any]) -> str:
    canonical = [
        link.get("href", "") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for candidate in (*canonical, meta.get("og:url", ""), _text(linked.get("url"))):
        if url := canonical_url(candidate):
            return url
    return ""


def _authors(meta: dict[str, str], linked: dict[str, Any], guessed: Any) -> tuple[str, ...]:
    given = linked.get("author")
    names = [_name(author) for author in (given if isinstance(given, list) else [given])]
    if not any(names):
        names = [meta.get(name, "") for name in _AUTHOR_META][:1]
    if not any(names) or any(name.startswith("http") for name in names):
        names = (guessed.author or "").split("; ")
    return tuple(dict.fromkeys(name.removeprefix("By ").strip() for name in names if name.strip()))


def _language(tree: Any, linked: dict[str, Any]) -> str:
    language: str = tree.get("lang") or tree.get(_XML_LANGUAGE) or _text(linked.get("inLanguage"))
    return re.split(r"[-_]", language.strip().lower())[0][:8]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """Return a person's or organisation's name in JSON-LD: text, or an object with a name, or the first of several."""
    if isinstance(value, list) and value:
        value = value[0]
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
