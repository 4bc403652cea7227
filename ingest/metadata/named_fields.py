"""Named fields of a source (a JSON object, YAML front matter) -> RawArticle. Only the text is required."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ingest.metadata.canonical_url import canonical_url, host_of
from ingest.metadata.dates import Published, published_of, stated_date
from ingest.metadata.plain_text import split_authors
from ingest.text.unicode import one_line
from ingest.types import RawArticle

_MAX_NAME = 500
_MAX_AUTHORS = 50

FIELD_NAMES = {
    "text": "text body articletext articlebody bodytext fulltext maintext content contents article story",
    "title": "title headline heading articletitle",
    "outlet": "outlet source publication publisher newspaper sourcename site sitename",
    "published": "published date publishedat publishedon publicationdate publishdate datepublished pubdate datetime"
    " timestamp",
    "authors": "authors author byline writer writers",
    "url": "url link address articleurl sourceurl permalink weburl href",
    "language": "language lang",
    "id": "id guid articleid uid uuid",
}
"""Names of fields, the surest first, as they read in small letters without spaces and marks (`bare_name`)."""


def bare_name(name: str) -> str:
    """A field's name in small letters without spaces and marks: `Publish-Date` is `publishdate`."""
    return re.sub(r"[\W_]+", "", name.casefold())


def known_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are known by one of their names, under their own name, the surest first."""
    named = {bare_name(name): value for name, value in reversed(list(given.items()))}
    found = {}
    for field, names in FIELD_NAMES.items():
        held = [named[name] for name in names.split() if named.get(name) not in (None, "")]
        if held:
            found[field] = held[0]
    return found


def article_from_fields(fields: Mapping[str, Any], *, text: str, where: str, source: str) -> RawArticle:
    """Build the article; a field that cannot be used is left out and noted. Unknown fields are ignored.

    Where no outlet is named it is the host of the address, as for a page that does not name its outlet.
    """
    notes: list[str] = []
    published = _published(fields, notes)
    url = _url(fields, notes)
    return RawArticle(
        where=where,
        source=source,
        text=text,
        title=_name(fields, "title", notes),
        outlet=_name(fields, "outlet", notes) or host_of(url),
        url=url,
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        authors=_authors(fields, notes),
        language=_name(fields, "language", notes),
        given_id=_name(fields, "id", notes),
        notes=tuple(notes),
    )


def _name(fields: Mapping[str, Any], field: str, notes: list[str]) -> str:
    value = fields.get(field)
    if isinstance(value, Mapping):
        # News services write {"source": {"id": ..., "name": "The Verge"}}.
        value = value.get("name", value)
    if value is None:
        return ""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            return one_line(str(value))[:_MAX_NAME]
        except ValueError:  # an integer of thousands of digits has no text
            pass
    notes.append(f"field {field!r} is not text; it is left out")
    return ""


def _url(fields: Mapping[str, Any], notes: list[str]) -> str:
    given = _name(fields, "url", notes)
    url = canonical_url(given)
    if given and not url:
        notes.append("field 'url' is not an http or https address; it is left out")
    return url


def _authors(fields: Mapping[str, Any], notes: list[str]) -> tuple[str, ...]:
    value = fields.get("authors")
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(one_line(name) for name in split_authors(value))[:_MAX_AUTHORS]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(name for given in value[:_MAX_AUTHORS] if (name := one_line(given)[:_MAX_NAME]))
    notes.append("field 'authors' is not a list of names; it is left out")
    return ()


def _published(fields: Mapping[str, Any], notes: list[str]) -> Published | None:
    value = fields.get("published")
    if value is None or value == "":
        return None
    if isinstance(value, (str, date, datetime)):
        try:
            return published_of(value)
        except ValueError:
            if isinstance(value, str) and (stated := stated_date(value[:100])):
                return stated
    notes.append("field 'published' is not an ISO 8601 date; the article's date is unknown")
    return None
