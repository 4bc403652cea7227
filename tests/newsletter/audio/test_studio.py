"""MP3, chapters and feed of an issue that is read out."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ingest.readers.feed.reader import FeedReader
from ingest.types import Limits, RawArticle
from newsletter import build_issue
from newsletter.audio import mp3
from newsletter.audio.recording import Mark, Recording, record
from newsletter.audio.script import Broadcast, Chapter, broadcast_of
from newsletter.audio.sound import Sound
from newsletter.audio.studio import Studio
from newsletter.config import NewsletterConfig
from newsletter.issue import Issue
from rag.desk import Desk
from rag.errors import StorageError, UsageError
from tests.ingest.readers.feed_documents import document
from tests.newsletter.audio.voices import RATE, ToneVoice
from tests.newsletter.makers import config

PODCAST = {"address": "https://news.example/cast/", "author": "The Letter's desk", "description": "News & more"}


def frames(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The frames of ID3v2.3: four letters, length, two bytes of flags, content."""
    while content:
        size = struct.unpack(">I", content[4:8])[0]
        yield content[:4].decode("ascii"), content[10 : 10 + size]
        content = content[10 + size :]


def tag_of(content: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """The frames of a tag, and what stands behind it."""
    assert content[:5] == b"ID3\x03\x00"
    size = sum(byte << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    return list(frames(content[10 : 10 + size])), content[10 + size :]


def text_of(frame: bytes) -> str:
    assert frame[:1] == b"\x01"
    return frame[1:].decode("utf-16").rstrip("\0")


def spoken(*chapters: Chapter) -> Recording:
    return record(Broadcast(title="Žižkov’s week", language="en", chapters=chapters), ToneVoice())  # noqa: RUF001


@pytest.fixture
def issue(desk: Desk, tmp_path: Path) -> Issue:
    return build_issue(desk, config(tmp_path))


def letter(folder: Path) -> NewsletterConfig:
    return config(folder, podcast=PODCAST)


def test_chapters_follow_each_other_to_the_end_of_the_recording(issue: Issue) -> None:
    voice = ToneVoice()
    recording = record(broadcast_of(issue), voice)
    edges = [(one.start, one.end) for one in recording.chapters]
    assert edges[0][0] == 0
    assert all(one[1] == other[0] for one, other in pairwise(edges))
    assert edges[-1][1] == recording.sound.milliseconds
    assert [line for line, _ in voice.said] == [line for one in broadcast_of(issue).chapters for line in one.lines]


def test_a_chapter_begins_where_its_first_line_does() -> None:
    recording = spoken(Chapter(title="One", lines=("a b c",)), Chapter(title="Two", lines=("d e", "f")))
    second = recording.chapters[1]
    before = recording.sound.samples[: 2 * RATE * second.start // 1000]
    assert len(before) == 2 * (3 * RATE // 10 + RATE * 1100 // 1000)
    assert set(before[-2000:]) == {0}


def test_the_mp3_can_be_decoded_and_lasts_as_long_as_its_chapters_say() -> None:
    soundfile = pytest.importorskip("soundfile")
    recording = spoken(Chapter(title="One", lines=("a b c d e",)), Chapter(title="Two", lines=("f g h",)))
    samples, rate = soundfile.read(io.BytesIO(mp3.as_mp3(recording)))
    assert rate == RATE
    assert abs(1000 * len(samples) / rate - recording.chapters[-1].end) < 100
    start = rate * recording.chapters[1].start // 1000
    assert abs(samples[start - rate // 2 : start - rate // 10]).max() < 0.01
    assert abs(samples[start : start + rate // 10]).max() > 0.1


def test_the_tag_lists_the_chapters_with_times_titles_and_links() -> None:
    sound = Sound.silence(500, rate=RATE)
    marks = (
        Mark(title="Opening", start=0, end=200),
        Mark(title="Brücke “zu”", start=200, end=500, url="https://a.example/1"),
    )
    found, rest = tag_of(mp3.tag({"TIT2": "Žižkov", "TPE1": ""}, marks) + sound.samples)
    assert rest == sound.samples
    assert [name for name, _ in found] == ["TIT2", "CTOC", "CHAP", "CHAP"]
    assert text_of(found[0][1]) == "Žižkov"
    assert found[1][1] == b"toc\0\x03\x02chapter0\0chapter1\0"
    name, _, chapter = found[3][1].partition(b"\0")
    assert (name, struct.unpack(">2I", chapter[:8])) == (b"chapter1", (200, 500))
    inner = dict(frames(chapter[16:]))
    assert text_of(inner["TIT2"]) == "Brücke “zu”"
    assert inner["WXXX"].endswith(b"\0\0https://a.example/1")


def test_an_issue_becomes_an_mp3_with_chapters_beside_it(issue: Issue, tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    written = Studio(ToneVoice(), tmp_path / "out" / "week.mp3").produce(issue)
    assert [file.name for file in written] == ["week.mp3", "week.chapters.json"]
    chapters = json.loads(written[1].read_text(encoding="utf-8"))
    titles = [one["title"] for one in chapters["chapters"]]
    assert (chapters["version"], titles[1:-1]) == ("1.2.0", [item.title for item in issue.items])


def test_the_feed_has_every_episode_once_the_newest_first(issue: Issue, tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    Studio(ToneVoice(), tmp_path / "1.mp3").produce(issue, letter(tmp_path))
    second = replace(issue, number=2, last=issue.last.replace(day=15))
    Studio(ToneVoice(), tmp_path / "2.mp3").produce(second, letter(tmp_path))
    Studio(ToneVoice(), tmp_path / "2.mp3").produce(second, letter(tmp_path))
    channel = ElementTree.parse(tmp_path / "podcast.xml").getroot()[0]
    items = channel.findall("item")
    assert [item.findtext("guid") for item in items] == [f"https://news.example/cast/{n}.mp3" for n in (2, 1)]
    enclosure = items[0].find("enclosure")
    assert enclosure is not None
    assert int(enclosure.attrib["length"]) == (tmp_path / "2.mp3").stat().st_size
    chapters = items[0].find("{https://podcastindex.org/namespace/1.0}chapters")
    assert chapters is not None
    assert chapters.attrib == {
        "url": "https://news.example/cast/2.chapters.json",
        "type": "application/json+chapters",
    }
    assert items[0].findtext("pubDate") == "Wed, 15 May 2024 00:00:00 +0000"
    assert channel.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}author") == "The Letter's desk"


def test_our_own_reader_of_feeds_reads_the_feed(issue: Issue, tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    Studio(ToneVoice(), tmp_path / "1.mp3").produce(issue, letter(tmp_path))
    (episode,) = FeedReader().read(document((tmp_path / "podcast.xml").read_bytes()), Limits(max_mb=1))
    assert isinstance(episode, RawArticle)
    assert (episode.title, episode.outlet) == (issue.subject, issue.title)
    assert episode.text.splitlines() == [item.title for item in issue.items]
    assert (episode.given_id, episode.language) == ("https://news.example/cast/1.mp3", "en")


def test_another_ending_and_a_folder_that_cannot_be_written_are_told(issue: Issue, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"let it end in \.mp3"):
        Studio.open(tmp_path / "week.wav")
    pytest.importorskip("soundfile")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="name another --audio"):
        Studio(ToneVoice(), tmp_path / "file" / "week.mp3").produce(issue)


def test_a_missing_package_is_named_before_anything_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(UsageError, match="needs the package soundfile"):
        Studio.open(tmp_path / "week.mp3")


def test_a_memory_of_episodes_that_is_none_is_not_overwritten(issue: Issue, tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    (tmp_path / "episodes.json").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match=r"episodes\.json cannot be read"):
        Studio(ToneVoice(), tmp_path / "1.mp3").produce(issue, letter(tmp_path))
    assert (tmp_path / "episodes.json").read_text(encoding="utf-8") == "{"
