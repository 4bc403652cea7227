# ruff: noqa: RUF001
"""The forms in which feeds, pages and files write dates, with the moment and the local day that each means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.dates import UnreadableDate, first_stated, read_date
from ingest.metadata.source_locale import ANYWHERE, SourceLocale

ZONES = """
Wed, 19 Jun 2024 00:30:00 CEST = 2024-06-19T00:30:00+02:00
Wed, 19 Jun 2024 07:30:00 JST = 2024-06-19T07:30:00+09:00
Wed, 19 Jun 2024 14:05:00 BST = 2024-06-19T14:05:00+01:00
Thu, 30 Apr 2015 08:57:00 MEST = 2015-04-30T08:57:00+02:00
Wed, 19 Jun 2024 14:05:00 MSK = 2024-06-19T14:05:00+03:00
Wed, 19 Jun 2013 14:05:00 MSK = 2013-06-19T14:05:00+04:00
Wed, 19 Jun 2024 14:05:00 CST = 2024-06-19T14:05:00-06:00
Wed, 19 Jun 2024 14:05:00 PST = 2024-06-19T14:05:00-08:00
Wed, 19 Jun 2024 14:05:00 SGT = 2024-06-19T14:05:00+08:00
Fri, 5 Jan 2024 13:00:00 ACDT = 2024-01-05T13:00:00+10:30
Wed, 19 Jun 2024 14:05:00 +5:30 = 2024-06-19T14:05:00+05:30
Wed, 19 Jun 2024 14:05:00 +0545 = 2024-06-19T14:05:00+05:45
Wed, 19 Jun 2024 14:05:00 +02 = 2024-06-19T14:05:00+02:00
Wed, 19 Jun 2024 14:05:00 GMT+2 = 2024-06-19T14:05:00+02:00
Wed, 19 Jun 2024 14:05:00 UTC\u22125 = 2024-06-19T14:05:00-05:00
Wed, 19 Jun 2024 14:05:00 +0200 (CEST) = 2024-06-19T14:05:00+02:00
Wed, 19 Jun 2024 14:05:00 -0000 = 2024-06-19T14:05:00+00:00
19 Jun 2024 14:05:00 Z = 2024-06-19T14:05:00+00:00
19 Jun 2024 14:05:00 Eastern Daylight Time = 2024-06-19T14:05:00-04:00
2024-06-19 14:05 CEST = 2024-06-19T14:05:00+02:00
2024-06-19 14:05:00 Europe/Berlin = 2024-06-19T14:05:00+02:00
2024-06-19T14:05:00+02:00[Europe/Berlin] = 2024-06-19T14:05:00+02:00
19 Jun 2024 14:05 British Summer Time = 2024-06-19T14:05:00+01:00
19 июня 2024 г., 14:05 МСК = 2024-06-19T14:05:00+03:00
19 июня 2024, 14:05 (мск) = 2024-06-19T14:05:00+03:00
19 June 2024 1405 GMT = 2024-06-19T14:05:00+00:00
Published 1405 GMT (2205 HKT) June 19, 2024 = 2024-06-19T14:05:00+00:00
2024-06-19T14:05:00[Europe/Paris] = 2024-06-19T14:05:00+02:00
Wed, 19 Jun 2024 14:05:00 +0200 CEST = 2024-06-19T14:05:00+02:00
Wed, 19 Jun 2024 14:05 CT = 2024-06-19T14:05:00-05:00
Wed, 17 Jan 2024 14:05 CT = 2024-01-17T14:05:00-06:00
Wed, 19 Jun 2024 14:05 MT = 2024-06-19T14:05:00-06:00
Wed, 19 Jun 2024 9:5:0 GMT = 2024-06-19T09:05:00+00:00
"""

HALVES_OF_THE_DAY = """
Sun, 15 Dec 2024 12:15 PM = 2024-12-15T12:15:00+00:00
Sun, 17 Dec 2017 1:55 PM EST = 2017-12-17T13:55:00-05:00
Mon, November 16, 2020, 11:12 PM EST = 2020-11-16T23:12:00-05:00
March 30 2020 07:02:38 PM = 2020-03-30T19:02:38+00:00
Wed, 19 Jun 2024 12:15 AM = 2024-06-19T00:15:00+00:00
June 19, 2024 at 2:05 p.m. ET = 2024-06-19T14:05:00-04:00
December 19, 2024 at 2:05 p.m. ET = 2024-12-19T14:05:00-05:00
June 19, 2024, 2:05 P.M. E.D.T. = 2024-06-19T14:05:00-04:00
June 19, 2024 2:05 p.m. Eastern = 2024-06-19T14:05:00-04:00
Jun 19, 2024 2:05 pm est = 2024-06-19T14:05:00-05:00
2:05 PM ET, Wed June 19, 2024 = 2024-06-19T14:05:00-04:00
June 19, 2024 2 PM PT = 2024-06-19T14:00:00-07:00
June 19, 2024 12 noon ET = 2024-06-19T12:00:00-04:00
Wed, 19 June 2024, noon = 2024-06-19T12:00:00+00:00
2024-06-19 02:05:00 PM = 2024-06-19T14:05:00+00:00
19 de junio de 2024 a las 2:05 p.\u00a0m. = 2024-06-19T14:05:00+00:00
2024年6月19日 下午2:05 = 2024-06-19T14:05:00+00:00
2024년 6월 19일 오후 2:05 = 2024-06-19T14:05:00+00:00
الأربعاء، ١٩ يونيو ٢٠٢٤ ٠٢:٠٥ م = 2024-06-19T14:05:00+00:00
"""

LANGUAGES = """
Вс, 12 фев 2017 00:00:00 +0700 = 2017-02-12T00:00:00+07:00
Do, 29 Mär 2018 00:00:00 +0200 = 2018-03-29T00:00:00+02:00
śr., 19 cze 2024 14:05:00 +0200 = 2024-06-19T14:05:00+02:00
Çar, 19 Haz 2024 14:05:00 +0300 = 2024-06-19T14:05:00+03:00
wo, 19 mei 2024 14:05:00 +0200 = 2024-05-19T14:05:00+02:00
pon., 20 lis 2023 10:00:00 +0100 = 2023-11-20T10:00:00+01:00
qua, 19 jun 2024 14:05:00 -0300 = 2024-06-19T14:05:00-03:00
st, 19 čvn 2024 14:05:00 +0200 = 2024-06-19T14:05:00+02:00
Ср, 19 Чер 2024 14:05:00 +0300 = 2024-06-19T14:05:00+03:00
19 июня 2024 г. в 14:05 = 2024-06-19T14:05:00+00:00
19 червня 2024, 14:05 = 2024-06-19T14:05:00+00:00
19. června 2024 14:05 = 2024-06-19T14:05:00+00:00
19 Haziran 2024 Çarşamba 14:05 = 2024-06-19T14:05:00+00:00
June 19, '24 14:05 = 2024-06-19T14:05:00+00:00
June 19 ’24, 2:05 PM = 2024-06-19T14:05:00+00:00
HAZİRAN 19, 2024 = 2024-06-19
19 Aralik 2024 = 2024-12-19
1. Maerz 2024 = 2024-03-01
le 1er juin 2024 = 2024-06-01
19 juin 2024 à 14 h 05 = 2024-06-19T14:05:00+00:00
Mittwoch, den 19. Juni 2024, 14.05 Uhr = 2024-06-19T14:05:00+00:00
onsdag 19. juni 2024 kl. 14.05 = 2024-06-19T14:05:00+00:00
19. kesäkuuta 2024 klo 14.05 = 2024-06-19T14:05:00+00:00
19 Ιουνίου 2024, 14:05 = 2024-06-19T14:05:00+00:00
19 iunie 2024, 14:05 = 2024-06-19T14:05:00+00:00
2024. június 19. 14:05 = 2024-06-19T14:05:00+00:00
2024 m. birželio 19 d. 14:05 = 2024-06-19T14:05:00+00:00
Rabu, 19 Juni 2024 14:05 WIB = 2024-06-19T14:05:00+07:00
19 tháng 6, 2024 = 2024-06-19
19 ביוני 2024, 14:05 = 2024-06-19T14:05:00+00:00
الأربعاء 19 حزيران 2024 - 14:05 = 2024-06-19T14:05:00+00:00
١٩ يونيو ٢٠٢٤ = 2024-06-19
१९ जून २०२४ = 2024-06-19
২০২৪-০৬-১৯ = 2024-06-19
19 มิ.ย. 67 = 2024-06-19
19 حزيران/يونيو 2024 = 2024-06-19
2024. gada 19. jūnijs = 2024-06-19
19 มิ.ย. 2567 14:05 = 2024-06-19T14:05:00+00:00
2024年6月19日(水) 14時05分 = 2024-06-19T14:05:00+00:00
"""

MACHINES = """
Wed, 19 Jun 24 14:05 GMT = 2024-06-19T14:05:00+00:00
Wednesday, 19-Jun-24 14:05:00 GMT = 2024-06-19T14:05:00+00:00
Wed, 19 Jun 2024 14:5:00GMT = 2024-06-19T14:05:00+00:00
"Wed, 19 Jun 2024 14:05:00 GMT" = 2024-06-19T14:05:00+00:00
Sun, 17 Dec 2017 13:55 PM EST = 2017-12-17T13:55:00-05:00
Wed Jun 19 14:05:00 2024 = 2024-06-19T14:05:00+00:00
Wed Jun 19 14:05:00 CEST 2024 = 2024-06-19T14:05:00+02:00
Wed Jun 19 14:05:00 +0200 2024 = 2024-06-19T14:05:00+02:00
Wed Jun 19 2024 14:05:00 GMT+0200 (Central European Summer Time) = 2024-06-19T14:05:00+02:00
19/Jun/2024:14:05:00 +0200 = 2024-06-19T14:05:00+02:00
2024-06-19T14:05:00 +0530 = 2024-06-19T14:05:00+05:30
2024-06-19T14:05:00.123456789Z = 2024-06-19T14:05:00.123456+00:00
2024-06-19T24:00:00Z = 2024-06-20T00:00:00+00:00
Wed, 19 Jun 2024 24:00:00 +0200 = 2024-06-20T00:00:00+02:00
2024-06-19T14:05:60Z = 2024-06-19T14:05:59+00:00
2024-W25-3 = 2024-06-19
2024-171 = 2024-06-19
20240619T140500Z = 2024-06-19T14:05:00+00:00
20240619140500 = 2024-06-19T14:05:00+00:00
1718805900 = 2024-06-19T14:05:00+00:00
1718805900000 = 2024-06-19T14:05:00+00:00
/Date(1718805900000+0200)/ = 2024-06-19T14:05:00+00:00
2024-06-19 14:05:00.123456789 +0000 UTC = 2024-06-19T14:05:00.123456+00:00
2024-06-19 14:05:00 +0200 CEST m=+0.001 = 2024-06-19T14:05:00+02:00
D:20240619140500+02'00' = 2024-06-19T14:05:00+02:00
19 Jun 2024 1405 hrs = 2024-06-19T14:05:00+00:00
2024/06/19 2:05:00 PM = 2024-06-19T14:05:00+00:00
19.06.24, 14:05 Uhr = 2024-06-19T14:05:00+00:00
19/06/2024 14:05 = 2024-06-19T14:05:00+00:00
06/19/2024 2:05 PM = 2024-06-19T14:05:00+00:00
Wed, 03/04/2024 = 2024-04-03
Mon, 03/04/2024 = 2024-03-04
00:30 19.06.2024 = 2024-06-19T00:30:00+00:00
19\u00a0June\u00a02024,\u202f14:05 = 2024-06-19T14:05:00+00:00
19 June 2024 | 14.05 BST = 2024-06-19T14:05:00+01:00
14:05 BST 19 June 2024 = 2024-06-19T14:05:00+01:00
19th of June, 2024 = 2024-06-19
Sept. 19, 2024 = 2024-09-19
"""


def rows(table: str) -> list[tuple[str, str]]:
    pairs = [line.rpartition(" = ") for line in table.strip().splitlines()]
    return [(written, meant) for written, _, meant in pairs]


def in_words(value: object, locale: SourceLocale = ANYWHERE) -> str:
    reading = read_date(value, locale)
    return reading.moment.isoformat() if reading.precision == "minute" else reading.moment.date().isoformat()


@pytest.mark.parametrize(("written", "meant"), rows(ZONES))
def test_the_zone_that_is_named_counts_and_the_day_is_the_local_one(written: str, meant: str) -> None:
    assert in_words(written) == meant


@pytest.mark.parametrize(("written", "meant"), rows(HALVES_OF_THE_DAY))
def test_the_half_of_the_day_counts(written: str, meant: str) -> None:
    assert in_words(written) == meant


@pytest.mark.parametrize(("written", "meant"), rows(LANGUAGES))
def test_months_and_weekdays_are_known_in_the_languages_of_the_news(written: str, meant: str) -> None:
    assert in_words(written) == meant


@pytest.mark.parametrize(("written", "meant"), rows(MACHINES))
def test_what_programs_and_people_write_in_figures_is_read(written: str, meant: str) -> None:
    assert in_words(written) == meant


@pytest.mark.parametrize(
    ("written", "language", "address", "meant"),
    [
        ("03/04/2024", "en-US", "", "2024-03-04"),
        ("03/04/2024", "en-GB", "", "2024-04-03"),
        ("03/04/2024", "en", "https://news.example.co.uk/a", "2024-04-03"),
        ("03/04/2024", "fr", "", "2024-04-03"),
        ("3/4/24 2:05 PM", "en-US", "", "2024-03-04T14:05:00+00:00"),
        ("19 lis 2023", "pl", "", "2023-11-19"),
        ("19 lis 2023", "hr", "", "2023-10-19"),
        ("19 Jun 2024 14:05 IST", "en-IN", "", "2024-06-19T14:05:00+05:30"),
        ("19 Jun 2024 14:05 IST", "en", "https://post.example.ie/", "2024-06-19T14:05:00+01:00"),
        ("19 Jun 2024 14:05 IST", "he", "", "2024-06-19T14:05:00+02:00"),
        ("19 Jun 2024 14:05 CST", "zh-CN", "", "2024-06-19T14:05:00+08:00"),
        ("19 Jun 2024 14:05 BST", "bn", "https://post.example.bd/", "2024-06-19T14:05:00+06:00"),
        ("19 Jun 2024 14:05 EST", "en-AU", "", "2024-06-19T14:05:00+10:00"),
        ("19. Juni 2024 um 14:05 Uhr MESZ", "de", "", "2024-06-19T14:05:00+02:00"),
    ],
)
def test_the_language_and_country_of_a_source_settle_what_is_written_alike(
    written: str, language: str, address: str, meant: str
) -> None:
    assert in_words(written, SourceLocale.of(language, address)) == meant


@pytest.mark.parametrize(
    "written",
    ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "1403/03/30", "1445-12-13"],
)
def test_what_programs_write_for_no_date_and_years_of_other_calendars_are_none(written: str) -> None:
    with pytest.raises(UnreadableDate):
        read_date(written)


def test_a_day_of_1970_is_one() -> None:
    assert in_words("1970-01-01") == "1970-01-01"
    assert in_words("1970-01-01T00:01:00Z") == "1970-01-01T00:01:00+00:00"


@pytest.mark.parametrize("written", ["03/04/2024", "19 lis 2023", "3/4/24"])
def test_what_may_be_two_days_is_none_and_says_which(written: str) -> None:
    with pytest.raises(UnreadableDate, match=r"may be \d+ \w+ \d{4} or \d+ \w+ \d{4}"):
        read_date(written)


@pytest.mark.parametrize(
    ("written", "language", "says"),
    [
        ("Wed, 19 Jun 2024 14:05:00 IST", "", "in a zone of several countries ('IST')"),
        ("Wed, 19 Jun 2024 14:05:00 XYZ", "", "in a zone that is not known ('XYZ')"),
        ("Wed, 19 Jun 2024 25:10:00 GMT", "", "a time that does not exist"),
        ("Wed, 19 Jun 2024 14:05:00 +2500", "", "in a zone that does not exist ('+2500')"),
    ],
)
def test_of_a_time_that_cannot_be_told_the_day_is_kept_with_a_doubt(written: str, language: str, says: str) -> None:
    reading = read_date(written, SourceLocale.of(language))
    assert reading.published == (datetime(2024, 6, 19, tzinfo=UTC), "day")
    assert says in reading.doubt
    assert "only the day is kept" in reading.doubt


@pytest.mark.parametrize(
    "value",
    ["12h ago", "3 days ago", "today 14:05", "yesterday", "May 2024", "19 Jun", "2024", "Q2 2024", "14:05", "n/a",
     "12345", "45462.586", "R6.6.19", "令和6.6.19", "令和6年6月19日", "1403/03/30", "13/12/1445", "113/06/19",
     "0000-00-00 00:00:00", "31 September 2024", "June 19, 2024 Updated June 20, 2024", "19 Juneteenth 2024",
     "Version 12.3.2024 beta", True, None, [], -5, 1e40, float("nan")],
)  # fmt: skip
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(UnreadableDate):
        read_date(value)


@pytest.mark.parametrize(
    ("value", "meant"),
    [(1718805900, "2024-06-19T14:05:00+00:00"), (1718805900.5, "2024-06-19T14:05:00.500000+00:00"),
     (1718805900000, "2024-06-19T14:05:00+00:00"), (20240619, "2024-06-19")],
)  # fmt: skip
def test_numbers_are_seconds_or_finer_since_1970_or_a_day_in_figures(value: float, meant: str) -> None:
    assert in_words(value) == meant


@pytest.mark.parametrize("written", ["2567-06-19", "2567-06-19T14:05:00+07:00", "19/06/2567", "19 มิ.ย. 67"])
def test_a_year_of_the_buddhist_era_is_read_in_thai(written: str) -> None:
    assert read_date(written, SourceLocale.of("th")).moment.date() == date(2024, 6, 19)


@pytest.mark.parametrize("written", ["2567-02-29", "25670229", "2567-02-29T14:05:00+07:00"])
def test_a_leap_day_of_the_buddhist_era_is_that_of_our_year(written: str) -> None:
    assert read_date(written, SourceLocale.of("th")).moment.date() == date(2024, 2, 29)


def test_a_day_that_our_year_does_not_have_is_no_date_of_the_buddhist_era() -> None:
    with pytest.raises(UnreadableDate):
        read_date("2568-02-29", SourceLocale.of("th"))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Last updated at 14:05 BST on 19 June 2024", "2024-06-19T14:05:00+01:00"),
        ("By Ana Ruiz | Jun 19, 2024, 2:05 PM EDT | Harbour", "2024-06-19T14:05:00-04:00"),
        ("Kommentare 3 · 19. Juni 2024, 14:05 Uhr", "2024-06-19T14:05:00+00:00"),
        ("19 June 2024 updated 14:05", "2024-06-19T00:00:00+00:00"),
    ],
)
def test_the_date_of_a_line_comes_with_the_time_beside_it(line: str, meant: str) -> None:
    found = first_stated(line)
    assert found is not None
    assert found[0].isoformat() == meant


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%d %B %Y %H:%M:%S %z",
                     "%B %d, %Y %I:%M:%S %p %z", "%a %b %d %H:%M:%S %z %Y", "%Y%m%dT%H%M%S%z",
                     "%Y/%m/%d %H:%M:%S GMT%z"]),
    st.integers(-12 * 4, 14 * 4),
)  # fmt: skip
def test_every_moment_is_read_back_from_every_form_with_its_local_day(
    clock: datetime, form: str, quarters: int
) -> None:
    moment = clock.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    reading = read_date(moment.strftime(form))
    assert reading.moment == moment
    assert reading.moment.date() == moment.date()
    assert reading.has_zone
