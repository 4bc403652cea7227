"""Spans of time and parts of a year that a question names in another language are read as those in English are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rag.question.foreign_dates import period_in
from rag.question.search_plan import sub_questions
from rag.types import Question

NOW = datetime(2024, 7, 10, 12, tzinfo=UTC)


def read(text: str) -> str:
    period = period_in(text, NOW)
    return period.in_words().rpartition(" is read as ")[2] if period else ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Was geschah in den letzten drei Tagen im Hafen?", "den letzten drei Tagen"),
        ("¿Qué pasó en los últimos tres días en el puerto?", "los últimos tres días"),
        ("¿Que paso en los ultimos tres dias en el puerto?", "los ultimos tres dias"),
        ("Que s'est-il passé ces trois derniers jours dans le port ?", "ces trois derniers jours"),
        ("Cosa è successo negli ultimi tre giorni nel porto?", "ultimi tre giorni"),
        ("Wat gebeurde er de afgelopen drie dagen in de haven?", "de afgelopen drie dagen"),
        ("Co się stało w ciągu ostatnich trzech dni w porcie?", "ostatnich trzech dni"),
        ("O que aconteceu nos últimos 3 dias no porto?", "nos últimos 3 dias"),
        ("Что произошло за последние три дня в порту?", "за последние три дня"),
    ],
)
def test_the_last_days_are_counted_back_from_now(text: str, words: str) -> None:
    period = period_in(text, NOW)
    assert period is not None
    assert period.words == words
    assert (period.after, period.before) == (NOW - timedelta(days=3), NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Wie entwickelten sich die Preise im dritten Quartal 2023?",
        "Wie entwickelten sich die Preise im 3. Quartal des Jahres 2023?",
        "¿Cómo evolucionaron los precios en el tercer trimestre de 2023?",
        "¿Cómo evolucionaron los precios en el 3T 2023?",
        "Comment ont évolué les prix au T3 2023 ?",
        "Comment ont évolué les prix au 3e trimestre 2023 ?",
        "Come sono cambiati i prezzi nel terzo trimestre del 2023?",
        "Hoe veranderden de prijzen in het derde kwartaal van 2023?",
        "Jak zmieniły się ceny w III kwartale 2023 roku?",
        "Como mudaram os preços no terceiro trimestre de 2023?",
        "Как изменились цены в третьем квартале 2023 года?",
    ],
)
def test_a_quarter_is_read_in_each_language(text: str) -> None:
    assert read(text) == "1 July 2023 to 30 September 2023"


@pytest.mark.parametrize(
    "text",
    [
        "Wie entwickelten sich die Preise im ersten Halbjahr 2023?",
        "Wie entwickelten sich die Preise in der ersten Hälfte des Jahres 2023?",
        "¿Cómo evolucionaron los precios en la primera mitad de 2023?",
        "Comment ont évolué les prix au premier semestre 2023 ?",
        "Come sono cambiati i prezzi nella prima metà del 2023?",
        "Hoe veranderden de prijzen in de eerste helft van 2023?",
        "Jak zmieniły się ceny w pierwszej połowie 2023 roku?",
        "Como mudaram os preços no primeiro semestre de 2023?",
        "Как изменились цены в первом полугодии 2023 года?",
    ],
)
def test_a_half_is_read_in_each_language(text: str) -> None:
    assert read(text) == "1 January 2023 to 30 June 2023"


@pytest.mark.parametrize(
    "text",
    [
        "Was wurde im Sommer 2023 in Elmport eröffnet?",
        "¿Qué se inauguró en el verano de 2023 en Elmport?",
        "Qu'a-t-on ouvert à l'été 2023 à Elmport ?",
        "Cosa è stato aperto nell'estate del 2023 a Elmport?",
        "Wat werd er in de zomer van 2023 geopend in Elmport?",
        "Co otwarto latem 2023 roku w Elmport?",
        "O que foi aberto no verão de 2023 em Elmport?",
        "Что открыли летом 2023 года в Элмпорте?",
        "Was wurde letzten Sommer in Elmport eröffnet?",
        "¿Qué se inauguró el verano pasado en Elmport?",
        "Qu'a-t-on ouvert l'été dernier à Elmport ?",
        "Cosa è stato aperto la scorsa estate a Elmport?",
        "Wat werd er afgelopen zomer geopend in Elmport?",
        "Co otwarto zeszłego lata w Elmport?",
        "O que foi aberto no verão passado em Elmport?",
        "Что открыли прошлым летом в Элмпорте?",
    ],
)
def test_a_season_is_read_in_each_language(text: str) -> None:
    assert read(text) == "1 June 2023 to 31 August 2023"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Was hat die Regierung seit dem ersten Quartal 2024 beschlossen?", "1 January 2024 to 10 July 2024"),
        ("Was sagte der Minister vor dem Sommer 2023?", "until 31 May 2023"),
        ("Was geschah zwischen dem ersten und dritten Quartal 2023?", "1 January 2023 to 30 September 2023"),
        ("Wie war der Umsatz im letzten Quartal 2023?", "1 October 2023 to 31 December 2023"),
        ("Was ist diesen Sommer in Elmport geplant?", "1 June 2024 to 10 July 2024"),
        ("Wie war der Umsatz im letzten Quartal?", "1 April 2024 to 2 July 2024"),
    ],
)
def test_sides_ranges_and_what_is_told_from_now_are_read(text: str, said: str) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "Was geschah in den letzten zwei Wochen des Krieges?",
        "¿Qué pasó en los últimos tres días de la guerra?",
        "Que s'est-il passé ces trois derniers jours du procès ?",
        "Wer kam als dritter ins Ziel?",
        "Wie heißt die zweite Hälfte des Buches?",
        "¿Quién marcó en la segunda mitad del partido?",
        "Qui est le premier ministre ?",
        "Comment la ville a-t-elle été reconstruite ?",
        "Co się działo w ostatnich latach?",
    ],
)
def test_what_names_no_time_from_now_is_not_read(text: str) -> None:
    assert period_in(text, NOW) is None


def test_the_search_is_led_by_the_span() -> None:
    asked = Question(text="Was geschah in den letzten drei Tagen im Hafen von Elmport?")
    (within,) = sub_questions(asked, (), NOW)
    assert (within.scope.after, within.scope.before) == (NOW - timedelta(days=3), NOW)
