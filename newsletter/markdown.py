"""An issue as Markdown."""

from __future__ import annotations

import re

from newsletter.issue import Issue, Item, in_its_language
from newsletter.text import (
    EDITORS_NOTE,
    correction_in_words,
    paragraphs,
    quoted,
    safe_link,
    shown,
    source_line,
    told_by,
)
from rag.types import AnswerSentence, ArticleRef
from rag.wording import _, translated

# What is markup anywhere in a line, what GitHub's dialect would turn into a link, and what is markup at its beginning.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_MARKDOWN_AT_START = re.compile(r"(?:[#+=-]|\d{1,9}(?=[.)]))")


@in_its_language
def as_markdown(issue: Issue) -> str:
    """Markdown (CommonMark) in which no character of an article means anything."""
    lines = [f"# {markdown_text(issue.title)}", "", f"*{issue.edition}*"]
    lines += [line for part in paragraphs(issue.intro) for line in ("", markdown_text(part))]
    if issue.changes:
        lines += ["", f"*{markdown_text(issue.changes)}*"]
    if issue.contents:
        lines += ["", _bold(_("In this issue")), "", *(f"- {markdown_text(item.title)}" for item in issue.contents)]
    for section in issue.shown_sections:
        lines += ["", f"## {markdown_text(section.title)}"]
        if section.notice:
            lines += ["", f"*{markdown_text(section.notice)}*"]
        for item in section.items:
            lines += ["", *_markdown_of(item)]
    lines += [line for part in paragraphs(issue.closing) for line in ("", markdown_text(part))]
    return "\n".join(lines) + "\n"


def markdown_text(text: str) -> str:
    """The text with a backslash before everything that Markdown could read as markup."""
    escaped = _MARKDOWN.sub(lambda found: f"\\{found.group()}", shown(text))
    number = _MARKDOWN_AT_START.match(escaped)
    if number is None:
        return escaped
    # A backslash before a digit is a backslash: the stop behind a number is escaped instead.
    at = number.end() if number.group().isdigit() else 0
    return f"{escaped[:at]}\\{escaped[at:]}"


def markdown_source(article: ArticleRef) -> str:
    """`source_line` in Markdown; a link where the article's address may become one."""
    words = markdown_text(source_line(article))
    target = safe_link(article.url).replace("<", "%3C").replace(">", "%3E")
    return f"[{words}](<{target}>)" if target else words


def _markdown_of(item: Item) -> list[str]:
    lines = [f"### {markdown_text(item.title)}"]
    if told := told_by(item):
        lines += ["", f"*{markdown_text(told)}*"]
    if item.change:
        lines += ["", f"**{markdown_text(item.change)}**"]
    if item.gist is not None:
        lines += ["", f"**{markdown_text(item.gist.text)}** {_marks(item.gist)}"]
    if item.note:
        lines += ["", f"**{translated(EDITORS_NOTE)}:** {markdown_text(item.note)}"]
    for sentence in item.sentences:
        lead_in = f"{markdown_text(sentence.lead_in)} " if sentence.lead_in else ""
        lines += ["", f"> {lead_in}{markdown_text(sentence.text)} {_marks(sentence)}"]
    for pair in item.disputed:
        lines += ["", _bold(_("Disputed")), ""]
        for value, side in zip(pair.values, (pair.one, pair.other), strict=True):
            figure = f"**{markdown_text(value)}** " if value else ""
            lines.append(rf"- {figure}{markdown_text(quoted(side))} \[{side.marker}\]")
    for one in item.corrections:
        mark = rf" \[{one.now.marker}\]" if one.now is not None else ""
        lines += ["", f"{markdown_text(correction_in_words(one))}{mark}"]
    lines += ["", _bold(_("Read more")), ""]
    for article, quotes in item.by_article():
        lines.append("- " + "".join(rf"\[{quote.marker}\]" for quote in quotes) + f" {markdown_source(article)}")
        if item.writer == "model":
            lines += [rf"  - \[{quote.marker}\] {markdown_text(quoted(quote))}" for quote in quotes]
    return lines


def _bold(words: str) -> str:
    return f"**{words}**"


def _marks(sentence: AnswerSentence) -> str:
    return "".join(rf"\[{marker}\]" for marker in sentence.citations)
