"""What the checker's network sees: a claim and what it cites as one row of tokens, the same in training and in use.

[CLS] claim [SEP] (outlet, Sunday, 29 September 2019) sentences before the cited ones [SEP] cited sentences [SEP]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.models.reader.windows import heading, mark

MAX_TOKENS = 384
MAX_CLAIM_TOKENS, MAX_CONTEXT_TOKENS = 112, 112

Feed = dict[str, NDArray[np.int64] | NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedQuote:
    """A sentence that a claim cites; `before` is the article's sentence ahead of it, for what pronouns mean.

    The network does not see the article's `title`; names may stand there.
    """

    text: str
    before: str = ""
    title: str = ""
    outlet: str = ""
    published: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimRow:
    """One row of tokens; the claim's and the cited sentences' are named by their first and past-last places."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    claim: tuple[int, int]
    evidence: tuple[int, int]


class RowMaker:
    """Puts claims and quotes into rows with one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._cls, self._sep = (mark(tokenizer, name) for name in ("[CLS]", "[SEP]"))

    def row(self, claim: str, quotes: Sequence[CitedQuote]) -> ClaimRow:
        """The row of a claim with at least one quote; what is too long loses its end, context its beginning."""
        if not quotes:
            raise ValueError("a claim is held against at least one quote")
        own = self._pieces(claim)[:MAX_CLAIM_TOKENS]
        around = self._pieces(_around(quotes))[-MAX_CONTEXT_TOKENS:]
        start = [self._cls, *own, self._sep]
        middle = [*around, self._sep]
        room = MAX_TOKENS - len(start) - len(middle) - 1
        cited = self._pieces(" ".join(quote.text for quote in quotes))[:room]
        ids = [*start, *middle, *cited, self._sep]
        return ClaimRow(
            ids=tuple(ids),
            types=tuple([0] * len(start) + [1] * (len(ids) - len(start))),
            claim=(1, 1 + len(own)),
            evidence=(len(start) + len(middle), len(ids) - 1),
        )

    def _pieces(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _around(quotes: Sequence[CitedQuote]) -> str:
    """Where and when the quotes were published, each place once, with the sentences ahead of those it published."""
    cited = {quote.text for quote in quotes}
    parts: dict[str, list[str]] = {}
    for quote in quotes:
        own = parts.setdefault(heading("", quote.outlet, quote.published), [])
        if quote.before and quote.before not in cited and quote.before not in own:
            own.append(quote.before)
    return " ".join(" ".join([where.strip(), *texts]) for where, texts in parts.items())


def feed_of(rows: Sequence[ClaimRow]) -> Feed:
    """The network's input for some rows: texts by tokens, and the weights of the claim's and the evidence's means."""
    width = max(len(row.ids) for row in rows)
    ids, mask, types = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(3))
    claim, evidence = (np.zeros((len(rows), width), dtype=np.float32) for _ in range(2))
    for number, row in enumerate(rows):
        length = len(row.ids)
        ids[number, :length], mask[number, :length], types[number, :length] = row.ids, 1, row.types
        for weights, (first, past_last) in ((claim, row.claim), (evidence, row.evidence)):
            weights[number, first:past_last] = 1 / max(1, past_last - first)
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": types,
        "claim_weights": claim,
        "evidence_weights": evidence,
    }
