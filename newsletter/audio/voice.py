"""The voice that reads out: one that the system has, run as a program of its own.

`say` comes with macOS and speech synthesis with Windows; on Linux the distribution has espeak-ng. Nothing of them is
linked or shipped. What is said goes to the program's standard input, never onto its command line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from newsletter.audio.sound import Sound
from rag.errors import VoiceError

SECONDS_A_LINE = 120
"""A program that has not said a line by then hangs; espeak-ng says a minute of speech in a fifth of a second."""

WORDS_A_MINUTE = 165
"""Readers of news speak 150 to 180 words a minute."""

RATE = 22050
"""Samples a second that the programs which can be asked are asked for."""


class Voice(Protocol):
    """Says lines. Every sound of one voice has the same rate."""

    @property
    def name(self) -> str:
        """What readers know it by."""
        ...

    def speak(self, line: str, *, language: str) -> Sound:
        """The line in a language (BCP 47); raises `VoiceError` where it cannot be said."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """How a program is called: its arguments, and what it finds in its environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramVoice:
    """A program that reads text from its standard input and writes a WAV file.

    `call` makes its call from the file's path and the language.
    """

    name: str
    call: Callable[[str, str], Call]

    def speak(self, line: str, *, language: str) -> Sound:
        """As `Voice` has it."""
        with TemporaryDirectory(prefix="newsdesk-voice-") as folder:
            file = Path(folder) / "line.wav"
            call = self.call(str(file), language)
            try:
                run = subprocess.run(
                    call.arguments,
                    input=line.encode("utf-8"),
                    capture_output=True,
                    timeout=SECONDS_A_LINE,
                    env={**os.environ, **call.environment},
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise VoiceError(f"{self.name} cannot be run ({type(error).__name__}); {_other_voice()}") from error
            if run.returncode or not file.is_file():
                said = " ".join(run.stderr.decode("utf-8", "replace").split())[:200] or f"exit code {run.returncode}"
                raise VoiceError(f"{self.name} cannot say this in {language!r} ({said}); {_other_voice()}")
            try:
                return Sound.of_wav(file.read_bytes())
            except (ValueError, OSError) as error:
                raise VoiceError(f"{self.name} wrote no usable WAV file ({error}); {_other_voice()}") from error


def find_voice(*, platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which) -> Voice:
    """The voice of this system; raises `VoiceError`, which says what to install, where there is none."""
    for name, program, call in _KNOWN:
        if platform.startswith(name) and (found := which(program)):
            return ProgramVoice(name=program, call=partial(call, found))
    if platform.startswith(("darwin", "win32")):
        raise VoiceError("this system's own voice was not found; install espeak-ng and put it on the PATH")
    raise VoiceError(
        "there is no voice on this system; install espeak-ng (`apt install espeak-ng`, or as it is called)"
    )


def _espeak(program: str, file: str, language: str) -> Call:
    # -b 1: the text is UTF-8.
    return Call(
        arguments=(program, "-v", _primary(language), "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", file, "--stdin")
    )


def _say(program: str, file: str, language: str) -> Call:
    voice = voice_of_list(_listed(program), language)
    chosen = ("-v", voice) if voice else ()
    form = ("--file-format=WAVE", f"--data-format=LEI16@{RATE}", "-r", str(WORDS_A_MINUTE))
    return Call(arguments=(program, *chosen, *form, "-o", file, "-f", "-"))


@cache
def _listed(program: str) -> str:
    """The voices that `say` has; they stay the same while an issue is read out line by line."""
    listed = subprocess.run([program, "-v", "?"], capture_output=True, timeout=SECONDS_A_LINE, check=False)
    return listed.stdout.decode("utf-8", "replace")


def voice_of_list(listed: str, language: str) -> str:
    """The first voice of a language in what `say -v ?` prints (`Amélie   fr_CA   # Bonjour ...`); "" for none."""
    for line in listed.splitlines():
        found = re.match(r"(?P<name>\S.*?)\s+(?P<language>[a-z]{2,3})[_-]\w+\s+#", line)
        if found and found["language"] == _primary(language):
            return found["name"]
    return ""


# Paths and languages come in by the environment: nothing of them is read as PowerShell.
_SAPI = f"""
$ErrorActionPreference = 'Stop'
[Console]::InputEncoding = New-Object System.Text.UTF8Encoding $false
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$culture = [System.Globalization.CultureInfo]::GetCultureInfo($env:NEWSDESK_VOICE_LANGUAGE)
$voice.SelectVoiceByHints('NotSet', 'NotSet', 0, $culture)
$form = New-Object System.Speech.AudioFormat.SpeechAudioFormatInfo({RATE}, 'Sixteen', 'Mono')
$voice.SetOutputToWaveFile($env:NEWSDESK_VOICE_FILE, $form)
$voice.Speak([Console]::In.ReadToEnd())
$voice.Dispose()
"""


def _sapi(program: str, file: str, language: str) -> Call:
    return Call(
        arguments=(program, "-NoProfile", "-NonInteractive", "-Command", _SAPI),
        environment={"NEWSDESK_VOICE_FILE": file, "NEWSDESK_VOICE_LANGUAGE": language},
    )


_KNOWN: tuple[tuple[str, str, Callable[[str, str, str], Call]], ...] = (
    ("darwin", "say", _say),
    ("win32", "powershell", _sapi),
    ("", "espeak-ng", _espeak),
)
"""Platform, program and its call, the first that is there; espeak-ng runs on all of them."""


def _primary(language: str) -> str:
    """`en` of `en-GB`: programs know the language, and not every region of it."""
    return language.split("-")[0].casefold()


def _other_voice() -> str:
    return "install a voice of this language, or set another `language`"
