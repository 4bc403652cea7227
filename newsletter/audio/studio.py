"""From an issue to the files that listeners get: MP3, chapters, and the podcast's feed where the config has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsletter.audio.mp3 import as_mp3, check_encoder
from newsletter.audio.podcast import (
    EPISODES,
    FEED,
    Episode,
    chapters_file,
    chapters_json,
    episodes_of,
    feed_of,
    with_episode,
)
from newsletter.audio.recording import Recording, record
from newsletter.audio.script import broadcast_of
from newsletter.audio.voice import Voice, find_voice
from newsletter.config import NewsletterConfig
from newsletter.files import write_together
from newsletter.issue import Issue
from rag.errors import StorageError, UsageError


@dataclass(frozen=True, slots=True)
class Studio:
    """A voice and a file: all that is looked at before anything is made."""

    voice: Voice
    file: Path

    @classmethod
    def open(cls, file: str | Path) -> Studio:
        """The system's voice for this MP3; raises `UsageError` for another ending or a missing package, `VoiceError`
        where there is no voice."""
        target = Path(file)
        if target.suffix != ".mp3":
            raise UsageError(f"{str(file)!r} is no name of an MP3; let it end in .mp3")
        check_encoder()
        return cls(find_voice(), target)

    def produce(
        self,
        issue: Issue,
        letter: NewsletterConfig | None = None,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Path]:
        """Read the issue out; the files that were written, the MP3 first.

        Raises `StorageError` where the folder cannot be written; what stands there then stays as it was.
        """
        recording = record(broadcast_of(issue), self.voice, progress=progress)
        author = letter.podcast.author if letter is not None and letter.podcast is not None else ""
        mp3 = as_mp3(recording, author=author or issue.title, album=issue.title)
        files = {self.file: mp3, self._beside(chapters_file(self.file.name)): chapters_json(recording).encode()}
        if letter is not None and letter.podcast is not None:
            made = _episode(issue, recording, self.file.name, size=len(mp3))
            episodes = with_episode(self._episodes(), made)
            listed = ",\n".join(one.model_dump_json() for one in episodes)
            files[self._beside(EPISODES)] = f"[\n{listed}\n]\n".encode()
            files[self._beside(FEED)] = feed_of(letter, letter.podcast, episodes)
        write_together(files, option="--audio")
        return list(files)

    def _beside(self, name: str) -> Path:
        return self.file.with_name(name)

    def _episodes(self) -> tuple[Episode, ...]:
        file = self._beside(EPISODES)
        try:
            return episodes_of(file.read_text(encoding="utf-8")) if file.exists() else ()
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"cannot read {str(file)!r}; restore it, or remove it") from error


def _episode(issue: Issue, recording: Recording, file: str, *, size: int) -> Episode:
    return Episode(
        file=file,
        title=issue.subject,
        summary="\n".join(item.title for item in issue.items),
        number=issue.number,
        day=issue.day,
        size=size,
        seconds=round(recording.sound.milliseconds / 1000),
    )
