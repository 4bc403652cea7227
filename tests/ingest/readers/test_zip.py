"""ZIP archives: every honest file comes back byte for byte, and nothing that an archive claims does harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import zip as zip_archive
from ingest.readers.zip import zip_members
from ingest.report import Problem, Skipped
from ingest.types import Document, Limits
from rag.errors import SourceError

LIMITS = Limits(max_mb=3)


def packed(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def members(content: bytes, limits: Limits = LIMITS) -> list[Document | Problem | Skipped]:
    return list(zip_members(Document.of_bytes(content, where="news.zip", name="news.zip"), limits))


def reason(content: bytes) -> str:
    (problem,) = members(content)
    assert isinstance(problem, Problem)
    return problem.reason


def document(content: bytes) -> Document:
    (found,) = members(content)
    assert isinstance(found, Document)
    return found


@given(
    st.dictionaries(st.text("abc/äé中 ", min_size=1).map(lambda name: "x" + name + "x.txt"), st.binary(max_size=3000)),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_what_was_packed_comes_back_byte_for_byte_and_sorted_by_name(files: dict[str, bytes], compression: int) -> None:
    if not files:
        return
    found = members(packed(files, compression=compression))
    assert [item.read(LIMITS) for item in found if isinstance(item, Document)] == [files[key] for key in sorted(files)]
    assert len(found) == len(files)


def test_members_are_named_by_archive_and_place() -> None:
    found = document(packed({"folder/name.txt": b"The council met."}))
    assert (found.where, found.name, found.url) == ("news.zip › folder/name.txt", "name.txt", "")  # noqa: RUF001


def test_a_member_can_be_opened_again_and_after_the_iteration() -> None:
    found = document(packed({"a.txt": b"The council met."}))
    with found.open() as first, found.open() as second:
        assert (first.read(3), second.read(), first.read(4)) == (b"The", b"The council met.", b" cou")
        assert first.seek(0) == 0
    assert found.head(3) == b"The"


@pytest.mark.parametrize(
    "name", ["../a.txt", "a/../../b.txt", "/etc/passwd", "C:/a.txt", "C:a.txt", "..\\a.txt", "\\\\host\\share\\a.txt"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert reason(packed({name: b"x"})) == "has a name that leads out of the archive; it is left out"


def test_a_name_that_hides_its_end_is_refused() -> None:
    content = packed({"a.txt_.exe": b"x"}).replace(b"a.txt_.exe", b"a.txt\0.exe")
    assert reason(content) == "has a name that leads out of the archive; it is left out"
    assert (
        reason(packed({"xa.txt": b"x"}).replace(b"xa.txt", b"\0a.txt"))
        == "has a name that leads out of the archive; it is left out"
    )


def test_windows_folders_are_folders() -> None:
    assert document(packed({"folder\\a.txt": b"x"})).name == "a.txt"


def test_hidden_files_and_folders_are_left_out() -> None:
    files = {".git/a.txt": b"x", "__MACOSX/._b.txt": b"x", "c/.d.txt": b"x", "folder/": b"", "e.txt": b"x"}
    assert document(packed(files)).name == "e.txt"


def test_links_are_skipped() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("passwords.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert members(content.getvalue()) == [Skipped("news.zip › passwords.txt", "is a link")]  # noqa: RUF001


def test_terminal_codes_in_names_are_not_passed_on() -> None:
    found = document(packed({"a\x1b[31m\n.txt": b"x"}))
    assert "\x1b" not in found.where + found.name
    assert "\n" not in found.where + found.name


@pytest.mark.parametrize(
    ("compression", "expected"),
    [
        (zipfile.ZIP_BZIP2, "is compressed in a way that Newsdesk does not read; unpack it and give the file"),
        (zipfile.ZIP_LZMA, "is compressed in a way that Newsdesk does not read; unpack it and give the file"),
    ],
)
def test_compressions_without_a_bound_are_refused(compression: int, expected: str) -> None:
    assert reason(packed({"a.txt": b"x"}, compression=compression)) == expected


def test_an_encrypted_member_is_refused_with_what_to_do() -> None:
    content = bytearray(packed({"a.txt": b"x"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert reason(bytes(content)) == "is encrypted; unpack it with its password and give the file"


def test_an_archive_inside_an_archive_is_not_opened() -> None:
    inner = packed({"a.txt": b"x"})
    assert reason(packed({"b.zip": inner})) == "is an archive inside an archive; unpack it and give it by itself"


def test_a_member_over_the_limit_is_refused_and_the_next_is_read() -> None:
    first, second = members(packed({"a.txt": bytes(3_000_001), "b.txt": b"x"}))
    assert isinstance(first, Problem)
    assert first.reason == "is larger than 3 MB; raise NEWSDESK_MAX_FILE_MB"
    assert isinstance(second, Document)


def test_a_bomb_is_refused_unopened() -> None:
    assert reason(packed({"a.txt": bytes(2_000_000)})) == (
        "expands more than 200-fold, as a decompression bomb does; it is left out"
    )


def test_a_size_that_is_a_lie_gives_no_more_bytes_than_it_says() -> None:
    content = bytearray(packed({"a.txt": bytes(2_000_000)}))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<L", 1000)
    with pytest.raises(SourceError, match=r"is damaged; make the archive anew") as raised:
        document(bytes(content)).open()
    assert raised.value.where == "news.zip › a.txt"  # noqa: RUF001


def test_files_that_share_their_bytes_are_refused() -> None:
    """The non-recursive bomb: many entries, one compressed kernel (Fifield, "A better zip bomb", 2019)."""
    content = packed({"a.txt": b"The council met." * 100})
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entries = b"".join(content[start:end].replace(b"a.txt", b"%c.txt" % letter) for letter in b"abcdefgh")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 8, 8, len(entries), start, 0)
    assert reason(content[:start] + entries + tail) == (
        "has files that share their bytes, as a decompression bomb does; make it anew"
    )


def test_more_files_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_MEMBERS", 2)
    assert reason(packed({"a": b"", "b": b"", "c": b""})) == "holds more than 2 files; unpack it and give the folder"


def test_more_bytes_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_TOTAL_BYTES", 2_000_000_000)
    content = bytearray(packed({"a": b"", "b": b""}))
    for entry in (content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")):
        content[entry + 24 : entry + 28] = struct.pack("<L", 1_500_000_000)
    assert reason(bytes(content)) == "unpacks to more than 2 GB; unpack it and give the folder"


def test_a_directory_over_the_bound_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_DIRECTORY_BYTES", 66_000)
    content = packed({f"{number:0100}": b"" for number in range(2000)})
    assert reason(content) == "has a directory that is too large; unpack it and give the folder"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no archive at all", packed({"a.txt": b"x"})[:-30]],
    ids=["empty", "beginning", "text", "without its end"],
)
def test_what_is_no_archive_is_reported(content: bytes) -> None:
    assert reason(content) == "is damaged, or no ZIP archive; make it anew"


def test_an_empty_archive_is_reported() -> None:
    assert reason(packed({})) == "holds no files"


def test_a_damaged_member_is_reported_and_the_others_are_read() -> None:
    content = bytearray(packed({"a.txt": b"The council met.", "b.txt": b"It rose."}, compression=zipfile.ZIP_STORED))
    content[content.index(b"council")] ^= 1
    first, second = members(bytes(content))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    with pytest.raises(SourceError, match="is damaged; make the archive anew"):
        first.open()
    assert second.read(LIMITS) == b"It rose."


def test_a_broken_deflate_stream_is_reported() -> None:
    text = bytes(range(256)) * 20
    content = packed({"a.txt": text})
    start = content.index(zlib.compress(text, 6)[2:8])
    found = document(content[:start] + b"\xff" * 8 + content[start + 8 :])
    with pytest.raises(SourceError, match="is damaged; make the archive anew"):
        found.open()
