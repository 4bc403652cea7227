"""The interface's own words in a reader's language, and dates and numbers in its form.

English stands in the code and is what every message is known by; `locales/` holds the other languages, in gettext's
form. What an article says is never translated. Who serves a reader says in which language with `using`; without it all
is English.
"""

from __future__ import annotations

from rag.wording.language import LANGUAGES, SOURCE, direction, language, preferred, using
from rag.wording.messages import N_, _, messages_for_script, ngettext, pgettext, translated

__all__ = [
    "LANGUAGES",
    "N_",
    "SOURCE",
    "_",
    "direction",
    "language",
    "messages_for_script",
    "ngettext",
    "pgettext",
    "preferred",
    "translated",
    "using",
]
