"""Orders on the last answer: shorter, more, who said it, where it is from, a table, how sure, another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answering.quote_writer import introduced
from rag.replies.newsroom import Newsroom, quotes_numbered
from rag.replies.wished_length import wished_sentences
from rag.retrieval.copies import independent_sources
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length
from rag.text.formatting import dated_in_words
from rag.types import NOT_FOUND, Answer, AnswerSentence, ArticleRef, Intent, Question
from rag.wording import N_, _, ngettext, translated

FURTHER_SENTENCES = 4
"""What "more" adds each time."""

MOST_FURTHER = 16

NO_ANSWER_YET = N_("There is no answer yet that this could be done to. Ask a question about the news first.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is ordered in which words, on which answer; `times` counts the same order up to this one."""

    intent: Intent
    question: Question
    on: Answer
    times: int = 1


def obeyed(room: Newsroom, order: Order) -> Answer:
    """The last answer as the order wants it. An answer that found nothing stays so, whatever is ordered."""
    if not order.on.sentences:
        return _of_nothing(order)
    made = _OBEY[order.intent](room, order)
    return replace(
        made,
        intent=order.intent,
        question=replace(order.question, context=order.on.question.complete),
        provenance=replace(made.provenance, standalone_question=""),
    )


def _of_nothing(order: Order) -> Answer:
    message = order.on.message
    if message in ("", NOT_FOUND, translated(NOT_FOUND)):
        none = _("There was no answer to “{question}”.", question=order.on.question.text)
        message = f"{none} {translated(NOT_FOUND)}"
    return replace(order.on, question=order.question, intent=order.intent, message=message)


def _shorter(room: Newsroom, order: Order) -> Answer:
    shown = order.on.sentences
    wished = wished_sentences(order.question.text)
    kept = shown[: max(1, min(len(shown), wished or len(shown) // 2))]
    if len(kept) == len(shown):
        cut = _("It cannot be made shorter without cutting the quote:")
        return replace(order.on, message=_("It is that short already:") if wished else cut)
    return _only(order.on, kept)


def _more(room: Newsroom, order: Order) -> Answer:
    last = order.on
    ids = list(dict.fromkeys(quote.article.id for quote in last.citations))
    shown = {(quote.article.id, quote.start) for quote in last.citations}
    about = last.question.complete
    ids += [one.passage.article.id for one in last.evidence if one.passage.article.id not in ids][:3]
    found = summarise(room.library, ids, length=Length(sentences=MOST_FURTHER + len(shown)), about=about).citations
    own = [quote for quote in found if (quote.article.id, quote.start) not in shown]
    own.sort(key=lambda quote: ids.index(quote.article.id))
    begin = FURTHER_SENTENCES * (order.times - 1)
    further = own[begin : begin + FURTHER_SENTENCES]
    if not further:
        return replace(last, message=_("These articles tell no more of it. What was shown:"))
    sentences, citations = quotes_numbered(further, introduced(further))
    return room.reply(
        last.question, "more", message=_("More from the same articles:"), sentences=sentences, citations=citations
    )


def _speakers(room: Newsroom, order: Order) -> Answer:
    by_marker = {quote.marker: quote.article for quote in order.on.citations}
    lines = []
    for sentence in order.on.sentences:
        article = by_marker[sentence.citations[0]]
        who = sentence.speaker or _("the article itself, which names no speaker there")
        lines.append(f"[{sentence.citations[0]}] {who}{_printed_in(article)}")
    return replace(order.on, message=_("Who says it: {lines}.", lines="; ".join(lines)))


def _sources(room: Newsroom, order: Order) -> Answer:
    articles: dict[ArticleRef, list[int]] = {}
    for quote in order.on.citations:
        articles.setdefault(quote.article, []).append(quote.marker)
    untitled = _("untitled")
    listed = [
        f"{''.join(f'[{marker}]' for marker in markers)} “{ref.title or untitled}”{_printed_in(ref)}"
        for ref, markers in articles.items()
    ]
    told = ngettext("From {n} article: {lines}.", "From {n} articles: {lines}.", len(articles), lines="; ".join(listed))
    return replace(order.on, message=told)


def _sure(room: Newsroom, order: Order) -> Answer:
    last, sources = order.on, independent_sources(order.on.citations)
    told = [_("The quotes are exact: each opens at its place in the article.")]
    if last.confidence:
        sure = f"{last.confidence:.0%}"
        told.append(_("They answer the question with a probability of about {share}.", share=sure))
    told.append(ngettext("They come from {n} independent source.", "They come from {n} independent sources.", sources))
    if last.disputed:
        pairs = "; ".join(_("{one} and {other}", one=f"[{one}]", other=f"[{other}]") for one, other in last.disputed)
        told.append(_("The sources differ: {pairs}.", pairs=pairs))
    told.append(_("Whether an article is right, Newsdesk does not judge."))
    return replace(last, message=" ".join(told))


def _table(room: Newsroom, order: Order) -> Answer:
    return replace(order.on, layout="table", message="")


def _language(room: Newsroom, order: Order) -> Answer:
    told = _(
        "The quotes stay in the language of their articles: Newsdesk translates nothing, so that each can be checked."
    )
    return replace(order.on, message=told)


_OBEY: Mapping[Intent, Callable[[Newsroom, Order], Answer]] = {
    "shorter": _shorter,
    "more": _more,
    "speakers": _speakers,
    "sources": _sources,
    "sure": _sure,
    "table": _table,
    "language": _language,
}


def _only(answer: Answer, kept: Sequence[AnswerSentence]) -> Answer:
    """The answer with these of its sentences."""
    used = {marker for sentence in kept for marker in sentence.citations}
    lead = answer.lead if answer.lead is not None and used.issuperset(answer.lead.citations) else None
    return replace(
        answer,
        lead=lead,
        sentences=tuple(kept),
        citations=tuple(quote for quote in answer.citations if quote.marker in used),
        disputed=tuple(pair for pair in answer.disputed if used.issuperset(pair)),
        message="",
    )


def _printed_in(ref: ArticleRef) -> str:
    held = _("library {library}", library=ref.library) if ref.library else ""
    known = ", ".join(filter(None, (ref.outlet, dated_in_words(ref.published, is_ahead=ref.is_ahead), held)))
    return f", {known}" if known else ""
