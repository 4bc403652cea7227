from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.settings import Settings
from rag.text.formatting import all_of, any_of, day_in_words, days_in_short, days_in_words, sources_in_words
from rag.wording import LANGUAGES, _, direction, language, messages_for_script, ngettext, pgettext, preferred, using
from rag.wording.numbers import long_month, number_in_words, short_month

JUNE = date(2024, 6, 21)


def test_without_a_language_all_is_english() -> None:
    assert language() == "en"
    assert _("The library is empty") == "The library is empty"
    assert ngettext("{n} article", "{n} articles", 1200) == "1,200 articles"


def test_a_language_holds_for_what_is_done_in_it_and_no_longer() -> None:
    with using("es"):
        assert _("The library is empty") == "La biblioteca está vacía"
        with using("en"):
            assert _("The library is empty") == "The library is empty"
        assert language() == "es"
        inside = copy_context()
    assert language() == "en"
    assert inside.run(language) == "es"


def test_a_message_takes_its_values_in_every_language_and_values_are_no_templates() -> None:
    for tag in LANGUAGES:
        with using(tag):
            assert "{all}" in _("Understood as: {question}", question="{all}")
            assert ngettext("{n} article", "{n} articles", 2).startswith("2 ")


def test_what_no_catalogue_holds_stays_as_it_is() -> None:
    with using("es"):
        assert pgettext("nowhere", "Ask") == "Ask"
    with using("xx"):
        assert _("The library is empty") == "The library is empty"


@pytest.mark.parametrize(
    ("form", "english", "spanish"),
    [
        (lambda: day_in_words(JUNE), "21 June 2024", "21 de junio de 2024"),
        (
            lambda: days_in_words(JUNE, date(2024, 7, 2)),
            "21 June 2024 to 2 July 2024",
            "21 de junio de 2024 a 2 de julio de 2024",
        ),
        (lambda: days_in_short(JUNE, JUNE), "21 June 2024", "21 de junio de 2024"),
        (lambda: long_month(JUNE), "June 2024", "junio de 2024"),
        (lambda: short_month(JUNE), "Jun 2024", "jun 2024"),
        (lambda: number_in_words(12345), "12,345", "12.345"),
        (lambda: sources_in_words(2, 3), "2 independent sources in 3 outlets", "2 fuentes independientes en 3 medios"),
        (lambda: all_of(["a", "b", "c"]), "a, b and c", "a, b y c"),
        (lambda: any_of(["a", "b", "c"]), "a or b or c", "a o b o c"),
    ],
)
def test_days_numbers_and_lists_have_the_form_of_the_language(
    form: Callable[[], str], english: str, spanish: str
) -> None:
    assert form() == english
    with using("es"):
        assert form() == spanish


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_the_day_of_a_moment_is_that_of_its_own_calendar_in_every_language(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    for tag in LANGUAGES:
        with using(tag):
            assert day_in_words(first) == day_in_words(first.date())
            assert days_in_short(first, last) == days_in_short(first.date(), last.date())


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,de;q=0.9,es;q=0.5,en;q=0.7", "en"),
        ("fr, de", ""),
        ("en;q=0, es;q=0.1", "es"),
        ("es;q=nonsense, en", "en"),
        ("", ""),
    ],
)
def test_the_language_is_the_one_that_a_browser_likes_best(accepted: str, wanted: str) -> None:
    assert preferred(accepted) == wanted


@given(st.text())
def test_whatever_a_header_says_the_language_is_one_of_ours_or_none(accepted: str) -> None:
    assert preferred(accepted) in ("", *LANGUAGES)


def test_languages_are_written_in_their_direction() -> None:
    assert [direction(tag) for tag in ("en", "es", "ar", "he", "fa-IR")] == ["ltr", "ltr", "rtl", "rtl", "rtl"]


def test_a_script_gets_the_messages_that_it_says() -> None:
    script = 'say(_("Copied")); say(_("“{name}” is deleted.", { name })); say("Undo");'
    assert messages_for_script(script) == {}
    with using("es"):
        assert messages_for_script(script) == {"Copied": "Copiado", "“{name}” is deleted.": "«{name}» se ha borrado."}


def test_the_setting_names_the_languages_that_there_are() -> None:
    offered = get_args(Settings.model_fields["page_language"].annotation)
    assert offered == ("auto", *LANGUAGES)
