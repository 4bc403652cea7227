"""The dates of a feed's entries: the moment that is meant with its local day, and what cannot be read said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.ingest.readers.feed_documents import STORY, article, rss


@pytest.mark.parametrize(
    ("language", "date", "moment"),
    [
        ("", "Wed, 19 Jun 2024 00:30:00 CEST", "2024-06-19T00:30:00+02:00"),
        ("", "Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T08:57:00+02:00"),
        ("", "Sun, 17 Dec 2017 1:55 PM EST", "2017-12-17T13:55:00-05:00"),
        ("", "Çar, 19 Haz 2024 14:05:00 +0300", "2024-06-19T14:05:00+03:00"),
        ("en-in", "Wed, 19 Jun 2024 14:05:00 IST", "2024-06-19T14:05:00+05:30"),
        ("pl", "19 lis 2023 14:05:00 +0100", "2023-11-19T14:05:00+01:00"),
        ("en-us", "03/04/2024 2:05 PM EST", "2024-03-04T14:05:00-05:00"),
    ],
)
def test_an_entrys_date_keeps_its_zone_and_its_local_day_in_the_feeds_language(
    language: str, date: str, moment: str
) -> None:
    item = f"<item><pubDate>{date}</pubDate><description>{STORY}</description></item>"
    found = article(f"<rss><channel><title>T</title><language>{language}</language>{item}</channel></rss>")
    assert found.published is not None
    assert (found.published.isoformat(), found.notes) == (moment, ())


@pytest.mark.parametrize(
    ("dates", "published", "note"),
    [
        (
            "<pubDate>soon</pubDate>",
            None,
            "the date in 'pubdate' is no date that can be read ('soon'); the article's date is unknown",
        ),
        (
            "<pubDate>soon</pubDate><updated>2024-06-20T10:00:00Z</updated>",
            datetime(2024, 6, 20, 10, tzinfo=UTC),
            "the date in 'pubdate' is no date that can be read ('soon'); that in 'updated' is taken",
        ),
        (
            "<pubDate>Wed, 19 Jun 2024 14:05:00 IST</pubDate>",
            datetime(2024, 6, 19, tzinfo=UTC),
            "the date in 'pubdate' gives a time in a zone of several countries ('IST'); only the day is kept",
        ),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None, ""),
    ],
)
def test_a_date_that_cannot_be_read_is_reported(dates: str, published: datetime | None, note: str) -> None:
    found = article(rss(f"{dates}<description>{STORY}</description>"))
    assert (found.published, found.notes) == (published, (note,) if note else ())


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("", None),
        ("<pubDate>yesterday</pubDate>", None),
        ("<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>", None),
        ("<updated>2024-06-20T10:00:00Z</updated>", datetime(2024, 6, 20, 10, tzinfo=UTC)),
        (
            "<updated>2024-06-20T10:00:00Z</updated><pubDate>Wed, 19 Jun 2024 10:00:00 EST</pubDate>",
            datetime(2024, 6, 19, 15, tzinfo=UTC),
        ),
    ],
)
def test_the_date_is_that_of_publication_and_never_invented(dates: str, published: datetime | None) -> None:
    assert article(rss(f"{dates}<description>{STORY}</description>")).published == published
