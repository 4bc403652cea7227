"""Gives an issue to a mail server, one message a reader, and remembers what was sent.

Who has got it is written down, line by line, before the next message goes out: a run that was killed goes on where it
stopped, and nobody gets an issue twice. Only when everybody has it does the memory of sent issues know it.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.addresses import UnusableAddress, deliverable
from newsletter.config import NewsletterConfig, SmtpConfig
from newsletter.issue import Issue
from newsletter.mail import message
from newsletter.sent_log import SentLog, sent_issue
from rag.errors import NewsdeskError, StorageError, UsageError

if TYPE_CHECKING:
    from rag.desk import Desk

PASSWORD_VARIABLE = "SMTP_PASSWORD"
TIMEOUT_SECONDS = 30
_LEDGER = "delivered.jsonl"
_NO_SMTPUTF8 = "the mail server takes no addresses beyond ASCII (SMTPUTF8)"

Deliver = Callable[[EmailMessage], None]


class MailError(NewsdeskError):
    """The mail server cannot be reached or refuses: mend that and run the same command again."""

    kind = "mail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What came of sending: addresses that got the issue now, that had it before, and that were refused, with why."""

    sent: tuple[str, ...]
    before: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def send_issue(
    issue: Issue,
    config: NewsletterConfig,
    desk: Desk,
    folder: Path,
    *,
    password: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Delivery:
    """Send the issue to everybody in [mail] who has not got it; `folder` keeps the list of who has.

    A dry run makes every message, gives none to the server and writes nothing; readers whose address no mail can have
    are refused. Raises `UsageError` where [mail] or [smtp] is missing, or while an issue is being sent already,
    `MailError` where the server cannot be used, `UnusableAddress` where the sender's address is none, `StorageError`
    where the list cannot be written.
    """
    if config.mail is None or config.smtp is None:
        raise UsageError("sending needs [mail] and [smtp] in the config; docs/guide.md shows both")
    deliverable(config.mail.sender_address)
    file, name = folder / _LEDGER, f"{issue.title} {issue.day}"
    sent: list[str] = []
    refused: list[tuple[str, str]] = []
    if dry_run:
        before, waiting = _Ledger(file, name).parted(config.mail.to)
        for address in waiting:
            try:
                message(issue, config, to=address).as_bytes()
            except UnusableAddress as error:
                refused.append((address, error.reason))
        return Delivery(sent=(), before=before, refused=tuple(refused))
    with _alone(config.sent_file):
        ledger = _Ledger(file, name)
        before, waiting = ledger.parted(config.mail.to)
        if waiting:
            with _server(config.smtp, password) as deliver:
                for done, address in enumerate(waiting, start=1):
                    try:
                        deliver(message(issue, config, to=address, now=datetime.now(UTC)))
                    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, UnusableAddress) as error:
                        refused.append((address, _reason(error)))
                    except smtplib.SMTPNotSupportedError:
                        refused.append((address, _NO_SMTPUTF8))
                    else:
                        ledger.note(address)
                        sent.append(address)
                    if progress is not None:
                        progress(done, len(waiting))
        if not refused:
            remember(issue, config, desk)
    return Delivery(sent=tuple(sent), before=before, refused=tuple(refused))


def send_test(issue: Issue, config: NewsletterConfig, address: str, *, password: str = "") -> None:
    """Send the issue to one address, its subject marked as a test; nothing is noted, and no reader gets anything.

    Raises `UsageError` where [mail] or [smtp] is missing, `MailError` where the server cannot be used or does not take
    it, `UnusableAddress` where no mail can go to the address.
    """
    if config.mail is None or config.smtp is None:
        raise UsageError("sending needs [mail] and [smtp] in the config; docs/guide.md shows both")
    made = message(issue, config, to=address, now=datetime.now(UTC))
    subject = f"Test: {made['Subject']}"
    del made["Subject"]
    made["Subject"] = subject
    with _server(config.smtp, password) as deliver:
        deliver(made)


def remember(issue: Issue, config: NewsletterConfig, desk: Desk) -> None:
    """Write down that this issue went out, whoever sent it: the next one does not repeat it."""
    SentLog.read(config.sent_file).with_issue(sent_issue(issue, desk.library.archive)).write(config.sent_file)


def try_server(smtp: SmtpConfig, password: str) -> None:
    """Connect and log in, and send nothing; raises `MailError` where that cannot be done."""
    with _server(smtp, password):
        pass


def give(smtp: SmtpConfig, password: str, made: Sequence[EmailMessage]) -> None:
    """Send messages over one connection; raises `MailError` at the first that the server does not take."""
    with _server(smtp, password) as deliver:
        for one in made:
            deliver(one)


@contextmanager
def _alone(memory: Path) -> Iterator[None]:
    """Nobody else sends this newsletter meanwhile: no other tab of the page and no other run of the command, whichever
    folder holds its list."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{memory}.lock", timeout=0)
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise UsageError("an issue is being sent already; wait until that has ended, then look who has it") from error
    except OSError as error:
        raise StorageError(
            f"cannot write beside {memory.name!r} ({(error.strerror or '').lower()}), so nobody was sent anything; "
            "make room and run the same command again"
        ) from error
    try:
        yield
    finally:
        lock.release()


class _Ledger:
    """Who has got an issue: one JSON line an address, on disk before the next message goes out."""

    def __init__(self, file: Path, issue: str) -> None:
        self._file = file
        self._issue = issue
        self._delivered = frozenset(self._read())

    def parted(self, readers: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who has got the issue and who has not, in the order of the readers."""
        return (
            tuple(address for address in readers if address in self._delivered),
            tuple(address for address in readers if address not in self._delivered),
        )

    def note(self, address: str) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"issue": self._issue, "to": address}) + "\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise StorageError(
                f"cannot write {self._file.name!r} ({(error.strerror or '').lower()}), so nobody further was sent "
                "anything; make room and run the same command again"
            ) from error

    def _read(self) -> Iterator[str]:
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            # A line that a kill cut in two names nobody.
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if entry["issue"] == self._issue:
                    yield str(entry["to"])


@contextmanager
def _server(smtp: SmtpConfig, password: str) -> Iterator[Deliver]:
    """An open, encrypted and logged-in connection; what goes wrong with it becomes a `MailError` without secrets."""
    try:
        with _connected(smtp) as connection:
            if smtp.user:
                connection.login(smtp.user, password)
            yield lambda made: _deliver(connection, made)
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            f"{smtp.host} does not accept the user or the password; correct `user`, or set {PASSWORD_VARIABLE}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            f"the mail server {smtp.host}:{smtp.port} cannot be used ({_reason(error)}); "
            "mend that and run the same command again, who has the issue does not get it twice"
        ) from error


def _deliver(connection: smtplib.SMTP, made: EmailMessage) -> None:
    connection.send_message(made)


def _connected(smtp: SmtpConfig) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
    connection = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
    if smtp.security == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _reason(error: Exception) -> str:
    """What went wrong, without what a server may have echoed of an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"refused with {', '.join(codes)}"
    if isinstance(error, UnusableAddress):
        return error.reason
    if isinstance(error, smtplib.SMTPDataError):
        return f"refused with {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return type(error).__name__
