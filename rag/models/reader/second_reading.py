"""How probably an answer is right, when its best sentence is read once more.

The reader's score of the best sentence tells wrong answers from right ones only a little: whatever it takes for an
answer has much the same score. A right answer also stands when less is read with it. So what would be
shown is read again alone, and its passage without title, outlet and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.models.reader.certainty import SecondReading
from rag.models.reader.sentence_reader import SentenceReader
from rag.models.reader.windows import ReadPassage

NOBODY_ELSE = -8.0
"""The score of the best sentence of another article where there is none."""


def read_again(
    reader: SentenceReader, question: str, passage: ReadPassage, *, quotes: Sequence[str], ahead: float
) -> SecondReading:
    """Read a passage again, and alone the `quotes` in which its best sentence would be shown; `ahead` is as in
    `SecondReading`."""
    alone = replace(passage, sentences=tuple(quotes))
    bare = replace(passage, title="", outlet="", published=None)
    of_alone, of_bare = reader.read(question, [alone, bare]).passages
    return SecondReading(
        alone=of_alone.score,
        without_heading=max(one.score for one in of_bare.sentences),
        ahead=ahead,
    )
