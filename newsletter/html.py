"""An issue as HTML, by one of the designs or by an editor's own template."""

from __future__ import annotations

from pathlib import Path

from newsletter.addresses import unsubscribe_link
from newsletter.config import NewsletterConfig
from newsletter.issue import Issue, in_its_language
from newsletter.text import paragraphs, safe_link, shown, source_line
from rag.errors import UsageError
from rag.text.formatting import day_in_words
from rag.wording import _, direction, language
from rag.wording.in_html import in_html

TEMPLATES = Path(__file__).parent / "templates"
USUAL_DESIGN = "classic"


@in_its_language
def as_html(issue: Issue, config: NewsletterConfig | None = None, *, reader: str = "", is_mail: bool = False) -> str:
    """The HTML of the mail to one reader, or of the page that a browser shows; only a mail leads to that page.

    Raises `UsageError`, which names file and line, for a template that cannot be used.
    """
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    own = config.template_file if config else None
    loader = FileSystemLoader([str(own.parent), str(TEMPLATES)] if own else [str(TEMPLATES)])
    # Sandboxed, since an editor's template may come from anywhere.
    environment = SandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = in_html(_)
    environment.filters |= {"day": day_in_words, "plain": shown, "safe_link": safe_link, "paragraphs": paragraphs}
    name = own.name if own else f"{config.design if config else USUAL_DESIGN}.html"
    try:
        return environment.get_template(name).render(
            issue=issue,
            direction=direction(language()),
            source=source_line,
            unsubscribe=unsubscribe_link(config.mail.unsubscribe, reader) if config and config.mail else "",
            view=view_link(issue, config) if config and is_mail else "",
            is_quoted=all(item.writer == "quotes" for item in issue.items),
        )
    # What a template calls may fail in any way; only what it does itself is its fault.
    except (TemplateError, OSError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        reason = f"{_place_of(error, name)}{type(error).__name__}: {error}"
        raise UsageError(f"the template {name!r} cannot be used ({reason}); correct it, or leave it out") from error


def view_link(issue: Issue, config: NewsletterConfig) -> str:
    """Where readers find the issue's page; "" where the config does not say."""
    return config.view.replace("{day}", issue.day.isoformat()).replace("{number}", str(issue.number))


def design_source(name: str) -> str:
    """The template of a design, to be copied."""
    return (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")


def _place_of(error: Exception, name: str) -> str:
    """`own.html, line 12: `: where a template went wrong, as far as its error or its frames tell."""
    line = getattr(error, "lineno", None)
    file = getattr(error, "name", None) or name
    step = error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.suffix == ".html":
            file, line = path.name, step.tb_lineno
        step = step.tb_next
    return f"{file}, line {line}: " if line else ""
