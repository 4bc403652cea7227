"""Who did it to whom, and who said it: orders of names that a bag of words cannot tell apart.

Deliberately simple: it looks at two names around one verb in one sentence, and at names beside a verb of saying.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.names import is_name
from rag.text.pronouns import PERSONAL
from rag.text.tokens import Token
from rag.text.word_sets import word_set

_BE = word_set("be is are was were been being")
_SAYING = word_set("""
    say tell add claim warn announc argu insist believ think state explain note write deni accus suggest report describ
    call predict
    """)
"""Stems of verbs whose subject is a source."""

_MUTUAL = word_set("meet marri talk negoti agre match join divorc")
"""Stems of what two do together: their order says nothing."""

_SUBSTITUTES = PERSONAL | word_set("who which that")

_REACH = 6
"""Words between a name and the verb that it may belong to; longer stretches of news sentences mostly hold another
clause."""


def relations(tokens: Sequence[Token]) -> set[tuple[str, str, str]]:
    """(doer, word, done to) for each content word between two names or two content words; passives turned round."""
    content = [position for position, token in enumerate(tokens) if token.is_content]
    neighbours = {here: (before, after) for before, here, after in zip(content, content[1:], content[2:], strict=False)}
    found: set[tuple[str, str, str]] = set()
    for position in content:
        token = tokens[position]
        if token.text[0].isupper() or token.stem in _MUTUAL:
            continue
        around = [(_near(tokens, position, -1), _near(tokens, position, +1))]
        if position in neighbours and not _is_broken(tokens, *neighbours[position]):
            around.append((tokens[neighbours[position][0]], tokens[neighbours[position][1]]))
        for left, right in around:
            if left and right and _form(left) != _form(right):
                doer, done_to = (right, left) if _is_passive(tokens, position) else (left, right)
                found.add((_form(doer), token.stem, _form(done_to)))
    return found


def _form(token: Token) -> str:
    return token.key if token.is_country else token.stem


def _is_passive(tokens: Sequence[Token], position: int) -> bool:
    """As in "was invaded by", "invaded by", "was led yesterday by"."""
    before = {token.text.casefold() for token in tokens[max(0, position - 3) : position]}
    after = [token.text.casefold() for token in tokens[position + 1 : position + 3]]
    return after[:1] == ["by"] or (bool(before & _BE) and "by" in after)


def _is_broken(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any((not token.is_word and token.text != "-") or token.text in ("and", "or") for token in tokens[start:end])


def _near(tokens: Sequence[Token], position: int, step: int) -> Token | None:
    for distance in range(1, _REACH + 1):
        index = position + step * distance
        if not 0 <= index < len(tokens) or tokens[index].text in ".!?;":
            return None
        if is_name(tokens[index]) or _may_open_with_name(tokens[index]):
            return tokens[index]
    return None


def _may_open_with_name(token: Token) -> bool:
    return token.opens and token.is_capital and token.is_content


def speakers(tokens: Sequence[Token]) -> tuple[set[str], set[str]]:
    """Keys of the names directly beside a verb of saying or after "according to", and keys and stems of every word
    there."""
    near: list[Token] = []
    for position, token in enumerate(tokens):
        if token.stem in _SAYING:
            near += [*tokens[max(0, position - 2) : position], *tokens[position + 1 : position + 2]]
        elif token.text.casefold() == "according":
            near += tokens[position + 2 : position + 5]
    names = {token.key for token in near if is_name(token) or _may_open_with_name(token)}
    return names, {form for token in near for form in (token.key, token.stem)}


def swapped_roles(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> str:
    """Why the claim turns round who did what, or who said it; empty where it does not."""
    known = set().union(*(relations(quote) for quote in quotes))
    for doer, word, done_to in relations(claim):
        if (done_to, word, doer) in known and (doer, word, done_to) not in known:
            return "the quotes have it the other way round"
    said = speakers(claim)[0]
    heard = [speakers(quote) for quote in quotes]
    if said and any(names for names, _ in heard) and not any(said & words for _, words in heard):
        return "the quotes give these words to someone else"
    return ""


def pieced_together(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> str:
    """Why the claim gives somebody what a quote says of another; empty where it does not.

    "Putin went with Kim" is not said by "Putin and Kim signed" and "Kim went further": where the word between two names
    stands only in quotes that name the second and not the first, nor a pronoun in its place, the first has not done it.
    A word of no quote is a paraphrase, which the share of words judges.
    """
    held = [{form for token in quote for form in (_form(token), token.stem)} for quote in quotes]
    names = {_form(token) for token in claim if is_name(token) or _may_open_with_name(token)}
    for doer, word, done_to in relations(claim):
        if not {doer, done_to} <= names:
            continue
        saying = [forms for forms in held if word in forms]
        of_another = any(done_to in forms for forms in saying)
        if of_another and not any(doer in forms or forms & _SUBSTITUTES for forms in saying):
            return "the quotes say this of someone else"
    return ""
