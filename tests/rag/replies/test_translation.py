"""A reader of another language: translated, checked in English, and told where that cannot be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rag.desk import Desk, open_desk
from rag.events import Draft, Stage
from rag.models.hashing_embedder import HashingEmbedder
from rag.models.scripted_model import ScriptedModel
from rag.public_json import answer_json
from rag.replies.translation import figures
from tests.rag.makers import BRIDGE, prepared, settings_for

ASKED = "Wie lange wird die Reparatur der Brücke dauern?"
IN_ENGLISH = "How long will repairs of the Saltmarsh bridge take?"
DRAFT = "Mayor Ana Ruiz said repairs would take nine weeks [1]."
TRANSLATED = "Bürgermeisterin Ana Ruiz sagte, die Reparatur dauere neun Wochen."


def desk_with(folder: Path, **given: Any) -> Desk:
    model = given.pop("model", None)
    settings = settings_for(folder, vector_index="exact", **given)
    desk = open_desk(settings=settings, embedder=HashingEmbedder(256), model=model, stay_open=False)
    desk.library.put([prepared(BRIDGE)])
    return desk


class Translator:
    """Translates the question, writes a draft, and translates its sentence."""

    def __init__(self, *, question: str = f"1 {IN_ENGLISH}", answer: str = f"1 {TRANSLATED}") -> None:
        self.prompts: list[str] = []
        self.question, self.answer = question, answer

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if "news into English" in prompt:
            return self.question
        return self.answer if "news into German" in prompt else DRAFT


@pytest.fixture
def translator() -> Translator:
    return Translator()


def test_it_is_answered_in_the_articles_language_with_a_translation_beside(
    tmp_path: Path, translator: Translator
) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=translator)) as desk:
        answer = desk.ask(ASKED)
    assert (answer.question.text, answer.provenance.standalone_question) == (ASKED, IN_ENGLISH)
    (sentence,) = answer.sentences
    assert (sentence.text, sentence.translation) == (DRAFT.replace(" [1]", ""), TRANSLATED)
    assert (answer.translated_into, answer.provenance.notice) == ("de", "")
    assert f"({TRANSLATED})" in answer.text
    assert answer_json(answer)["sentences"][0]["translation"] == TRANSLATED
    assert {"translate", "translate_lines"} <= set(answer.provenance.prompts)
    assert len(translator.prompts) == 3


def test_quotes_are_translated_too(tmp_path: Path) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=lambda _: f"1 {IN_ENGLISH}"), writers=("quotes",)) as desk:
        answer = desk.ask(ASKED)
    assert answer.provenance.writer == "quotes"
    assert all(sentence.text in BRIDGE.text for sentence in answer.sentences)


def test_the_draft_does_not_stream_in_a_language_that_the_reader_does_not_read(
    tmp_path: Path, translator: Translator
) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=translator)) as desk:
        events = list(desk.stream(ASKED))
    assert not [event for event in events if isinstance(event, Draft)]
    assert events[0] == Stage(name="translating")


@pytest.mark.parametrize("answer", ["", "1 Die Reparatur dauert 12 Wochen.", "Das weiß ich nicht."])
def test_a_translation_with_other_figures_or_none_is_not_shown(tmp_path: Path, answer: str) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=Translator(answer=answer))) as desk:
        found = desk.ask(ASKED)
    assert found.outcome == "answered"
    assert all(not sentence.translation for sentence in found.sentences)
    assert found.translated_into == ""


def test_where_the_question_cannot_be_translated_a_line_says_so(tmp_path: Path) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=Translator(question=""))) as desk:
        assert "could not be translated" in desk.ask(ASKED).provenance.notice
    with desk_with(tmp_path, model=ScriptedModel(script=Translator(question="Gerne!"))) as desk:
        assert "did not translate the question" in desk.ask(ASKED).provenance.notice


def test_without_a_model_a_line_says_what_was_searched(tmp_path: Path) -> None:
    with desk_with(tmp_path) as desk:
        answer = desk.ask(ASKED)
        assert "The articles are in English" in answer.provenance.notice
        assert "your German words" in answer.provenance.notice
        assert answer.question.text == ASKED
        assert "in English" not in desk.ask(IN_ENGLISH).provenance.notice


def test_what_a_translation_costs_is_counted(tmp_path: Path, translator: Translator) -> None:
    with desk_with(tmp_path, model=ScriptedModel(script=translator), model_prices="2/10") as desk:
        in_german, in_english = desk.ask(ASKED), desk.ask(IN_ENGLISH)
    assert in_german.provenance.usage["cost"] > in_english.provenance.usage["cost"] > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It cost 1,234.50 euros.", "Es kostete 1.234,50 Euro.", True),
        ("On 19 June 2024 six died.", "Am 19. Juni 2024 starben sechs.", True),
        ("12 died", "21 starben", False),
        ("12 died", "Zwölf starben", False),
    ],
)
def test_figures_are_compared_however_they_are_written(one: str, other: str, same: bool) -> None:
    assert (figures(one) == figures(other)) is same
