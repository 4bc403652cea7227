"""How probably an answer is right, when it is read once more.

The reader's score of the best sentence tells wrong answers from right ones only a little: whatever it takes for an
answer has much the same score. A right answer also stands when less is read with it. So the best sentence is read again
alone, its passage without title, outlet and day, and once more for the question as somebody types it in a hurry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rag.models.reader.sentence_reader import SentenceReader
from rag.models.reader.windows import ReadPassage

FITTED_FOR = "reader@350bb66caf46"
"""Scores belong to one reader; another one's confidence is its own."""

SURE_AT = 0.68
"""Below it a reader is warned. Ten folds of whole articles: the warning stands over .140 of right answers and .420 of
wrong ones (AUROC .758; by the reader's score alone .653)."""

ANSWER_FROM = 0.3
"""Below it nothing is shown. First 301 questions of the development half of wikinews-qa, against showing all of it:
refused_unanswerable .716 to .761, cost .588 to .538, wrongly_refused .141 to .154, shown_right .735 both."""

_ALONE, _IN_A_HURRY, _WITHOUT_HEADING, _AHEAD, _OFFSET = 0.1974, 0.9062, 0.2893, 0.1004, 0.8921
"""Logistic regression on the 556 answers given to the development half of wikinews-qa, .80 of them right:
`python -m eval train certainty`."""

NOBODY_ELSE = -8.0
"""The score of the best sentence of another article where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondReading:
    """What the second reading of the best sentence tells, as log-odds of the reader.

    `alone` is that of the sentence alone, against nothing; `in_a_hurry` what the question in small letters changes of
    its score; `without_heading` the best score of its passage without title, outlet and day; `ahead` how far its score
    lies above that of the best sentence of another article.
    """

    alone: float
    in_a_hurry: float
    without_heading: float
    ahead: float

    @property
    def probability(self) -> float:
        """The calibrated probability that the answer is right."""
        odds = _ALONE * self.alone + _IN_A_HURRY * self.in_a_hurry + _WITHOUT_HEADING * self.without_heading
        return 1 / (1 + math.exp(-(odds + _AHEAD * self.ahead + _OFFSET)))


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
