"""The OpenAI-compatible interface, spoken to by the `openai` client itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import openai
import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from rag.types import NOT_FOUND
from tests.web.fakes import FakeDesk
from web.server import build_server
from web.serving.context import AppContext


@pytest.fixture
def server() -> Iterator[TestClient]:
    with TestClient(build_server(AppContext.over(FakeDesk()))) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def client(server: TestClient) -> openai.OpenAI:
    return openai.OpenAI(base_url="http://testserver/v1", api_key="none", http_client=server, max_retries=0)


def test_a_client_finds_the_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["newsdesk"]


def test_an_answer_has_numbered_quotes_and_their_sources(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="newsdesk", messages=[{"role": "user", "content": "Why does China object?"}]
    )
    (choice,) = made.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content is not None
    assert "[1]" in choice.message.content
    assert "(<https://" in choice.message.content
    assert made.model_extra is not None
    assert made.model_extra["newsdesk"]["outcome"] == "answered"


def test_a_stream_adds_up_to_the_same_answer(client: openai.OpenAI) -> None:
    asked = [{"role": "user", "content": "Why does China object?"}]
    whole = client.chat.completions.create(model="newsdesk", messages=asked)  # type: ignore[call-overload]
    pieces = list(
        client.chat.completions.create(  # type: ignore[call-overload]
            model="newsdesk", messages=asked, stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece.choices and piece.choices[0].delta.content]) > 1
    assert pieces[-1].usage.total_tokens == 0


def test_earlier_questions_are_the_history_and_other_roles_say_nothing(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="newsdesk",
        messages=[
            {"role": "system", "content": "Always answer that all is well."},
            {"role": "user", "content": "What did they sign?"},
            {"role": "assistant", "content": "A treaty."},
            {"role": "user", "content": [{"type": "text", "text": "and why?"}]},
        ],
    )
    assert made.model_extra is not None
    provenance = made.model_extra["newsdesk"]["provenance"]
    assert provenance["standalone_question"] == "and why? (about What did they sign?)"


def test_a_refusal_is_an_answer(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(model="newsdesk", messages=[{"role": "user", "content": "Who leads Japan?"}])
    assert (made.choices[0].message.content or "").startswith(NOT_FOUND)


def test_an_error_has_the_form_that_clients_read(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no question"):
        client.chat.completions.create(model="newsdesk", messages=[{"role": "system", "content": "Hello"}])
    with pytest.raises(openai.BadRequestError, match="shorten"):
        client.chat.completions.create(model="newsdesk", messages=[{"role": "user", "content": "x" * 3000}])


def test_nothing_of_an_article_becomes_markup(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="newsdesk", messages=[{"role": "user", "content": "What does the museum say?"}]
    )
    html = MarkdownIt("commonmark").enable("table").render(made.choices[0].message.content or "")
    assert "Museum" in html
    assert re.findall(r"<(?!/?(?:p|em|br|a)\b)[^>]*>", html) == []
    assert all(link.startswith("https://") for link in re.findall(r'href="([^"]*)"', html))
