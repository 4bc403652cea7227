"""What is new on a topic as an Atom feed (RFC 4287): an address for a feed reader, with nothing kept on the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree

from rag.summaries.changes import ChangedStory, Changes
from rag.types import ArticleRef

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
# XML 1.0 has no place for these, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(found: Changes, *, topic: str, page: str, address: str) -> bytes:
    """The feed of these changes; `page` is the address of the page, `address` that of the feed itself.

    A story has a new entry whenever it has a newer article, and the same one until then.
    """
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", f"Newsdesk: {topic}" if topic else "Newsdesk")
    _add(feed, "id", address)
    ElementTree.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": address})
    newest = [_newest(story.new_articles) for story in found.stories]
    _add(feed, "updated", max((moment for _, moment in newest), default=found.since).isoformat())
    author = ElementTree.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", "Newsdesk")
    for story, (ref, moment) in zip(found.stories, newest, strict=True):
        entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", story.told.title)
        _add(entry, "id", f"urn:newsdesk:{quote(story.told.articles[-1].id)}:{quote(ref.id)}")
        _add(entry, "updated", moment.isoformat())
        link = f"{page}#story={quote(ref.id, safe='')}"
        ElementTree.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": link})
        _add(entry, "summary", _summary(story))
    ElementTree.register_namespace("", _ATOM)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _newest(refs: Sequence[ArticleRef]) -> tuple[ArticleRef, datetime]:
    """The newest of a story's new articles, which are all dated, and when it was published."""
    dated = [(ref, ref.believed) for ref in refs if ref.believed is not None]
    return max(((ref, moment) for ref, moment in dated), key=lambda one: (one[1], one[0].id))


def _summary(story: ChangedStory) -> str:
    """The quotes, each with its outlet."""
    quoted = (f"“{one.quote}” ({one.article.outlet or 'unknown outlet'})" for one in story.told.sentences)
    return "\n".join(quoted)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
