"""Fetching a recommended model from the Hugging Face hub: only when asked, resumable, and checked before it counts.

What has arrived stands in `FILE.part` beside the place of the file, with the entity tag of what it is a part of in
`FILE.part.tag`. A second call goes on from there. Only a file with the expected SHA-256 gets its name. No key or token
is sent: the recommended models are open.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import ModelError, ModelUnavailable, StorageError, UsageError
from rag.models.discovery import Recommended, in_gb

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int], None]
"""Told the bytes that are there, and of how many."""

HUB = "https://huggingface.co"

_ROOM_LEFT = 200_000_000
"""Bytes that stay free on the disk: a full one breaks more than a download."""

_ATTEMPTS = 5
"""Connections in one call, each of which must have brought something; then it is for the reader to go on."""

_READ_SECONDS = 30.0
_CONNECT_SECONDS = 10.0
_AGAIN = "the same command goes on where this one ended"


def hub_address(environment: Mapping[str, str]) -> str:
    """The hub's address: HF_ENDPOINT where it is set. Raises `UsageError` where that is no address or
    HF_HUB_OFFLINE forbids the hub."""
    if environment.get("HF_HUB_OFFLINE", "").strip().casefold() in ("1", "true", "yes", "on"):
        raise UsageError("HF_HUB_OFFLINE forbids the hub; unset it, or fetch the file on another machine")
    address = environment.get("HF_ENDPOINT", "").strip().rstrip("/") or HUB
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("HF_ENDPOINT is no web address; set it to one such as https://huggingface.co, or unset it")
    return address


def fetch_model(
    model: Recommended,
    folder: Path,
    *,
    hub: str = HUB,
    progress: Progress = lambda done, total: None,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> Path:
    """The model's file in `folder`, fetched or completed where it is not there yet.

    Raises `ModelUnavailable` for what may pass (the part stays), `ModelError` where the hub does not give this very
    file, `StorageError` where the disk has no room or refuses.
    """
    from filelock import FileLock, Timeout

    file = folder / model.file
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / f".{model.file}.lock", timeout=0):
                if not _is_whole(file, model):
                    _complete(_Part.of(file), model, hub=hub, progress=progress, free_bytes=free_bytes)
        except Timeout as error:
            raise ModelUnavailable(f"another process is fetching {model.name}; wait for it, then try again") from error
    return file


@dataclass(frozen=True, slots=True)
class _Part:
    """What has arrived of a file, and of which edition of it."""

    file: Path
    data: Path
    tag_file: Path

    @classmethod
    def of(cls, file: Path) -> _Part:
        return cls(file, file.with_name(f"{file.name}.part"), file.with_name(f"{file.name}.part.tag"))

    @property
    def size(self) -> int:
        return self.data.stat().st_size if self.data.exists() else 0

    @property
    def tag(self) -> str:
        return self.tag_file.read_text(encoding="ascii", errors="replace") if self.tag_file.exists() else ""

    def begin(self, tag: str) -> None:
        """Empty the part for an edition with this entity tag."""
        self.data.write_bytes(b"")
        self.tag_file.write_text(tag, encoding="ascii", errors="replace")

    def drop(self) -> None:
        self.data.unlink(missing_ok=True)
        self.tag_file.unlink(missing_ok=True)

    def become_the_file(self) -> None:
        with self.data.open("rb+") as stream:
            os.fsync(stream.fileno())
        self.data.replace(self.file)
        self.drop()


def _complete(
    part: _Part, model: Recommended, *, hub: str, progress: Progress, free_bytes: Callable[[Path], int]
) -> None:
    if part.size > model.size:
        part.drop()
    _require_room(model, part, free_bytes)
    _fill(part, model, address=f"{hub}/{model.repository}/resolve/{model.revision}/{model.file}", progress=progress)
    if _sha256(part.data) != model.sha256:
        part.drop()
        raise ModelError(
            f"what arrived is not {model.name}: its SHA-256 is another, and it was deleted; try once more, and then "
            "not from this address"
        )
    part.become_the_file()


def _fill(part: _Part, model: Recommended, *, address: str, progress: Progress) -> None:
    """Connect until the part has the file's size, as long as every connection brings something."""
    import httpx

    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        for _ in range(_ATTEMPTS):
            before = part.size
            if before == model.size:
                return
            try:
                _read(client, address, part, model, progress)
            except httpx.TransportError as error:
                if part.size <= before:
                    raise _unavailable(part, model, reached=not isinstance(error, httpx.ConnectError)) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ModelError(
                    f"the hub's answer cannot be followed ({type(error).__name__}); check HF_ENDPOINT, then try again"
                ) from error
    if part.size != model.size:
        raise _unavailable(part, model, reached=True)


def _read(client: httpx.Client, address: str, part: _Part, model: Recommended, progress: Progress) -> None:
    """One request, appended to the part. Where the part is of another edition it is dropped, and nothing is read."""
    done = part.size
    headers = {"Accept-Encoding": "identity", "User-Agent": "Newsdesk"}
    if done:
        headers["Range"] = f"bytes={done}-"
        if tag := part.tag:
            headers["If-Range"] = tag
    with client.stream("GET", address, headers=headers) as response:
        _require_same_file(response, model)
        if response.status_code == 200:
            # The whole: nothing was there yet, the server knows no ranges, or it has another edition than the part's.
            _require_length(response.headers.get("content-length", ""), model)
            part.begin(_strong_tag(response))
            done = 0
        elif not _continues(response, part, done):
            part.drop()
            return
        with part.data.open("ab") as stream:
            for piece in response.iter_bytes():
                done += len(piece)
                if done > model.size:
                    break
                stream.write(piece)
                progress(done, model.size)
    if done > model.size:
        part.drop()
        raise _another_file(model)


def _continues(response: httpx.Response, part: _Part, start: int) -> bool:
    """Whether the answer goes on where the part ends, in the same edition; raises for answers that are no file."""
    if response.status_code == 416:
        return False
    if response.status_code != 206:
        raise _refused(response)
    tag = _strong_tag(response)
    same_edition = not tag or not part.tag or tag == part.tag
    return same_edition and response.headers.get("content-range", "").startswith(f"bytes {start}-")


def _require_same_file(response: httpx.Response, model: Recommended) -> None:
    """Raise before anything is read where the hub itself says that its file has another digest than the pinned one.

    The hub's redirect names it in X-Linked-Etag; a mirror may say nothing.
    """
    for answer in (*response.history, response):
        linked = answer.headers.get("x-linked-etag", "").strip('"')
        if len(linked) == len(model.sha256) and linked != model.sha256:
            raise _another_file(model)


def _require_length(length: str, model: Recommended) -> None:
    if length.isdecimal() and int(length) != model.size:
        raise _another_file(model)


def _require_room(model: Recommended, part: _Part, free_bytes: Callable[[Path], int]) -> None:
    needed, free = model.size - part.size + _ROOM_LEFT, free_bytes(part.file.parent)
    if free < needed:
        raise StorageError(
            f"{in_gb(needed)} are needed in {str(part.file.parent)!r}, {in_gb(free)} are free; make room, or set "
            "NEWSDESK_CACHE to a folder on another disk"
        )


def _refused(response: httpx.Response) -> ModelError:
    status = response.status_code
    if status in (401, 403):
        return ModelError(
            f"the hub asks for an account (status {status}); choose another of `newsdesk models list`, or fetch the "
            "file in a browser and use it as local:FILE.gguf"
        )
    if status == 404:
        return ModelError(
            "the hub has no such file (status 404); check HF_ENDPOINT, or choose another of `newsdesk models list`"
        )
    if status == 429 or status >= 500:
        return ModelUnavailable(f"the hub cannot serve the file now (status {status}); later {_AGAIN}")
    return ModelError(f"the hub refuses the file (status {status}); check HF_ENDPOINT, then try again")


def _unavailable(part: _Part, model: Recommended, *, reached: bool) -> ModelUnavailable:
    if reached:
        return ModelUnavailable(f"the download broke off at {in_gb(part.size)} of {in_gb(model.size)}; {_AGAIN}")
    return ModelUnavailable(
        f"the hub cannot be reached; check the connection, or set HF_ENDPOINT to a mirror; {_AGAIN}"
    )


def _another_file(model: Recommended) -> ModelError:
    return ModelError(
        f"the hub has another file than the {model.name} that is recommended; check HF_ENDPOINT, or update Newsdesk"
    )


def _strong_tag(response: httpx.Response) -> str:
    """The entity tag where it promises equal bytes (RFC 9110, 8.8.3): a weak one must not stand in If-Range."""
    tag: str = response.headers.get("etag", "").strip()
    return tag if tag.startswith('"') and tag.isascii() else ""


def _is_whole(file: Path, model: Recommended) -> bool:
    return file.is_file() and file.stat().st_size == model.size and _sha256(file) == model.sha256


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        remedy = f"make room; {_AGAIN}" if error.errno == errno.ENOSPC else "set NEWSDESK_CACHE to a writable folder"
        raise StorageError(f"{str(folder)!r} refuses ({reason}); {remedy}") from error
