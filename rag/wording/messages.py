"""Messages out of the catalogue of the language that is in use.

Names as gettext has them, so that its tools find every message in the code (`python -m tests.messages`). Values are put
in by `str.format`; a message is a literal, never one that was put together.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from rag.wording.language import SOURCE, language
from rag.wording.numbers import number_in_words

LOCALES = Path(__file__).with_name("locales")


def N_(message: str) -> str:
    """The message as it is: marks a constant that `translated` takes when it is shown."""
    return message


def _(message: str, /, **values: object) -> str:
    """The message in the language in use, with its values."""
    said = catalogue(language()).gettext(message)
    return said.format(**values) if values else said


def translated(message: str) -> str:
    """A message that `N_` marked; what is in no catalogue stays as it is."""
    return catalogue(language()).gettext(message) if message else ""


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The message where one English word has several translations; `context` says where it stands."""
    said = catalogue(language()).pgettext(context, message)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form of the message for this number, which it has as `{n}`, with its thousands told apart."""
    said = catalogue(language()).ngettext(one, many, number)
    return said.format(n=number_in_words(number), **values)


@cache
def catalogue(tag: str) -> NullTranslations:
    """The messages of a language: compiled from its `.po` file when it is first used; English alone where there is
    none."""
    file = LOCALES / tag / "newsdesk.po"
    if tag == SOURCE or not file.is_file():
        return NullTranslations()
    # Not at the top: whoever is served in English needs none of it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=tag))
    compiled.seek(0)
    return GNUTranslations(compiled)


def messages_for_script(script: str) -> dict[str, str]:
    """What a script in the browser says, in the language in use: each message that stands in a `_(...)` of it, with its
    translation; none in English."""
    if language() == SOURCE:
        return {}
    from babel.messages.extract import extract

    found = extract("javascript", BytesIO(script.encode()), {"_": None})
    messages = sorted({message for _, message, _, _ in found if isinstance(message, str)})
    return {message: said for message in messages if (said := translated(message)) != message}
