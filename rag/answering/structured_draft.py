"""A draft as a model's structured output: sentences with the places that state them, in a form that the provider
itself keeps the model to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.answering.draft_parser import DraftSentence, read_draft
from rag.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SCHEMA: dict[str, Any] = {
    "title": "answer",
    "description": "The answer to the reader's question, sentence by sentence.",
    "type": "object",
    "properties": {
        "is_in_the_evidence": {
            "type": "boolean",
            "description": "False only where no evidence says anything of what is asked; then there are no sentences.",
        },
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence, without places."},
                    "places": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "The places of all evidence sentences that together state it, such as 2.1.",
                    },
                },
                "required": ["text", "places"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["is_in_the_evidence", "sentences"],
    "additionalProperties": False,
}

_PLACE = re.compile(r"\(?\[?\s*(\d{1,3}\.\d{1,3})\s*\]?\)?")


def keeps_to_a_form(model: BaseChatModel) -> bool:
    """Whether the provider says of this model that it keeps to a given form (LangChain's `profile`)."""
    return bool((getattr(model, "profile", None) or {}).get("structured_output"))


def draft_of(parsed: object, *, refusal: str) -> str:
    """What the model filled in, as a draft with marks, a sentence a line; raises `ModelError` where it is not of the
    form."""
    sentences = filled_in(parsed, "sentences")
    if not sentences or (isinstance(parsed, Mapping) and parsed.get("is_in_the_evidence") is False):
        return refusal
    return "\n".join(line for sentence in sentences for line in _lines(sentence))


def filled_in(parsed: object, name: str) -> list[Mapping[str, Any]]:
    """The rows of a filled-in form's list of that name; raises `ModelError` where it is not of the form."""
    rows = parsed.get(name) if isinstance(parsed, Mapping) else None
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise _no_form()
    return list(rows)


def _lines(sentence: Mapping[str, Any]) -> list[str]:
    """The sentence with its marks; where the model wrote several as one, each has the places of all."""
    if not isinstance(text := sentence.get("text"), str):
        raise _no_form()
    places = sentence.get("places")
    if not isinstance(places, Sequence) or isinstance(places, str):
        raise _no_form()
    found = [match.group(1) for place in places if (match := _PLACE.fullmatch(str(place).strip()))]
    return [_marked(one, found) for one in read_draft(text) if one.text]


def _marked(sentence: DraftSentence, places: Sequence[str]) -> str:
    own = [f"{mark.rank}.{mark.sentence}" if mark.sentence else str(mark.rank) for mark in sentence.marks]
    return sentence.text + "".join(f" [{place}]" for place in dict.fromkeys([*places, *own]))


def _no_form() -> ModelError:
    return ModelError("the language model did not keep to the form that was asked for; ask again, or use another model")
