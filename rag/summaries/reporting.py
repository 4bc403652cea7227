"""Sentences of articles that report: none in which the writer speaks to readers, none of what is marked as opinion."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.text.pronouns import FIRST_PERSON, SECOND_PERSON
from rag.text.tokens import fold_claim, tokens

if TYPE_CHECKING:
    from rag.summaries.summarise import Sources
    from rag.types import ArticleRef

_QUOTATION = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)|„[^“”]*(?:[“”]|$)")


_OPINION = "opinions?|opini[oó]n|editorials?|op-?eds?|commentary|commentaire|tribune|meinung|kommentar|opinie"
_MARKED_TITLE = re.compile(rf"^\W*(?:{_OPINION})\s*[:|–—-]\s|\s[|–—-]\s*(?:{_OPINION})\W*$", re.IGNORECASE)  # noqa: RUF001
_MARKED_PATH = re.compile(rf"/(?:{_OPINION}|commentisfree|columnists?)/", re.IGNORECASE)


def reporting(sources: Sources) -> Sources:
    """The sources without opinion pieces and sentences that speak to readers; as they are where that leaves none."""
    kept = [
        not (is_opinion(ref) or speaks_to_readers(sentence.text))
        for ref, article in zip(sources.refs, sources.sentences, strict=True)
        for sentence in article
    ]
    return sources if all(kept) or not any(kept) else sources.only(kept)


def is_opinion(ref: ArticleRef) -> bool:
    """Whether the outlet marks the article as an opinion, in its title ("... | Opinion") or its address."""
    return bool(_MARKED_TITLE.search(ref.title) or _MARKED_PATH.search(urlsplit(ref.url).path))


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
