"""Which language models could be used here and now, and which can be fetched; nothing leaves this machine.

Looked at are the names (never the values) of the providers' environment variables, servers with OpenAI's interface on
127.0.0.1, and GGUF files where Newsdesk and other programs keep theirs.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from rag.errors import UsageError

Kind = Literal["key", "server", "file"]

LOCAL_REMEDY = 'pip install "newsdesk[local]"'

SERVERS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM", 1337: "Jan", 5001: "KoboldCpp"}
"""Ports that local model servers listen on unless told otherwise, and who usually does."""

# One look at a server that is up takes milliseconds; nobody should wait for one that hangs.
_PROBE_SECONDS = 0.7
_PROBE_BYTES = 1 << 20
_MODELS_OF_A_SERVER = 50
_GGUF_MAGIC = b"GGUF"
# Parts of names of models that cannot chat: they turn text into vectors, or images into what another model reads.
_NO_CHAT = ("embed", "mmproj", "rerank", "bge-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommended:
    """An open instruct model as one GGUF file of the Hugging Face hub, at a fixed revision.

    `size` is in bytes, `memory_gb` what it takes to run with 4,096 tokens of context, roughly.
    """

    name: str
    repository: str
    revision: str
    file: str
    size: int
    sha256: str
    licence: str
    memory_gb: float
    about: str


RECOMMENDED = (
    Recommended(
        name="qwen2.5-0.5b",
        repository="Qwen/Qwen2.5-0.5B-Instruct-GGUF",
        revision="9217f5db79a29953eb74d5343926648285ec7e67",
        file="qwen2.5-0.5b-instruct-q4_k_m.gguf",
        size=491_400_032,
        sha256="74a4da8c9fdbcd15bd1f6d01d621410d31c6fc00986f5eb687824e7b93d7a9db",
        licence="Apache-2.0",
        memory_gb=1,
        about="runs anywhere; much of what it writes will be left out",
    ),
    Recommended(
        name="qwen2.5-1.5b",
        repository="Qwen/Qwen2.5-1.5B-Instruct-GGUF",
        revision="91cad51170dc346986eccefdc2dd33a9da36ead9",
        file="qwen2.5-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_736,
        sha256="6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        licence="Apache-2.0",
        memory_gb=2,
        about="the one to begin with on a laptop without a graphics card",
    ),
    Recommended(
        name="qwen3-4b",
        repository="unsloth/Qwen3-4B-Instruct-2507-GGUF",
        revision="a06e946bb6b655725eafa393f4a9745d460374c9",
        file="Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        size=2_497_281_120,
        sha256="3605803b982cb64aead44f6c1b2ae36e3acdb41d8e46c8a94c6533bc4c67e597",
        licence="Apache-2.0",
        memory_gb=4,
        about="writes best of the three; needs a fast machine",
    ),
)
"""Size and SHA-256 are the hub's own (the LFS entry of the file at that revision), as several public projects that pin
the same files state them. `rag.models.download` holds every download against both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A model that could be used; `spec` is the value for the setting `model`.

    `missing` is the command that installs what it still needs, "" where nothing is missing.
    """

    kind: Kind
    spec: str
    about: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Provider:
    """A provider of LangChain's `init_chat_model`: its key's variable, and a model of it as an example."""

    name: str
    variable: str
    package: str
    example: str


_PROVIDERS = (
    _Provider("OpenAI", "OPENAI_API_KEY", "langchain-openai", "openai:gpt-4o-mini"),
    _Provider("Anthropic", "ANTHROPIC_API_KEY", "langchain-anthropic", "anthropic:claude-haiku-4-5"),
    _Provider("Mistral", "MISTRAL_API_KEY", "langchain-mistralai", "mistralai:mistral-small-latest"),
    _Provider("Google", "GOOGLE_API_KEY", "langchain-google-genai", "google_genai:gemini-2.5-flash"),
    _Provider("Groq", "GROQ_API_KEY", "langchain-groq", "groq:llama-3.3-70b-versatile"),
    _Provider("DeepSeek", "DEEPSEEK_API_KEY", "langchain-deepseek", "deepseek:deepseek-chat"),
)


def recommended(name: str) -> Recommended:
    """The recommended model of that name, in any case; raises `UsageError` naming those there are."""
    for model in RECOMMENDED:
        if model.name == name.strip().casefold():
            return model
    names = ", ".join(model.name for model in RECOMMENDED)
    raise UsageError(f"no recommended model is called {name!r}; choose {names}")


def models_folder(cache: Path | None) -> Path:
    """Where fetched models stand; `cache` is the setting, None the user's own cache folder."""
    if cache is None:
        import platformdirs

        cache = Path(platformdirs.user_cache_dir("newsdesk", appauthor=False))
    return cache.expanduser().absolute() / "models"


def local_package_is_missing() -> bool:
    """Whether GGUF files cannot be run in this process, for want of the optional package."""
    return find_spec("xllamacpp") is None


def found_keys(environment: Mapping[str, str]) -> list[Choice]:
    """A choice for each provider whose key stands in the environment; no value is read further than that it is set."""
    return [
        Choice(
            kind="key",
            spec=provider.example,
            about=f"{provider.name}, by the key in {provider.variable}; or any other model of theirs",
            missing="" if find_spec(provider.package.replace("-", "_")) else f"pip install {provider.package}",
        )
        for provider in _PROVIDERS
        if environment.get(provider.variable, "").strip()
    ]


def found_servers(servers: Mapping[int, str] = SERVERS) -> list[Choice]:
    """Every chat model of the servers with OpenAI's interface that answer at these ports of 127.0.0.1."""
    with ThreadPoolExecutor(max_workers=len(servers) or 1) as pool:
        listed = pool.map(_models_at, servers)
    return [
        Choice(
            kind="server",
            spec=f"http://127.0.0.1:{port}/v1#{model}",
            about=f"a server on this machine (port {port}, usually {servers[port]})",
        )
        for port, models in zip(servers, listed, strict=True)
        for model in models
    ]


def found_files(folders: Iterable[tuple[Path, str]]) -> list[Choice]:
    """A choice for each GGUF file that the folders and patterns (`known_files`) give, each file once."""
    missing = LOCAL_REMEDY if local_package_is_missing() else ""
    files = dict.fromkeys(file for folder, pattern in folders for file in _matching(folder, pattern))
    return [
        Choice(kind="file", spec=f"local:{file}", about=f"a file, {_size(file)}", missing=missing)
        for file in files
        if _is_chat_model(file)
    ]


def known_files(cache: Path | None, environment: Mapping[str, str], home: Path) -> list[tuple[Path, str]]:
    """Folders with the pattern of their GGUF files: ours, llama.cpp's, LM Studio's, the Hugging Face cache."""
    caches = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    hub = environment.get("HF_HUB_CACHE") or Path(environment.get("HF_HOME") or caches / "huggingface") / "hub"
    return [
        (models_folder(cache), "*.gguf"),
        (Path(environment.get("LLAMA_CACHE") or caches / "llama.cpp"), "*.gguf"),
        (home / "Library" / "Caches" / "llama.cpp", "*.gguf"),
        (home / ".lmstudio" / "models", "*/*/*.gguf"),
        (Path(hub), "models--*/snapshots/*/*.gguf"),
    ]


def choices(cache: Path | None, *, servers: Mapping[int, str] = SERVERS) -> list[Choice]:
    """All that could be used here and now, as this process's environment and this machine have it."""
    files = known_files(cache, os.environ, Path.home())
    return [*found_keys(os.environ), *found_servers(servers), *found_files(files)]


def _models_at(port: int) -> Sequence[str]:
    """Names of the chat models that a server at this port offers; none where there is no such server."""
    import httpx

    until = time.monotonic() + _PROBE_SECONDS
    try:
        with (
            # A proxy has no business between this process and its own machine.
            httpx.Client(trust_env=False, timeout=_PROBE_SECONDS) as client,
            client.stream("GET", f"http://127.0.0.1:{port}/v1/models") as response,
        ):
            if response.status_code != 200:
                return ()
            body = b""
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _PROBE_BYTES or time.monotonic() > until:
                    return ()
        return tuple(chat_models_in(json.loads(body)))[:_MODELS_OF_A_SERVER]
    # RecursionError: JSON that is nested without end.
    except (httpx.HTTPError, ValueError, RecursionError):
        return ()


def chat_models_in(listing: Any) -> Iterator[str]:
    """Names of the models that can chat in what a server answered to `GET /v1/models`, whatever its shape."""
    models = listing.get("data") if isinstance(listing, dict) else None
    for model in models if isinstance(models, list) else ():
        name = model.get("id") if isinstance(model, dict) else None
        # A name with blanks or controls is none that could be typed.
        if isinstance(name, str) and name.isprintable() and name.strip() and " " not in name and _chats(name):
            yield name


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _is_chat_model(file: Path) -> bool:
    """Whether it begins as a GGUF file does and, of one in several parts, is the first."""
    if not _chats(file.name) or ("-of-" in file.stem and "-00001-of-" not in file.stem):
        return False
    try:
        with file.open("rb") as stream:
            return stream.read(len(_GGUF_MAGIC)) == _GGUF_MAGIC
    except OSError:
        return False


def _chats(name: str) -> bool:
    return not any(part in name.casefold() for part in _NO_CHAT)


def _size(file: Path) -> str:
    return in_gb(file.stat().st_size)


def in_gb(size: int) -> str:
    """Bytes as a reader counts them: `0.5 GB`."""
    return f"{size / 1e9:.1f} GB"
