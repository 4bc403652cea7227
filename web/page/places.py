"""The address of an article, and of a quote in it: the same in every session, and after a restart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rag.types import Citation
from web.page.conversation import Opened

if TYPE_CHECKING:
    from rag.desk import Desk

_QUOTE = re.compile(r"(?P<start>\d{1,9})-(?P<end>\d{1,9})-(?P<digest>[0-9a-f]{8})")


def place_in_article(start: int, end: int, quote: str) -> str:
    """Where a quote stands, and the beginning of its digest: other words at the same place are another quote."""
    return f"{start}-{end}-{hashlib.sha256(quote.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def quote_reference(citation: Citation) -> str:
    """The reference that opens a citation's quote from its address."""
    return f"quote:{citation.article.id}:{place_in_article(citation.start, citation.end, citation.quote)}"


def texts_of(desk: Desk, citations: Iterable[Citation]) -> dict[str, str]:
    """The texts of the articles that are quoted, by id; raises `LibraryError` where one was removed meanwhile."""
    return {name: desk.article(name).text for name in {cited.article.id for cited in citations}}


def opened_place(desk: Desk, reference: str) -> Opened | None:
    """What an address leads to ("article:ID", "quote:ID:PLACE"; "edit:ID" to correct it), with the others that carry
    the article's text.

    None where it names nothing in this library. Where other words stand at a quote's place, the article says so.
    """
    kind, _, name = reference.partition(":")
    place = None
    if kind == "quote":
        name, _, rest = name.rpartition(":")
        place = _QUOTE.fullmatch(rest)
    if kind not in ("article", "edit", "quote") or not name.isprintable() or (kind == "quote" and place is None):
        return None
    archive = desk.library.archive
    article = archive.article(name)
    if article is None:
        return None
    story = archive.story_of(name)
    members = archive.story_members([story]).get(story, ()) if story else ()
    copies = tuple(other for other in members if other.id != name)
    if place is None:
        return Opened(article=article.ref, copies=copies)
    start, end = int(place["start"]), int(place["end"])
    quote = article.text[start:end]
    if place_in_article(start, end, quote) != place[0]:
        return Opened(article=article.ref, copies=copies, is_lost=True)
    return Opened(article=article.ref, start=start, end=end, quote=quote, copies=copies)
