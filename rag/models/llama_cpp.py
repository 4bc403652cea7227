"""A GGUF model run inside this process by llama.cpp (the optional package `xllamacpp`), as a LangChain chat model.

Deterministic: temperature 0 and a fixed seed. One generation at a time; others wait. The library keeps a loopback
port open for itself, which is closed to others by a random key.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from rag.errors import ModelError

_GGUF_MAGIC = b"GGUF"
_REMEDY = 'run `pip install "newsdesk[local]"` or `make setup EXTRAS=local`'


class LocalChatModel(BaseChatModel):
    """A chat model over one GGUF file, loaded at the first call. `stop` and `grammar` (GBNF) are honoured."""

    path: Path
    context_tokens: int = 4096
    max_tokens: int = 300
    seed: int = 7
    prompt_batch: int = 128
    """Prompt tokens between two chances to stop."""
    evidence_characters: int = 3_000
    """Evidence that a writer should put into one prompt: about 750 tokens, 15-30 s of reading on two cores for a 1.5B
    model."""

    _server: Any = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "newsdesk-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {
            "file": self.path.name,
            "context_tokens": self.context_tokens,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
        }

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages, stop, run_manager, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Pieces as they are generated; empty ones while the prompt is read. Closing the iterator ends the generation
        at the next of them."""
        chunks: queue.SimpleQueue[dict[str, Any] | Exception | None] = queue.SimpleQueue()
        stopped = threading.Event()
        request = self._request(messages, stop, kwargs)
        worker = threading.Thread(
            target=self._serve, args=(request, chunks, stopped), name="newsdesk-local-model", daemon=True
        )
        worker.start()
        try:
            while (item := chunks.get()) is not None:
                piece = ChatGenerationChunk(message=AIMessageChunk(content=_text(item), usage_metadata=_usage(item)))
                if run_manager and piece.text:
                    run_manager.on_llm_new_token(piece.text, chunk=piece)
                yield piece
        finally:
            stopped.set()

    def _request(self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "messages": convert_to_openai_messages(messages, text_format="string"),
            "max_tokens": options.get("max_tokens", self.max_tokens),
            "temperature": 0,
            "seed": self.seed,
            "stream": True,
            "return_progress": True,
            "stream_options": {"include_usage": True},
            # A cached prompt is computed in other batches, which may change a last digit and with it a word.
            "cache_prompt": False,
        }
        if stop:
            request["stop"] = stop
        if "grammar" in options:
            request["grammar"] = options["grammar"]
        return request

    def _serve(
        self,
        request: dict[str, Any],
        chunks: queue.SimpleQueue[dict[str, Any] | Exception | None],
        stopped: threading.Event,
    ) -> None:
        def on_chunk(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return stopped.is_set()

        try:
            with self._lock:
                if not stopped.is_set():
                    self._opened().handle_chat_completions(request, on_chunk)
        except (ModelError, RuntimeError, ValueError, OSError) as error:
            chunks.put(
                error
                if isinstance(error, ModelError)
                else ModelError(f"the local model failed ({type(error).__name__}); try another GGUF file")
            )
        else:
            chunks.put(None)

    def _opened(self) -> Any:
        """The loaded model; called with the lock held."""
        if self._server is None:
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(self.path)
            params.n_ctx, params.n_parallel = self.context_tokens, 1
            params.n_batch = params.n_ubatch = self.prompt_batch
            params.warmup, params.verbosity, params.offline = False, -1, True
            params.ui, params.endpoint_slots, params.endpoint_props = False, False, False
            params.api_keys = [secrets.token_hex(32)]
            try:
                self._server = xllamacpp.Server(params)
            except RuntimeError as error:
                raise ModelError(
                    f"{self.path.name!r} cannot be loaded as a language model; use a complete GGUF file of a chat model"
                ) from error
        return self._server


def open_local_model(path: str) -> LocalChatModel:
    """The model in a GGUF file. Raises `ModelError` for a missing file, another format, or the missing optional
    package."""
    file = Path(path).expanduser()
    try:
        with file.open("rb") as stream:
            magic = stream.read(len(_GGUF_MAGIC))
    except OSError as error:
        raise ModelError(
            f"cannot read the model file {str(path)!r} ({type(error).__name__}); name an existing file: local:FILE.gguf"
        ) from error
    if magic != _GGUF_MAGIC:
        raise ModelError(f"{str(path)!r} is not a GGUF model file; download a model in the GGUF format")
    if find_spec("xllamacpp") is None:
        raise ModelError(f"running a local model needs an optional package; {_REMEDY}")
    return LocalChatModel(path=file)


def _text(item: dict[str, Any] | Exception) -> str:
    """The text of one chunk from llama.cpp; raises what stands for an error in it."""
    if isinstance(item, Exception):
        raise item
    if "error" in item:
        error = item["error"]
        if error.get("type") == "exceed_context_size_error":
            raise ModelError(
                f"question and evidence fill {error.get('n_prompt_tokens')} tokens, the local model reads "
                f"{error.get('n_ctx')}; ask a shorter question"
            )
        raise ModelError(f"the local model refused the request (code {error.get('code')}); try another GGUF file")
    choices = item.get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def _usage(item: dict[str, Any] | Exception) -> UsageMetadata | None:
    """What llama.cpp counted, in the chunk that says so."""
    told = item.get("usage") if isinstance(item, dict) else None
    if not told:
        return None
    given, made = int(told.get("prompt_tokens", 0)), int(told.get("completion_tokens", 0))
    return UsageMetadata(input_tokens=given, output_tokens=made, total_tokens=given + made)
