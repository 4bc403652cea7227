"""An OpenAI-compatible `/v1/chat/completions`: existing chat clients use Newsdesk as a model that cites.

As far as clients need it: `messages` (the last one of the user is the question, earlier ones the history), `stream`,
`stream_options.include_usage`. The answer is Markdown with numbered quotes and their sources; the whole checked answer
stands beside it under `newsdesk`. A refusal is an answer, too. Nothing is streamed before it was checked.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.errors import UsageError
from rag.public_json import answer_json
from rag.types import Answer
from web.answer_markdown import answer_markdown
from web.api.routes import EVENT_STREAM, Reader
from web.serving.context import AppContext

MODEL = "newsdesk"
ENDPOINT = "chat completions"


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text").strip()
        return (self.content or "").strip()


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class Request(BaseModel):
    """What clients send; anything else they send is ignored, as there is nothing to set."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None


def router(app_context: AppContext) -> APIRouter:
    """The routes over one app context."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

    @routes.get("/models", summary="List models: there is one")
    def models() -> dict[str, Any]:
        """The list that clients look their model up in."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "newsdesk"}]}

    @routes.post("/chat/completions", summary="Answer the last message with citations")
    def complete(given: Request, reader: Reader) -> Any:
        """The answer as a chat completion."""
        asked = [message.text for message in given.messages if message.role == "user" and message.text]
        if not asked:
            raise UsageError("there is no question; send a message of the role user")
        answer = app_context.answered(ENDPOINT, reader, lambda: app_context.desk.ask(asked[-1], history=asked[:-1]))
        head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": MODEL}
        if given.stream:
            usage = given.stream_options is not None and given.stream_options.include_usage
            return StreamingResponse(_chunks(head, answer, usage=usage), media_type=EVENT_STREAM)
        message = {"role": "assistant", "content": answer_markdown(answer), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": _USAGE,
            "newsdesk": answer_json(answer),
        }

    return routes


# Nothing is paid by the token here; clients add these up.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _chunks(head: dict[str, Any], answer: Answer, *, usage: bool) -> Iterator[str]:
    """The checked answer by paragraphs, then `[DONE]`."""
    head = {**head, "object": "chat.completion.chunk"}

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return f"data: {json.dumps({**head, 'choices': [choice], **more}, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for piece in answer_markdown(answer).splitlines(keepends=True):
        yield chunk({"content": piece})
    yield chunk({}, "stop", newsdesk=answer_json(answer))
    if usage:
        yield f"data: {json.dumps({**head, 'choices': [], 'usage': _USAGE})}\n\n"
    yield "data: [DONE]\n\n"
