"""Dates in questions of other languages limit the search, and are said, as those in English are."""

# ruff: noqa: RUF001  (letters of many languages)

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rag.question.foreign_dates import period_in
from rag.question.named_periods import named_period
from rag.question.search_plan import period_of, sub_questions
from rag.types import Question

NOW = datetime(2024, 7, 10, 12, tzinfo=UTC)
"""A Wednesday."""


def read(text: str) -> tuple[str, str]:
    """The words of a date, and how they are read."""
    period = period_in(text, NOW)
    return (period.words, period.in_words().rpartition(" is read as ")[2]) if period else ("", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿Qué dijo el alcalde el 19 de junio de 2024?", "el 19 de junio de 2024"),
        ("Was sagte die Bürgermeisterin am 19. Juni 2024?", "am 19. Juni 2024"),
        ("Was geschah am 19.06.2024 im Hafen?", "am 19.06.2024"),
        ("Qu'a dit la maire le 19 juin 2024 ?", "le 19 juin 2024"),
        ("Что сказал мэр 19 июня 2024 года?", "19 июня 2024"),
        ("Co powiedział burmistrz 19 czerwca 2024 roku?", "19 czerwca 2024"),
        ("Cosa ha detto il sindaco il 19 giugno 2024?", "il 19 giugno 2024"),
        ("O que disse o prefeito em 19 de junho de 2024?", "em 19 de junho de 2024"),
        ("Wat zei de burgemeester op 19 juni 2024?", "op 19 juni 2024"),
    ],
)
def test_a_day_is_read_in_each_language(text: str, words: str) -> None:
    assert read(text) == (words, "19 June 2024")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿Qué pasó en marzo de 2023 en el puerto?", "en marzo de 2023"),
        ("Was geschah im März 2023 im Hafen?", "im März 2023"),
        ("Que s'est-il passé en mars 2023 dans le port ?", "en mars 2023"),
        ("Что произошло в марте 2023 в порту?", "в марте 2023"),
        ("Co się stało w marcu 2023 w porcie?", "w marcu 2023"),
        ("Cosa è successo a marzo 2023 nel porto?", "a marzo 2023"),
        ("O que aconteceu em março de 2023 no porto?", "em março de 2023"),
        ("Wat gebeurde er in maart 2023 in de haven?", "in maart 2023"),
    ],
)
def test_a_month_is_read_in_each_language(text: str, words: str) -> None:
    assert read(text) == (words, "1 March 2023 to 31 March 2023")


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué pasó entre el 3 y el 5 de junio de 2024?",
        "Was geschah zwischen dem 3. und dem 5. Juni 2024?",
        "Was geschah vom 3. bis 5. Juni 2024 im Hafen?",
        "Que s'est-il passé du 3 au 5 juin 2024 ?",
        "Что произошло с 3 по 5 июня 2024 года?",
        "Cosa è successo dal 3 al 5 giugno 2024?",
        "Wat gebeurde er van 3 tot 5 juni 2024 in de haven?",
    ],
)
def test_days_of_a_range_are_read(text: str) -> None:
    assert read(text)[1] == "3 June 2024 to 5 June 2024"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Was passierte von März bis Mai 2024 im Hafen?", "1 March 2024 to 31 May 2024"),
        ("¿Qué ha dicho el gobierno desde el 3 de mayo?", "3 May 2024 to 10 July 2024"),
        ("Was hat die Regierung seit dem 3. Mai beschlossen?", "3 May 2024 to 10 July 2024"),
        ("Que s'est-il passé depuis le 3 mai dans le port ?", "3 May 2024 to 10 July 2024"),
        ("Co powiedział rząd od 3 maja o porcie?", "3 May 2024 to 10 July 2024"),
        ("Wat is er sinds 3 mei in de haven gebeurd?", "3 May 2024 to 10 July 2024"),
        ("Was geschah bis zum 5. Mai 2024 im Hafen?", "until 5 May 2024"),
        ("¿Qué ocurrió antes del 2 de enero de 2024?", "until 1 January 2024"),
        ("Cosa è successo dopo il 3 maggio 2024 nel porto?", "4 May 2024 to 10 July 2024"),
    ],
)
def test_a_word_in_front_gives_a_date_its_side(text: str, said: str) -> None:
    assert read(text)[1] == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿Qué pasó la semana pasada en el puerto?", "la semana pasada"),
        ("Was geschah letzte Woche im Hafen?", "letzte Woche"),
        ("Que s'est-il passé la semaine dernière dans le port ?", "la semaine dernière"),
        ("Что произошло на прошлой неделе в порту?", "на прошлой неделе"),
        ("Co się stało w zeszłym tygodniu w porcie?", "w zeszłym tygodniu"),
        ("O que aconteceu na semana passada no porto?", "na semana passada"),
    ],
)
def test_last_week_is_read(text: str, words: str) -> None:
    assert read(text) == (words, "1 July 2024 to 9 July 2024")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("¿Qué dijo la alcaldesa el lunes?", 8),
        ("Qu'a dit le ministre lundi sur la grève ?", 8),
        ("O que disse o ministro na segunda-feira sobre a greve?", 8),
        ("Was sagte der Kanzler am Dienstag über den Haushalt?", 9),
        ("Что сказал министр в среду о забастовке?", 10),
        ("Co powiedział minister w środę o strajku?", 10),
    ],
)
def test_a_weekday_is_the_last_such_day(text: str, day: int) -> None:
    assert read(text)[1] == f"{day} July 2024"


@pytest.mark.parametrize(
    "text",
    [
        "¿Quién es el segundo ministro de Hacienda?",
        "¿Qué piden las Madres de Plaza de Mayo al gobierno?",
        "O que disse a segunda testemunha sobre a greve?",
        "Pourquoi le port est-il fermé ?",
        "Wie viele Menschen wohnen in Elmport?",
        "¿Qué pasó el 31 de junio de 2024?",
        "Was kostet das Ticket für 3 Tage?",
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert period_in(text, NOW) is None


@pytest.mark.parametrize(
    "text", ["What did the mayor say on 19 June 2024?", "What happened in March?", "Who is May Martel?", "Did it rain?"]
)
def test_questions_in_english_are_read_as_before(text: str) -> None:
    assert period_in(text, NOW) == named_period(text, NOW)


def test_the_search_is_led_by_the_period_and_the_reader_may_set_another() -> None:
    asked = Question(text="Was geschah am 19. Juni 2024 im Hafen von Elmport?")
    (within,) = sub_questions(asked, (), NOW)
    assert within.scope.after is not None
    assert within.scope.before is not None
    assert within.scope.after.date() == date(2024, 6, 18)
    assert within.scope.before - within.scope.after >= timedelta(days=1)
    limited = Question(text=asked.text, scope=within.scope)
    assert period_of(limited, NOW) is None
