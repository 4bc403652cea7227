"""What the page's server tells to programs, and what it keeps to itself; no browser is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import ROOT


def fetched(address: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address, data=data, headers={"Content-Type": "application/json"}), timeout=60) as answer:
        return str(answer.read().decode("utf-8"))


def result(served: str, **arguments: object) -> tuple[str, Any]:
    """The last event of one call of /ask, and its data."""
    number = json.loads(fetched(f"{served}/gradio_api/call/v2/ask", arguments))["event_id"]
    event, data = fetched(f"{served}/gradio_api/call/ask/{number}").strip().split("\n\n")[-1].split("\n")
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_one_endpoint_is_documented_and_no_other(served: str) -> None:
    described = json.loads(fetched(f"{served}/gradio_api/info"))
    assert list(described["named_endpoints"]) == ["/ask"]
    assert described["unnamed_endpoints"] == {}


def test_a_program_asks_with_history_and_gets_the_answers_json(served: str) -> None:
    event, data = result(served, question="and why?", history=["What did they sign?"])
    assert event == "complete"
    (answer,) = data
    assert answer["outcome"] == "answered"
    assert [citation["marker"] for citation in answer["citations"]] == [1, 2, 3]
    assert answer["provenance"]["standalone_question"] == "and why? (about What did they sign?)"


def test_the_history_may_be_left_out(served: str) -> None:
    assert result(served, question="Why does China object?")[0] == "complete"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("x" * 3000, "shorten it"), ("crash", "Something went wrong on this side.")],
    ids=["too long", "unforeseen"],
)
def test_a_program_gets_the_readers_sentence_for_an_error(served: str, question: str, sentence: str) -> None:
    event, data = result(served, question=question)
    assert event == "error"
    assert sentence in data["error"]
    assert "secret" not in data["error"]


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=pyproject.toml",
        "gradio_api/file=../pyproject.toml",
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=web/page/page.py",
        "gradio_api/file=https://example.invalid/x",
        "file=/etc/passwd",
        "static/../../../../etc/passwd",
    ],
)
def test_no_file_of_the_machine_can_be_fetched(served: str, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        fetched(f"{served}/{path}")
    with refused.value as answer:
        assert answer.code in {403, 404}


def test_the_page_names_no_other_host_to_load_from(served: str) -> None:
    page = fetched(served)
    assert "fonts.googleapis.com" not in page
    assert "cdn" not in page.lower()


def test_a_taken_port_is_told_with_the_way_out(served: str) -> None:
    port = served.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.browser.serve_fake", port]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert f"port {port} of 127.0.0.1 cannot be used; choose another with --port" in done.stderr
