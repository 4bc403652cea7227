"""Newsletters as mail: single messages (EML) and mailboxes (mbox), read message by message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parseaddr
from typing import BinaryIO

from ingest.metadata.canonical_url import canonical_url
from ingest.metadata.dates import Published, UnreadableDate, read_date
from ingest.readers.base import BySuffix
from ingest.readers.mail_body import text_of_html, text_of_plain
from ingest.report import Problem
from ingest.text.decoding import decode
from ingest.text.unicode import one_line
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

MAX_LINES = 1_000_000
"""`email` holds every line as a string of its own, some 60 bytes more than its letters."""

MAX_DEPTH = 20
MAX_PARTS = 1000
_MAX_HEADER_CHARACTERS = 5000
_MAX_NAMED_ATTACHMENTS = 5
_MAX_CONTENT_HEADER = 10_000
_CONTENT_HEADER = re.compile(
    rb"^content-(?:type|disposition)[ \t]*+:[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+", re.IGNORECASE | re.MULTILINE
)
"""`email` compares each parameter of these with the rest of the header."""

_READ_AT_ONCE = 1 << 16
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = rb"\d{1,2}:\d\d(?::\d\d)?"
_ZONE = rb"(?:[A-Z]{1,5}|[+-]\d{4})"
_DATED_FROM = re.compile(
    rb"From (?:.{0,300} )?(?:"
    rb"(?:[A-Z][a-z]{2} )?%(month)s +\d{1,2} %(clock)s(?: %(zone)s)? \d{4}(?: %(zone)s)?"
    rb"|(?:[A-Z][a-z]{2},? )?\d{1,2} %(month)s \d{4}(?: %(clock)s)?(?: %(zone)s)?"
    rb"|\d{4}-\d\d-\d\d(?:[T ]%(clock)s)?(?:Z|[+-]\d\d:?\d\d)?"
    rb")(?: remote from \S+)?\s*" % {b"month": _MONTHS, b"clock": _CLOCK, b"zone": _ZONE}
)
"""The separator of RFC 4155 and of the programs that write another date: in the order of asctime, of mail, or ISO."""

_BARE_FROM = re.compile(rb"From(?: -| \S+@\S+| MAILER-DAEMON)?\s*")
_HEADER_LINE = re.compile(rb"(?P<name>[!-9;-~]{1,100}):")
_SENT_HEADERS = frozenset([b"from", b"received", b"return-path", b"message-id"])
_SURE_HEADERS = _SENT_HEADERS | {b"subject", b"date"}
_FEWEST_SURE = 2
_MAX_SEPARATOR = 300
_MAX_LOOKED_AT = 200
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_SEVEN_BIT = ("iso-2022", "hz", "utf-7", "utf-16", "utf-32")
_SOURCE = "mail"
"""The same for every mailbox: the id of a message is the world's, so that it is one article wherever it lies."""


class EmlReader(BySuffix):
    """`.eml`: one message, one article."""

    name: str = "eml"
    suffixes: tuple[str, ...] = (".eml",)

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        try:
            yield article_of_message(document.read(limits), where=document.where)
        except SourceError as error:
            yield Problem(document.where, str(error))


class MboxReader(BySuffix):
    """`.mbox`: one article a message, whatever the number of messages; quoted "From " lines as mboxrd has them."""

    name: str = "mbox"
    suffixes: tuple[str, ...] = (".mbox", ".mbx")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`. A message that cannot be read is a problem with its number; the others go in."""
        number = 0
        with document.open() as file:
            for number, message in enumerate(_messages(file, limits.max_bytes), start=1):
                where = f"{document.where}, message {number}"
                try:
                    if len(message) > limits.max_bytes:
                        raise SourceError(limits.sentence)
                    yield article_of_message(_QUOTED_FROM.sub(rb"\1", message), where=where)
                except SourceError as error:
                    yield Problem(where, str(error))
        if number == 0:
            yield Problem(document.where, "holds no message; a mailbox begins with a line 'From …'")


def _messages(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Yield the messages of a mailbox; of one over the bound a little more than the bound.

    A message begins with a separator, at the beginning of the file or where `_separates` says so: other lines that
    begin with "From " are prose.
    """
    message: bytearray | None = None
    after_blank = at_line_start = True
    while line := file.readline(_READ_AT_ONCE):
        if at_line_start and line.startswith(b"From") and _separates(line, file, after_blank, is_first=message is None):
            if message is not None:
                yield bytes(message)
            message = bytearray()
        elif message is not None and len(message) <= max_bytes:
            message += line
        after_blank = at_line_start and line in (b"\n", b"\r\n")
        at_line_start = line.endswith(b"\n")
    if message is not None:
        yield bytes(message)


def _separates(line: bytes, file: BinaryIO, after_blank: bool, *, is_first: bool) -> bool:
    """Whether a line parts two messages: by its form, and by the header that has to follow.

    One with a date needs no empty line above it. One in an unusual form (a bare name, a month in another language,
    seconds since 1970) needs one, and more of a header than prose passes for.
    """
    if not (_DATED_FROM.fullmatch(line) or after_blank) or len(line) > _MAX_SEPARATOR or line[4:5].strip() != b"":
        return False
    sure = _SURE_HEADERS.intersection(_header_names(file, _MAX_LOOKED_AT))
    if is_first or _DATED_FROM.fullmatch(line) or _BARE_FROM.fullmatch(line):
        return bool(sure)
    return len(sure) >= _FEWEST_SURE and not sure.isdisjoint(_SENT_HEADERS)


def _header_names(file: BinaryIO, most: int) -> list[bytes]:
    """Return the names of the header that stands next in a file, in small letters; of at most so many lines."""
    here = file.tell()
    names: list[bytes] = []
    for _ in range(most):
        line = file.readline(_READ_AT_ONCE)
        header = _HEADER_LINE.match(line)
        if header is not None:
            names.append(header["name"].lower())
        elif not names or not line.startswith((b" ", b"\t")):
            break
    file.seek(here)
    return names


def article_of_message(data: bytes, *, where: str) -> RawArticle:
    """Return the article of one message; raises SourceError where it holds none.

    The text comes from the HTML part where that says as much as the plain one; attachments are named in a note.
    `email`'s older policy reads the message: the newer one raises many kinds of errors for broken headers.
    """
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        raise SourceError(f"has more than {MAX_LINES:,} lines; take its attachments out")
    if any(len(header) > _MAX_CONTENT_HEADER for header in _CONTENT_HEADER.findall(data)):
        raise SourceError(f"has a header of over {_MAX_CONTENT_HEADER:,} characters; save its text as a file")
    try:
        message = message_from_bytes(data, policy=policy.compat32)
    except (RecursionError, ValueError, MessageError) as error:
        raise SourceError("is nested too deeply, or no mail message") from error
    if not any(name in message for name in ("From", "Subject", "Date", "Message-ID")):
        raise SourceError("is no mail message: it has neither 'From' nor 'Subject'")
    parts = _Parts()
    text = "\n\n".join(body.text for body in parts.bodies(message)).strip()
    if not text:
        raise SourceError("holds no text, only attachments" if parts.attachments else "has no text")
    published, date_notes = _published(message)
    return RawArticle(
        where=where,
        source=_SOURCE,
        text=text,
        title=_header(message, "Subject"),
        outlet=_sender(message),
        url=canonical_url(_header(message, "Archived-At").strip("<> ")),
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        given_id=_header(message, "Message-ID").strip("<> "),
        notes=(*date_notes, *parts.notes),
    )


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    is_html: bool


@dataclass(slots=True)
class _Parts:
    """The parts of one message: those that are read, and the names of those that are not."""

    attachments: list[str] = field(default_factory=list)
    count: int = 0

    def bodies(self, part: Message, depth: int = 0) -> list[_Body]:
        """Return the texts of the part in order; of alternatives one. Raises SourceError where there are too many."""
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_PARTS:
            raise SourceError(f"has parts nested more than {MAX_DEPTH} deep, or more than {MAX_PARTS:,} of them")
        kind = part.get_content_type()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            children = [self.bodies(child, depth + 1) for child in part.get_payload() if isinstance(child, Message)]
            if kind == "multipart/alternative":
                return _best(children)
            return [body for bodies in children for body in bodies]
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            if not kind.startswith(("image/", "multipart/")) and "signature" not in kind:
                self.attachments.append(one_line(_file_name(part) or kind, at_most=100))
            return []
        return [_Body(_text_of(part, kind), kind == "text/html")]

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence that names the attachments, where there are any."""
        if not self.attachments:
            return ()
        more = len(self.attachments) - _MAX_NAMED_ATTACHMENTS
        names = ", ".join(self.attachments[:_MAX_NAMED_ATTACHMENTS]) + (f" and {more} more" if more > 0 else "")
        return (f"attachments are not read: {names}; save those that are articles and give them as files",)


def _best(alternatives: list[list[_Body]]) -> list[_Body]:
    """Prefer HTML, which tells an article from what is around it, unless it only shows pictures of the text."""

    def words(bodies: list[_Body]) -> int:
        return sum(len(body.text.split()) for body in bodies)

    html = max((bodies for bodies in alternatives if any(body.is_html for body in bodies)), key=words, default=[])
    plain = max((bodies for bodies in alternatives if not any(body.is_html for body in bodies)), key=words, default=[])
    return html if 2 * words(html) >= words(plain) and words(html) else plain


def _text_of(part: Message, kind: str) -> str:
    content = part.get_payload(decode=True)
    text = _decoded(content if isinstance(content, bytes) else b"", _parameter(part, "charset").lower())
    if kind == "text/html":
        return text_of_html(text)
    is_flowed = _parameter(part, "format").lower() == "flowed"
    return text_of_plain(text, is_flowed=is_flowed, deletes_spaces=_parameter(part, "delsp").lower() == "yes")


def _file_name(part: Message) -> str:
    return _parameter(part, "filename", header="Content-Disposition") or _parameter(part, "name")


def _parameter(part: Message, name: str, *, header: str = "Content-Type") -> str:
    """Return a parameter of a part's header; empty where there is none or `email` cannot make sense of it."""
    try:
        return collapse_rfc2231_value(part.get_param(name, "", header))
    except (TypeError, ValueError, LookupError):
        return ""


def _decoded(content: bytes, charset: str) -> str:
    """Decode a part; encodings of seven bits are valid UTF-8 too: what the message declares is their only sign."""
    try:
        if charset.startswith(_SEVEN_BIT):
            return content.decode(charset, "replace").replace("\ufffd", "")
        return decode(content, declared=charset)
    except (LookupError, ValueError):  # Python knows names that are no encodings of text, such as "undefined"
        return decode(content)


def _raw_header(message: Message, name: str) -> str:
    """Return a header as it stands there, its bytes beyond ASCII decoded; empty where there is none."""
    value = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        return decode(value[:_MAX_HEADER_CHARACTERS].encode("utf-8", "surrogateescape"))
    except (SourceError, UnicodeError):
        return ""


def _header(message: Message, name: str) -> str:
    return _decoded_words(_raw_header(message, name))


def _decoded_words(value: str) -> str:
    """Decode "=?utf-8?q?caf=C3=A9?=" (RFC 2047); what cannot be decoded stays as it is."""
    try:
        return one_line(str(make_header(decode_header(value))))
    except (MessageError, LookupError, ValueError):
        return one_line(value)


def _sender(message: Message) -> str:
    try:
        name = parseaddr(_raw_header(message, "From"))[0]
    except RecursionError:
        return ""
    shown = _decoded_words(name).strip("\"' ")
    return "" if "@" in shown else shown


def _published(message: Message) -> tuple[Published | None, tuple[str, ...]]:
    date = _header(message, "Date")
    try:
        reading = read_date(date) if date else None
    except UnreadableDate as error:
        return None, (f"the date in 'Date' {error}; the article's date is unknown",)
    if reading is None:
        return None, ()
    return reading.published, (f"the date in 'Date' {reading.doubt}",) if reading.doubt else ()
