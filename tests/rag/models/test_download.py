"""Fetching a model: what arrives is the recommended file or nothing, and no byte is fetched twice without need."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError, ModelUnavailable, NewsdeskError, StorageError, UsageError
from rag.models.download import HUB, fetch_model, hub_address
from tests.rag.hub import CONTENT, Hub, model, running_hub

HALF = len(CONTENT) // 2


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


def fetch(hub: Hub, folder: Path) -> Path:
    return fetch_model(model(), folder, hub=hub.url)


def leave_half(folder: Path, tag: str = '"first"', data: bytes = CONTENT[:HALF]) -> None:
    """What an earlier call left behind that was ended half-way."""
    (folder / "tiny.gguf.part").write_bytes(data)
    (folder / "tiny.gguf.part.tag").write_text(tag)


def left_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.endswith(".lock")}


def test_a_model_arrives_whole_under_its_name_at_its_fixed_revision(hub: Hub, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = fetch_model(model(), tmp_path / "new" / "models", hub=hub.url, progress=lambda *now: told.append(now))
    assert file == tmp_path / "new" / "models" / "tiny.gguf"
    assert file.read_bytes() == CONTENT
    assert left_in(file.parent) == {"tiny.gguf"}
    assert hub.paths == [f"/someone/Tiny-GGUF/resolve/{'0' * 40}/tiny.gguf"]
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_model_that_is_there_is_not_asked_for_again(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.paths.clear()
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.paths == []


def test_a_damaged_file_of_the_same_size_is_fetched_anew(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(CONTENT[::-1])
    assert fetch(hub, tmp_path).read_bytes() == CONTENT


def test_a_second_call_asks_only_for_the_rest(hub: Hub, tmp_path: Path) -> None:
    leave_half(tmp_path)
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.asked == [(f"bytes={HALF}-", '"first"')]


def test_connections_that_break_are_taken_up_as_long_as_they_bring_something(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = len(CONTENT) // 4 + 1
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert [wanted for wanted, _ in hub.asked] == [None] + [f"bytes={hub.cut_after * n}-" for n in (1, 2, 3)]


def test_a_download_that_breaks_off_too_often_keeps_its_part_for_the_next_call(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = 1000
    with pytest.raises(ModelUnavailable, match=r"broke off .* goes on where this one ended") as failure:
        fetch(hub, tmp_path)
    assert failure.value.retryable
    assert left_in(tmp_path) == {"tiny.gguf.part", "tiny.gguf.part.tag"}
    assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:5000]
    hub.cut_after = None
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.asked[-1] == ("bytes=5000-", '"first"')


def test_an_interrupt_leaves_a_part_that_the_next_call_completes(hub: Hub, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_model(model(), tmp_path, hub=hub.url, progress=interrupt)
    assert left_in(tmp_path) == {"tiny.gguf.part", "tiny.gguf.part.tag"}
    assert fetch(hub, tmp_path).read_bytes() == CONTENT


@settings(max_examples=15)
@given(have=st.integers(0, len(CONTENT)), tag=st.sampled_from(['"first"', '"older"', ""]))
def test_wherever_an_earlier_call_ended_the_file_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, have: int, tag: str
) -> None:
    folder = tmp_path_factory.mktemp("part")
    leave_half(folder, tag=tag, data=CONTENT[:have])
    with running_hub() as hub:
        assert fetch(hub, folder).read_bytes() == CONTENT
    assert left_in(folder) == {"tiny.gguf"}


def test_a_server_that_knows_no_ranges_sends_the_whole_which_replaces_the_part(hub: Hub, tmp_path: Path) -> None:
    hub.ranges = False
    leave_half(tmp_path)
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert len(hub.asked) == 1


@pytest.mark.parametrize("heeds_if_range", [True, False])
def test_a_part_of_another_edition_is_not_completed_but_replaced(
    hub: Hub, tmp_path: Path, heeds_if_range: bool
) -> None:
    hub.heeds_if_range = heeds_if_range
    leave_half(tmp_path, tag='"older"', data=b"x" * HALF)
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert len(hub.asked) == (1 if heeds_if_range else 2)


def test_a_weak_tag_is_not_sent_as_a_condition(hub: Hub, tmp_path: Path) -> None:
    hub.tag, hub.cut_after = 'W/"weak"', HALF + 1
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.asked[1] == (f"bytes={HALF + 1}-", None)


def test_a_part_longer_than_the_file_is_dropped(hub: Hub, tmp_path: Path) -> None:
    leave_half(tmp_path, data=CONTENT + b"more")
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.asked == [(None, None)]


def test_a_file_with_another_digest_never_gets_the_name(hub: Hub, tmp_path: Path) -> None:
    hub.content = CONTENT[::-1]
    with pytest.raises(ModelError, match="SHA-256 is another, and it was deleted"):
        fetch(hub, tmp_path)
    assert left_in(tmp_path) == set()


def test_a_wrong_part_is_found_out_and_the_next_call_begins_anew(hub: Hub, tmp_path: Path) -> None:
    leave_half(tmp_path, data=b"x" * HALF)
    with pytest.raises(ModelError, match="SHA-256"):
        fetch(hub, tmp_path)
    assert fetch(hub, tmp_path).read_bytes() == CONTENT


def test_nothing_is_read_where_the_hub_itself_names_another_digest(hub: Hub, tmp_path: Path) -> None:
    hub.linked = "f" * 64
    with pytest.raises(ModelError, match="another file than the tiny that is recommended"):
        fetch(hub, tmp_path)
    assert left_in(tmp_path) == set()
    hub.linked = model().sha256
    assert fetch(hub, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT + b"more", CONTENT[:-1]])
def test_a_file_of_another_size_is_refused_before_it_is_read(hub: Hub, tmp_path: Path, content: bytes) -> None:
    hub.content = content
    with pytest.raises(ModelError, match="another file"):
        fetch(hub, tmp_path)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, ModelError, "asks for an account .status 401.; choose another of `newsdesk models list`"),
        (403, ModelError, "asks for an account .status 403.; choose another of `newsdesk models list`"),
        (404, ModelError, "no such file .status 404.; check HF_ENDPOINT"),
        (410, ModelError, "refuses the file .status 410.; check HF_ENDPOINT"),
        (416, ModelUnavailable, "broke off"),
        (429, ModelUnavailable, "cannot serve the file now .status 429."),
        (503, ModelUnavailable, "cannot serve the file now .status 503.; later the same command goes on"),
    ],
)
def test_a_refusal_says_what_to_do_and_costs_nothing_that_has_arrived(
    hub: Hub, tmp_path: Path, status: int, kind: type[NewsdeskError], words: str
) -> None:
    hub.status = status
    with pytest.raises(kind, match=words) as failure:
        fetch(hub, tmp_path)
    assert type(failure.value) is kind
    assert left_in(tmp_path) == set()
    if status != 416:
        leave_half(tmp_path)
        with pytest.raises(kind):
            fetch(hub, tmp_path)
        assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:HALF]


def test_a_hub_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ModelUnavailable, match="cannot be reached; check the connection, or set HF_ENDPOINT"):
            fetch_model(model(), tmp_path, hub=address)


def test_a_disk_without_room_is_refused_before_anything_is_asked_for(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"0\.2 GB are needed in .*, 0\.1 GB are free; make room, or set NEWSDESK_"):
        fetch_model(model(), tmp_path, hub=hub.url, free_bytes=lambda _: 100_000_000)
    assert hub.paths == []


def test_what_has_arrived_needs_no_room_again(hub: Hub, tmp_path: Path) -> None:
    leave_half(tmp_path)
    room = len(CONTENT) - HALF + 200_000_000
    assert fetch_model(model(), tmp_path, hub=hub.url, free_bytes=lambda _: room).read_bytes() == CONTENT


def test_a_disk_that_fills_up_keeps_the_part(hub: Hub, tmp_path: Path) -> None:
    def full(done: int, total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match=r"no space left on device\); make room; the same command goes on"):
        fetch_model(model(), tmp_path, hub=hub.url, progress=full)
    assert "tiny.gguf.part" in left_in(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="set NEWSDESK_CACHE to a writable folder"):
        fetch(hub, tmp_path / "file")


def test_two_processes_do_not_write_into_one_part(hub: Hub, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".tiny.gguf.lock"), pytest.raises(ModelUnavailable, match="another process is fetching"):
        fetch(hub, tmp_path)


def test_no_token_of_the_environment_is_sent(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(hub, tmp_path)
    assert hub.credentials == []


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, HUB),
        ({"HF_ENDPOINT": ""}, HUB),
        ({"HF_ENDPOINT": "https://mirror.example/hub/", "HF_HUB_OFFLINE": "0"}, "https://mirror.example/hub"),
    ],
)
def test_the_hub_is_where_hf_endpoint_says(environment: dict[str, str], address: str) -> None:
    assert hub_address(environment) == address


@pytest.mark.parametrize("value", ["mirror.example", "ftp://mirror.example", "https://", "http://[::1"])
def test_an_endpoint_that_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="HF_ENDPOINT is no web address"):
        hub_address({"HF_ENDPOINT": value})


def test_the_hub_is_left_alone_where_the_environment_forbids_it() -> None:
    with pytest.raises(UsageError, match="HF_HUB_OFFLINE forbids"):
        hub_address({"HF_HUB_OFFLINE": "1"})
