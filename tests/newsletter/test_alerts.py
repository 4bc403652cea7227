"""Alerts: only what came in since the last look, told once, and remembered only when everybody was told."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.alerts import AlertsConfig, load_alerts, look, tell
from rag.desk import Desk
from rag.errors import SourceError, UsageError
from rag.testing import make_article
from tests.newsletter.mail_server import Mailbox, mail_server
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2024, 7, 2, 12, tzinfo=UTC)
END = make_article(
    "The strike of the ferry crews in Port Lindow ended on Friday. They get 5% more pay.",
    title="Ferry crews go back to work",
    outlet="Harbour Post",
    url="https://harbour-post.example/end",
    published="2024-06-14T18:30:00+00:00",
)
FILE = """
webhook = "https://hooks.example/news"

[[topics]]
topic = "ferry crews"

[[topics]]
topic = "Saltmarsh bridge"
"""


class Posted:
    """Takes what is posted; refuses it where it is told to."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, dict[str, object]]] = []
        self.refuses = False

    def __call__(self, url: str, body: bytes) -> None:
        if self.refuses:
            raise SourceError("did not take it", where=url)
        self.bodies.append((url, json.loads(body)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with library_with(tmp_path / "library", [BRIDGE, STRIKE]) as library:
        yield Desk(library)


def config(folder: Path, text: str = FILE) -> AlertsConfig:
    file = folder / "alerts.toml"
    file.write_text(text, encoding="utf-8")
    return load_alerts(file)


def add(desk: Desk) -> None:
    desk.library.put([prepared(replace(END, fetched=datetime(2024, 7, 2, tzinfo=UTC)))])


def test_the_first_look_tells_nobody_and_a_later_one_what_came_in_once(desk: Desk, tmp_path: Path) -> None:
    wanted, posted = config(tmp_path), Posted()
    first = look(desk, wanted, now=NOW)
    assert [alert.is_first for alert in first] == [True, True]
    tell(first, wanted, post=posted)
    add(desk)
    tell(look(desk, wanted, now=LATER), wanted, post=posted)
    ((url, body),) = posted.bodies
    assert (url, body["topic"]) == ("https://hooks.example/news", "ferry crews")
    assert END.ref.id in json.dumps(body)
    tell(look(desk, wanted, now=LATER), wanted, post=posted)
    assert len(posted.bodies) == 1


def test_what_could_not_be_told_is_told_by_the_next_run(desk: Desk, tmp_path: Path) -> None:
    wanted, posted = config(tmp_path), Posted()
    tell(look(desk, wanted, now=NOW), wanted, post=posted)
    add(desk)
    posted.refuses = True
    with pytest.raises(SourceError):
        tell(look(desk, wanted, now=LATER), wanted, post=posted)
    posted.refuses = False
    tell(look(desk, wanted, now=LATER), wanted, post=posted)
    assert len(posted.bodies) == 1


def test_every_reader_gets_a_message_of_its_own(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as box:
        wanted, posted = config(tmp_path, FILE + MAIL.format(port=box.port)), Posted()
        tell(look(desk, wanted, now=NOW), wanted, post=posted)
        add(desk)
        tell(look(desk, wanted, now=LATER), wanted, post=posted)
    assert sorted(to for to, _ in box.received) == ["ada@reader.example", "grace@reader.example"]
    messages = [email.message_from_string(content) for _, content in box.received]
    assert all(message["Subject"].startswith("Newsdesk: ferry crews") for message in messages)
    assert len({message["Message-ID"] for message in messages}) == 2


MAIL = """
[mail]
sender = "Newsdesk"
sender_address = "alerts@news.example"
to = ["ada@reader.example", "grace@reader.example"]

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[topics]]\ntopic = 'x'", "nobody is told"),
        ("webhook = 'https://a.example'", "'topics' is missing"),
        ("webhook = 'ftp://a.example'\n[[topics]]\ntopic = 'x'", "'webhook'"),
        ("webhook = 'https://a.example'\nuser = 1\n[[topics]]\ntopic = 'x'", "no such key 'user'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        config(tmp_path, text)


def test_a_memory_that_is_none_is_told_with_what_to_do(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "alerts.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="remove it"):
        look(desk, config(tmp_path), now=NOW)
