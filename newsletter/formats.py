"""The formats of an issue, and the files that hold them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

from newsletter.config import NewsletterConfig
from newsletter.files import write_together
from newsletter.html import as_html
from newsletter.issue import Issue, issue_json
from newsletter.markdown import as_markdown
from newsletter.text import as_text
from rag.errors import UsageError

Format = Literal["html", "text", "markdown", "json", "eml"]
FORMATS: tuple[Format, ...] = get_args(Format)

FILES: Mapping[Format, str] = {
    "html": "issue.html",
    "text": "issue.txt",
    "markdown": "issue.md",
    "json": "issue.json",
    "eml": "issue.eml",
}
"""The names under which `write_issue` puts each format into a folder."""


def render(issue: Issue, form: Format, *, config: NewsletterConfig | None = None) -> str:
    """The issue in one format. `config` gives the template and, for `eml`, whom it is from and to.

    Raises `UsageError` for a format that there is not, a template that cannot be used, and for `eml` without [mail].
    """
    makers: Mapping[str, Callable[[], str]] = {
        "html": lambda: as_html(issue, config),
        "text": lambda: as_text(issue),
        "markdown": lambda: as_markdown(issue),
        "json": lambda: json.dumps(issue_json(issue), ensure_ascii=False, indent=2) + "\n",
        "eml": lambda: _as_eml(issue, config),
    }
    if form not in makers:
        raise UsageError(f"there is no format {form!r}; take one of {', '.join(FORMATS)}")
    return makers[form]()


def write_issue(issue: Issue, folder: str | Path, *, config: NewsletterConfig) -> dict[Format, Path]:
    """Write every format into the folder; `.eml` only where the config has [mail].

    Raises `StorageError` where the folder cannot be written; what stands there then stays as it was.
    """
    wanted = [form for form in FORMATS if form != "eml" or config.mail is not None]
    made = {form: render(issue, form, config=config) for form in wanted}
    target = Path(folder)
    files = {form: target / FILES[form] for form in made}
    # A mail ends its lines as RFC 5322 has it.
    ended = {form: content.replace("\n", "\r\n") if form == "eml" else content for form, content in made.items()}
    write_together({files[form]: content.encode("utf-8") for form, content in ended.items()}, option="--out")
    return files


def _as_eml(issue: Issue, config: NewsletterConfig | None) -> str:
    from newsletter.mail import message

    if config is None or config.mail is None:
        raise UsageError("an e-mail needs [mail] in the config: sender, sender_address and to")
    return message(issue, config).as_string()
