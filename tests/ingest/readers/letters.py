"""Small letters and mailboxes, and what the readers make of them."""

from __future__ import annotations

from email.message import EmailMessage

from ingest.readers.mail import EmlReader, MboxReader
from ingest.report import Problem
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
