"""Whether a token is a name."""

from __future__ import annotations

from rag.text.country_names import TITLES
from rag.text.tokens import Token


def is_name(token: Token) -> bool:
    """Whether the word is written, or known, as a name; a sentence's first word only where it is a known one."""
    if token.is_country:
        return True
    return (
        token.is_word
        and token.is_capital
        and not token.opens
        and token.text.casefold() not in TITLES
        and len(token.text) > 1
    )
