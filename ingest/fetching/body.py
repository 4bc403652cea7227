"""The body of an answer: unpacked while it comes in, never more than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ingest.fetching.errors import FetchError
from ingest.fetching.pacing import Deadline
from ingest.types import Limits

ACCEPTED = "gzip, deflate"
_UNPACKED_AT_ONCE = 1 << 16
_GZIP_START = b"\x1f\x8b"
_ANY_WRAPPER = zlib.MAX_WBITS | 32
_NO_WRAPPER = -zlib.MAX_WBITS


def read_body(parts: Iterable[bytes], *, encoding: str, limits: Limits, deadline: Deadline, cut: bool = False) -> bytes:
    """Return the whole body, unpacked.

    `encoding` is the `Content-Encoding` header. Where the body is larger than the limit, on the wire or unpacked, it is
    cut there if `cut` is set. Raises FetchError where it is larger and not to be cut, damaged, or packed in another way
    than was asked for; TimeoutError where unpacking outlasts the deadline.
    """
    body = bytearray()
    for part in _unpacked(_bounded(parts, limits, cut=cut), encoding, cut=cut):
        body += part
        deadline.left()
        if len(body) > limits.max_bytes:
            if not cut:
                raise too_large(limits)
            return bytes(body[: limits.max_bytes])
    return bytes(body)


def too_large(limits: Limits) -> FetchError:
    """Return the failure of a body over the limit."""
    return FetchError(limits.sentence, permanent=True)


def _bounded(parts: Iterable[bytes], limits: Limits, *, cut: bool) -> Iterator[bytes]:
    received = 0
    for part in parts:
        received += len(part)
        yield part
        if received > limits.max_bytes:
            if not cut:
                raise too_large(limits)
            return


def _unpacked(parts: Iterable[bytes], encoding: str, *, cut: bool) -> Iterator[bytes]:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return iter(parts)
    if name in ("gzip", "x-gzip", "deflate"):
        return _inflated(parts, cut=cut)
    raise FetchError(
        f"is packed with {name[:40]!r}, which was not asked for; save the page from your browser and ingest the file",
        permanent=True,
    )


def _inflated(parts: Iterable[bytes], *, cut: bool) -> Iterator[bytes]:
    """Unpack gzip (also several members in a row), zlib, and what some servers call deflate: the bare stream."""
    stream = zlib.decompressobj(_ANY_WRAPPER)
    is_first = True
    for part in parts:
        while part:
            if stream.eof:
                if not _GZIP_START.startswith(part[:2]):
                    return
                stream = zlib.decompressobj(_ANY_WRAPPER)
            try:
                unpacked = stream.decompress(part, _UNPACKED_AT_ONCE)
            except zlib.error as error:
                if not is_first:
                    raise _damaged() from error
                stream, unpacked = _bare(part)
            is_first = False
            yield unpacked
            part = stream.unconsumed_tail or stream.unused_data
    if not stream.eof and not is_first and not cut:
        raise FetchError("broke off while it was sent; try again later", permanent=False, worth_repeating=True)


def _bare(part: bytes) -> tuple[zlib._Decompress, bytes]:
    stream = zlib.decompressobj(_NO_WRAPPER)
    try:
        return stream, stream.decompress(part, _UNPACKED_AT_ONCE)
    except zlib.error as error:
        raise _damaged() from error


def _damaged() -> FetchError:
    return FetchError(
        "was sent damaged: it cannot be unpacked; save the page from your browser and ingest the file", permanent=True
    )
