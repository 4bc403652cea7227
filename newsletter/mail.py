"""An issue as an e-mail that any mail program opens: plain text and HTML, no images, nothing from elsewhere."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from newsletter.addresses import deliverable, is_one_click, needs_smtputf8, unsubscribe_link
from newsletter.config import NewsletterConfig
from newsletter.html import as_html
from newsletter.issue import Issue, in_its_language
from newsletter.text import as_text, shown
from rag.errors import UsageError


@in_its_language
def message(issue: Issue, config: NewsletterConfig, *, to: str = "", now: datetime | None = None) -> EmailMessage:
    """The message to one reader; without `to` a draft to all of them, the same for the same issue.

    A mail program opens the draft for editing (`X-Unsent`). Raises `UsageError` where the config has no [mail],
    `UnusableAddress` where no mail can go to an address.
    """
    mail = config.mail
    if mail is None:
        raise UsageError("an e-mail needs [mail] in the config: sender, sender_address and to")
    sender = deliverable(mail.sender_address, shown(mail.sender))
    readers = [deliverable(address) for address in ([to] if to else mail.to)]
    made = EmailMessage(policy=SMTPUTF8 if any(map(needs_smtputf8, [sender, *readers])) else SMTP)
    made["Subject"] = shown(issue.subject_line or mail.subject or issue.subject)
    made["From"] = sender
    made["To"] = readers
    made["Date"] = format_datetime(now or datetime.combine(issue.day, time(), tzinfo=UTC))
    digest = hashlib.sha256(f"{issue.title}\0{issue.day}\0{to}".encode()).hexdigest()[:24]
    made["Message-ID"] = f"<{digest}@{sender.domain}>"
    unsubscribe = unsubscribe_link(mail.unsubscribe, to)
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
        if is_one_click(mail.unsubscribe):
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if not to:
        made["X-Unsent"] = "1"
    return _with_body(made, issue, config, digest, reader=to)


@in_its_language
def draft(issue: Issue, config: NewsletterConfig | None = None) -> EmailMessage:
    """The issue, in the design of the config, as a message from nobody to nobody, which a mail program opens for
    editing."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = shown(issue.subject)
    made["X-Unsent"] = "1"
    return _with_body(made, issue, config, "draft")


def _with_body(
    made: EmailMessage, issue: Issue, config: NewsletterConfig | None, boundary: str, *, reader: str = ""
) -> EmailMessage:
    made.set_content(as_text(issue), cte="quoted-printable")
    made.add_alternative(as_html(issue, config, reader=reader, is_mail=True), subtype="html", cte="quoted-printable")
    # The library would draw a boundary by chance, and no two runs would be the same.
    made.set_boundary(f"=_newsdesk_{boundary}")
    return made
