"""Fetching keeps to robots.txt and leaves a host alone between two pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest.fetching.fetcher import Fetcher, FetchError
from ingest.fetching.pacing import HostPacing
from tests.ingest.bad_web import PUBLIC, BadWeb, FakeClock, RecordingNetwork, Request, answer

HOSTS = {"news.example": [PUBLIC], "other.example": ["151.101.65.140"]}
RULES = """\
User-agent: *
Disallow: /

User-agent: newsdesk
Disallow: /private
Allow: /private/open$
Crawl-delay: 5
"""


@pytest.fixture
def web() -> Iterator[BadWeb]:
    with BadWeb() as server:
        server.page("/", "home")
        server.page("/private/x", "x")
        server.page("/private/open", "open")
        yield server


def failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as raised:
        fetcher.get(url)
    return raised.value


def asked_for_rules(web: BadWeb) -> int:
    return sum(request.target == "/robots.txt" for request in web.requests)


def test_a_site_says_what_it_keeps_programs_out_of(web: BadWeb) -> None:
    web.page("/robots.txt", RULES, content_type="text/plain")
    fetcher = web.fetcher(user_agent="Newsdesk/1.0 (+https://desk.example)")
    assert fetcher.get("http://news.example/").data == b"home"
    assert fetcher.get("http://news.example/private/open").data == b"open"
    error = failure(fetcher, "http://news.example/private/x")
    assert "is closed to programs by the site's robots.txt" in str(error)
    assert error.permanent
    assert web.targets() == ["/", "/private/open"]
    assert "closed to programs" in str(failure(web.fetcher(user_agent="Other"), "http://news.example/"))


def test_the_rules_are_read_once_a_site_and_again_after_an_hour(web: BadWeb) -> None:
    web.page("/robots.txt", "")
    clock = FakeClock()
    fetcher = web.fetcher(clock=clock, hosts=HOSTS)
    for url in ("http://news.example/", "http://news.example/?again", "http://other.example/"):
        web.page(url.rpartition("example")[2], "page")
        fetcher.get(url)
    assert asked_for_rules(web) == 2
    clock.seconds += 3601
    fetcher.get("http://news.example/")
    assert asked_for_rules(web) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_is_open(web: BadWeb, status: int) -> None:
    web.page("/robots.txt", RULES, status=status)
    assert web.fetcher(user_agent="Other").get("http://news.example/").data == b"home"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_whose_rules_cannot_be_had_is_left_alone_for_a_while(web: BadWeb, status: int) -> None:
    web.page("/robots.txt", status=status)
    clock = FakeClock()
    fetcher = web.fetcher(clock=clock)
    for _ in range(2):
        error = failure(fetcher, "http://news.example/")
        assert str(error).startswith("cannot be fetched for now: the site's robots.txt")
        assert (error.permanent, error.status) == (False, status)
    assert asked_for_rules(web) == (1 if status == 500 else 3)
    web.page("/robots.txt", "")
    clock.seconds += 301
    assert fetcher.get("http://news.example/").data == b"home"


def test_a_site_that_cannot_be_reached_is_not_tried_again_at_every_page(web: BadWeb) -> None:
    network = RecordingNetwork(web.port, unreachable=[PUBLIC])
    fetcher = web.fetcher(network=network)
    for number in range(5):
        assert "cannot be reached" in str(failure(fetcher, f"http://news.example/{number}"))
    assert len(network.connected) == 1


def test_rules_may_lie_elsewhere_but_not_inside(web: BadWeb) -> None:
    web.redirect("/robots.txt", "http://other.example/rules")
    web.page("/rules", "User-agent: *\nDisallow: /")
    network = RecordingNetwork(web.port)
    assert "closed to programs" in str(failure(web.fetcher(hosts=HOSTS, network=network), "http://news.example/"))
    web.redirect("/robots.txt", "http://127.0.0.1/rules")
    assert web.fetcher(network=network).get("http://news.example/").data == b"home"
    assert {host for host, _ in network.connected} == {PUBLIC, "151.101.65.140"}


def test_rules_without_end_are_read_to_the_limit(web: BadWeb) -> None:
    def endless(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n"
        while not web.closing.is_set():
            yield b"# and so on\n" * 1000

    web.respond("/robots.txt", endless)
    fetcher = web.fetcher()
    assert fetcher.get("http://news.example/").data == b"home"
    assert "closed to programs" in str(failure(fetcher, "http://news.example/private/x"))


def test_rules_that_are_no_text_forbid_nothing(web: BadWeb) -> None:
    web.page("/robots.txt", bytes(range(256)) * 10)
    assert web.fetcher().get("http://news.example/").data == b"home"


def test_where_a_redirect_leads_the_rules_of_that_site_hold(web: BadWeb) -> None:
    web.respond("/robots.txt", lambda request: [answer(RULES if request.headers["host"] == "other.example" else "")])
    web.redirect("/moved", "http://other.example/private/x")
    error = failure(web.fetcher(hosts=HOSTS), "http://news.example/moved")
    assert str(error).startswith("redirects to other.example, which is closed to programs")


def test_between_two_pages_of_a_host_there_is_a_pause(web: BadWeb) -> None:
    clock = FakeClock()
    web.redirect("/moved", "/")
    fetcher = web.fetcher(clock=clock, hosts=HOSTS, fetch_pause_seconds=2.0)
    fetcher.get("http://news.example/moved")
    assert clock.slept == []
    fetcher.get("http://news.example/")
    fetcher.get("http://other.example/")
    assert clock.slept == [2.0]
    clock.seconds += 1.5
    fetcher.get("http://news.example/")
    assert clock.slept == [2.0, 0.5]


@pytest.mark.parametrize(("delay", "pause"), [("5", 5.0), ("0.5", 1.0), ("100000", 60.0), ("inf", 1.0), ("x", 1.0)])
def test_the_pause_that_a_site_asks_for_is_kept_within_bounds(web: BadWeb, delay: str, pause: float) -> None:
    web.page("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}")
    clock = FakeClock()
    fetcher = web.fetcher(clock=clock, fetch_pause_seconds=1.0)
    fetcher.get("http://news.example/")
    fetcher.get("http://news.example/")
    assert clock.slept == [pause]


def test_a_host_has_one_request_at_a_time() -> None:
    pacing = HostPacing(FakeClock(), pause_seconds=0)
    entered = threading.Event()

    def visit() -> None:
        with pacing.slot("news.example"):
            entered.set()

    with pacing.slot("news.example"):
        visitor = threading.Thread(target=visit)
        visitor.start()
        with pacing.slot("other.example"):
            assert not entered.wait(0.05)
    assert entered.wait(10)
    visitor.join()
