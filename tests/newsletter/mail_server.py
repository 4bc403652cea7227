"""A mail server for tests: speaks enough SMTP on loopback, keeps what it gets, refuses or hangs up where asked to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Mailbox:
    """What arrived: (recipient, message). Recipients in `refused` are answered 550, or `refused_after_data` 554; after
    so many messages it quits. Addresses beyond ASCII are taken where it is `international`."""

    port: int = 0
    received: list[tuple[str, str]] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    refused_after_data: frozenset[str] = frozenset()
    hang_up_after: int | None = None
    international: bool = False


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[Mailbox]:
    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            recipient = ""
            for raw in self.rfile:
                line = raw.decode("utf-8", "replace").strip()
                verb = line.split(" ")[0].upper()
                if verb in ("EHLO", "HELO"):
                    self.say("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8" if mailbox.international else "250 test")
                elif verb == "MAIL" and len(mailbox.received) == mailbox.hang_up_after:
                    return
                elif verb == "RCPT":
                    recipient = line[line.index("<") + 1 : line.index(">")]
                    self.say("550 no such reader" if recipient in mailbox.refused else "250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    content = b"".join(iter(self.rfile.readline, b".\r\n")).decode("utf-8")
                    if recipient in mailbox.refused_after_data:
                        self.say("554 not wanted")
                    else:
                        mailbox.received.append((recipient, content))
                        self.say("250 ok")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode("ascii"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        mailbox.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield mailbox
        server.shutdown()
