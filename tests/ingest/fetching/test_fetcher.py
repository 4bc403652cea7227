"""Fetching: what a page is given back as, how redirects are followed, and which failures are worth another try."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from ingest.fetching.fetcher import Fetcher, FetchError
from rag.errors import SettingsError, SourceError
from rag.settings import Settings, load_settings
from tests.ingest.bad_web import PUBLIC, BadWeb, FakeClock, RecordingNetwork, answer

HOSTS = {"news.example": [PUBLIC], "other.example": ["151.101.65.140"]}


@pytest.fixture
def web() -> Iterator[BadWeb]:
    with BadWeb() as server:
        yield server


def failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as raised:
        fetcher.get(url)
    return raised.value


def test_a_page_comes_with_what_the_server_says_about_it(web: BadWeb) -> None:
    web.page(
        "/a?b=1",
        "Straße",
        content_type='Text/HTML; Charset="ISO-8859-1"; x=y',
        ETag='"v1"',
        Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT",
    )
    with Fetcher(web.settings()) as fetcher:
        page = fetcher.get(f"{web.url}/a?b=1#part")
    assert (page.url, page.status, page.not_modified) == (f"{web.url}/a?b=1", 200, False)
    assert (page.media_type, page.charset, page.data.decode()) == ("text/html", "iso-8859-1", "Straße")
    assert (page.etag, page.last_modified) == ('"v1"', "Mon, 23 Nov 2026 10:00:00 GMT")


def test_a_page_without_a_content_type_is_given_as_it_is(web: BadWeb) -> None:
    web.page("/", b"\x00\x01", content_type="")
    page = web.fetcher().get("http://news.example")
    assert (page.media_type, page.charset, page.data, page.etag, page.last_modified) == ("", "", b"\x00\x01", "", "")


def test_a_declared_charset_is_passed_on_whether_it_is_true_or_not(web: BadWeb) -> None:
    web.page("/", "日本", content_type="text/html; charset=no-such-charset")
    page = web.fetcher().get("http://news.example/")
    assert (page.charset, page.data.decode()) == ("no-such-charset", "日本")


def test_a_request_names_its_host_and_newsdesk_and_nothing_else_about_the_reader(web: BadWeb) -> None:
    web.page("/")
    web.fetcher(user_agent="Newsdesk/1 (+https://desk.example)").get("http://News.example./")
    headers = dict(web.requests[-1].headers)
    assert headers.pop("host") == "news.example"
    assert headers.pop("user-agent") == "Newsdesk/1 (+https://desk.example)"
    assert sorted(headers) == ["accept", "accept-encoding", "connection"]


def test_proxies_of_the_environment_are_not_used(web: BadWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.page("/", "direct")
    assert Fetcher(web.settings()).get(web.url).data == b"direct"


def test_letters_beyond_ascii_are_sent_as_the_web_writes_them(web: BadWeb) -> None:
    web.page("/caf%C3%A9?q=%E2%82%AC%20a&r=%20", "ok")
    hosts = {"xn--bcher-kva.example": [PUBLIC]}
    page = web.fetcher(hosts=hosts).get("http://Bücher.example/café?q=€ a&r=%20")
    assert page.url == "http://xn--bcher-kva.example/caf%C3%A9?q=%E2%82%AC%20a&r=%20"


def test_what_has_not_changed_is_not_sent_again(web: BadWeb) -> None:
    def unchanged(request: object) -> list[bytes]:
        return [answer(status=304, content_type="")]

    web.respond("/", unchanged)
    page = web.fetcher().get("http://news.example/", etag='W/"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT")
    headers = web.requests[-1].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('W/"1"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert (page.not_modified, page.status, page.data) == (True, 304, b"")
    assert (page.etag, page.last_modified) == ('W/"1"', "Mon, 23 Nov 2026 10:00:00 GMT")


def test_a_304_that_was_not_asked_for_is_a_failure(web: BadWeb) -> None:
    web.page("/", status=304, content_type="")
    assert failure(web.fetcher(), "http://news.example/").status == 304


def test_a_stored_validator_that_would_break_the_request_is_left_out(web: BadWeb) -> None:
    web.page("/")
    web.fetcher().get("http://news.example/", etag="x\r\nHost: evil.example", last_modified="ü")
    assert not {"if-none-match", "if-modified-since"} & set(web.requests[-1].headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_is_given(web: BadWeb, status: int) -> None:
    web.redirect("/old", "../new?x=ü#top", status=status)
    web.redirect("/new?x=%C3%BC", "//other.example/newest", status=status)
    web.page("/newest", "here")
    page = web.fetcher(hosts=HOSTS).get("http://news.example/old")
    assert (page.url, page.data) == ("http://other.example/newest", b"here")
    assert web.requests[-1].headers["host"] == "other.example"


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://127.0.0.1:8000/", "http://localhost/", "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/", "http://[::1]/", "http://[fe80::1%25eth0]/",
        "http://2130706433/", "http://0177.0.0.1/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/",
        "http://\uff11\uff12\uff17.0.0.1/", "http://127\u30020\u30020\u30021/", "http://127.0.0.1./", "http://0/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::1]/", "http://10.0.0.1/",
        "http://inside.example/", "http://news.example:22/", "http://news.example:6379/", "file:///etc/passwd",
        "gopher://news.example/", "ftp://news.example/", "http://user:secret@news.example/",
        "http://[::1", "http://a b.example/", "http://news.example:99999/", "data:text/html,x",
    ],
)  # fmt: skip
def test_a_redirect_to_anywhere_but_the_public_web_is_refused(web: BadWeb, location: str) -> None:
    web.redirect("/", location)
    network = RecordingNetwork(web.port)
    hosts = {"news.example": [PUBLIC], "inside.example": [PUBLIC, "10.1.2.3"], "localhost": ["127.0.0.1", "::1"]}
    error = failure(web.fetcher(hosts=hosts, network=network), "http://news.example/")
    assert error.permanent
    assert str(error).startswith("redirects to ")
    assert "secret" not in str(error)
    assert {host for host, _ in network.connected} == {PUBLIC}
    assert {port for _, port in network.connected} == {80}
    assert web.targets() == ["/"]


def test_a_name_that_changes_its_address_between_two_looks_is_never_followed_inside(web: BadWeb) -> None:
    web.page("/", "page")
    network = RecordingNetwork(web.port)
    answers = [[PUBLIC], [PUBLIC], ["127.0.0.1"], [PUBLIC, "127.0.0.1"]]
    looked_up = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return answers[min(len(looked_up), len(answers)) - 1]

    fetcher = Fetcher(Settings(fetch_pause_seconds=0), resolver=rebinding, clock=FakeClock(), network=network)
    assert fetcher.get("http://news.example/").data == b"page"
    assert len(looked_up) == len(network.connected), "one look-up a connection: what was checked is connected to"
    for _ in range(2):
        assert "not public" in str(failure(fetcher, "http://news.example/"))
    assert {host for host, _ in network.connected} == {PUBLIC}


def test_an_address_of_a_host_that_does_not_answer_is_followed_by_its_next(web: BadWeb) -> None:
    web.page("/", "page")
    network = RecordingNetwork(web.port, unreachable=["2606:2800:220:1::1"])
    hosts = {"news.example": ["2606:2800:220:1::1", PUBLIC]}
    assert web.fetcher(hosts=hosts, network=network).get("http://news.example/").data == b"page"
    assert network.connected[:2] == [("2606:2800:220:1::1", 80), (PUBLIC, 80)]


def test_a_loop_of_redirects_ends(web: BadWeb) -> None:
    web.redirect("/a", "/b")
    web.redirect("/b", "/a")
    error = failure(web.fetcher(), "http://news.example/a")
    assert (error.permanent, str(error)) == (True, "redirects in a circle; check the address in your browser")
    assert web.targets() == ["/a", "/b"]


def test_an_endless_chain_of_redirects_ends(web: BadWeb) -> None:
    for number in range(20):
        web.redirect(f"/{number}", f"/{number + 1}")
    assert "redirects more than 5 times" in str(failure(web.fetcher(), "http://news.example/0"))
    assert web.targets() == [f"/{number}" for number in range(6)]


def test_a_redirect_without_an_address_is_told(web: BadWeb) -> None:
    web.page("/", status=301)
    assert str(failure(web.fetcher(), "http://news.example/")) == "redirects to nowhere; check the address"


def test_a_failure_after_a_redirect_names_the_host_that_failed(web: BadWeb) -> None:
    web.redirect("/", "http://other.example/gone")
    error = failure(web.fetcher(hosts=HOSTS | {"other.example": [PUBLIC]}), "http://news.example/")
    assert (str(error), error.status) == (
        "redirects to other.example, which does not exist (404); check the address",
        404,
    )
    assert error.where == "http://news.example/"


@pytest.mark.parametrize(
    ("status", "permanent", "asked"),
    [
        (400, True, 1), (401, True, 1), (403, True, 1), (404, True, 1), (410, True, 1), (451, True, 1), (418, True, 1),
        (202, False, 1), (408, False, 1), (500, False, 1), (429, False, 3), (502, False, 3), (503, False, 3),
        (504, False, 3),
    ],
)  # fmt: skip
def test_a_status_says_whether_the_failure_passes_and_whether_it_is_worth_asking_again(
    web: BadWeb, status: int, permanent: bool, asked: int
) -> None:
    web.page("/", status=status)
    error = failure(web.fetcher(), "http://news.example/")
    assert (error.status, error.permanent, error.retryable) == (status, permanent, not permanent)
    assert str(status) in str(error)
    assert ";" in str(error), "names the next action"
    assert len(web.targets()) == asked


def test_passing_failures_are_tried_again_after_waits_that_double(web: BadWeb) -> None:
    clock = FakeClock()
    web.pages("/", answer(status=503), answer(status=502), answer("at last"))
    assert web.fetcher(clock=clock).get("http://news.example/").data == b"at last"
    assert clock.slept == [1.0, 2.0]


def test_a_connection_that_breaks_off_is_tried_again(web: BadWeb) -> None:
    web.pages("/", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", answer("whole"))
    assert web.fetcher().get("http://news.example/").data == b"whole"


@pytest.mark.parametrize("after", ["40", "Mon, 23 Nov 2026 12:00:40 GMT"])
def test_retry_after_is_waited_for_where_it_is_short(web: BadWeb, after: str) -> None:
    clock = FakeClock()
    web.pages("/", answer(status=429, Retry_After=after), answer("page"))
    assert web.fetcher(clock=clock).get("http://news.example/").data == b"page"
    assert clock.slept == [40.0]


def test_a_long_retry_after_is_told_and_the_host_left_alone_until_then(web: BadWeb) -> None:
    clock = FakeClock()
    web.pages("/", answer(status=429, Retry_After="600"), answer("page"))
    fetcher = web.fetcher(clock=clock, hosts=HOSTS)
    error = failure(fetcher, "http://news.example/")
    assert (error.status, error.permanent, error.retry_after_seconds) == (429, False, 600.0)
    clock.seconds += 100
    error = failure(fetcher, "http://news.example/other")
    assert str(error) == "is on a host that asked for a pause of 500 more seconds; try again after that"
    assert (error.retry_after_seconds, web.targets(), clock.slept) == (500.0, ["/"], [])
    clock.seconds += 500
    assert fetcher.get("http://news.example/").data == b"page"


def test_an_address_is_named_without_credentials(web: BadWeb) -> None:
    error = failure(web.fetcher(), "http://reader:secret@news.example/x")
    assert error.where == "http://news.example/x"
    assert str(error) == "holds a user name or password; give the address without them"
    assert error.permanent
    assert isinstance(error, SourceError)


def test_without_a_network_the_page_cannot_be_reached(web: BadWeb) -> None:
    nameless = failure(web.fetcher(hosts={"elsewhere.example": [PUBLIC]}), "http://news.example/")
    unreachable = failure(web.fetcher(network=RecordingNetwork(web.port, unreachable=[PUBLIC])), "http://news.example/")
    for error in (nameless, unreachable):
        assert "cannot be reached" in str(error)
        assert not error.permanent


def test_a_port_that_nothing_listens_on_cannot_be_reached() -> None:
    with BadWeb() as web:
        settings = web.settings()
    assert "cannot be reached" in str(failure(Fetcher(settings), web.url))


def test_an_allowed_host_is_allowed_at_its_port_only(web: BadWeb) -> None:
    assert "not public" in str(failure(Fetcher(Settings()), "http://127.0.0.1/"))
    assert "asks for port" in str(failure(Fetcher(Settings(allowed_hosts=("127.0.0.1",))), web.url))
    web.page("/", "mine")
    assert Fetcher(web.settings()).get(web.url).data == b"mine"


def test_allowed_hosts_are_read_from_a_line_of_the_environment() -> None:
    settings = load_settings(environment={"NEWSDESK_ALLOWED_HOSTS": " wiki.example , [::1]:8080,"})
    assert settings.allowed_hosts == ("wiki.example", "[::1]:8080")
    Fetcher(settings)


@pytest.mark.parametrize("entry", ["http://wiki.example", "wiki.example:x", "*.example", "a b", ":80", ""])
def test_an_allowed_host_that_is_none_is_refused(entry: str) -> None:
    with pytest.raises(SettingsError, match="allowed_hosts"):
        Fetcher(Settings(allowed_hosts=(entry,)))


def test_the_page_of_a_packed_answer_is_unpacked(web: BadWeb) -> None:
    web.page("/", gzip.compress(b"page" * 1000), Content_Encoding="gzip")
    assert web.fetcher().get("http://news.example/").data == b"page" * 1000
