"""Sending: one message a reader, nobody twice, nothing in a dry run, and a clear word where the server refuses."""

from __future__ import annotations

from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

from newsletter import NewsletterConfig, SentLog, build_issue
from newsletter.addresses import UnusableAddress
from newsletter.mail import message
from newsletter.smtp import MailError, send_issue
from rag.desk import Desk
from rag.errors import UsageError
from tests.newsletter.mail_server import Mailbox, mail_server
from tests.newsletter.makers import config

READERS = ["ada@reader.example", "grace@reader.example", "joan@reader.example"]


def mailing(folder: Path, port: int, **smtp: Any) -> NewsletterConfig:
    return config(
        folder,
        mail={"sender": "The Letter", "sender_address": "letter@news.example", "to": READERS},
        smtp={"host": "127.0.0.1", "port": port, "security": "none", **smtp},
    )


def test_every_reader_gets_a_message_of_their_own_and_the_issue_is_remembered(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    assert delivery.sent == tuple(READERS)
    assert [to for to, _ in mailbox.received] == READERS
    for to, content in mailbox.received:
        assert f"To: {to}" in content
        assert not [other for other in READERS if other != to and other in content]
        assert "X-Unsent" not in content
    assert len(SentLog.read(wanted.sent_file).issues) == 1


def test_nobody_gets_an_issue_twice(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        for _ in range(2):
            delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    assert (delivery.sent, delivery.before) == ((), tuple(READERS))
    assert len(mailbox.received) == len(READERS)


def test_while_an_issue_is_being_sent_nobody_else_sends_it(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        issue = build_issue(desk, wanted)

        def send_once_more(done: int, total: int) -> None:
            with pytest.raises(UsageError, match="is being sent already"):
                send_issue(issue, wanted, desk, tmp_path / "elsewhere")

        send_issue(issue, wanted, desk, tmp_path / "out", progress=send_once_more)
    assert [to for to, _ in mailbox.received] == READERS


def test_a_run_that_broke_off_goes_on_where_it_stopped(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox(hang_up_after=1)) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        with pytest.raises(MailError, match="who has the issue does not get it twice"):
            send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
        assert SentLog.read(wanted.sent_file).issues == ()
        mailbox.hang_up_after = None
        send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    assert [to for to, _ in mailbox.received] == READERS
    assert len(SentLog.read(wanted.sent_file).issues) == 1


def test_a_line_that_a_kill_cut_in_two_counts_for_nobody(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "delivered.jsonl").write_text('{"issue": "The Ostrel Letter 2024-05-08", "to": "ada@re', "utf-8")
    with mail_server(Mailbox()) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        assert send_issue(build_issue(desk, wanted), wanted, desk, tmp_path).sent == tuple(READERS)


def test_a_refused_reader_is_named_and_the_others_get_it(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox(refused=frozenset({READERS[1]}))) as mailbox:
        wanted = mailing(tmp_path, mailbox.port)
        delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    assert delivery.refused == ((READERS[1], "refused with 550"),)
    assert delivery.sent == (READERS[0], READERS[2])
    assert SentLog.read(wanted.sent_file).issues == ()


def test_a_dry_run_sends_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    wanted = mailing(tmp_path, 1)
    delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out", dry_run=True)
    assert delivery.sent == ()
    assert not (tmp_path / "out").exists()
    assert not wanted.sent_file.exists()


def test_a_server_that_is_not_there_is_named_without_the_password(desk: Desk, tmp_path: Path) -> None:
    wanted = mailing(tmp_path, 1, user="letter")
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1 cannot be used") as raised:
        send_issue(build_issue(desk, wanted), wanted, desk, tmp_path, password="hunter2")
    assert "hunter2" not in str(raised.value)


def test_without_encryption_where_it_is_asked_for_nothing_is_sent(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        wanted = mailing(tmp_path, mailbox.port, security="starttls")
        with pytest.raises(MailError):
            send_issue(build_issue(desk, wanted), wanted, desk, tmp_path)
    assert mailbox.received == []


def test_sending_needs_a_server_in_the_config(desk: Desk, tmp_path: Path) -> None:
    wanted = config(tmp_path)
    with pytest.raises(UsageError, match=r"\[mail\] and \[smtp\]"):
        send_issue(build_issue(desk, wanted), wanted, desk, tmp_path)


def to(folder: Path, port: int, *readers: str, **mail: Any) -> NewsletterConfig:
    sender = {"sender": "The Letter", "sender_address": "letter@news.example"}
    smtp = {"host": "127.0.0.1", "port": port, "security": "none"}
    return config(folder, mail={**sender, "to": list(readers), **mail}, smtp=smtp)


@pytest.mark.parametrize("international", [True, False])
def test_addresses_beyond_ascii_are_sent_or_refused_by_name_and_never_cost_the_others_their_issue(
    desk: Desk, tmp_path: Path, international: bool
) -> None:
    local, domain, both = "josé@reader.example", "ada@läser.example", "用户@例子.example"
    with mail_server(Mailbox(international=international)) as mailbox:
        wanted = to(tmp_path, mailbox.port, READERS[0], local, domain, both, READERS[1])
        delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    reached = [READERS[0], "ada@xn--lser-loa.example", READERS[1]]
    if international:
        reached = [READERS[0], local, "ada@xn--lser-loa.example", "用户@xn--fsqu00a.example", READERS[1]]
    assert [reader for reader, _ in mailbox.received] == reached
    no_utf8 = "the mail server takes no addresses beyond ASCII (SMTPUTF8)"
    assert delivery.refused == (() if international else ((local, no_utf8), (both, no_utf8)))


@pytest.mark.parametrize(
    "address",
    [
        "ada..b@reader.example",
        "ada@-reader.ñ",
        "\u202eädä@reader.example",
    ],
)
def test_an_address_that_is_none_is_refused_and_the_others_get_the_issue(
    desk: Desk, tmp_path: Path, address: str
) -> None:
    with mail_server(Mailbox()) as mailbox:
        wanted = to(tmp_path, mailbox.port, address, READERS[0])
        issue = build_issue(desk, wanted)
        for dry_run in (True, False):
            delivery = send_issue(issue, wanted, desk, tmp_path / "out", dry_run=dry_run)
            assert [reader for reader, _ in delivery.refused] == [address]
    assert [reader for reader, _ in mailbox.received] == [READERS[0]]
    with pytest.raises(UnusableAddress, match="no mail can go to"):
        message(issue, wanted)


def test_a_message_refused_after_it_was_sent_names_its_reader_alone(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox(refused_after_data=frozenset({READERS[0]}))) as mailbox:
        wanted = to(tmp_path, mailbox.port, *READERS)
        delivery = send_issue(build_issue(desk, wanted), wanted, desk, tmp_path / "out")
    assert delivery.refused == ((READERS[0], "refused with 554"),)
    assert delivery.sent == tuple(READERS[1:])


def test_every_reader_may_end_the_newsletter_with_one_click_at_an_address_of_their_own(
    desk: Desk, tmp_path: Path
) -> None:
    link = "https://news.example/end?who={reader}"
    with mail_server(Mailbox()) as mailbox:
        wanted = to(tmp_path, mailbox.port, "ada+x@reader.example", READERS[1], unsubscribe=link)
        issue = build_issue(desk, wanted)
        send_issue(issue, wanted, desk, tmp_path / "out")
    for (_, content), who in zip(mailbox.received, ("ada%2Bx%40reader.example", "grace%40reader.example"), strict=True):
        sent = message_from_string(content)
        assert sent["List-Unsubscribe"] == f"<https://news.example/end?who={who}>"
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert any(who in str(part.get_payload(decode=True)) for part in sent.walk() if not part.is_multipart())
    assert "List-Unsubscribe" not in message(issue, wanted)


@pytest.mark.parametrize("link", ["mailto:end@news.example?subject={reader}", "https://news.example/end"])
def test_only_a_web_address_that_names_the_reader_is_for_one_click(desk: Desk, tmp_path: Path, link: str) -> None:
    wanted = to(tmp_path, 1, READERS[0], unsubscribe=link)
    made = message(build_issue(desk, wanted), wanted, to=READERS[0])
    assert made["List-Unsubscribe"] == f"<{link.replace('{reader}', 'ada%40reader.example')}>"
    assert "List-Unsubscribe-Post" not in made
