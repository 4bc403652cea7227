"""The check without a network: does a sentence say only what its quotes say, by their words?

Deterministic, independent of the writer, and failing closed. A sentence passes where every figure, date, name and
quoted word in it stands in the quotes, nothing in it is denied, made certain, turned round or given to someone else,
and enough of its words are theirs. For quotes, which it always lets through, and for the setting `checker = "off"`;
`rag.checking.sentence_check` judges a writer's own words by their meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.checking.literal import ReadText, initials, missing_name, missing_quotation, says_nothing, wanted
from rag.checking.number_support import missing_number
from rag.checking.overclaims import overclaim
from rag.checking.polarity import contradiction
from rag.checking.semantic_roles import pieced_together, swapped_roles
from rag.text.tokens import Token
from rag.text.word_sets import word_set

SUPPORT_NEEDED = 0.75
"""Chosen on the development halves of QAGS and of AggreFact's CLIFF part: 775 judged sentences and summaries.

Each sentence was held against the two sentences of its article that cover it best. Balanced accuracy of the whole check
at 0.60, 0.70, 0.75, 0.80, 0.90: .705 .708 .711 .706 .704 (QAGS .719, CLIFF .671 at 0.75). AUROC of the score alone .78,
of the share of words alone .75.
"""

_PAIR_DISTANCE = 4
"""Content words that may lie between neighbours of the claim in a quote; 2 and 8 gave the same AUROC within .01 on
those data."""

_OPENERS = word_set("""
    authorities officials police rescuers investigators prosecutors researchers scientists experts analysts critics
    opponents supporters lawmakers government parliament inflation people residents workers soldiers troops rebels
    protesters demonstrators tensions talks prices shares stocks oil rescue emergency local several many most some
    both each every earlier meanwhile overall today yesterday nobody someone everyone everything following despite
    during while although however despite because since unlike as if when where according reports sources witnesses
    voters state foreign national international global public health climate trade peace security nuclear military
    economic political media news instead also then thus therefore moreover additionally furthermore finally
    recently currently initially nearly almost about around more fewer less least another other others such these
    those officers doctors families victims survivors members leaders ministers
    """)
"""Words that open a news sentence with a capital and are no names; any other first word must stand in the quotes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a check says of a sentence; `reason` says in words why it is not supported.

    `support` is how sure the check is, 0..1: a probability, or the share of the sentence's wording that the quotes
    hold; `wording` is always that share.
    """

    supported: bool
    support: float
    wording: float
    reason: str = ""

    def __bool__(self) -> bool:
        raise TypeError("ask for .supported")


def check_sentence(text: str, quotes: Sequence[str]) -> Verdict:
    """Whether the quotes, taken together, support the sentence `text` (without citation marks)."""
    claim, held = ReadText(text), [ReadText(quote) for quote in quotes]
    said = [quote.tokens for quote in held]
    support = support_score(claim, held)
    reason = (
        says_nothing(claim)
        or missing_number(claim.numbers, [quote.numbers for quote in held])
        or missing_name(claim, held, opens_with_name=_may_be_a_name)
        or missing_quotation(text, quotes)
        or contradiction(claim.tokens, said)
        or swapped_roles(claim.tokens, said)
        or pieced_together(claim.tokens, said)
        or overclaim(claim.tokens, said)
        or ("too little of the sentence is in the quotes" if support < SUPPORT_NEEDED else "")
    )
    return Verdict(supported=not reason, support=support, wording=support, reason=reason)


def shared_wording(text: str, quotes: Sequence[str]) -> float:
    """`support_score` of texts."""
    return support_score(ReadText(text), [ReadText(quote) for quote in quotes])


def support_score(claim: ReadText, quotes: Sequence[ReadText]) -> float:
    """How much of the claim's wording is the quotes', 0..1: the mean of two shares.

    The share of content words (stems, names by key) that stand in any quote, and the share of neighbouring content
    words that stand near each other in one quote. The second sees a sentence that is stitched together from words of
    two. Figures have their own check and are left out.
    """
    content = _content(claim)
    if not content:
        return 0.0
    places = [_places(quote) for quote in quotes]
    words = sum(any(_where(token, place) for place in places) for token in content) / len(content)
    pairs = list(pairwise(content))
    if not pairs:
        return words
    return (words + sum(_stand_near(first, second, places) for first, second in pairs) / len(pairs)) / 2


def _content(text: ReadText) -> list[Token]:
    return [token for token in text.tokens if token.is_content and not text.is_in_number(token)]


def _places(quote: ReadText) -> dict[str, set[int]]:
    """For every key, stem and run of initials of a quote its places among the quote's content words."""
    places: dict[str, set[int]] = {}
    content = _content(quote)
    for position, token in enumerate(content):
        for form in token.forms:
            places.setdefault(form, set()).add(position)
    for letters in initials(quote.tokens):
        places.setdefault(letters, set()).update(range(len(content)))
    return places


def _where(token: Token, places: dict[str, set[int]]) -> set[int]:
    return set().union(*(places.get(form, ()) for form in wanted(token)))


def _stand_near(first: Token, second: Token, places: Sequence[dict[str, set[int]]]) -> bool:
    return any(
        0 < abs(one - other) <= _PAIR_DISTANCE
        for place in places
        for one in _where(first, place)
        for other in _where(second, place)
    )


def _may_be_a_name(opener: Token) -> bool:
    word = opener.text.casefold()
    return word not in _OPENERS and not word.endswith(("ing", "ly"))
