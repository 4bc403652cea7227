"""An issue as HTML."""

from __future__ import annotations

from pathlib import Path

from newsletter.addresses import unsubscribe_link
from newsletter.config import NewsletterConfig
from newsletter.issue import Issue
from newsletter.text import paragraphs, safe_link, shown, source_line
from rag.errors import UsageError
from rag.text.formatting import day_in_words

TEMPLATES = Path(__file__).parent / "templates"


def as_html(issue: Issue, config: NewsletterConfig | None = None, *, reader: str = "") -> str:
    """The HTML of the mail to one reader; without one also a page that a browser shows."""
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    own = config.template_file if config else None
    loader = FileSystemLoader([str(own.parent), str(TEMPLATES)] if own else [str(TEMPLATES)])
    # Sandboxed, since an editor's template may come from anywhere.
    environment = SandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": day_in_words, "plain": shown, "safe_link": safe_link, "paragraphs": paragraphs}
    try:
        template = environment.get_template(own.name if own else "default.html")
        unsubscribe = unsubscribe_link(config.mail.unsubscribe, reader) if config and config.mail else ""
        return template.render(issue=issue, source=source_line, unsubscribe=unsubscribe)
    except (TemplateError, OSError) as error:
        name = own.name if own else "default.html"
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"the template {name!r} cannot be used ({reason}); correct it, or leave it out") from error
