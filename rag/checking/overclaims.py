"""Small words that carry a large claim: all, only, because, and whether somebody merely alleges it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.tokens import Token
from rag.text.word_sets import word_set

_QUANTIFIERS = (
    word_set("all every each both entire entir whole everyone everyon everybodi everything everyth"),
    word_set("only sole just"),
    word_set("alway always never"),
)
"""Words of one set may stand for each other; a claim that has one needs one in its quotes."""

_CLAIMS_A_CAUSE = word_set("because caus due owe owing blame led thank result trigger prompt")
_GIVES_A_CAUSE = _CLAIMS_A_CAUSE | word_set("""
    since so reason why forc after as consequ therefor therefore over explain attribut fault
    """)

_ALLEGING = word_set("alleg claim accus purport rumour rumor unconfirm reportedli")
_ATTRIBUTING = _ALLEGING | word_set("""
    believ argu insist suspect suggest say tell accord warn think state report fear maintain contend describ call
    announc deni
    """)


def overclaim(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> str:
    """Why the claim says more than its quotes, in words for a reader; empty where it does not."""
    said = _forms(claim)
    held = frozenset().union(*map(_forms, quotes))
    for words in _QUANTIFIERS:
        if said & words and not held & words:
            return f"the quotes do not say {min(said & words)!r}"
    if said & _CLAIMS_A_CAUSE and not held & _GIVES_A_CAUSE:
        return "the quotes do not give this as a cause"
    if quotes and not said & _ATTRIBUTING and all(_forms(quote) & _ALLEGING for quote in quotes):
        return "the quotes only report this as somebody's claim"
    return ""


def _forms(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(form for token in tokens for form in (token.stem, token.text.casefold()))
