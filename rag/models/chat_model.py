"""The one door to language models: from the setting `model` to a LangChain chat model, and from its failures to our
errors.

Nothing here sends anything before a question is asked. Tracing to LangSmith happens only where the user has set
LangSmith's own environment variables.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import ModelError, ModelUnavailable
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

FORMS = (
    "'quotes', 'provider:model' (for example 'openai:gpt-4o-mini'), 'http://HOST:PORT/v1#MODEL' or 'local:FILE.gguf'"
)

_MAX_RETRIES = 1
_NO_KEY = "not-needed"
"""Local servers ask for no key, the client insists on one."""

_OWN_TEMPERATURE = re.compile(r"(?:o\d|gpt-5)")
"""OpenAI's reasoning models refuse any temperature but their own."""

_STATUSES = {
    "ModelInvalidRequestError": 400,
    "ModelAuthenticationError": 401,
    "ModelPermissionDeniedError": 403,
    "ModelNotFoundError": 404,
    "ModelRateLimitError": 429,
    "ModelAPIError": 500,
}
"""LangChain's own exceptions and the HTTP statuses that they stand for."""

_LIBRARY_ERRORS = {
    "openai": ("OpenAIError",),
    "anthropic": ("AnthropicError",),
    "groq": ("GroqError",),
    "ollama": ("ResponseError", "RequestError"),
    "google.genai.errors": ("APIError",),
    "google.api_core.exceptions": ("GoogleAPIError",),
    "langchain_google_genai.chat_models": ("ChatGoogleGenerativeAIError",),
    "cohere.core.api_error": ("ApiError",),
    "botocore.exceptions": ("BotoCoreError", "ClientError"),
    "huggingface_hub.errors": ("HfHubHTTPError",),
    "httpx": ("HTTPError", "StreamError"),
    "httpx2": ("HTTPError", "StreamError"),
    "requests": ("RequestException",),
    "aiohttp": ("ClientError",),
    "langchain_core.exceptions": ("LangChainException",),
}
"""The base exceptions of the client libraries behind LangChain's chat models, by module."""


def load_model(settings: Settings, spec: str = "") -> BaseChatModel | None:
    """The model of this specification, of the setting `model` where there is none; None for `quotes`. Raises
    `ModelError` saying what to install, set or correct."""
    spec = (spec or settings.model).strip()
    if spec == "quotes":
        return None
    if re.match(r"https?://", spec):
        return _at_url(spec, settings)
    if spec.startswith("local:"):
        return _local(spec.removeprefix("local:"))
    if re.fullmatch(r"[a-z][a-z0-9_-]*:\S+", spec):
        return _of_provider(spec, settings)
    raise ModelError(f"unknown model {spec!r}; use {FORMS}")


def _at_url(spec: str, settings: Settings) -> BaseChatModel:
    address, _, name = spec.partition("#")
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    if not parts.hostname or not name:
        raise ModelError(
            f"the model address {shown!r} needs a host and a model name; write 'http://HOST:PORT/v1#MODEL'"
        )
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise ModelError(
            "the package for OpenAI-compatible servers is missing; run `pip install langchain-openai`"
        ) from error
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name,
        base_url=address,
        api_key=SecretStr(os.environ.get("OPENAI_API_KEY") or _NO_KEY),
        temperature=0,
        timeout=settings.model_timeout_seconds,
        max_retries=_MAX_RETRIES,
        stream_usage=True,
        use_responses_api=False,
    )


def _local(path: str) -> BaseChatModel:
    from rag.models.llama_cpp import open_local_model

    return open_local_model(path)


def _of_provider(spec: str, settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider, _, name = spec.partition(":")
    options: dict[str, Any] = {"timeout": settings.model_timeout_seconds, "max_retries": _MAX_RETRIES}
    if not _OWN_TEMPERATURE.match(name):
        options["temperature"] = 0
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except (ImportError, AttributeError) as error:
        raise ModelError(
            f"the package for {provider!r} models is missing; run `pip install {_package(provider, error)}`"
        ) from error
    except model_failures() as error:
        raise _construction_error(spec, provider, error) from error
    return model


def _package(provider: str, error: Exception) -> str:
    named = re.search(r"pip install (?:-U )?[`'\"]?([\w-]+)", str(error))
    return named.group(1) if named else f"langchain-{provider.replace('_', '-')}"


def _construction_error(spec: str, provider: str, error: Exception) -> ModelError:
    key = re.search(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)\b", str(error))
    if key:
        return ModelError(f"{provider!r} models need a key; set {key.group()} in the environment")
    if isinstance(error, ValueError) and "provider" in str(error).lower():
        return ModelError(f"unknown model {spec!r}: no provider {provider!r}; use {FORMS}")
    return ModelError(
        f"the model {spec!r} cannot be set up ({type(error).__name__}); check its name and its provider's variables"
    )


def model_failures() -> tuple[type[Exception], ...]:
    """Exceptions that a chat model may raise when it is called: the usual built-in ones, and those of the client
    libraries that are loaded.

    A library that has not been imported cannot have raised anything, so none is imported here.
    """
    known: list[type[Exception]] = [OSError, RuntimeError, ValueError, TypeError, LookupError, EOFError, ModelError]
    for module, names in _LIBRARY_ERRORS.items():
        found = (getattr(sys.modules.get(module), name, None) for name in names)
        known += (error for error in found if isinstance(error, type) and issubclass(error, Exception))
    return tuple(known)


def translated(error: Exception) -> ModelError:
    """Our error for a failure of a model: passing ones are `ModelUnavailable`. The library's own message, which may
    quote anything, is left out."""
    if isinstance(error, ModelError):
        return error
    status = _status(error)
    chain = _chain(error)
    if any(type(link).__name__ == "ContextOverflowError" for link in chain):
        return ModelError("the question with its evidence is longer than the language model reads; lower max_passages")
    if any("timeout" in type(link).__name__.lower() for link in chain):
        return ModelUnavailable("the language model did not answer in time; ask again, or raise model_timeout_seconds")
    if status in (401, 403):
        return ModelError("the language model's service refused the key; check the key in the environment")
    if status == 404:
        return ModelError("the language model's service does not know this model; check the setting `model`")
    if status == 429:
        return ModelUnavailable("the language model's service has had too many requests; ask again in a moment")
    if isinstance(status, int) and status >= 500:
        return ModelUnavailable(f"the language model's service failed (status {status}); ask again in a moment")
    if any(
        isinstance(link, ConnectionError) or "Connect" in type(link).__name__ or "Connection" in type(link).__name__
        for link in chain
    ):
        return ModelUnavailable(
            "the language model cannot be reached; check that its server runs, and the address in the setting `model`"
        )
    if any(
        isinstance(link, OSError) or type(link).__name__ in ("RemoteProtocolError", "ReadError", "WriteError")
        for link in chain
    ):
        return ModelUnavailable(f"the connection to the language model broke ({type(error).__name__}); ask again")
    detail = f"status {status}" if isinstance(status, int) else type(error).__name__
    return ModelError(f"the language model failed ({detail}); check the setting `model`")


def is_refused_request(error: Exception) -> bool:
    """Whether the service refused what it was asked for, such as a form that it does not know."""
    return _status(error) in (400, 422)


def _status(error: Exception) -> object:
    """The HTTP status of a failure, as the client says it or as LangChain's exception stands for."""
    told = getattr(error, "status_code", None) or getattr(error, "code", None)
    names = (cause.__name__ for cause in type(error).__mro__)
    return told or next((_STATUSES[name] for name in names if name in _STATUSES), None)


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
