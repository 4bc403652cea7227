"""Sending from the page: only what an operator set up with readers and a mail server, and each issue once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from newsletter.builder import verify
from newsletter.sent_log import SentLog
from newsletter.smtp import PASSWORD_VARIABLE, send_issue, send_test
from rag.errors import UsageError
from rag.text.formatting import count, day_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.config import NewsletterConfig
    from rag.desk import Desk
    from web.page.editor.draft import Draft


def can_send(config: NewsletterConfig | None) -> bool:
    """Whether this newsletter has readers and a server to send to them."""
    return config is not None and config.mail is not None and config.smtp is not None


def sent_before(draft: Draft) -> str:
    """In a sentence that this very issue went out already; "" where it did not."""
    sent = SentLog.read(draft.config.sent_file).issues
    if any((one.title, one.day) == (draft.issue.title, draft.issue.day) for one in sent):
        return f"The issue of {day_in_words(draft.issue.day)} went out already."
    return ""


def send_a_test(draft: Draft, desk: Desk, address: str) -> str:
    """Send the issue to one address as a test; says so. Raises `NewsdeskError` where that cannot be done."""
    wanted = address.strip()
    if not wanted or any(mark in wanted for mark in ",;<> \r\n"):
        raise UsageError("write one address to send the test to")
    _checked(draft, desk)
    send_test(draft.issue, draft.config, wanted, password=os.environ.get(PASSWORD_VARIABLE, ""))
    return f"A test went to {wanted}."


def send_to_readers(draft: Draft, desk: Desk, *, progress: Callable[[int, int], None] | None = None) -> str:
    """Send the issue to its readers; says how many got it. Raises `NewsdeskError` where that cannot be done.

    Who has got it is noted beside the config, as `newsdesk send --out` does.
    """
    _checked(draft, desk)
    if before := sent_before(draft):
        raise UsageError(f"{before} Nobody was sent it again.")
    password = os.environ.get(PASSWORD_VARIABLE, "")
    delivery = send_issue(draft.issue, draft.config, desk, draft.config.folder, password=password, progress=progress)
    said = f"Sent to {count(len(delivery.sent), 'reader')}."
    if delivery.before:
        said = f"{said} {count(len(delivery.before), 'reader')} had it already."
    if delivery.refused:
        said = f"{said} {count(len(delivery.refused), 'address', 'addresses')} refused it; correct them and send again."
    return said


def _checked(draft: Draft, desk: Desk) -> None:
    """Once more before it leaves: every quote stands, nothing of the editor's is lost unseen, and there is a story."""
    if not can_send(draft.config):
        raise UsageError("this newsletter has no readers or no mail server; name a file with both in `newsletter`")
    if draft.made.lost:
        raise UsageError("some of your changes could not be applied; look at them and forget them, then send")
    if not draft.issue.items:
        raise UsageError("the issue has no story, so nothing is sent")
    verify(draft.issue, desk)
