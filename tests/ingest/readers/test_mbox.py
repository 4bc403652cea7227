"""Mailboxes: every message read, whatever parts them, and no message ended by prose."""

from __future__ import annotations

import mailbox
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.mail import MboxReader
from ingest.report import Problem
from ingest.types import Document, RawArticle
from tests.ingest.readers.letters import LIMITS, PARAGRAPH, article, box, letter, read


def test_a_message_over_the_limit_is_reported() -> None:
    content = letter().as_bytes() + b"x" * 2_000_000 + b"\n"
    assert read(content) == Problem("a.eml", "is larger than 2 MB; raise NEWSDESK_MAX_FILE_MB")
    first, last = box(content, letter("It rose.").as_bytes())
    assert first == Problem("a.mbox, message 1", "is larger than 2 MB; raise NEWSDESK_MAX_FILE_MB")
    assert isinstance(last, RawArticle)
    assert (last.text, last.where) == ("It rose.", "a.mbox, message 2")


def test_lines_that_only_look_like_the_beginning_of_a_message_do_not_cut_it() -> None:
    text = "The council met.\n\nFrom now on it meets weekly.\nFrom a@b.example Wed Jun 19 10:30:00 2024\n"
    (found,) = box(b"Subject: x\n\n" + text.encode())
    assert isinstance(found, RawArticle)
    assert found.text == text.strip()


def test_one_message_in_two_mailboxes_is_one_article() -> None:
    content = letter().as_bytes()
    (first,) = box(content)
    assert isinstance(first, RawArticle)
    assert (first.source, first.given_id) == (article(content).source, article(content).given_id)


@pytest.mark.parametrize("content", [b"", b"Subject: x\n\nThe council met.\n", b"\n\n"])
def test_a_mailbox_without_a_message_is_reported(content: bytes) -> None:
    assert list(MboxReader().read(Document.of_bytes(content, where="a.mbox", name="a.mbox"), LIMITS)) == [
        Problem("a.mbox", "holds no message; a mailbox begins with a line 'From …'")
    ]


WORDS = st.lists(
    st.sampled_from(["From", "here", "on", ">From", "> From", "council", "10:30", "\nFrom ", "\n\nFrom a"])
)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=5))
def test_what_the_mailbox_module_wrote_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("box") / "a.mbox"
    stored = mailbox.mbox(path)
    bodies = [f"Letter {number}. {text} end." for number, text in enumerate(texts)]
    for body in bodies:
        stored.add(letter(body + "\n"))
    stored.close()
    found = list(MboxReader().read(Document.of_file(path), LIMITS))

    def words(text: str) -> list[str]:
        # Long lines are wrapped, and where one then begins with ">From " nobody can tell who wrote the mark.
        return text.replace(">From", "From").split()

    assert [words(item.text) for item in found if isinstance(item, RawArticle)] == [words(body) for body in bodies]


def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    one = b"From a@b.example Wed Jun 19 10:30:00 2024\n" + letter(PARAGRAPH * 100).as_bytes() + b"\n"
    path.write_bytes(one * 300)
    tracemalloc.start()
    count = sum(isinstance(item, RawArticle) for item in MboxReader().read(Document.of_file(path), LIMITS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 300
    assert peak < path.stat().st_size / 4


@pytest.mark.parametrize(
    "separator",
    [
        "From ana@harbour.example Wed Jun 19 14:00:00 2024",
        "From 1801@xxx Wed Jun 19 14:00:00 +0000 2024",
        "From ana@harbour.example Wed Jun  9 14:00 CEST 2024",
        "From - Wed Jun 19 14:00:00 2024",
        "From ???@??? Wed Jun 19 14:00:00 2024",
        "From MAILER-DAEMON Wed, 19 Jun 2024 14:00:00 +0200",
        "From ana@harbour.example 2024-06-19T14:00:00Z",
        'From "Ana Ruiz" Wed Jun 19 14:00:00 2024',
        "From uucp!ana Wed Jun 19 14:00:00 2024 remote from harbour",
        "From ana@harbour.example",
        "From -",
        "From ",
        "From",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_messages_are_parted_by_every_usual_separator(separator: str, line_end: str) -> None:
    messages = [f"{separator}\nSubject: {number}\nDate: x\n\nThe council met.\n\n" for number in (1, 2, 3)]
    content = "".join(messages).replace("\n", line_end).encode()
    found = list(MboxReader().read(Document.of_bytes(content, where="a.mbox", name="a.mbox"), LIMITS))
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "separator",
    [
        "From ana",
        "From ana@harbour.example Mi Okt 16 14:00:00 2024",
        "From ana@harbour.example Wed Jun 19 14:00:00 24",
        "From ana@harbour.example 1718805900",
    ],
)
def test_an_unusual_separator_is_known_by_the_header_behind_it(separator: str) -> None:
    messages = [
        f"{separator}\nFrom: Ana <ana@harbour.example>\nSubject: {number}\n\nThe council met.\n\n"
        for number in (1, 2, 3)
    ]
    found = list(
        MboxReader().read(Document.of_bytes("".join(messages).encode(), where="a.mbox", name="a.mbox"), LIMITS)
    )
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "prose",
    [
        "From Monday on the first boat leaves at 06:30.\nNote: bring a coat.",
        "From the mayor\nSubject: the pier",
        "From Ana Wed Jun 19 14:00:00 2024\nNote: bring a coat.",
        "From nobody to somebody\nDate: today we meet",
        "From 14:00 on Wed Jun 19 2024 until 16:00\nthe hall is closed.",
        "From\nNote: nobody",
        "From ana@harbour.example\n\nsaid nothing.",
        "From ana@harbour.example Wed Jun 19 14:00:00 2024\nthe letter came.",
    ],
)
def test_prose_that_begins_like_a_separator_ends_no_message(prose: str) -> None:
    message = f"From - Wed Jun 19 14:00:00 2024\nSubject: Pier\n\nThe council met.\n\n{prose}\n\nIt closed.\n"
    found = list(MboxReader().read(Document.of_bytes(message.encode(), where="a.mbox", name="a.mbox"), LIMITS))
    assert [one.text.split()[-2:] for one in found if isinstance(one, RawArticle)] == [["It", "closed."]]
