"""An issue as HTML mail, plain text, Markdown, JSON and `.eml`. What articles say is inert in every one of them.

HTML is made by Jinja with everything escaped; there are no scripts, no images and no addresses but http(s) links from
stored metadata. It reads in order without any CSS.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

from newsletter.config import NewsletterConfig
from newsletter.issue import Issue, Item, day_in_words, issue_json
from rag.errors import StorageError, UsageError
from rag.links import web_host
from rag.types import ArticleRef, Citation

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

TEMPLATES = Path(__file__).parent / "templates"

# Controls, marks that turn the direction of writing, and characters that take no room: they hide or reorder text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# What is markup anywhere in a line, what GitHub's dialect would turn into a link, and what is markup at its beginning.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_MARKDOWN_AT_START = re.compile(r"(?:[#+=-]|\d{1,9}(?=[.)]))")
_WIDTH = 72


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
    """Write every format into the folder; `.eml` only where the config has [mail]. All are made before any is written.

    Raises `StorageError` where the folder cannot be written.
    """
    wanted = [form for form in FORMATS if form != "eml" or config.mail is not None]
    made = {form: render(issue, form, config=config) for form in wanted}
    target = Path(folder)
    written: dict[Format, Path] = {}
    try:
        target.mkdir(parents=True, exist_ok=True)
        for form, content in made.items():
            file = target / FILES[form]
            scratch = file.with_name(f"{file.name}.new")
            scratch.write_text(content, encoding="utf-8", newline="\r\n" if form == "eml" else "\n")
            scratch.replace(file)
            written[form] = file
    except OSError as error:
        raise StorageError(
            f"cannot write into {str(target)!r} ({(error.strerror or '').lower()}); make room or name another --out"
        ) from error
    return written


def as_html(issue: Issue, config: NewsletterConfig | None = None) -> str:
    """The HTML of a mail; also a page that a browser shows."""
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
        unsubscribe = config.mail.unsubscribe if config and config.mail else None
        return template.render(issue=issue, source=source_line, unsubscribe=unsubscribe)
    except (TemplateError, OSError) as error:
        name = own.name if own else "default.html"
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"the template {name!r} cannot be used ({reason}); correct it, or leave it out") from error


def as_text(issue: Issue) -> str:
    """Plain text, 72 characters wide where words allow."""
    lines = [shown(issue.title), "=" * min(_WIDTH, len(shown(issue.title))), issue.period_in_words]
    lines += [line for part in paragraphs(issue.intro) for line in ("", *_wrapped(part))]
    for section in issue.sections:
        lines += ["", "", shown(section.title).upper(), "-" * min(_WIDTH, len(shown(section.title)))]
        if section.notice:
            lines += ["", *_wrapped(section.notice)]
        for item in section.items:
            lines += ["", *_text_of(item)]
    lines += [line for part in paragraphs(issue.closing) for line in ("", *_wrapped(part))]
    return "\n".join(lines).strip() + "\n"


def as_markdown(issue: Issue) -> str:
    """Markdown (CommonMark) in which no character of an article means anything."""
    lines = [f"# {markdown_text(issue.title)}", "", f"*{issue.period_in_words}*"]
    lines += [line for part in paragraphs(issue.intro) for line in ("", markdown_text(part))]
    for section in issue.sections:
        lines += ["", f"## {markdown_text(section.title)}"]
        if section.notice:
            lines += ["", f"*{markdown_text(section.notice)}*"]
        for item in section.items:
            lines += ["", *_markdown_of(item)]
    lines += [line for part in paragraphs(issue.closing) for line in ("", markdown_text(part))]
    return "\n".join(lines) + "\n"


def shown(text: str) -> str:
    """One line of text without characters that hide or reorder it; the words are as they were."""
    return " ".join(_HIDDEN.sub("", unicodedata.normalize("NFC", text)).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of the editor's own words, each on one line."""
    return [shown(part) for part in re.split(r"\n\s*\n", text) if shown(part)]


def markdown_text(text: str) -> str:
    """The text with a backslash before everything that Markdown could read as markup."""
    escaped = _MARKDOWN.sub(lambda found: f"\\{found.group()}", shown(text))
    number = _MARKDOWN_AT_START.match(escaped)
    if number is None:
        return escaped
    # A backslash before a digit is a backslash: the stop behind a number is escaped instead.
    at = number.end() if number.group().isdigit() else 0
    return f"{escaped[:at]}\\{escaped[at:]}"


def safe_link(url: str) -> str:
    """The address where it may become a link (http or https, from stored metadata), else ""."""
    return url if web_host(url) else ""


def source_line(article: ArticleRef) -> str:
    """`Pacific Ledger, 20 June 2024: Title`, with what is known."""
    when = day_in_words(article.published) if article.published else "undated"
    who = shown(article.outlet) or "Unknown outlet"
    return f"{who}, {when}: {shown(article.title) or 'Untitled article'}"


def markdown_source(article: ArticleRef) -> str:
    """`source_line` in Markdown; a link where the article's address may become one."""
    words = markdown_text(source_line(article))
    target = safe_link(article.url).replace("<", "%3C").replace(">", "%3E")
    return f"[{words}](<{target}>)" if target else words


def _text_of(item: Item) -> list[str]:
    lines = [*_wrapped(item.title), _told_by(item)]
    if item.change:
        lines += _wrapped(item.change)
    for sentence in item.sentences:
        marks = "".join(f"[{marker}]" for marker in sentence.citations)
        lines += ["", *_wrapped(f"{sentence.lead_in} {sentence.text} {marks}")]
    for pair in item.disputed:
        lines += ["", "Disputed:"]
        for value, side in zip(pair.values, (pair.one, pair.other), strict=True):
            figure = f"{value}: " if value else ""
            lines += _wrapped(f"{figure}{_quoted(side)} [{side.marker}]", indent="  ")
    for one in item.corrections:
        sent = day_in_words(one.sent)
        lines += ["", *_wrapped(f"Corrected: on {sent} we quoted “{one.quote}”; the article no longer says so.")]
    lines.append("")
    for article, quotes in item.by_article():
        marks = "".join(f"[{quote.marker}]" for quote in quotes)
        lines += _wrapped(f"{marks} {source_line(article)}", indent="  ")
        if link := safe_link(article.url):
            lines.append(f"      {link}")
        if item.writer == "model":
            lines += [
                line for quote in quotes for line in _wrapped(f"[{quote.marker}] {_quoted(quote)}", indent="      ")
            ]
    return lines


def _markdown_of(item: Item) -> list[str]:
    lines = [f"### {markdown_text(item.title)}", "", f"*{markdown_text(_told_by(item))}*"]
    if item.change:
        lines += ["", f"**{markdown_text(item.change)}**"]
    for sentence in item.sentences:
        marks = "".join(rf"\[{marker}\]" for marker in sentence.citations)
        lead_in = f"{markdown_text(sentence.lead_in)} " if sentence.lead_in else ""
        lines += ["", f"{lead_in}{markdown_text(sentence.text)} {marks}"]
    for pair in item.disputed:
        lines += ["", "**Disputed**", ""]
        for value, side in zip(pair.values, (pair.one, pair.other), strict=True):
            figure = f"**{markdown_text(value)}** " if value else ""
            lines.append(rf"- {figure}{markdown_text(_quoted(side))} \[{side.marker}\]")
    for one in item.corrections:
        said = f"Corrected: on {day_in_words(one.sent)} we quoted “{one.quote}”; the article no longer says so."
        lines += ["", markdown_text(said)]
    lines.append("")
    for article, quotes in item.by_article():
        lines.append("- " + "".join(rf"\[{quote.marker}\]" for quote in quotes) + f" {markdown_source(article)}")
        if item.writer == "model":
            lines += [rf"  - \[{quote.marker}\] {markdown_text(_quoted(quote))}" for quote in quotes]
    return lines


def _told_by(item: Item) -> str:
    sources = item.sources_in_words
    names = ", ".join(shown(name) for name in item.outlets)
    return f"{sources}: {names}" if names else sources


def _quoted(citation: Citation) -> str:
    return f"“{shown(citation.quote)}”"


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    wrapper = textwrap.TextWrapper(
        width=_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(shown(text)) or [indent.rstrip()]


def _as_eml(issue: Issue, config: NewsletterConfig | None) -> str:
    from newsletter.mail import message

    if config is None or config.mail is None:
        raise UsageError("an e-mail needs [mail] in the config: sender, sender_address and to")
    return message(issue, config).as_string()
