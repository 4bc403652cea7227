"""Text in many encodings, and bytes that are no text."""
# ruff: noqa: RUF001  (marks of many languages)

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.text.decoding import BINARY, decode, read_text
from ingest.types import Document, Limits
from rag.errors import SourceError

SAMPLES = {
    "english": "The café’s owner said “no” — it’s déjà vu.",
    "french": "Le président a déclaré que l’été serait très chaud à Genève.",
    "spanish": "El señor Núñez llegó mañana a España según la compañía.",
    "polish": "Premier powiedział, że wszyscy będą mieć więcej pieniędzy i że żółw jest powolny.",
    "russian": "Президент заявил, что переговоры продолжатся завтра в Минске. Стороны согласились.",
    "chinese": "部长昨天抵达首都参加会谈，双方同意继续合作。",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("english", "cp1252"), ("french", "cp1252"), ("spanish", "latin-1"), ("polish", "cp1250"),
     ("russian", "cp1251"), ("chinese", "gb18030"),
     ("chinese", "utf-8"), ("russian", "utf-8-sig"), ("chinese", "utf-16"), ("french", "utf-32")],
)  # fmt: skip
def test_text_is_decoded_whatever_its_encoding(language: str, encoding: str) -> None:
    assert decode(SAMPLES[language].encode(encoding)) == SAMPLES[language]


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8() -> None:
    assert decode(SAMPLES["russian"].encode("koi8-r"), declared="koi8-r") == SAMPLES["russian"]
    assert decode(SAMPLES["english"].encode("cp1252"), declared="ISO-8859-1") == SAMPLES["english"]
    assert decode(SAMPLES["russian"].encode(), declared="latin-1") == SAMPLES["russian"]


def test_an_encoding_that_does_not_exist_is_ignored() -> None:
    assert decode(SAMPLES["french"].encode("cp1252"), declared="no-such-encoding") == SAMPLES["french"]


def test_a_broken_byte_does_not_turn_utf8_into_another_encoding() -> None:
    assert decode((SAMPLES["chinese"] * 3).encode()[:-1]) == (SAMPLES["chinese"] * 3)[:-1]


@pytest.mark.parametrize(
    "data", [b"text\0text", b"%PDF-1.7 text", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08", b"\x7fELF"]
)
def test_binary_content_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="looks like a binary file"):
        decode(data)
    assert BINARY.startswith("looks like a binary file")


def test_a_file_over_the_limit_is_refused_with_the_setting_that_helps(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"word " * 200_001)
    with pytest.raises(SourceError, match=r"^is larger than 1 MB; raise NEWSDESK_MAX_FILE_MB$"):
        read_text(Document.of_file(large), Limits(max_mb=1))
    assert len(read_text(Document.of_file(large), Limits(max_mb=2))) == 1_000_005
