"""Voices: what every one of them does, and which one a system has."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from newsletter.audio import voice as voices
from newsletter.audio.voice import Call, ProgramVoice, Voice, find_voice, voice_of_list
from rag.errors import VoiceError
from tests.newsletter.audio.voices import ToneVoice

# A program as the systems' are: text in, a WAV file out, 20 samples for every byte that was said.
PROGRAM = """
import sys, wave
said = sys.stdin.buffer.read()
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((int(sys.argv[2]), 2, 16000, 0, "NONE", ""))
    file.writeframes(bytes(40 * len(said)))
"""


def program_voice(program: str = PROGRAM, *, channels: int = 1) -> ProgramVoice:
    arguments = (sys.executable, "-c", program)
    return ProgramVoice(
        name="program", call=lambda file, language: Call(arguments=(*arguments, file, str(channels), language))
    )


def espeak() -> Voice:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    return find_voice(platform="linux")


@pytest.mark.parametrize("make", [ToneVoice, program_voice, espeak])
class TestEveryVoice:
    def test_more_words_take_longer_at_one_rate(self, make: type[Voice]) -> None:
        voice = make()
        short = voice.speak("Good evening.", language="en")
        long = voice.speak("Good evening, and welcome to the news of this week from Ostrel.", language="en")
        assert 0 < short.milliseconds < long.milliseconds
        assert short.rate == long.rate

    def test_what_is_said_is_text_whatever_it_looks_like(self, make: type[Voice]) -> None:
        for line in ("-w /tmp/other.wav", "--help", "“Zürich”, said Šimkutė; $(reboot)"):
            assert make().speak(line, language="en").milliseconds > 0


def test_a_program_that_fails_is_quoted_with_what_to_do() -> None:
    with pytest.raises(VoiceError, match=r"program cannot say this in 'xx' \(no such voice\); install a voice"):
        program_voice("import sys; sys.exit('no such voice')").speak("Hello.", language="xx")


def test_a_program_that_writes_nothing_or_no_such_sound_is_an_error() -> None:
    with pytest.raises(VoiceError, match="exit code 0"):
        program_voice("pass").speak("Hello.", language="en")
    with pytest.raises(VoiceError, match="not one channel of 16 bits"):
        program_voice(channels=2).speak("Hello.", language="en")


def test_a_program_that_hangs_or_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "SECONDS_A_LINE", 0.2)
    with pytest.raises(VoiceError, match="TimeoutExpired"):
        program_voice("import time; time.sleep(60)").speak("Hello.", language="en")
    gone = ProgramVoice(name="gone", call=lambda file, language: Call(arguments=("/nowhere/gone", file)))
    with pytest.raises(VoiceError, match="gone cannot be run"):
        gone.speak("Hello.", language="en")


@pytest.mark.parametrize(
    ("platform", "there", "name"),
    [
        ("linux", {"espeak-ng"}, "espeak-ng"),
        ("darwin", {"say", "espeak-ng"}, "say"),
        ("darwin", {"espeak-ng"}, "espeak-ng"),
        ("win32", {"powershell"}, "powershell"),
    ],
)
def test_the_systems_own_voice_goes_first(platform: str, there: set[str], name: str) -> None:
    assert find_voice(platform=platform, which=lambda one: f"/bin/{one}" if one in there else None).name == name


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_system_without_a_voice_says_what_to_install(platform: str) -> None:
    with pytest.raises(VoiceError, match="install espeak-ng"):
        find_voice(platform=platform, which=lambda one: None)


def test_windows_is_told_path_and_language_outside_its_script() -> None:
    voice = find_voice(platform="win32", which=lambda one: f"C:/{one}" if one == "powershell" else None)
    assert isinstance(voice, ProgramVoice)
    call = voice.call("C:/it's $here.wav", "pt-BR")
    assert call.environment == {"NEWSDESK_VOICE_FILE": "C:/it's $here.wav", "NEWSDESK_VOICE_LANGUAGE": "pt-BR"}
    assert "$here" not in " ".join(call.arguments)


def test_a_voice_of_macos_is_chosen_by_language() -> None:
    listed = (
        "Alex                en_US    # Hello\nBad News            en_US    # Hi\nMónica              es_ES    # Hola\n"
    )
    assert [voice_of_list(listed, language) for language in ("es", "en-GB", "fr")] == ["Mónica", "Alex", ""]


def test_a_call_holds_nothing_of_what_is_said(tmp_path: Path) -> None:
    voice = find_voice(platform="linux", which=lambda one: f"/bin/{one}")
    assert isinstance(voice, ProgramVoice)
    assert voice.call("out.wav", "de-AT").arguments[:3] == ("/bin/espeak-ng", "-v", "de")
