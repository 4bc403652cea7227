"""The catalogue of the interface's words: every message of the code, and the languages that it is told in.

`python -m tests.messages` writes the `.po` files anew: messages that the code says for the first time stand in them
without a translation, those that it no longer says are gone.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from rag.wording import LANGUAGES, SOURCE
from rag.wording.messages import LOCALES

ROOT = Path(__file__).parent.parent
FOLDERS = ("newsletter", "rag", "web")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.js", "javascript")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}

PLACEHOLDER = re.compile(r"\{(\w*)\}")


def in_code() -> Catalog:
    """Every message that the code says, with where."""
    catalogue = Catalog(fuzzy=False)
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
        for name, line, message, _comments, context in found:
            catalogue.add(message, locations=[(f"{folder}/{name}", line)], context=context)
    return catalogue


def file_of(language: str) -> Path:
    return LOCALES / language / "newsdesk.po"


def translated_in(language: str) -> Catalog:
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def write_anew(language: str) -> None:
    """The language's file with every message of the code, and no other."""
    known = translated_in(language) if file_of(language).exists() else Catalog(locale=language)
    known.update(in_code(), no_fuzzy_matching=True)
    known.obsolete.clear()
    known.fuzzy = False
    written = BytesIO()
    # Without line numbers: not every change of a module is one of the catalogue.
    write_po(written, known, width=120, sort_output=True, omit_header=False, include_lineno=False)
    file_of(language).write_bytes(_plain_header(written.getvalue()))


def _plain_header(content: bytes) -> bytes:
    return re.sub(
        rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|Language-Team|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator)[^\n]*\n',
        b"",
        content,
    )


if __name__ == "__main__":
    for tag in LANGUAGES:
        if tag != SOURCE:
            write_anew(tag)
