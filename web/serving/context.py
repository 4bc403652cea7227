"""What every endpoint works with: the desk, who is let in, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import NewsdeskError
from rag.types import Answer
from web.page.conversation import Answered, Failed, Turn
from web.serving.attempts import Attempts, OwnAttempts, SharedAttempts
from web.serving.error_message import message_for
from web.serving.login import READER
from web.serving.metrics import Metrics
from web.serving.rate_limit import RateLimiter
from web.serving.readiness import Readiness

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.storage.archive.shared.conversations import ConversationStore

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class AppContext:
    """One served library."""

    desk: Desk
    rate_limiter: RateLimiter
    metrics: Metrics
    attempts: Attempts
    readiness: Readiness
    conversations: ConversationStore | None = None
    """Where the page keeps what logins asked; None where readers' browsers do."""

    @classmethod
    def over(cls, desk: Desk, *, rate: str = "", conversations: ConversationStore | None = None) -> AppContext:
        """The context of a desk; `rate` is the setting `reader_rate`."""
        shared = desk.library.shared
        attempts = SharedAttempts(shared.attempts) if shared else OwnAttempts()
        rate_limiter = RateLimiter(rate=rate, attempts=attempts)
        return cls(desk, rate_limiter, Metrics(desk, rate_limiter), attempts, Readiness(desk), conversations)

    @contextmanager
    def endpoint(self, name: str, reader: str, *, counted: bool = True) -> Iterator[None]:
        """Let a reader's work in and count what goes wrong; what is not `counted` takes nothing of the reader's rate.

        Every error comes out as a `NewsdeskError` with the sentence a reader may see.
        """
        try:
            with self.rate_limiter.work(reader) if counted else nullcontext():
                yield
        except NewsdeskError as error:
            self.metrics.failed(name, error.kind)
            raise
        # Here a program's request meets every layer: it must not be told what an unforeseen error says of the library.
        except Exception as error:
            self.metrics.failed(name, "unforeseen")
            raise Unforeseen(message_for(error)) from None

    def answered(self, name: str, reader: str, ask: Callable[[], Answer]) -> Answer:
        """The answer that `ask` gives, let in and counted."""
        started = perf_counter()
        with self.endpoint(name, reader):
            answer = ask()
        self.metrics.answered(name, answer, perf_counter() - started)
        return answer

    def count(self, name: str, turn: Turn) -> None:
        """Count a turn of the page's conversation that has ended."""
        match turn:
            case Answered(answer=answer, seconds=seconds):
                self.metrics.answered(name, answer, seconds)
            case Failed():
                self.metrics.failed(name, "told")


class Unforeseen(NewsdeskError):
    """Something that no layer named; the message holds a number for the log."""

    kind = "unforeseen"


def reader_of(request: Any) -> str:
    """Who asks: the name that was logged in with, else the address. Takes Gradio's requests, too."""
    inner = getattr(request, "request", None) or request
    name = inner.scope.get(READER)
    return str(name) if name else (inner.client.host if inner.client else "")
