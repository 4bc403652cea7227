"""A mail server for tests: speaks enough SMTP on loopback, keeps what it gets, refuses or hangs up where asked to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Mailbox:
    """What arrived: (recipient, message). Recipients in `refused` are answered 550; after so many messages it quits."""

    port: int = 0
    received: list[tuple[str, str]] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    hang_up_after: int | None = None


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[Mailbox]:
    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            recipient = ""
            for raw in self.rfile:
                line = raw.decode("ascii", "replace").strip()
                verb = line.split(" ")[0].upper()
                if verb in ("EHLO", "HELO"):
                    self.say("250 test")
                elif verb == "MAIL" and len(mailbox.received) == mailbox.hang_up_after:
                    return
                elif verb == "RCPT":
                    recipient = line[line.index("<") + 1 : line.index(">")]
                    self.say("550 no such reader" if recipient in mailbox.refused else "250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    mailbox.received.append((recipient, b"".join(lines).decode("utf-8")))
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
