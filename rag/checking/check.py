"""The check: does a sentence say only what its quotes say? Deterministic, without a model, independent of the writer,
and failing closed.

A sentence passes where every figure, date, name and quoted word in it stands in the quotes, nothing in it is denied,
made certain, turned round or given to someone else, and enough of its words are theirs. Similarity alone never passes
a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.checking.number_support import unsupported_number
from rag.checking.overclaims import overclaim
from rag.checking.polarity import contradiction
from rag.checking.semantic_roles import pieced_together, swapped_roles
from rag.text.country_names import TITLES, is_word_as_well
from rag.text.numbers import TextNumbers, read_numbers
from rag.text.tokens import Token, fold, fold_claim, tokens
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

_NAME_GAP = 2
"""Words that may stand between two parts of a name in a quote: "Vladimir Vladimirovich Putin", "China's foreign
ministry"."""

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

_QUOTED = re.compile(r'"([^"]+)"|(?<!\w)\'((?:[^\']|\'(?=\w)){2,400})\'(?!\w)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """`support` is the share of the sentence's words found in the quotes, 0..1; `reason` says in words why it is not
    supported."""

    supported: bool
    support: float
    reason: str = ""

    def __bool__(self) -> bool:
        raise TypeError("ask for .supported")


def check_sentence(text: str, quotes: Sequence[str]) -> Verdict:
    """Whether the quotes, taken together, support the sentence `text` (without citation marks)."""
    folded = fold_claim(text)
    claim = tokens(folded)
    claim_numbers = read_numbers(folded)
    folded_quotes = [fold_claim(quote) for quote in quotes]
    quoted = [tokens(quote) for quote in folded_quotes]
    text_numbers = tuple(read_numbers(quote) for quote in folded_quotes)
    support = support_score(claim, claim_numbers, quoted, text_numbers)
    reason = (
        _says_nothing(text, claim, claim_numbers)
        or unsupported_number(claim_numbers, text_numbers)
        or _unsupported_name(claim, claim_numbers, quoted)
        or _unsupported_quotation(text, quotes)
        or contradiction(claim, quoted)
        or swapped_roles(claim, quoted)
        or pieced_together(claim, quoted)
        or overclaim(claim, quoted)
        or ("too little of the sentence is in the quotes" if support < SUPPORT_NEEDED else "")
    )
    return Verdict(supported=not reason, support=support, reason=reason)


def support_score(
    claim: Sequence[Token],
    text_numbers: TextNumbers,
    quotes: Sequence[Sequence[Token]],
    quote_numbers: Sequence[TextNumbers],
) -> float:
    """How much of the claim's wording is the quotes', 0..1: the mean of two shares.

    The share of content words (stems, names by key) that stand in any quote, and the share of neighbouring content
    words that stand near each other in one quote. The second sees a sentence that is stitched together from words of
    two. Figures have their own check and are left out.
    """
    wanted = _content(claim, text_numbers)
    if not wanted:
        return 0.0
    places = [_places(quote, held) for quote, held in zip(quotes, quote_numbers, strict=True)]
    words = sum(any(_where(token, place) for place in places) for token in wanted) / len(wanted)
    pairs = list(pairwise(wanted))
    if not pairs:
        return words
    return (words + sum(_stand_near(first, second, places) for first, second in pairs) / len(pairs)) / 2


def _content(found: Sequence[Token], text_numbers: TextNumbers) -> list[Token]:
    return [token for token in found if token.is_content and not _in_number(token, text_numbers)]


def _places(quote: Sequence[Token], text_numbers: TextNumbers) -> dict[str, set[int]]:
    """For every key, stem and run of initials of a quote its places among the quote's content words."""
    places: dict[str, set[int]] = {}
    content = _content(quote, text_numbers)
    for position, token in enumerate(content):
        for form in token.forms:
            places.setdefault(form, set()).add(position)
    for initials in _initials(quote):
        places.setdefault(initials, set()).update(range(len(content)))
    return places


def _where(token: Token, places: dict[str, set[int]]) -> set[int]:
    return set().union(*(places.get(form, ()) for form in _wanted(token)))


def _wanted(token: Token) -> frozenset[str]:
    """What of a claim's word may stand in a quote: its forms, or the word itself as the initials of a name."""
    return token.forms | {token.text}


def _stand_near(first: Token, second: Token, places: Sequence[dict[str, set[int]]]) -> bool:
    return any(
        0 < abs(one - other) <= _PAIR_DISTANCE
        for place in places
        for one in _where(first, place)
        for other in _where(second, place)
    )


def _in_number(token: Token, text_numbers: TextNumbers) -> bool:
    return any(start <= token.start and token.end <= end for start, end in text_numbers.spans)


def _says_nothing(text: str, claim: Sequence[Token], text_numbers: TextNumbers) -> str:
    if text.rstrip().endswith("?"):
        return "a question states nothing"
    if not any(token.is_content and not _in_number(token, text_numbers) for token in claim):
        return "the sentence states nothing that could be checked"
    return ""


def _unsupported_name(claim: Sequence[Token], text_numbers: TextNumbers, quotes: Sequence[Sequence[Token]]) -> str:
    known = {form for quote in quotes for token in quote for form in token.forms}
    known |= {initials for quote in quotes for initials in _initials(quote)}
    checked = [token for token in claim if not _in_number(token, text_numbers)]
    names = [token for token in checked if _is_checked_name(token)]
    for token in names:
        if not _wanted(token) & known:
            return f"the name {token.text!r} is not in the quotes"
    for token in checked:
        # A draft in small letters may mean the country: what it does not share with the quotes is not let through.
        if is_word_as_well(token.text) and not token.forms & known:
            return f"the word {token.text!r} is not in the quotes"
    for first, second in _name_pairs(claim, names):
        if not _stand_together(first, second, quotes):
            return f"the quotes do not name {first.text + ' ' + second.text!r}"
    return ""


def _is_checked_name(token: Token) -> bool:
    if token.is_country:
        return True
    if not token.is_content or token.text.casefold() in TITLES:
        return False
    is_code = any(c.isdigit() for c in token.text) and token.text[0].isalpha()
    if token.opens:
        return is_code or (
            token.is_capital
            and token.text.casefold() not in _OPENERS
            and not token.text.casefold().endswith(("ing", "ly"))
        )
    return is_code or token.is_capital


def _name_pairs(claim: Sequence[Token], names: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Neighbouring words of one name; a possessive ends a name."""
    chosen = {token.start for token in names}
    return [
        (first, second)
        for first, second in pairwise(claim)
        if first.start in chosen and second.start in chosen and not first.text.endswith("'s") and not first.is_country
    ]


def _stand_together(first: Token, second: Token, quotes: Sequence[Sequence[Token]]) -> bool:
    for quote in quotes:
        for position, token in enumerate(quote):
            if token.forms & first.forms:
                near = quote[position + 1 : position + 2 + _NAME_GAP]
                if any(other.forms & second.forms for other in near):
                    return True
    joined = {initials for quote in quotes for initials in _initials(quote)}
    return bool({first.text, second.text} & joined)


def _initials(quote: Sequence[Token]) -> set[str]:
    """Initials of each run of capitalised words ("National Transportation Safety Board": NTSB), "of" allowed inside."""
    found: set[str] = set()
    run: list[str] = []
    for token in quote:
        if token.is_word and token.is_capital:
            run.append(token.text[0])
            found.update("".join(run[start:]) for start in range(len(run) - 1))
        elif token.text not in ("of", "and", "for", "the", "-"):
            run = []
    return found


def _unsupported_quotation(text: str, quotes: Sequence[str]) -> str:
    folded = [fold(quote) for quote in quotes]
    for match in _QUOTED.finditer(fold(text)):
        words = (match.group(1) or match.group(2)).strip().rstrip(".,;:!?").strip()
        is_one_word = match.group(2) is not None and " " not in words  # as likely an apostrophe
        if words and not is_one_word and not any(words in quote for quote in folded):
            return "words in quotation marks are not in the quotes"
    return ""
