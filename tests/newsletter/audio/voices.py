"""A voice for tests: a tone for each line, a tenth of a second for each word."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from newsletter.audio.sound import Sound

RATE = 16000


@dataclass(frozen=True)
class ToneVoice:
    """Remembers what it was to say."""

    name: str = "tone"
    said: list[tuple[str, str]] = field(default_factory=list)

    def speak(self, line: str, *, language: str) -> Sound:
        self.said.append((line, language))
        steps = np.arange(RATE // 10 * len(line.split()))
        return Sound(rate=RATE, samples=(8000 * np.sin(steps / 8)).astype("<i2").tobytes())
