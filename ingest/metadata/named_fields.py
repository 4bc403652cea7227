"""Named fields of a source (a JSON object, YAML front matter) -> RawArticle. Only the text is required."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.metadata.canonical_url import canonical_url, host_of
from ingest.metadata.dates import Published, UnreadableDate, read_date
from ingest.metadata.exported_fields import is_address, is_host, name_in
from ingest.metadata.people import people_in
from ingest.metadata.source_locale import SourceLocale, language_code
from ingest.text.inline_html import without_markup
from ingest.text.unicode import one_line
from ingest.types import RawArticle

_MAX_NAME = 500
_MAX_AUTHORS = 50
_CUT_OFF = re.compile(r"(?:…|\.\.\.)?\s?\[\+?[\d,]{1,9} (?:chars|characters)\]\s*\Z")


def article_from_fields(fields: Mapping[str, Any], *, text: str, where: str, source: str) -> RawArticle:
    """Build the article; a field that cannot be used is left out and noted. Unknown fields are ignored.

    Where no outlet is named it is the host of the address, as for a page that does not name its outlet.
    """
    notes: list[str] = []
    if cut := _CUT_OFF.search(text):
        text = f"{text[: cut.start()]}…"
        notes.append("its text breaks off, as the service gave it; fetch its address for the whole")
    url = _url(fields, notes)
    language = language_code(_name(fields, "language", notes))
    published = _published(fields, SourceLocale.of(language, url), notes)
    return RawArticle(
        where=where,
        source=source,
        text=text,
        title=one_line(without_markup(_name(fields, "title", notes))),
        outlet=_outlet(fields, notes) or host_of(url),
        url=url,
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        authors=_authors(fields, notes),
        language=language,
        given_id=_name(fields, "id", notes),
        notes=tuple(notes),
    )


def _name(fields: Mapping[str, Any], field: str, notes: list[str]) -> str:
    value = name_in(fields.get(field))
    if isinstance(value, list) and len(value) == 1:
        value = name_in(value[0])
    if value is None:
        return ""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            return one_line(str(value), at_most=_MAX_NAME)
        except ValueError:  # an integer of thousands of digits has no text
            pass
    notes.append(f"field {field!r} is not text; it is left out")
    return ""


def _outlet(fields: Mapping[str, Any], notes: list[str]) -> str:
    """An address names no outlet; a host is written as that of the article's address is."""
    name = _name(fields, "outlet", notes)
    if is_host(name):
        return name.removeprefix("www.")
    return "" if is_address(name) else name


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
    named = [name_in(one) for one in (value if isinstance(value, list) else [value])]
    if all(isinstance(name, str) for name in named):
        names = [name for given in named[:_MAX_AUTHORS] for name in people_in(one_line(str(given), at_most=_MAX_NAME))]
        return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]
    notes.append("field 'authors' is not a list of names; it is left out")
    return ()


def _published(fields: Mapping[str, Any], locale: SourceLocale, notes: list[str]) -> Published | None:
    value = fields.get("published")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Mapping) and "$date" in value:
        # Exports of MongoDB: {"$date": "2024-06-19T14:05:00Z"} or {"$date": {"$numberLong": "1718805900000"}}.
        value = value["$date"].get("$numberLong") if isinstance(value["$date"], Mapping) else value["$date"]
    if value is None or value == "":
        return None
    try:
        reading = read_date(value, locale)
    except UnreadableDate as error:
        notes.append(f"the date in 'published' {error}; the article's date is unknown")
        return None
    if reading.doubt:
        notes.append(f"the date in 'published' {reading.doubt}")
    return reading.published
