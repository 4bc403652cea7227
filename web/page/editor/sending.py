"""Sending from the page: only what an operator set up with readers and a mail server, and each issue once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from newsletter.builder import verify
from newsletter.sent_log import SentLog
from newsletter.smtp import PASSWORD_VARIABLE, send_issue, send_test
from rag.errors import UsageError
from rag.text.formatting import day_in_words
from rag.wording import _, ngettext

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
        return _("The issue of {day} went out already.", day=day_in_words(draft.issue.day))
    return ""


def send_a_test(draft: Draft, desk: Desk, address: str) -> str:
    """Send the issue to one address as a test; says so. Raises `NewsdeskError` where that cannot be done."""
    wanted = address.strip()
    if not wanted or any(mark in wanted for mark in ",;<> \r\n"):
        raise UsageError(_("write one address to send the test to"))
    _checked(draft, desk)
    send_test(draft.issue, draft.config, wanted, password=os.environ.get(PASSWORD_VARIABLE, ""))
    return _("A test went to {address}.", address=wanted)


def send_to_readers(draft: Draft, desk: Desk, *, progress: Callable[[int, int], None] | None = None) -> str:
    """Send the issue to its readers; says how many got it. Raises `NewsdeskError` where that cannot be done.

    Who has got it is noted beside the config, as `newsdesk send --out` does.
    """
    _checked(draft, desk)
    if before := sent_before(draft):
        raise UsageError(before + " " + _("Nobody was sent it again."))
    password = os.environ.get(PASSWORD_VARIABLE, "")
    delivery = send_issue(draft.issue, draft.config, desk, draft.config.folder, password=password, progress=progress)
    said = [ngettext("Sent to {n} reader.", "Sent to {n} readers.", len(delivery.sent))]
    if delivery.before:
        said.append(ngettext("{n} reader had it already.", "{n} readers had it already.", len(delivery.before)))
    if delivery.refused:
        said.append(
            ngettext(
                "{n} address refused it; correct them and send again.",
                "{n} addresses refused it; correct them and send again.",
                len(delivery.refused),
            )
        )
    return " ".join(said)


def _checked(draft: Draft, desk: Desk) -> None:
    """Once more before it leaves: every quote stands, nothing of the editor's is lost unseen, and there is a story."""
    if not can_send(draft.config):
        raise UsageError(_("this newsletter has no readers or no mail server; name a file with both in `newsletter`"))
    if draft.made.lost:
        raise UsageError(_("some of your changes could not be applied; look at them and forget them, then send"))
    if not draft.issue.items:
        raise UsageError(_("the issue has no story, so nothing is sent"))
    verify(draft.issue, desk)
