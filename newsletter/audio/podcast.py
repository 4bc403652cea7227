"""A podcast of issues: RSS 2.0 with the tags of Apple's directory and of Podcasting 2.0, and chapters as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import quote
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from newsletter.audio.recording import Recording
from newsletter.config import NewsletterConfig, PodcastConfig
from rag.errors import StorageError

_ITUNES, _PODCAST, _ATOM = (
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "https://podcastindex.org/namespace/1.0",
    "http://www.w3.org/2005/Atom",
)
FEED, EPISODES, CHAPTERS_ENDING = "podcast.xml", "episodes.json", ".chapters.json"

# XML 1.0 has no place for these, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Episode(BaseModel):
    """An issue that was read out: `file` is the MP3's name in the podcast's folder, `size` its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    title: str
    summary: str
    number: int
    day: date
    size: int
    seconds: int


def chapters_json(recording: Recording) -> str:
    """Its chapters in the JSON of Podcasting 2.0 (version 1.2); times are seconds."""
    chapters = [
        {"startTime": mark.start / 1000, "endTime": mark.end / 1000, "title": mark.title}
        | ({"url": mark.url} if mark.url else {})
        for mark in recording.chapters
    ]
    return json.dumps(
        {"version": "1.2.0", "title": recording.title, "chapters": chapters}, ensure_ascii=False, indent=2
    )


def episodes_of(content: str) -> tuple[Episode, ...]:
    """The episodes of an `episodes.json`; raises `StorageError` for a file that is none."""
    try:
        return TypeAdapter(tuple[Episode, ...]).validate_json(content)
    except ValidationError as error:
        raise StorageError(f"{EPISODES} cannot be read; restore it, or remove it and begin the podcast anew") from error


def with_episode(episodes: Sequence[Episode], made: Episode) -> tuple[Episode, ...]:
    """The episodes with this one, newest first; one of the same file is replaced."""
    others = (one for one in episodes if one.file != made.file)
    return tuple(sorted((made, *others), key=lambda one: (one.day, one.number, one.file), reverse=True))


def feed_of(letter: NewsletterConfig, podcast: PodcastConfig, episodes: Sequence[Episode]) -> bytes:
    """The feed; all its addresses are in the podcast's folder."""
    for prefix, space in (("itunes", _ITUNES), ("podcast", _PODCAST), ("atom", _ATOM)):
        ElementTree.register_namespace(prefix, space)
    rss = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(rss, "channel")
    own = {"href": podcast.address + FEED, "rel": "self", "type": "application/rss+xml"}
    ElementTree.SubElement(channel, f"{{{_ATOM}}}link", own)
    _add(channel, "title", letter.title)
    _add(channel, "link", podcast.link or podcast.address)
    _add(channel, "description", podcast.description or letter.title)
    _add(channel, "language", letter.language)
    _add(channel, f"{{{_ITUNES}}}author", podcast.author or letter.title)
    _add(channel, f"{{{_ITUNES}}}explicit", "false")
    ElementTree.SubElement(channel, f"{{{_ITUNES}}}category", {"text": podcast.category})
    if podcast.image:
        ElementTree.SubElement(channel, f"{{{_ITUNES}}}image", {"href": podcast.image})
    for episode in episodes:
        _add_episode(channel, episode, podcast)
    written: bytes = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written


def _add_episode(channel: ElementTree.Element, episode: Episode, podcast: PodcastConfig) -> None:
    address = podcast.address + quote(episode.file)
    item = ElementTree.SubElement(channel, "item")
    _add(item, "title", episode.title)
    _add(item, "description", episode.summary)
    ElementTree.SubElement(item, "guid", {"isPermaLink": "false"}).text = address
    # The beginning of its day: players hide what is dated ahead.
    _add(item, "pubDate", format_datetime(datetime.combine(episode.day, time(), tzinfo=UTC)))
    enclosure = {"url": address, "length": str(episode.size), "type": "audio/mpeg"}
    ElementTree.SubElement(item, "enclosure", enclosure)
    _add(item, f"{{{_ITUNES}}}duration", str(episode.seconds))
    _add(item, f"{{{_ITUNES}}}episode", str(episode.number))
    chapters = {"url": podcast.address + quote(chapters_file(episode.file)), "type": "application/json+chapters"}
    ElementTree.SubElement(item, f"{{{_PODCAST}}}chapters", chapters)


def chapters_file(mp3: str) -> str:
    """The name of the file beside an MP3 that lists its chapters."""
    return mp3.removesuffix(".mp3") + CHAPTERS_ENDING


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
