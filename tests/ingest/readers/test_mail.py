"""Letters: what they say is the article, and nothing of what mail puts around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.report import Problem
from ingest.text.unicode import normalised
from tests.ingest.readers.letters import HTML, PARAGRAPH, article, letter, read


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


@pytest.mark.timeout(60)
@pytest.mark.parametrize("fold", [b" ", b"\n "])
def test_a_header_of_parameters_without_end_is_reported(fold: bytes) -> None:
    parameters = b";".join(fold + b"a%d=b" % number for number in range(80_000))
    found = read(b"Subject: x\nContent-Type: text/plain;" + parameters + b"\n\nThe council met.\n")
    assert isinstance(found, Problem)
    assert found.reason == "has a header of over 10,000 characters; save its text as a file"
