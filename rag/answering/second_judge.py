"""A language model as a second judge of what the check has let through: one call for all sentences of an answer.

It can only take away. A sentence that it does not clearly agree to is removed, and where it cannot be asked or does not
keep to the form, all of them are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prompts import load_prompt
from rag.answering.citing import CheckedDraft, names_in
from rag.answering.evidence_prompt import escape
from rag.answering.model_writer import Form, Usage, written
from rag.answering.structured_draft import filled_in
from rag.errors import ModelError
from rag.text.formatting import dated_in_words
from rag.types import AnswerSentence, Citation, Evidence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

JUDGE_PROMPTS = ("judge", "judge_sentences")

DISAGREES = "the second judge does not find it in its quotes"

_VERDICT = re.compile(r"^\W*(\d{1,3})\W+(yes|no)\b\W*$", re.IGNORECASE)

_SCHEMA: dict[str, Any] = {
    "title": "verdicts",
    "description": "One verdict for each sentence, in order.",
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"sentence": {"type": "integer"}, "is_supported": {"type": "boolean"}},
                "required": ["sentence", "is_supported"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["verdicts"],
    "additionalProperties": False,
}


def judged(
    model: BaseChatModel,
    checked: CheckedDraft,
    evidence: Sequence[Evidence],
    *,
    timeout_seconds: float,
    usage: Usage,
) -> CheckedDraft:
    """What the model agrees to of a checked draft; quotes stand as they are. Counts `judged` and `judge_removed`."""
    claims = [sentence for sentence in checked.sentences if sentence.checked in ("kept", "corrected")]
    if not claims:
        return checked
    usage.add("judged", len(claims))
    quotes = {citation.marker: citation for citation in checked.citations}
    shown = "\n\n".join(_block(number, claim, quotes, evidence) for number, claim in enumerate(claims, start=1))
    messages = [
        ("system", load_prompt("judge").text),
        ("human", load_prompt("judge_sentences").fill(sentences=shown, count=str(len(claims)))),
    ]
    try:
        said = written(
            model, messages, timeout_seconds=timeout_seconds, usage=usage, form=Form(schema=_SCHEMA, as_text=_lines)
        )
        agreed, reason = _agreed(said), DISAGREES
    except ModelError as error:
        agreed, reason = frozenset[int](), f"the second judge could not be asked: {error}"
    refused = [claim for number, claim in enumerate(claims, start=1) if number not in agreed]
    usage.add("judge_removed", len(refused))
    return checked.without(refused, reason, names=names_in(evidence))


def _block(number: int, claim: AnswerSentence, quotes: Mapping[int, Citation], evidence: Sequence[Evidence]) -> str:
    lines = [f"Says: {escape(claim.text)}"]
    for quote in (quotes[marker] for marker in claim.citations):
        article = quote.article
        day = dated_in_words(article.published, is_ahead=article.is_ahead, unknown="")
        about = ", ".join(part for part in (escape(article.outlet), day) if part)
        if before := _before(quote, evidence):
            lines.append(f"Ahead of it: {escape(before)}")
        lines.append(f"Quote ({about}): {escape(quote.quote)}" if about else f"Quote: {escape(quote.quote)}")
    return "\n".join([f"<sentence {number}>", *lines, f"</sentence {number}>"])


def _before(quote: Citation, evidence: Sequence[Evidence]) -> str:
    """The sentence ahead of a quote, where its passage holds it."""
    for passage in (piece.passage for piece in evidence):
        if passage.article.id == quote.article.id:
            ahead = [span for span in passage.sentences if span.end <= quote.start]
            if ahead and any(span.start == quote.start for span in passage.sentences):
                return passage.sentence(ahead[-1])
    return ""


def _agreed(said: str) -> frozenset[int]:
    """The numbers of the sentences to which it says yes, and never no."""
    verdicts = [match for line in said.splitlines() if (match := _VERDICT.match(line))]
    by_word = {word: {int(one[1]) for one in verdicts if one[2].casefold() == word} for word in ("yes", "no")}
    return frozenset(by_word["yes"] - by_word["no"])


def _lines(parsed: object) -> str:
    """Filled-in verdicts as the lines that are asked for otherwise."""
    return "\n".join(
        f"{one.get('sentence')} {'yes' if one.get('is_supported') is True else 'no'}"
        for one in filled_in(parsed, "verdicts")
    )
