"""Sentences of articles that report: none in which the writer speaks to readers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.text.pronouns import FIRST_PERSON, SECOND_PERSON
from rag.text.tokens import fold_claim, tokens

if TYPE_CHECKING:
    from rag.summaries.summarise import Sources

_QUOTATION = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)|„[^“”]*(?:[“”]|$)")


def reporting(sources: Sources) -> Sources:
    """The sources without sentences that speak to readers; as they are where that leaves none."""
    kept = [not speaks_to_readers(sentence.text) for article in sources.sentences for sentence in article]
    return sources if all(kept) or not any(kept) else sources.only(kept)


def speaks_to_readers(sentence: str) -> bool:
    """Whether the writer says "we", "I" or "you" outside quotations: advice, a guide, an opinion, no report."""
    bare = _QUOTATION.sub("“”", sentence)
    words = [token for token in tokens(fold_claim(bare)) if token.is_word]
    for before, token in pairwise([None, *words]):
        assert token is not None
        word = token.text.casefold().split("'")[0]
        if word == "i":
            # "World War I", "Charles I".
            if token.text == "I" and (before is None or not before.is_capital):
                return True
        elif word in SECOND_PERSON or (word in FIRST_PERSON and not token.text.isupper()):
            return True
    return False
