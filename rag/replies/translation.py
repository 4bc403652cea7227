"""A reader who asks in another language than the articles': understood and answered with a language model, told
without one.

What is checked is never the translation: answers are written and checked in the articles' language, and each shown
sentence gets its translation beside it. One whose figures are not those of the original is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prompts import load_prompt
from rag.answering.evidence_prompt import escape
from rag.answering.model_writer import Form, Usage, prompt_digests, written
from rag.answering.structured_draft import filled_in
from rag.errors import ModelError
from rag.events import Draft, Event, Finished, Stage
from rag.question.language import NAMES, language_of
from rag.replies.newsroom import Newsroom
from rag.replies.reply import reply
from rag.types import Answer, Question
from rag.wording import N_, _, translated

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

ARTICLES_IN = "en"
"""What search and check are made for; of a library that does not say in what its articles are written, too."""

TRANSLATE_PROMPTS = ("translate", "translate_lines")

_LINE = re.compile(r"^\W*(\d{1,3})(?:[.):\t]|\s)\s*(\S.*)$")
_GROUPED = re.compile(r"(?<=\d)[.,'\u00a0\u202f\s](?=\d)")

_SCHEMA: dict[str, Any] = {
    "title": "translations",
    "description": "The translation of each line, in order.",
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"number": {"type": "integer"}, "text": {"type": "string"}},
                "required": ["number", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["lines"],
    "additionalProperties": False,
}


def reply_in_any_language(
    room: Newsroom, question: Question, *, history: Sequence[str] = (), last: Answer | None = None
) -> Iterator[Event]:
    """`reply`, to a reader of any language: asked, and answered, through the language model where theirs is not that of
    the articles."""
    language = foreign_language(room, question.text)
    if not language:
        yield from reply(room, question, history=history, last=last)
        return
    usage = Usage(room.library.spending)
    asked, notice = question, translated(_UNTRANSLATED).format(language=NAMES[language])
    model = room.model
    if model is not None:
        yield Stage(name="translating")
        try:
            (text,) = _translated(room, model, [question.text], ARTICLES_IN, usage)
            asked, notice = replace(question, text=text or question.text), "" if text else translated(_NO_QUESTION)
        except ModelError as error:
            notice = _(
                "The question could not be translated ({error}); the articles were searched for its words.", error=error
            )
    for event in reply(room, asked, history=history, last=last):
        if isinstance(event, Finished):
            answer = event.answer
            if not notice and model is not None and answer.sentences:
                usage.spent_before = answer.provenance.usage.get("cost", 0.0)
                answer = _answered_in(language, room, model, answer, usage)
            yield Finished(answer=_as_asked(answer, question, asked, notice, usage))
        elif notice or not isinstance(event, Draft):
            yield event


_UNTRANSLATED = N_(
    "The articles are in English and Newsdesk translates nothing without a language model: it searched them for your "
    "{language} words as they stand. Ask in English, or set `model`."
)
_NO_QUESTION = N_("The language model did not translate the question; the articles were searched for its words.")


def foreign_language(room: Newsroom, text: str) -> str:
    """The code of the language of a question that is none of the library's; "" where it is one, or cannot be told."""
    language = language_of(text)
    held = {code.partition("-")[0] for code in room.library.archive.languages()} or {ARTICLES_IN}
    return language if language and language not in held | {ARTICLES_IN} else ""


def _answered_in(language: str, room: Newsroom, model: BaseChatModel, answer: Answer, usage: Usage) -> Answer:
    """The answer with the translation of each sentence beside it, as far as there is one that can be shown."""
    texts = [sentence.text for sentence in answer.sentences]
    try:
        found = _translated(room, model, texts, language, usage)
    except ModelError as error:
        told = _("The answer could not be translated ({error}).", error=error)
        return replace(answer, provenance=replace(answer.provenance, notice=_joined(answer.provenance.notice, told)))
    sentences = tuple(
        replace(sentence, translation=text) for sentence, text in zip(answer.sentences, found, strict=True)
    )
    return replace(answer, sentences=sentences, translated_into=language if any(found) else "")


def _translated(room: Newsroom, model: BaseChatModel, texts: Sequence[str], language: str, usage: Usage) -> list[str]:
    """The translation of each text, "" where there is none with the same figures; raises `ModelError`."""
    lines = "\n".join(f"{number} {escape(text)}" for number, text in enumerate(texts, start=1))
    messages = [
        ("system", load_prompt("translate").fill(language=NAMES[language])),
        ("human", load_prompt("translate_lines").fill(lines=lines)),
    ]
    timeout = room.library.settings.model_timeout_seconds
    said = written(model, messages, timeout_seconds=timeout, usage=usage, form=Form(schema=_SCHEMA, as_text=_lines))
    found: dict[int, str] = {}
    for match in filter(None, map(_LINE.match, said.splitlines())):
        found.setdefault(int(match[1]), escape(match[2]))
    both = [(text, found.get(number, "")) for number, text in enumerate(texts, start=1)]
    return [translation if figures(text) == figures(translation) else "" for text, translation in both]


def figures(text: str) -> list[str]:
    """The numbers in digits, sorted, however their digits are grouped and their decimals marked."""
    return sorted(re.findall(r"\d+", _GROUPED.sub("", text)))


def _lines(parsed: object) -> str:
    """Filled-in translations as the lines that are asked for otherwise."""
    return "\n".join(
        f"{one.get('number')} {' '.join(str(one.get('text', '')).split())}" for one in filled_in(parsed, "lines")
    )


def _as_asked(answer: Answer, question: Question, asked: Question, notice: str, usage: Usage) -> Answer:
    """The answer to the question in the reader's own words, with what the translation took."""
    made = answer.provenance
    took = dict(made.usage)
    for name, number in usage.told().items():
        took[name] = number if name == "cost_today" else round(took.get(name, 0) + number, 8)
    is_translated = asked.text != question.text
    return replace(
        answer,
        question=replace(answer.question, text=question.text),
        provenance=replace(
            made,
            notice=_joined(notice, made.notice),
            usage=took,
            prompts={**made.prompts, **prompt_digests(*TRANSLATE_PROMPTS)} if is_translated else made.prompts,
            standalone_question=made.standalone_question or (asked.text if is_translated else ""),
        ),
    )


def _joined(*notices: str) -> str:
    return " ".join(notice for notice in notices if notice)
