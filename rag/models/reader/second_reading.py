"""How probably an answer is right, when its best sentence is read once more.

The reader's score of the best sentence tells wrong answers from right ones only a little: whatever it takes for an
answer has much the same score. A right answer also stands when less is read with it. So the best sentence is read again
alone, its passage without title, outlet and day, and once more for the question as somebody types it in a hurry.
"""

from __future__ import annotations

from dataclasses import replace

from rag.models.reader.certainty import SecondReading
from rag.models.reader.sentence_reader import SentenceReader
from rag.models.reader.windows import ReadPassage

NOBODY_ELSE = -8.0
"""The score of the best sentence of another article where there is none."""


def read_again(
    reader: SentenceReader, question: str, passage: ReadPassage, *, sentence: int, score: float, ahead: float
) -> SecondReading:
    """Read a passage's best sentence again; `score` is the one that the reader gave it, its rank left out, `ahead` as
    in `SecondReading`."""
    alone = replace(passage, sentences=(passage.sentences[sentence],))
    bare = replace(passage, title="", outlet="", published=None)
    of_alone, of_bare = reader.read(question, [alone, bare]).passages
    (hurried,) = reader.read(question.lower().rstrip("?"), [passage]).passages
    return SecondReading(
        alone=of_alone.score,
        in_a_hurry=hurried.sentences[sentence].score - score,
        without_heading=max(one.score for one in of_bare.sentences),
        ahead=ahead,
    )
