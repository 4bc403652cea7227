"""An issue as HTML mail, plain text, Markdown, JSON and `.eml`. What articles say is inert in every one of them.

HTML is made by Jinja with everything escaped; there are no scripts, no images and no addresses but http(s) links from
stored metadata. It reads in order without any CSS.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata

from newsletter.issue import Correction, Issue, Item, in_its_language
from rag.text.formatting import dated_in_words, day_in_words
from rag.text.links import web_host
from rag.text.unseen_characters import only_spelling
from rag.types import AnswerSentence, ArticleRef, Citation
from rag.wording import N_, _, translated

# Controls, marks that turn the direction of writing, and characters that take no room: they hide or reorder text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_WIDTH = 72

EDITORS_NOTE = N_("Editor\u2019s note")


@in_its_language
def as_text(issue: Issue) -> str:
    """Plain text, 72 characters wide where words allow."""
    lines = [shown(issue.title), "=" * min(_WIDTH, len(shown(issue.title))), issue.edition]
    lines += [line for part in paragraphs(issue.intro) for line in ("", *_wrapped(part))]
    if issue.changes:
        lines += ["", *_wrapped(issue.changes)]
    if issue.contents:
        lines += ["", _("In this issue:")]
        lines += [line for item in issue.contents for line in _wrapped(f"- {item.title}", indent="  ", further="    ")]
    for section in issue.shown_sections:
        lines += ["", "", shown(section.title).upper(), "-" * min(_WIDTH, len(shown(section.title)))]
        if section.notice:
            lines += ["", *_wrapped(section.notice)]
        for number, item in enumerate(section.items):
            lines += [*([""] if number else []), "", *_text_of(item)]
    lines += [line for part in paragraphs(issue.closing) for line in ("", *_wrapped(part))]
    return "\n".join(lines).strip() + "\n"


def shown(text: str) -> str:
    """One line of text without characters that hide or reorder it; the words are as they were."""
    return " ".join(only_spelling(_HIDDEN.sub("", unicodedata.normalize("NFC", text))).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of the editor's own words, each on one line."""
    return [shown(part) for part in re.split(r"\n\s*\n", text) if shown(part)]


def safe_link(url: str) -> str:
    """The address where it may become a link (http or https, from stored metadata), else ""."""
    return url if web_host(url) else ""


def source_line(article: ArticleRef) -> str:
    """`Pacific Ledger, 20 June 2024: Title`, with what is known."""
    when = dated_in_words(article.published, is_ahead=article.is_ahead, unknown=_("undated"))
    who, untitled = shown(article.outlet) or _("Unknown outlet"), _("Untitled article")
    return f"{who}, {when}: {shown(article.title) or untitled}"


def _text_of(item: Item) -> list[str]:
    lines = [*_wrapped(item.title), *_wrapped(told_by(item))]
    if item.change:
        lines += _wrapped(item.change)
    if item.gist is not None:
        lines += ["", *_wrapped(f"{item.gist.text} {marked(item.gist)}")]
    if item.note:
        first, *others = paragraphs(item.note)
        lines += [
            "",
            *_wrapped(f"{translated(EDITORS_NOTE)}: {first}"),
            *(line for part in others for line in ("", *_wrapped(part))),
        ]
    for sentence in item.sentences:
        lines += ["", *_wrapped(f"{sentence.lead_in} {sentence.text} {marked(sentence)}", indent="  ")]
    for pair in item.disputed:
        lines += ["", _("Disputed:")]
        for value, side in zip(pair.values, (pair.one, pair.other), strict=True):
            figure = f"{value}: " if value else ""
            lines += _wrapped(f"{figure}{quoted(side)} [{side.marker}]", indent="  ")
    for one in item.corrections:
        mark = f" [{one.now.marker}]" if one.now is not None else ""
        lines += ["", *_wrapped(f"{correction_in_words(one)}{mark}")]
    lines += ["", _("Read more:")]
    for article, quotes in item.by_article():
        marks = "".join(f"[{quote.marker}]" for quote in quotes)
        lines += _wrapped(f"{marks} {source_line(article)}", indent="  ")
        if link := safe_link(article.url):
            lines.append(f"      {link}")
        if item.writer == "model":
            lines += [
                line for quote in quotes for line in _wrapped(f"[{quote.marker}] {quoted(quote)}", indent="      ")
            ]
    return lines


def marked(sentence: AnswerSentence) -> str:
    """`[1][2]`."""
    return "".join(f"[{marker}]" for marker in sentence.citations)


def correction_in_words(one: Correction) -> str:
    """What was quoted, and what the article says in its place where that can be told."""
    day, was = day_in_words(one.sent), f"“{one.quote}”"
    if one.now is None:
        said = _("on {day} we quoted {quote}; the article no longer says so.", day=day, quote=was)
    else:
        now = f"“{one.now.quote}”"
        said = _("on {day} we quoted {quote}; the article now says {now}", day=day, quote=was, now=now)
    return _("Corrected:") + " " + said


def told_by(item: Item) -> str:
    """Who tells a story and when: `2 independent sources: Evening Mail, Harbour Post · 6 May 2024`."""
    names = ", ".join(shown(name) for name in item.outlets)
    who = f"{item.sources_in_words}: {names}" if names and item.sources > 1 else names
    return " · ".join(part for part in (who, item.days_in_words) if part)


def quoted(citation: Citation) -> str:
    return f"“{shown(citation.quote)}”"


def _wrapped(text: str, *, indent: str = "", further: str | None = None) -> list[str]:
    wrapper = textwrap.TextWrapper(
        width=_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(shown(text)) or [indent.rstrip()]
