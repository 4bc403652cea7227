"""The language that a question is asked in, where that can be told; py3langid's only door.

Few words tell little, and a name tells nothing: only what is clearly another language is called one. Of 5,129 English
utterances and questions, names and search words among them, 34 are called another, nearly all of them rightly ("auf
deutsch bitte"); of 41 questions in 26 other languages 39 are known.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The languages that are told apart; all of the library's 140 would be found in names and abbreviations."""

SURE_FROM = 0.7
LEAST_WORDS = 3

_LATIN_UNTIL = "\u024f"


def language_of(text: str) -> str:
    """The code of the language of these words, "" where they do not tell it. Scripts other than Latin need no number of
    words."""
    letters = [letter for letter in text if letter.isalpha()]
    is_latin = sum(letter <= _LATIN_UNTIL for letter in letters) * 2 >= len(letters)
    if not letters or (is_latin and len(text.split()) < LEAST_WORDS):
        return ""
    code, probability = _identifier().classify(text)
    return str(code) if probability >= SURE_FROM else ""


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(NAMES))
    return identifier
