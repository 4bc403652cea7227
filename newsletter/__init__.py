"""Newsletters: an issue built from the library by a config, rendered as HTML mail, text, Markdown, JSON and `.eml`.

    from newsletter import build_issue, load_config, render

    config = load_config("weekly.toml")
    issue = build_issue(desk, config)
    html = render(issue, "html")

Every sentence is a quote of its article, or prose that the check has held against quotes. Importing this loads nothing
heavy.
"""

from __future__ import annotations

from newsletter.builder import build_issue
from newsletter.config import NewsletterConfig, load_config
from newsletter.formats import FORMATS, render, write_issue
from newsletter.issue import Issue, Item, Section, issue_json
from newsletter.sent_log import SentLog

__all__ = [
    "FORMATS",
    "Issue",
    "Item",
    "NewsletterConfig",
    "Section",
    "SentLog",
    "build_issue",
    "issue_json",
    "load_config",
    "render",
    "write_issue",
]
