"""The commands of feeds, over a web of our own."""

from __future__ import annotations

from tests.cli.command_line import Newsdesk, ids, read
from tests.ingest.bad_web import BadWeb


def test_feeds_that_are_not_there_are_said_so(filled: Newsdesk) -> None:
    assert "newsdesk feeds add URL" in filled("feeds", "list").stdout
    assert read(filled("feeds", "list", "--json")) == {"feeds": []}
    assert filled("feeds", "remove", "https://news.example/feed").exit_code == 1
    assert filled("feeds", "poll", "https://news.example/feed").exit_code == 2
    assert read(filled("feeds", "poll", "--json"))["feeds"] == []


def test_a_feed_is_subscribed_polled_and_asked(filled: Newsdesk) -> None:
    story = "The harbour lock opened on Friday after two years of work, said the engineer Ida Brandt. " * 4
    item = f"<item><title>Lock</title><link>https://ledger.example/lock</link><description>{story}</description></item>"
    with BadWeb() as web:
        web.page("/feed.xml", f"<rss version='2.0'><channel><title>Ledger</title>{item}</channel></rss>".encode())
        settings = {"NEWSDESK_ALLOWED_HOSTS": ",".join(web.settings().allowed_hosts)}
        url = f"{web.url}/feed.xml"
        added = filled("feeds", "add", url, "--no-follow", **settings)
        assert (added.exit_code, added.stdout) == (0, f"subscribed to {url}  Ledger\n")
        assert read(filled("feeds", "poll", "--json", **settings))["added"] == 1
        assert read(filled("feeds", "poll", "--json", **settings))["added"] == 0
    assert "Ledger" in ids(filled)
