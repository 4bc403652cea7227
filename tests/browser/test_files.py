"""No request makes the page's server hand out, or take in, a file that its sender did not upload."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest


def sent(address: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address, data=data, headers={"Content-Type": "application/json"}), timeout=60) as answer:
        return str(answer.read().decode("utf-8", "replace"))


def secret(tmp_path: Path) -> Path:
    file = tmp_path / f"secret-{uuid.uuid4().hex}.txt"
    file.write_text("The vault at Kell opens with the word zanzibar, the keeper said.", encoding="utf-8")
    return file


def functions(served: str) -> list[tuple[int, int]]:
    """Every event of the page: its number, and how many inputs it takes."""
    config = json.loads(sent(f"{served}/config"))
    return [(event["id"], len(event["inputs"])) for event in config["dependencies"]]


def events(served: str, number: int, data: list[Any]) -> str:
    session = uuid.uuid4().hex
    try:
        sent(f"{served}/gradio_api/queue/join", {"fn_index": number, "session_hash": session, "data": data})
        return sent(f"{served}/gradio_api/queue/data?session_hash={session}")
    except HTTPError as refused:
        with refused:
            return refused.read().decode("utf-8", "replace")


@pytest.mark.slow
def test_a_path_in_any_input_of_any_event_is_neither_copied_nor_served(served: str, tmp_path: Path) -> None:
    file = secret(tmp_path)
    named = {"path": str(file), "meta": {"_type": "gradio.FileData"}}
    tried = 0
    for number, inputs in functions(served):
        for place in range(inputs):
            data: list[Any] = [None] * inputs
            data[place] = named
            told = events(served, number, data)
            assert "gradio_api/file=" not in told or file.name not in told
            assert f"/gradio/{file.name}" not in told
            tried += 1
    assert tried > 20


def test_a_path_is_not_taken_for_an_upload(app: str, tmp_path: Path) -> None:
    file = secret(tmp_path)
    named = {"path": str(file), "meta": {"_type": "gradio.FileData"}}
    for number, inputs in functions(app):
        if inputs == 1:
            events(app, number, [[named]])
    found = json.loads(sent(f"{app}/api/v1/search", {"query": "With which word does the vault at Kell open?"}))
    assert all("zanzibar" not in passage["text"] for passage in found["evidence"])
