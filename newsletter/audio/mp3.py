"""Sound as MP3, by libsndfile (the optional package `soundfile`)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from newsletter.audio.id3 import tag
from newsletter.audio.recording import Recording
from newsletter.audio.sound import Sound
from rag.errors import UsageError

REMEDY = 'run `pip install "newsdesk[audio]"` or `make setup EXTRAS=audio`'

_COMPRESSION = 0.6
"""Of libsndfile, from 0 (320 kbit/s) to 1: about 64 kbit/s at 22,050 samples a second, at which speech has no
artefacts that one hears."""

_SAMPLES_AT_ONCE = 1 << 16


def as_mp3(recording: Recording, *, author: str = "", album: str = "") -> bytes:
    """The recording with its title and chapters; raises `UsageError` where the package is missing."""
    texts = {"TIT2": recording.title, "TPE1": author, "TALB": album, "TLEN": str(recording.sound.milliseconds)}
    return tag(texts, recording.chapters) + encoded(recording.sound)


def check_encoder() -> None:
    """Raise `UsageError` where the package is missing, or its library cannot be loaded."""
    _soundfile()


def encoded(sound: Sound) -> bytes:
    """The frames of MP3 alone."""
    soundfile = _soundfile()
    samples = np.frombuffer(sound.samples, dtype="<i2")
    target = io.BytesIO()
    with soundfile.SoundFile(
        target, "w", sound.rate, 1, "MPEG_LAYER_III", format="MP3", compression_level=_COMPRESSION,
        bitrate_mode="CONSTANT",
    ) as file:  # fmt: skip
        for start in range(0, len(samples), _SAMPLES_AT_ONCE):
            file.write(samples[start : start + _SAMPLES_AT_ONCE])
    return target.getvalue()


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise UsageError(f"an MP3 needs the package soundfile; {REMEDY}") from error
    return soundfile
