"""Newsletters as mail: what a reader of the message reads goes in, whatever program wrote it."""

from __future__ import annotations

import mailbox
import tracemalloc
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.mail import EmlReader, MboxReader
from ingest.report import Problem
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle

LIMITS = Limits(max_mb=2)
PARAGRAPH = (
    "The council met on Wednesday evening and elected Mara Quist as its chair, by eleven votes to four, after a debate "
    "that lasted for three hours. "
)
HTML = f"""<html lang="en"><body>
<div style="display:none">A preheader that nobody sees.</div>
<p><a href="https://m.example/1">View in browser</a></p>
<article><h1>New chair</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article>
<p>You are receiving this because you signed up.</p>
<p><a href="https://m.example/2">Unsubscribe</a> | Privacy policy</p>
<img src="https://m.example/pixel.gif"><script>steal()</script></body></html>"""


def letter(text: str = "The council met.\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "Subject": "New chair – a first",  # noqa: RUF001
        "From": '"Harbour Standard" <news@harbour.example>',
        "Date": "Wed, 19 Jun 2024 10:30:00 +0200",
        "Message-ID": "<7@harbour.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        message[name] = value
    message.set_content(text)
    return message


def read(content: bytes, *, limits: Limits = LIMITS) -> RawArticle | Problem:
    (found,) = EmlReader().read(Document.of_bytes(content, where="a.eml", name="a.eml"), limits)
    return found


def article(message: EmailMessage | bytes) -> RawArticle:
    found = read(message if isinstance(message, bytes) else message.as_bytes())
    assert isinstance(found, RawArticle), found
    return found


def box(*messages: bytes) -> list[RawArticle | Problem]:
    content = b"".join(b"From a@b.example Wed Jun 19 10:30:00 2024\n" + message + b"\n" for message in messages)
    return list(MboxReader().read(Document.of_bytes(content, where="a.mbox", name="a.mbox"), LIMITS))


def test_a_letter_is_an_article() -> None:
    found = article(
        letter(Archived_At="<https://Lists.example/7?utm_source=x>", List_Archive="<https://lists.example/>")
    )
    assert (found.title, found.outlet, found.text) == (
        "New chair – a first",  # noqa: RUF001
        "Harbour Standard",
        "The council met.",
    )
    assert (found.published, found.precision) == (datetime(2024, 6, 19, 8, 30, tzinfo=UTC), "minute")
    assert (found.url, found.given_id, found.where) == ("https://lists.example/7", "7@harbour.example", "a.eml")
    assert found.notes == ()


def test_the_address_of_a_list_is_not_the_address_of_its_letter() -> None:
    assert article(letter(List_Archive="<https://lists.example/>")).url == ""


def test_html_is_read_as_the_article_that_it_shows() -> None:
    message = letter("Read it in your browser.")
    message.add_alternative(HTML, subtype="html")
    found = article(message)
    assert found.text.count("elected Mara Quist") == 3
    assert not any(word in found.text for word in ("steal", "preheader", "browser", "receiving", "Unsubscribe", "<"))


@pytest.mark.parametrize("character", ["\x05", "&#5;", "\ufffe"])
def test_characters_that_markup_may_not_hold_stop_no_letter(character: str) -> None:
    message = letter()
    message.set_content(f"{character}The council{character} met on Monday.", subtype="html", cte="base64")
    assert normalised(article(message).text) == "The council met on Monday."


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<html><body class='x'>{}</body></html>",
        "<table><tr><td><table><tbody><tr><td>{}</td></tr></tbody></table></td></tr></table>",
    ],
)
def test_lists_of_an_html_letter_are_read(around: str) -> None:
    prose = "<p>The council of Elmport met on Tuesday evening and counted the boats at its piers once more.</p>"
    listed = "<ul><li>East pier: 11 boats</li><li>West pier: 2400 boats</li></ul>"
    message = letter("x")
    message.add_alternative(around.format(f"{prose}{listed}{prose.replace('Tuesday', 'Friday')}"), subtype="html")
    found = article(message)
    assert "- East pier: 11 boats\n- West pier: 2400 boats" in found.text


def test_a_newsletter_of_many_items_keeps_them_all() -> None:
    items = "".join(
        f"<table><tr><td><h2>Item {number}</h2></td></tr><tr><td>The council of ward {number} met on Wednesday and "
        f"spent {number} million on its harbour, said its chair.</td></tr></table>"
        for number in range(10, 30)
    )
    message = letter("x")
    message.add_alternative(f"<html><body>{items}</body></html>", subtype="html")
    assert all(f"ward {number} met" in article(message).text for number in range(10, 30))


def test_plain_text_counts_where_html_only_shows_pictures_of_it() -> None:
    message = letter(PARAGRAPH)
    message.add_alternative('<html><body><img src="cid:1"><p>Hello.</p></body></html>', subtype="html")
    assert article(message).text == PARAGRAPH.strip()


def test_flowed_text_is_joined() -> None:
    content = (
        b"Subject: x\nContent-Type: text/plain; format=flowed\n\nThe council \nmet on \nWednesday.\n From here on.\n"
        b"> a quoted line\nIt rose.\n"
    )
    assert article(content).text == "The council met on Wednesday.\nFrom here on.\n> a quoted line\nIt rose."
    deleting = content.replace(b"=flowed", b"=flowed; delsp=yes").replace(b"The council \n", b"The coun \n")
    assert article(deleting.replace(b"met on \n", b"cil  \n")).text.startswith("The council Wednesday.")


def test_wrapped_paragraphs_are_joined_and_the_signature_goes() -> None:
    text = (
        "The council met on Wednesday evening and elected Mara Quist as\n"
        "its chair, by eleven votes to four, after a debate that lasted\nfor three hours.\n\nIt rose.\n\n-- \nHarbour\n"
    )
    assert article(letter(text)).text == text.partition("\n\n-- ")[0].replace("as\nits", "as its").replace(
        "lasted\nfor", "lasted for"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Unsubscribe",
        "Unsubscribe <https://m.example/u?x=1>",
        "View in browser | Privacy policy",
        "View this email in your browser: https://m.example/1",
        "You're receiving this email because you signed up on our site.",
        "© 2024 Harbour Standard, 1 Quay Street",
        "To unsubscribe, click here https://m.example/u",
    ],
)
def test_what_belongs_to_the_mail_is_left_out(line: str) -> None:
    assert article(letter(f"The council met.\n\n{line}\n")).text == "The council met."


@pytest.mark.parametrize(
    "line",
    [
        "Privacy policy changes are due in May, said the ministry.",
        "Unsubscribe rates rose.",
        "Read online or on paper.",
    ],
)
def test_sentences_about_such_things_stay(line: str) -> None:
    assert line in article(letter(f"The council met.\n\n{line}\n")).text


def test_attachments_are_named_in_one_note() -> None:
    message = letter()
    for number in range(7):
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    message.add_attachment("Not the letter.", filename="notes.txt")
    found = article(message)
    assert found.text == "The council met."
    assert found.notes == (
        "attachments are not read: 0.pdf, 1.pdf, 2.pdf, 3.pdf, 4.pdf and 3 more; save those that are articles and give "
        "them as files",
    )


def test_a_forwarded_message_is_an_attachment() -> None:
    message = letter()
    message.add_attachment(letter("The old letter."))
    assert article(message).text == "The council met."
    assert len(article(message).notes) == 1


def test_only_attachments_are_no_article() -> None:
    message = letter("")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert read(message.as_bytes()) == Problem("a.eml", "holds no text, only attachments")
    assert read(letter("").as_bytes()) == Problem("a.eml", "has no text")


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Le café est fermé."),
        ("iso-8859-1", "Le café est fermé."),
        ("windows-1252", "“Closed”, said Ruiz."),
        ("iso-2022-jp", "評議会は水曜日に開かれた。"),
        ("utf-16", "Le café est fermé."),
        ("no-such-charset", "Le cafe est ferme."),
        ("undefined", "Le cafe est ferme."),
    ],
)
@pytest.mark.parametrize("declared", ["", "us-ascii"])
def test_charsets_are_read_as_declared_and_where_that_is_wrong_as_it_fits(
    charset: str, text: str, declared: str
) -> None:
    stored = text.encode("ascii" if charset in ("no-such-charset", "undefined") else charset)
    if declared and charset in ("iso-2022-jp", "utf-16"):
        return
    head = f"Subject: x\nContent-Type: text/plain; charset={declared or charset}\n\n".encode()
    assert article(head + stored).text == text


def test_a_header_of_a_part_that_makes_no_sense_does_no_harm() -> None:
    head = b"Subject: x\nContent-Type: text/plain; charset*0=utf; charset*=-8; charset*1=x\n\n"
    assert article(head + b"The council met.").text == "The council met."


def test_an_encoding_that_is_none_does_no_harm() -> None:
    head = b"Subject: x\nContent-Type: text/plain; charset=undefined\n\n"
    assert article(head + "Le café est fermé.".encode("cp1252")).text == "Le café est fermé."


@pytest.mark.parametrize(
    ("stored", "title"),
    [
        (b"=?utf-8?q?Caf=C3=A9_closed?=", "Café closed"),
        (b"=?utf-8?b?Q2Fmw6k=?=\n =?utf-8?q?_closed?=", "Café closed"),
        ("Café closed".encode(), "Café closed"),
        ("Café closed".encode("cp1252"), "Café closed"),
        (b"=?no-such?q?Caf=C3?= x", "=?no-such?q?Caf=C3?= x"),
        (b"=?utf-8?b?Q2F?=", "Ca"),
        (b"Two\n lines", "Two lines"),
    ],
)
def test_subjects_are_decoded(stored: bytes, title: str) -> None:
    assert article(b"Subject: " + stored + b"\n\nThe council met.\n").title == title


@pytest.mark.parametrize(
    ("sender", "outlet"),
    [
        (b'"Ruiz, Ana" <a@b.example>', "Ruiz, Ana"),
        (b"=?utf-8?q?Ruiz=2C_Ana?= <a@b.example>", "Ruiz, Ana"),
        (b"a@b.example", ""),
        (b'"a@b.example" <a@b.example>', ""),
        (b"(" * 4000, ""),
        (b"", ""),
    ],
)
def test_the_sender_is_the_outlet(sender: bytes, outlet: str) -> None:
    assert article(b"Subject: x\nFrom: " + sender + b"\n\nThe council met.\n").outlet == outlet


def test_a_date_that_is_none_is_noted() -> None:
    found = article(b"Subject: x\nDate: yesterday\n\nThe council met.\n")
    note = "the date in 'Date' is no date that can be read ('yesterday'); the article's date is unknown"
    assert (found.published, found.notes) == (None, (note,))


@pytest.mark.parametrize("content", [b"", b"The council met.\n", b"\n\nFrom here on.\n", bytes(range(256))])
def test_what_is_no_message_is_reported(content: bytes) -> None:
    assert read(content) == Problem("a.eml", "is no mail message: it has neither 'From' nor 'Subject'")


def test_parts_nested_without_end_are_reported() -> None:
    for depth in (30, 3000):
        content = b"Subject: x\n" + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(depth)
        )
        found = read(content + b"\nThe council met.\n")
        assert isinstance(found, Problem)
        assert "nested" in found.reason


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
