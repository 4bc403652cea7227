"""What could be used here and now: found without sending anything anywhere, and named so that it can be typed."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.models.discovery import (
    RECOMMENDED,
    Recommended,
    chat_models_in,
    choices,
    found_files,
    found_keys,
    found_servers,
    known_files,
    models_folder,
    recommended,
)

GGUF = b"GGUF\x03\x00\x00\x00"


@contextmanager
def model_server(body: bytes, *, status: int = 200) -> Iterator[int]:
    """The port of a server that answers every request with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/v1/models" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def listing(*names: object) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()


def gguf(folder: Path, name: str, content: bytes = GGUF) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("model", RECOMMENDED, ids=lambda model: model.name)
def test_a_recommended_model_is_open_fixed_and_can_be_checked(model: Recommended) -> None:
    assert model.licence == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{40}", model.revision)
    assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
    assert model.file.endswith(".gguf")
    assert recommended(f" {model.name.upper()} ") is model


def test_a_name_that_is_not_recommended_is_answered_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"no recommended model is called 'gpt-9'; choose qwen2\.5-0\.5b, "):
        recommended("gpt-9")


def test_a_key_names_its_provider_and_never_itself() -> None:
    found = found_keys({"OPENAI_API_KEY": "sk-secret", "ANTHROPIC_API_KEY": "  ", "OTHER_API_KEY": "sk-other"})
    assert [(choice.kind, choice.spec, choice.missing) for choice in found] == [("key", "openai:gpt-4o-mini", "")]
    assert "OPENAI_API_KEY" in found[0].about
    assert "sk-" not in str(found)


def test_a_provider_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.discovery.find_spec", lambda name: None)
    (found,) = found_keys({"MISTRAL_API_KEY": "key"})
    assert found.missing == "pip install langchain-mistralai"


def test_the_chat_models_of_a_server_on_this_machine_are_listed() -> None:
    with model_server(listing("llama3.2:3b", "nomic-embed-text", "qwen/qwen3-4b")) as port:
        found = found_servers({port: "Ollama"})
    assert [choice.spec for choice in found] == [
        f"http://127.0.0.1:{port}/v1#llama3.2:3b",
        f"http://127.0.0.1:{port}/v1#qwen/qwen3-4b",
    ]
    assert "Ollama" in found[0].about


def test_names_that_could_not_be_typed_are_left_out() -> None:
    with model_server(listing("two words", "", "red\x1b[31m", 7, None, "good")) as port:
        assert [choice.spec.partition("#")[2] for choice in found_servers({port: "x"})] == ["good"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"7", b'{"data": 7}', b'{"data": [7]}', b"[" * 100_000, b"\xff", b"x" * (1 << 21)]
)
def test_a_server_that_is_something_else_offers_nothing(body: bytes) -> None:
    with model_server(body) as port:
        assert found_servers({port: "x"}) == []


def test_a_server_that_refuses_offers_nothing() -> None:
    with model_server(listing("good"), status=401) as port:
        assert found_servers({port: "x"}) == []


def test_ports_where_nobody_answers_offer_nothing() -> None:
    with socket.socket() as silent, socket.socket() as closed:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        closed.bind(("127.0.0.1", 0))
        assert found_servers({silent.getsockname()[1]: "hangs", closed.getsockname()[1]: "refuses"}) == []


def test_gguf_files_are_found_where_each_program_keeps_them(tmp_path: Path) -> None:
    caches, home = tmp_path / "caches", tmp_path / "home"
    files = [
        gguf(tmp_path / "cache" / "models", "ours.gguf"),
        gguf(caches / "llama.cpp", "llama.gguf"),
        gguf(home / ".lmstudio" / "models" / "someone" / "model", "studio.gguf"),
        gguf(caches / "huggingface" / "hub" / "models--a--b" / "snapshots" / "1", "hub.gguf"),
    ]
    known = known_files(tmp_path / "cache", {"XDG_CACHE_HOME": str(caches)}, home)
    assert [choice.spec for choice in found_files(known)] == [f"local:{file}" for file in files]


def test_folders_that_the_environment_names_are_looked_at(tmp_path: Path) -> None:
    file = gguf(tmp_path / "hf" / "hub" / "models--a--b" / "snapshots" / "1", "hub.gguf")
    other = gguf(tmp_path / "llama", "llama.gguf")
    environment = {"HF_HOME": str(tmp_path / "hf"), "LLAMA_CACHE": str(tmp_path / "llama")}
    found = found_files(known_files(tmp_path / "none", environment, tmp_path / "nobody"))
    assert [choice.spec for choice in found] == [f"local:{other}", f"local:{file}"]


def test_files_that_cannot_chat_are_left_out(tmp_path: Path) -> None:
    for name in ("mmproj-big.gguf", "nomic-embed.gguf", "big-00002-of-00002.gguf"):
        gguf(tmp_path, name)
    gguf(tmp_path, "page.gguf", b"<html>")
    (tmp_path / "folder.gguf").mkdir()
    first = gguf(tmp_path, "big-00001-of-00002.gguf")
    assert [choice.spec for choice in found_files([(tmp_path, "*.gguf"), (tmp_path, "*.gguf")])] == [f"local:{first}"]


def test_a_file_says_what_is_missing_to_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gguf(tmp_path, "a.gguf")
    for spec, missing in ((None, 'pip install "newsdesk[local]"'), (object(), "")):
        monkeypatch.setattr("rag.models.discovery.find_spec", lambda name, spec=spec: spec)
        (found,) = found_files([(tmp_path, "*.gguf")])
        assert found.missing == missing


def test_the_models_folder_is_absolute_so_that_its_files_can_be_used_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert models_folder(Path("cache")) == tmp_path / "cache" / "models"
    assert models_folder(None).is_absolute()


def test_all_that_is_here_is_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    gguf(tmp_path / "cache" / "models", "a.gguf")
    with model_server(listing("m")) as port:
        found = choices(tmp_path / "cache", servers={port: "x"})
    assert [choice.kind for choice in found] == ["key", "server", "file"]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["data", "id", "x"]), inner),
    )
)
def test_no_listing_however_shaped_ends_the_command(shape: object) -> None:
    assert all(isinstance(name, str) and name.isprintable() for name in chat_models_in(shape))
