"""Answers and conversations to take away: as plain text, and as Markdown in which nothing of an article can act."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.markdown import markdown_source, markdown_text
from newsletter.text import safe_link, source_line
from rag.answering.quote_writer import in_quotation_marks
from rag.text.formatting import page_in_words
from rag.types import NOT_FOUND, Answer, ArticleRef, Citation, marks
from rag.wording import _, translated


def answer_markdown(answer: Answer) -> str:
    """The answer with its markers, what is to be known of it, and the numbered sources with links to the originals."""
    lines = [] if not answer.provenance.notice else [f"*{markdown_text(answer.provenance.notice)}*", ""]
    if answer.doubt:
        lines += [f"*{markdown_text(answer.doubt)}*", ""]
    if answer.message:
        lines += [markdown_text(answer.message), ""]
    if not answer.sentences:
        if answer.outcome == "told":
            lines += [f"- {markdown_source(ref)}" for ref in answer.nearest]
            return "\n".join(lines).strip() + "\n"
        refusal = [] if answer.message else [translated(NOT_FOUND)]
        lines += [*refusal, *_listed(_("Related, without answering:"), answer.related), *_nearest(answer.nearest)]
        return "\n".join(lines).strip() + "\n"
    if answer.lead is not None:
        text = markdown_text(answer.lead.text)
        lines += [f"**{text}**{answer.lead.marked.removeprefix(answer.lead.text)}", ""]
    if answer.layout == "table":
        lines += _table(answer)
    for sentence in answer.sentences if answer.layout == "list" else ():
        lines += [f"**{markdown_text(sentence.heading)}**", ""] if sentence.heading else []
        lead_in = f"{markdown_text(sentence.lead_in)} " if sentence.lead_in else ""
        lines += [f"{lead_in}{markdown_text(sentence.text)} {marks(sentence.citations)}", ""]
        lines += [f"({markdown_text(sentence.translation)})", ""] if sentence.translation else []
    if answer.missing:
        lines += [_("Not in these articles:") + " " + markdown_text("; ".join(answer.missing)), ""]
    if answer.disputed:
        pairs = "; ".join(_("{one} and {other}", one=f"[{one}]", other=f"[{other}]") for one, other in answer.disputed)
        lines += [_("These quotes cannot both be so: {pairs}", pairs=pairs), ""]
    lines += [f"[{quote.marker}] {markdown_source(quote.article)}{_page(quote)}  " for quote in answer.citations]
    return "\n".join(lines).strip() + "\n"


def answer_text(answer: Answer) -> str:
    """The same as plain text."""
    lines = [line for line in (answer.provenance.notice, answer.doubt) if line]
    lines += ["", answer.text, ""] if lines else [answer.text, ""]
    if answer.outcome == "told":
        return "\n".join([*lines, *(source_line(ref) for ref in answer.nearest)]).strip() + "\n"
    if answer.missing:
        lines += [_("Not in these articles:") + " " + "; ".join(answer.missing), ""]
    shown = answer.citations or answer.related
    if answer.related and not answer.sentences:
        lines += [
            _("Related, without answering:"),
            *(f"{in_quotation_marks(quote.quote)} [{quote.marker}]" for quote in shown),
            "",
        ]
    lines += [f"[{quote.marker}] {source_line(quote.article)}{_place(quote)}" for quote in shown]
    return "\n".join(lines).strip() + "\n"


def _table(answer: Answer) -> list[str]:
    """Rows of who, where and when, and of what; a row without the one has that of the row before."""
    who, what = _("Who, where and when"), _("What")
    rows, said = [f"| {who} | {what} |", "|---|---|"], ""
    for sentence in answer.sentences:
        if sentence.heading:
            rows.append(f"| **{markdown_text(sentence.heading)}** | |")
        said = sentence.lead_in.strip(" :") or said
        marked = marks(sentence.citations)
        rows.append(f"| {markdown_text(said)} | {markdown_text(sentence.text)} {marked} |")
    return [*rows, ""]


def _listed(title: str, quotes: Sequence[Citation]) -> list[str]:
    if not quotes:
        return []
    said = ((markdown_text(in_quotation_marks(quote.quote)), quote) for quote in quotes)
    shown = [f"- {text} — {markdown_source(quote.article)}{_page(quote)}" for text, quote in said]
    return ["", title, "", *shown]


def _nearest(articles: Sequence[ArticleRef]) -> list[str]:
    return ["", _("The nearest articles:"), "", *(f"- {markdown_source(ref)}" for ref in articles)] if articles else []


def _page(quote: Citation) -> str:
    return f", {page_in_words(quote.page)}" if quote.page else ""


def _place(quote: Citation) -> str:
    """Its page, and the address of its article on a line of its own."""
    address = safe_link(quote.article.url)
    return _page(quote) + (f"\n    {address}" if address else "")
