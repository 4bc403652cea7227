"""The MCP server, spoken to by the protocol's own client: in the process, on standard input and over HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters

from rag.scope import Scope
from rag.types import Answer
from tests.web.fakes import LEDGER, FakeDesk
from web.api.mcp import mcp_server
from web.server import Running, build_server
from web.serving.context import AppContext

ROOT = Path(__file__).parents[3]
Found = TypeVar("Found")


class RememberingDesk(FakeDesk):
    """Notes within which scope it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[Scope] = []

    def ask(self, question: str, *, scope: Scope, **given: Any) -> Answer:
        self.scopes.append(scope)
        return super().ask(question, **given)


def talk(target: Any, work: Callable[[Client], Awaitable[Found]]) -> Found:
    async def run() -> Found:
        async with Client(target) as client:
            return await work(client)

    # In a thread of its own: a browser that another test drives may keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def fake_server(rate: str = "") -> Any:
    return mcp_server(AppContext.over(FakeDesk(), rate=rate))  # type: ignore[arg-type]


def content(result: Any) -> Any:
    return result.structured_content or json.loads(result.content[0].text)


def test_the_tools_are_listed_and_said_to_read_only() -> None:
    async def work(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = talk(fake_server(), work)
    assert {tool.name for tool in tools} == {"ask", "search", "briefing", "changes_since", "story", "article"}
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
    assert all(tool.description for tool in tools)


def test_limits_reach_the_desk_as_one_scope() -> None:
    desk, limits = RememberingDesk(), {"after": "2024-06-01", "before": "2024-06-30", "outlets": ["pacific ledger"]}
    limits["tags"] = ["asia"]

    async def work(client: Client) -> None:
        await client.call_tool("ask", {"question": "Why does China object?", **limits})

    talk(mcp_server(AppContext.over(desk)), work)  # type: ignore[arg-type]
    assert desk.scopes == [Scope.of(after="2024-06-01", before="2024-06-30", outlets=["pacific ledger"], tags=["asia"])]


def test_a_question_gets_the_cited_answer_and_its_article_can_be_read() -> None:
    async def work(client: Client) -> Any:
        answer = content(await client.call_tool("ask", {"question": "Why does China object?"}))
        cited = answer["citations"][0]
        return cited, content(await client.call_tool("article", {"article_id": cited["article_id"]}))

    cited, article = talk(fake_server(), work)
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert article["text"] == LEDGER.text


def test_an_error_is_a_sentence_and_says_nothing_of_the_library() -> None:
    async def work(client: Client) -> Any:
        asked = [await client.call_tool("ask", {"question": question}) for question in ("x" * 3000, "crash")]
        return [(one.is_error, one.content[0].text) for one in asked]  # type: ignore[union-attr]

    (long, crash) = talk(fake_server(), work)
    assert long[0]
    assert "shorten" in long[1]
    assert crash[0]
    assert "secret" not in crash[1]


def test_over_http_the_same_tools_are_there() -> None:
    app_context = AppContext.over(FakeDesk())  # type: ignore[arg-type]
    server = Running(build_server(app_context), host="127.0.0.1", port=0)

    async def work(client: Client) -> Any:
        return content(await client.call_tool("briefing", {}))

    try:
        assert talk(f"{server.address}/mcp", work)["stories"]
    finally:
        server.stop()


@pytest.mark.slow
def test_the_command_serves_a_library_on_standard_input(tmp_path: Path) -> None:
    article = tmp_path / "bridge.md"
    article.write_text("---\ntitle: Bridge\n---\nThe bridge cost 4 million crowns, the mayor said.\n")
    command = [sys.executable, "-m", "cli", "--library", str(tmp_path / "library")]
    environment = {"NEWSDESK_EMBEDDER": "hashing", "PATH": ""}
    subprocess.run([*command, "ingest", str(article)], cwd=ROOT, env=environment, check=True, capture_output=True)
    parameters = StdioServerParameters(command=command[0], args=[*command[1:], "mcp"], cwd=str(ROOT), env=environment)

    async def work(client: Client) -> Any:
        return content(await client.call_tool("search", {"query": "What did the bridge cost?"}))

    (found,) = talk(parameters, work)["evidence"]
    assert "4 million crowns" in found["text"]
