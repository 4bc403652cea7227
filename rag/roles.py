"""Who did it to whom, and who said it: orders of names that a bag of words cannot tell apart.

Deliberately simple: it looks at two names around one verb in one sentence, and at names beside a verb of saying.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.names import TITLES
from rag.tokens import Token, word_set

_BE = word_set("be is are was were been being")
_SAYING = word_set("""
    say tell add claim warn announc argu insist believ think state explain note write deni accus suggest report describ
    call predict
    """)
"""Stems of verbs whose subject is a source."""

_REACH = 6
"""Words between a name and the verb that it may belong to; longer stretches of news sentences mostly hold another
clause."""


def is_name(token: Token) -> bool:
    """Whether the word is written, or known, as a name; a sentence's first word only where it is a known one."""
    if token.key.startswith("country:"):
        return True
    return (
        token.is_word
        and token.is_capital
        and not token.opens
        and token.text.casefold() not in TITLES
        and len(token.text) > 1
    )


def relations(tokens: Sequence[Token]) -> set[tuple[str, str, str]]:
    """(doer, verb stem, done to) for each content word between two names, passives turned round."""
    found: set[tuple[str, str, str]] = set()
    for position, token in enumerate(tokens):
        if not token.is_content or token.text[0].isupper():
            continue
        left, right = _near(tokens, position, -1), _near(tokens, position, +1)
        if not left or not right or left.key == right.key:
            continue
        before = {other.text.casefold() for other in tokens[max(0, position - 3) : position]}
        after = {other.text.casefold() for other in tokens[position + 1 : position + 3]}
        doer, done_to = (right, left) if before & _BE and "by" in after else (left, right)
        found.add((doer.key, token.stem, done_to.key))
    return found


def _near(tokens: Sequence[Token], position: int, step: int) -> Token | None:
    for distance in range(1, _REACH + 1):
        index = position + step * distance
        if not 0 <= index < len(tokens) or tokens[index].text in ".!?;":
            return None
        if is_name(tokens[index]):
            return tokens[index]
    return None


def speakers(tokens: Sequence[Token]) -> tuple[set[str], set[str]]:
    """Keys of the names directly beside a verb of saying or after "according to", and keys and stems of every word
    there."""
    near: list[Token] = []
    for position, token in enumerate(tokens):
        if token.stem in _SAYING:
            near += [*tokens[max(0, position - 2) : position], *tokens[position + 1 : position + 2]]
        elif token.text.casefold() == "according":
            near += tokens[position + 2 : position + 5]
    names = {token.key for token in near if is_name(token) or (token.opens and token.is_content)}
    return names, {form for token in near for form in (token.key, token.stem)}


def swapped_roles(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> str:
    """Why the claim turns round who did what, or who said it; empty where it does not."""
    known = set().union(*(relations(quote) for quote in quotes))
    for doer, verb, done_to in relations(claim):
        if (done_to, verb, doer) in known and (doer, verb, done_to) not in known:
            return "the quotes have it the other way round"
    said = speakers(claim)[0]
    heard = [speakers(quote) for quote in quotes]
    if said and any(names for names, _ in heard) and not any(said & words for _, words in heard):
        return "the quotes give these words to someone else"
    return ""
