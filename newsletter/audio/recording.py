"""A broadcast as sound: spoken line by line, with when each chapter begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.audio.script import Broadcast
from newsletter.audio.sound import Sound, milliseconds_of
from newsletter.audio.voice import Voice

BETWEEN_LINES, BETWEEN_CHAPTERS = 450, 1100
"""Milliseconds of silence: so long that a listener hears one quote end, and one story."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A chapter of a recording; `start` and `end` are milliseconds from its beginning."""

    title: str
    start: int
    end: int
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """What can be heard; its chapters follow each other without a gap and end where it ends."""

    title: str
    language: str
    sound: Sound
    chapters: tuple[Mark, ...]


def record(broadcast: Broadcast, voice: Voice, *, progress: Callable[[int, int], None] | None = None) -> Recording:
    """The broadcast, spoken by a voice; raises what the voice raises."""
    parts: list[Sound] = []
    marks: list[Mark] = []
    size = 0
    for done, chapter in enumerate(broadcast.chapters, start=1):
        start = marks[-1].end if marks else 0
        for left, line in enumerate(chapter.lines, start=1 - len(chapter.lines)):
            spoken = voice.speak(line, language=broadcast.language)
            pause = Sound.silence(BETWEEN_LINES if left else BETWEEN_CHAPTERS, rate=spoken.rate)
            parts += [spoken, pause]
            size += len(spoken.samples) + len(pause.samples)
        # Of all samples so far: lengths that are rounded line by line would drift.
        end = milliseconds_of(size, rate=parts[-1].rate)
        marks.append(Mark(title=chapter.title, start=start, end=end, url=chapter.url))
        if progress is not None:
            progress(done, len(broadcast.chapters))
    return Recording(
        title=broadcast.title, language=broadcast.language, sound=Sound.joined(parts), chapters=tuple(marks)
    )
