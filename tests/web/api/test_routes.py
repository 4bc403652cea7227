"""The HTTP interface: typed, the JSON of the command line, one form for every error, and no secret in it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from rag.desk import Desk
from rag.errors import LibraryError
from rag.public_json import answer_json, evidence_json
from rag.summaries.briefing_types import briefing_json
from rag.summaries.stories.story import whole_story_json
from rag.summaries.summary_types import summary_json
from tests.rag.makers import BRIDGE, STRIKE, library_with
from tests.web.fakes import FakeDesk
from web.server import build_server
from web.serving.context import AppContext
from web.serving.rate_limit import AT_ONCE, WAITING

QUESTION = "How many workers died?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with library_with(tmp_path_factory.mktemp("doors"), [BRIDGE, STRIKE]) as library:
        yield Desk(library)


@pytest.fixture(scope="module")
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(build_server(AppContext.over(desk)), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def fake() -> Iterator[TestClient]:
    with TestClient(build_server(AppContext.over(FakeDesk())), raise_server_exceptions=False) as opened:  # type: ignore[arg-type]
        yield opened


def without_times(content: Any) -> Any:
    """JSON without what differs from run to run."""
    if isinstance(content, dict):
        return {key: without_times(value) for key, value in content.items() if key != "timings_ms"}
    return [without_times(one) for one in content] if isinstance(content, list) else content


def test_an_answer_is_what_the_command_line_prints(client: TestClient, desk: Desk) -> None:
    given = client.post("/api/v1/ask", json={"question": QUESTION})
    assert given.status_code == 200
    assert without_times(given.json()) == without_times(json.loads(json.dumps(answer_json(desk.ask(QUESTION)))))


def test_passages_summaries_and_briefings_are_too(client: TestClient, desk: Desk) -> None:
    found = client.post("/api/v1/search", json={"query": QUESTION, "limit": 2}).json()
    assert found == {"evidence": [evidence_json(piece) for piece in desk.search(QUESTION, limit=2)]}
    told = client.post("/api/v1/summarize", json={"articles": [BRIDGE.ref.id], "sentences": 2}).json()
    assert without_times(told) == without_times(summary_json(desk.summarize([BRIDGE.ref.id], sentences=2)))
    briefed = client.post("/api/v1/briefing", json={}).json()
    assert briefed == json.loads(json.dumps(briefing_json(desk.briefing())))


def test_changes_since_a_moment_are_told(client: TestClient) -> None:
    found = client.get("/api/v1/changes", params={"since": "2020-01-01"}).json()
    assert found["summary"].startswith("Since 1 January 2020: ")
    assert {story["kind"] for story in found["stories"]} <= {"new", "goes_on"}
    assert client.get("/api/v1/changes", params={"since": "lately"}).status_code == 400


def test_tags_are_listed_told_of_an_article_and_limit_what_is_asked(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        library.tag(STRIKE.ref.id, add=["sea"])
        with TestClient(build_server(AppContext.over(Desk(library)))) as client:
            assert client.get("/api/v1/tags").json() == {"tags": {"sea": 1}}
            assert client.get(f"/api/v1/articles/{STRIKE.ref.id}").json()["tags"] == ["sea"]
            listed = client.get("/api/v1/articles", params={"tag": "sea"}).json()["articles"]
            found = client.post("/api/v1/search", json={"query": "bridge", "tags": ["sea"]}).json()["evidence"]
            briefed = client.post("/api/v1/briefing", json={"tags": ["Sea"]}).json()
            changed = client.get("/api/v1/changes", params={"since": "2020-01-01", "tag": "sea"}).json()
            assert client.post("/api/v1/search", json={"query": "bridge", "tags": ["see"]}).status_code == 400
    told = [ref["article_id"] for story in (*briefed["stories"], *changed["stories"]) for ref in story["articles"]]
    assert [one["article_id"] for one in (*listed, *found)] + told == [STRIKE.ref.id] * 4
    assert briefed["tags"] == ["sea"]


def test_a_topic_has_a_feed_that_changes_with_its_newest_article(client: TestClient) -> None:
    got = client.get("/api/v1/changes.atom", params={"topic": "ferry crews", "since": "2024-05-01"})
    assert got.headers["content-type"].startswith("application/atom+xml")
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(got.content)
    assert feed.findtext("a:title", namespaces=atom) == "Newsdesk: ferry crews"
    (entry,) = feed.findall("a:entry", atom)
    assert entry.findtext("a:title", namespaces=atom) == STRIKE.ref.title
    assert entry.findtext("a:id", namespaces=atom) == f"urn:newsdesk:{STRIKE.ref.id}:{STRIKE.ref.id}"
    assert entry.findtext("a:updated", namespaces=atom) == "2024-06-11T18:30:00+00:00"
    link = entry.find("a:link", atom)
    assert link is not None
    assert link.get("href") == f"http://testserver/#story={STRIKE.ref.id}"
    again = client.get("/api/v1/changes.atom", params={"topic": "ferry crews", "since": "2024-05-01"})
    assert again.content == got.content


def test_a_feed_on_what_nobody_tells_is_empty_and_still_one(client: TestClient) -> None:
    got = client.get("/api/v1/changes.atom", params={"topic": "<moths> & \x01 co", "since": "2w"})
    assert got.status_code == 200
    feed = ElementTree.fromstring(got.content)
    assert [one.tag for one in feed] == [
        f"{{http://www.w3.org/2005/Atom}}{name}" for name in ("title", "id", "link", "updated", "author")
    ]


def test_a_week_is_rolled_up_to_its_last_day(client: TestClient) -> None:
    found = client.get("/api/v1/digest", params={"until": "2024-06-12"}).json()
    assert (found["first"], found["last"]) == ("2024-06-06", "2024-06-12")
    assert [story["title"] for story in found["stories"]] == [STRIKE.ref.title]
    month = client.get("/api/v1/digest", params={"until": "2024-06-12", "span": "month"}).json()
    assert month["first"] == "2024-05-14"
    assert client.get("/api/v1/digest", params={"span": "year"}).status_code == 400


def test_a_story_is_told_whole_as_on_the_command_line(client: TestClient, desk: Desk) -> None:
    told = client.get(f"/api/v1/stories/{STRIKE.ref.id}").json()
    assert told == json.loads(json.dumps(whole_story_json(desk.story(STRIKE.ref.id))))
    assert told["title"] == STRIKE.ref.title
    assert client.get("/api/v1/stories/nope").status_code == 404


def test_articles_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/api/v1/articles", params={"limit": 1}).json()
    assert listed["total"] == 2
    (newest,) = listed["articles"]
    read = client.get(f"/api/v1/articles/{newest['article_id']}").json()
    assert read["text"] in (BRIDGE.text, STRIKE.text)
    assert {key: read[key] for key in newest} == newest


def test_limits_are_kept(client: TestClient) -> None:
    asked = {"question": QUESTION, "outlets": [STRIKE.ref.outlet]}
    answer = client.post("/api/v1/ask", json=asked).json()
    assert all(quote["outlet"] == STRIKE.ref.outlet for quote in answer["citations"])


def test_outlets_are_found_in_any_case_and_an_unknown_one_is_told(client: TestClient) -> None:
    found = client.post("/api/v1/search", json={"query": QUESTION, "outlets": [STRIKE.ref.outlet.upper()]}).json()
    assert {piece["article_id"] for piece in found["evidence"]} == {STRIKE.ref.id}
    listed = client.get("/api/v1/articles", params={"outlet": STRIKE.ref.outlet.lower()}).json()
    assert [article["article_id"] for article in listed["articles"]] == [STRIKE.ref.id]
    for unknown in (
        client.post("/api/v1/ask", json={"question": QUESTION, "outlets": ["Zzz"]}),
        client.get("/api/v1/articles", params={"outlet": "Zzz"}),
    ):
        assert unknown.status_code == 400
        assert unknown.json()["error"]["message"].startswith("no article is from 'Zzz'; the outlets here are ")


def test_a_stream_ends_with_the_one_answer(client: TestClient) -> None:
    with client.stream("POST", "/api/v1/ask", json={"question": QUESTION, "stream": True}) as got:
        assert got.headers["content-type"].startswith("text/event-stream")
        events = [part.split("\n")[0].removeprefix("event: ") for part in got.read().decode().strip().split("\n\n")]
    assert events[0] == "stage"
    assert "found" in events
    assert events[-1] == "answer"
    assert events.count("answer") == 1


@pytest.mark.parametrize(
    ("body", "status", "kind", "said"),
    [
        ({"question": ""}, 400, "usage", "question"),
        ({"question": "x" * 3000}, 400, "usage", "shorten it"),
        ({"question": QUESTION, "after": "yesterday-ish"}, 400, "usage", "yesterday-ish"),
        ({"question": QUESTION, "after": "2024-06-30", "before": "2024-01-01"}, 400, "usage", "swap"),
        ({"question": QUESTION, "temperature": 1}, 400, "usage", "temperature"),
        ({}, 400, "usage", "question"),
    ],
)
def test_wrong_use_is_a_sentence_and_400(
    client: TestClient, body: dict[str, Any], status: int, kind: str, said: str
) -> None:
    got = client.post("/api/v1/ask", json=body)
    assert got.status_code == status
    assert got.json()["error"]["kind"] == kind
    assert said in got.json()["error"]["message"]


def test_an_article_that_is_not_there_is_404(client: TestClient) -> None:
    got = client.get("/api/v1/articles/nope")
    assert (got.status_code, got.json()["error"]["kind"]) == (404, "no_such_article")
    got = client.post("/api/v1/summarize", json={"articles": ["nope"]})
    assert got.status_code == 404


def test_a_model_that_is_down_is_503_and_says_when_to_come_back(fake: TestClient) -> None:
    got = fake.post("/api/v1/ask", json={"question": "The model is down?"})
    assert (got.status_code, got.headers["retry-after"]) == (503, "5")
    assert got.json()["error"]["kind"] == "model_unavailable"


def test_an_unforeseen_error_says_a_number_and_nothing_of_the_library(fake: TestClient) -> None:
    got = fake.post("/api/v1/ask", json={"question": "crash"})
    assert got.status_code == 500
    assert "report error" in got.json()["error"]["message"]
    assert "secret" not in got.text
    streamed = fake.post("/api/v1/ask", json={"question": "crash", "stream": True}).text
    assert streamed.strip().split("\n\n")[-1].startswith("event: error")
    assert "secret" not in streamed


@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/chat/completions", "/mcp", "/gradio_api/queue/join"])
def test_a_body_beyond_the_bound_is_refused_whether_it_tells_its_length_or_not(client: TestClient, path: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(1_100):
            yield b"x" * 1_000

    if path.startswith("/gradio"):
        pytest.skip("the page is not mounted here")
    for content in (b"x" * 1_100_000, pieces()):
        got = client.post(path, content=content, headers={"content-type": "application/json"})
        assert got.status_code == 413
        assert got.json()["error"]["kind"] == "usage"


def test_another_sites_page_and_another_name_are_refused() -> None:
    app = build_server(AppContext.over(FakeDesk()), host="127.0.0.1", hosts=["news.example"])  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1:7860") as own:
        assert own.get("/v1/models").status_code == 200
        assert own.get("/v1/models", headers={"Origin": "http://127.0.0.1:7860"}).status_code == 200
        assert own.get("/v1/models", headers={"Origin": "https://evil.example"}).status_code == 403
        assert own.post("/v1/models", headers={"Origin": "null"}).status_code == 403
        walled_off = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
        assert own.get("/v1/models", headers=walled_off).status_code == 403
        assert own.get("/v1/models", headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert own.get("/v1/models", headers={"Host": "evil.example"}).status_code == 421
        assert own.get("/v1/models", headers={"Host": "news.example"}).status_code == 200
        assert own.post("/gradio_api/upload").status_code == 403


def test_health_is_told_while_every_place_is_taken() -> None:
    held = threading.Event()

    class Slow(FakeDesk):
        def ask(self, question: str, **given: Any) -> Any:
            held.wait(timeout=30)
            return super().ask(question)

    places = AT_ONCE + WAITING
    app_context = AppContext.over(Slow())  # type: ignore[arg-type]
    with TestClient(build_server(app_context)) as client, ThreadPoolExecutor(places) as readers:
        asked = [readers.submit(client.post, "/api/v1/ask", json={"question": "Why?"}) for _ in range(places)]
        try:
            while app_context.rate_limiter.inside < places:
                time.sleep(0.01)
            assert client.get("/healthz").json()["status"] == "ok"
            assert client.get("/readyz").json()["status"] == "ok"
            assert f"newsdesk_questions_in_progress {places}.0" in client.get("/metrics").text
            refused = client.post("/api/v1/ask", json={"question": "Why?"})
            assert (refused.status_code, refused.json()["error"]["kind"]) == (503, "busy")
        finally:
            held.set()
        assert {answer.result().status_code for answer in asked} == {200}


def test_everything_is_described(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    answer = described["components"]["schemas"]["Answer"]["properties"]
    assert {"outcome", "citations", "confidence"} <= answer.keys()
    page = client.get("/api").text
    assert "/api/v1/ask" in page
    assert "<script" not in page


def test_every_answer_forbids_loading_from_elsewhere(client: TestClient) -> None:
    for path in ("/healthz", "/api", "/nowhere", "/api/v1/articles"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "http:" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_health_and_figures_tell_of_the_library_and_not_of_questions(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"
    client.post("/api/v1/ask", json={"question": "Who is Ottoline Vance?"})
    client.post("/api/v1/ask", json={"question": ""})
    figures = client.get("/metrics").text
    assert "newsdesk_library_articles 2.0" in figures
    assert 'newsdesk_answers_total{endpoint="api",outcome="not_found",writer="quotes"}' in figures
    assert 'newsdesk_failures_total{endpoint="api",kind="usage"}' in figures
    assert "Ottoline" not in figures


def test_a_library_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    def gone() -> Any:
        raise LibraryError("the library is gone; put it back")

    desk = FakeDesk()
    desk.library.behind = desk.status = gone  # type: ignore[method-assign]
    with TestClient(build_server(AppContext.over(desk))) as client:  # type: ignore[arg-type]
        got = client.get("/readyz")
        assert (got.status_code, got.json()) == (503, {"status": "failing", "detail": "library"})
        assert client.get("/healthz").status_code == 200
        assert "newsdesk_library" not in client.get("/metrics").text
