"""What can go wrong with a request, told apart by what helps: another address, or another time."""

from __future__ import annotations

from rag.errors import SourceError

_REPEATED_SOON = (429, 502, 503, 504)
_OVER_LATER = (202, 408, 425, 429)
_SENTENCES = {
    202: "is not ready yet, or kept from programs (202); try again later, or save the page and ingest the file",
    401: "asks for a log-in (401); save the page from your browser and ingest the file",
    402: "asks for payment (402); save the page from your browser and ingest the file",
    403: "is closed to programs (403); save the page from your browser and ingest the file",
    404: "does not exist (404); check the address",
    410: "has been taken away for good (410); remove the address",
    429: "has had too many requests (429); try again later",
    451: "is withheld for legal reasons (451); remove the address",
}


class FetchError(SourceError):
    """A page could not be had; the message is a predicate whose subject is the address `where`.

    `permanent` means that the same request fails again until the address, the settings or the site is changed;
    otherwise it may succeed later. `worth_repeating` marks passing failures where seconds may help. `status` is the
    server's answer and `retry_after_seconds` the wait that it asked for; None where it gave none.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        worth_repeating: bool = False,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        where: str = "",
    ) -> None:
        super().__init__(message, where=where)
        self.permanent = permanent
        self.retryable = not permanent
        self.worth_repeating = worth_repeating
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    def after(self, beginning: str) -> FetchError:
        """Return the same failure told of what a redirect led to: `beginning` comes before the message."""
        return FetchError(
            f"{beginning} {self}",
            permanent=self.permanent,
            worth_repeating=self.worth_repeating,
            status=self.status,
            retry_after_seconds=self.retry_after_seconds,
            where=self.where,
        )


def status_error(status: int, *, retry_after_seconds: float | None = None) -> FetchError:
    """Return the failure that a status other than success means."""
    is_passing = status in _OVER_LATER or status >= 500
    advice = "try again later" if is_passing else "check the address"
    return FetchError(
        _SENTENCES.get(status, f"could not be had: the server answered {status}; {advice}"),
        permanent=not is_passing,
        worth_repeating=status in _REPEATED_SOON,
        status=status,
        retry_after_seconds=retry_after_seconds,
    )
