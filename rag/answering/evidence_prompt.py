"""Evidence as a model sees it: numbered blocks of escaped text that cannot close a block, open another or look like a
citation mark."""

# ruff: noqa: RUF001  (brackets of many kinds are what is escaped here)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.formatting import dated_in_words
from rag.text.unseen_characters import visible
from rag.types import Evidence

_ESCAPES = str.maketrans(
    {
        "<": "‹",
        ">": "›",
        "[": "(",
        "]": ")",
        "【": "(",
        "】": ")",
        "＜": "‹",
        "＞": "›",
        "［": "(",
        "］": ")",
        "⟦": "(",
        "⟧": ")",
    }
)
_MAX_FIELD = 200
"""Characters of a title or outlet shown to a model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceText:
    """The blocks as one text; `included` and `omitted` count the pieces of evidence that fitted and that did not."""

    text: str
    included: int
    omitted: int


def escape(text: str) -> str:
    """One line without brackets, control and zero-width characters that spell nothing; nothing else is changed."""
    return " ".join(visible(" ".join(text.split())).translate(_ESCAPES).split())


def format_evidence(
    evidence: Sequence[Evidence], *, max_characters: int, numbers_sentences: bool = False
) -> EvidenceText:
    """Whole blocks in the order given, as many as fit; the first block is cut at a word where it alone is too long.

    `numbers_sentences` puts every sentence on a line of its own behind its place: `(2.1)` is the first of evidence 2.
    """
    blocks: list[str] = []
    used = 0
    for piece in evidence:
        text = escape(piece.passage.text)
        block = _block(piece, _numbered(piece) if numbers_sentences else f"Text: {text}")
        if not blocks and len(block) > max_characters:
            room = max(0, max_characters - len(_block(piece, "Text: ")))
            block = _block(piece, f"Text: {text[:room].rpartition(' ')[0]} …")
        elif used + len(block) > max_characters:
            break
        blocks.append(block)
        used += len(block) + 2
    return EvidenceText(text="\n\n".join(blocks), included=len(blocks), omitted=len(evidence) - len(blocks))


def _numbered(piece: Evidence) -> str:
    passage = piece.passage
    return "\n".join(
        f"({piece.rank}.{number}) {escape(passage.sentence(span))}"
        for number, span in enumerate(passage.sentences, start=1)
    )


def _block(piece: Evidence, text: str) -> str:
    ref = piece.passage.article
    published = dated_in_words(ref.published, is_ahead=ref.is_ahead, unknown="undated")
    about = ", ".join(
        part for part in (escape(ref.title)[:_MAX_FIELD], escape(ref.outlet)[:_MAX_FIELD], published) if part
    )
    return f"<evidence {piece.rank}>\nArticle: {about}\n{text}\n</evidence {piece.rank}>"
