"""Recorded speech: samples of one channel, 16 bits each."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

BYTES_A_SAMPLE = 2


def milliseconds_of(size: int, *, rate: int) -> int:
    """How long so many bytes of samples last."""
    return round(1000 * size / BYTES_A_SAMPLE / rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """`samples` are signed, little-endian; `rate` is samples a second."""

    rate: int
    samples: bytes

    def __post_init__(self) -> None:
        if self.rate <= 0 or len(self.samples) % BYTES_A_SAMPLE:
            raise ValueError("a sound has a rate, and whole samples")

    @property
    def milliseconds(self) -> int:
        """How long it lasts."""
        return milliseconds_of(len(self.samples), rate=self.rate)

    @classmethod
    def of_wav(cls, content: bytes) -> Self:
        """The sound of a WAV file; raises `ValueError` for one that is none, or has other samples."""
        try:
            with wave.open(io.BytesIO(content)) as file:
                if (file.getnchannels(), file.getsampwidth()) != (1, BYTES_A_SAMPLE):
                    raise ValueError("not one channel of 16 bits")
                samples = file.readframes(file.getnframes())
                return cls(rate=file.getframerate(), samples=samples[: len(samples) // 2 * 2])
        except (wave.Error, EOFError) as error:
            raise ValueError(str(error) or "it ends too early") from error

    @classmethod
    def silence(cls, milliseconds: int, *, rate: int) -> Self:
        """Nothing, for so long."""
        return cls(rate=rate, samples=bytes(BYTES_A_SAMPLE * (rate * milliseconds // 1000)))

    @classmethod
    def joined(cls, parts: Sequence[Sound]) -> Self:
        """One after the other; raises `ValueError` where their rates differ, or there is none."""
        rates = {part.rate for part in parts}
        if len(rates) != 1:
            raise ValueError(f"sounds of {len(rates)} rates cannot be joined")
        return cls(rate=rates.pop(), samples=b"".join(part.samples for part in parts))
