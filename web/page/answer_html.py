"""A conversation as inert HTML: our own markup, every word of articles, models and readers escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.retrieval.copies import independent_sources
from rag.text.formatting import clipped, day_in_words
from rag.types import NOT_FOUND, Answer, AnswerSentence, ArticleRef, Citation, Evidence, RemovedSentence
from web.page.answer_tools import how_html, tools_html
from web.page.article_html import copies_html
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits, Stopped, Turn, reference_to
from web.page.html import counted, isolated, link, listed, outlet_of, published, text, title_of

if TYPE_CHECKING:
    from rag.storage.library import LibraryStatus

_STAGES = {
    "waiting": "Waiting for a free place",
    "understanding": "Reading the question",
    "searching": "Searching the articles",
    "selecting": "Choosing the sentences that answer",
    "writing": "Writing a draft",
    "checking": "Checking every sentence against its quote",
}
_QUESTION_SHOWN = 400
_SNIPPET_SHOWN = 180
_CARDS_SHOWN = 4
_WORD_KEPT_WITH_MARKERS = 20


def conversation_html(conversation: Conversation, *, may_rate: bool = False) -> str:
    """Every turn, oldest first; `may_rate` asks the reader whether an answer helped."""
    return "".join(_turn(number, turn, may_rate=may_rate) for number, turn in enumerate(conversation.turns))


def masthead_html(status: LibraryStatus) -> str:
    """The page's name, and what its library holds."""
    held = f"{counted(status.articles, 'article')} · {counted(len(status.outlets), 'outlet')}"
    dates = ""
    if status.first_published and status.last_published:
        dates = f" · {day_in_words(status.first_published)} to {day_in_words(status.last_published)}"
    return f'<h1>Newsdesk</h1><p>{text(held)}<span class="nd-dates">{text(dates)}</span></p>'


def welcome_html(examples: Sequence[str], *, empty: bool) -> str:
    """What stands on the page before the first question; `empty` tells that the library holds no articles."""
    if empty:
        body = (
            "<h2>The library is empty</h2><p>Add articles with <code>newsdesk ingest SOURCE</code>, "
            "where SOURCE is a file or a folder, then ask here. The page need not be started again.</p>"
        )
    else:
        body = (
            "<h2>What would you like to know?</h2><p>Answers come only from the articles in this library. Each "
            "sentence carries a number: choose it, and the article opens at the exact words.</p>"
        )
    items = "".join(
        f'<li><button type="button" data-ask="{text(question)}" dir="auto">{text(question)}</button></li>'
        for question in examples
    )
    offered = f'<ul class="nd-examples" aria-label="Questions to start with">{items}</ul>' if items else ""
    return f'<section class="nd-welcome">{body}{offered}</section>'


def limits_in_words(limits: Limits) -> str:
    """`articles from Pacific Ledger published since 1 June 2024`; empty where the reader set no limit. Escaped."""
    parts, scope = ["articles"], limits.scope
    if scope.outlets:
        parts.append(f"from {listed([isolated(name) for name in scope.outlets])}")
    if limits.story:
        parts.append(f"that tell the story “{isolated(clipped(limits.story, _SNIPPET_SHOWN))}”")
    if scope.after and scope.before:
        parts.append(f"published from {day_in_words(scope.after)} to {day_in_words(scope.before)}")
    elif scope.after:
        parts.append(f"published since {day_in_words(scope.after)}")
    elif scope.before:
        parts.append(f"published up to {day_in_words(scope.before)}")
    return " ".join(parts) if len(parts) > 1 else ""


def story_html(story: Sequence[ArticleRef]) -> str:
    """What tells that only a story's articles are asked, with the way out; empty where all are."""
    if not story:
        return ""
    title = isolated(clipped(title_of(story[0]), _SNIPPET_SHOWN))
    return (
        f"<span>Only the story “{title}” ({counted(len(story), 'article')})</span> "
        '<button type="button" data-clear-story>Ask about everything</button>'
    )


def _turn(number: int, turn: Turn, *, may_rate: bool) -> str:
    match turn:
        case Asking():
            body = _asking(number, turn)
        case Answered():
            body = _answered(number, turn) + tools_html(number, turn, may_rate=may_rate)
        case Stopped():
            body = (
                f'<p class="nd-notice">Stopped. Nothing was answered.</p>{_found(number, turn.evidence, opened=False)}'
            )
        case Failed():
            body = f'<p class="nd-notice nd-failed">{text(turn.message[:1].upper() + turn.message[1:])}</p>'
    busy = ' aria-busy="true"' if isinstance(turn, Asking) else ""
    heading = f'<h2 class="nd-question" dir="auto">{text(clipped(turn.question, _QUESTION_SHOWN))}</h2>'
    limited = "" if isinstance(turn, Failed) else limits_in_words(turn.limits)
    scope = f'<p class="nd-scope">Only {limited}</p>' if limited else ""
    return (
        f'<section class="nd-turn" data-turn="{number}"{busy}>{heading if turn.question else ""}{scope}{body}</section>'
    )


def _asking(number: int, turn: Asking) -> str:
    stage = _STAGES.get(turn.stage, turn.stage.capitalize()) or "Starting"
    status = f'<p class="nd-stage"><span class="nd-pulse" aria-hidden="true"></span>{text(stage)}…</p>'
    draft = ""
    if turn.draft:
        draft = (
            '<div class="nd-draft"><p class="nd-label">Draft, not checked yet</p>'
            f'<p dir="auto">{text(turn.draft)}</p></div>'
        )
    return status + draft + _found(number, turn.evidence, opened=True)


def _answered(number: int, turn: Answered) -> str:
    answer = turn.answer
    made = answer.provenance
    understood = made.standalone_question
    parts = [
        f'<p class="nd-understood" dir="auto">Understood as: {isolated(understood)}</p>'
        if understood and understood.casefold() != turn.question.strip().casefold()
        else "",
        f'<p class="nd-notice">{text(made.notice)}</p>' if made.notice else "",
        f'<p class="nd-doubt">{text(answer.doubt)}</p>' if answer.doubt else "",
        _sentences(number, answer.sentences, answer.citations) if answer.sentences else _not_found(number, turn),
        _missing_parts(answer.missing),
        _disputed(number, answer),
        _sources(number, answer.citations),
        f'<p class="nd-made">{_made(turn)}</p>',
        _removed(made.removed),
        how_html(answer),
        _found(number, answer.evidence, opened=False),
    ]
    return "".join(parts)


def _sentences(number: int, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> str:
    by_marker = {citation.marker: citation for citation in citations}
    blocks: list[str] = []
    prose: list[str] = []
    for sentence in sentences:
        cited = [by_marker[marker] for marker in sentence.citations]
        body = _with_markers(sentence.text, "".join(_marker(number, citation) for citation in cited))
        if any(sentence.text in (citation.quote, f"“{citation.quote}”") for citation in cited):
            blocks += [*_paragraph(prose), _quote(sentence.lead_in, body)]
            prose = []
        else:
            prose.append(f"{text(sentence.lead_in)} {body}".strip())
    return f'<div class="nd-answer">{"".join(blocks + _paragraph(prose))}</div>'


def _missing_parts(missing: Sequence[str]) -> str:
    """What a question of several parts asked for and nothing answers."""
    if not missing:
        return ""
    items = "".join(f'<li dir="auto">{isolated(part)}</li>' for part in missing)
    return f'<div class="nd-missing"><p><strong>Not in these articles:</strong></p><ul>{items}</ul></div>'


def _disputed(number: int, answer: Answer) -> str:
    """Which of the quotes cannot both be so."""
    by_marker = {citation.marker: citation for citation in answer.citations}
    pairs = "; ".join(" and ".join(_marker(number, by_marker[marker]) for marker in pair) for pair in answer.disputed)
    return f'<p class="nd-doubt">The outlets differ: {pairs}.</p>' if pairs else ""


def _paragraph(prose: list[str]) -> list[str]:
    return [f'<p class="nd-prose" dir="auto">{" ".join(prose)}</p>'] if prose else []


def _quote(lead_in: str, body: str) -> str:
    said = lead_in.strip().removesuffix(":")
    attribution = f'<figcaption dir="auto">{text(said)}</figcaption>' if said else ""
    return f'<figure class="nd-quote">{attribution}<blockquote dir="auto">{body}</blockquote></figure>'


def _with_markers(sentence: str, markers: str) -> str:
    """The sentence and its markers, which never stand alone on a line where the last word is of ordinary length."""
    head, space, last = sentence.rpartition(" ")
    numbers = f'<span class="nd-markers">{markers}</span>'
    if len(last) > _WORD_KEPT_WITH_MARKERS:
        return text(sentence) + numbers
    return f'{text(head + space)}<span class="nd-together">{text(last)}{numbers}</span>'


def _marker(number: int, citation: Citation, *, kind: str = "citation") -> str:
    ref = citation.article
    day = f", {day_in_words(ref.published)}" if ref.published else ""
    return (
        f'<button type="button" class="nd-cite" data-open="{reference_to(number, kind, citation.marker)}" '
        f'aria-label="Open quote {citation.marker}: {text(outlet_of(ref) + day)}" '
        f'title="{text(clipped(citation.quote, _SNIPPET_SHOWN))}">{citation.marker}</button>'
    )


def _sources(number: int, citations: Sequence[Citation]) -> str:
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    items = "".join(_source(number, group) for group in by_article.values())
    return f'<ol class="nd-sources" aria-label="Sources">{items}</ol>' if items else ""


def _source(number: int, group: Sequence[Citation]) -> str:
    ref = group[0].article
    numbers = "".join(f"<span>{citation.marker}</span>" for citation in group)
    carriers = dict.fromkeys(outlet_of(copy) for citation in group for copy in citation.copies)
    opening = reference_to(number, "citation", group[0].marker)
    original = link(ref.url, "Original")
    return (
        f'<li><span class="nd-numbers" aria-hidden="true">{numbers}</span><div>{_headline(opening, ref)}'
        f'<p class="nd-byline">{isolated(outlet_of(ref))} · {published(ref)}{" · " if original else ""}{original}</p>'
        f"{copies_html(list(carriers))}</div></li>"
    )


def _headline(opening: str, ref: ArticleRef) -> str:
    return f'<button type="button" class="nd-headline" data-open="{opening}" dir="auto">{text(title_of(ref))}</button>'


def _made(turn: Answered) -> str:
    answer = turn.answer
    articles = {citation.article.id for citation in answer.citations}
    if not articles:
        return f"searched in {turn.seconds:.1f} s"
    sources = (
        f"{counted(len(articles), 'article')}, {counted(independent_sources(answer.citations), 'independent source')}"
    )
    made = answer.provenance
    writer = "exact quotes" if made.writer == "quotes" else f"written by {isolated(made.model or 'a language model')}"
    return f"{sources} · {writer} · {turn.seconds:.1f} s"


def _removed(removed: Sequence[RemovedSentence]) -> str:
    if not removed:
        return ""
    items = "".join(f'<li dir="auto"><q>{text(one.text)}</q> <span>{text(one.reason)}</span></li>' for one in removed)
    return (
        f'<details class="nd-details"><summary>The check removed {counted(len(removed), "sentence")}</summary>'
        f'<ul class="nd-removed">{items}</ul></details>'
    )


def _not_found(number: int, turn: Answered) -> str:
    wider = ""
    if limited := limits_in_words(turn.limits):
        wider = f" Only {limited} were searched; without that limit there may be more."
    related = "".join(
        _quote(
            f"{outlet_of(one.article)}{f', {day_in_words(one.article.published)}' if one.article.published else ''}",
            _with_markers(f"\u201c{one.quote}\u201d", _marker(number, one, kind="related")),
        )
        for one in turn.answer.related
    )
    spoken = f'<p class="nd-label">Related, but no answer</p>{related}' if related else ""
    nearest = turn.answer.nearest
    items = "".join(
        f"<li>{_headline(reference_to(number, 'nearest', position), ref)}"
        f'<p class="nd-byline">{isolated(outlet_of(ref))} · {published(ref, short=True)}</p></li>'
        for position, ref in enumerate(nearest)
    )
    offered = f'<p class="nd-label">The nearest articles</p><ul class="nd-nearest">{items}</ul>' if items else ""
    scope = f" {text(turn.scope)}" if turn.scope and not limited else ""
    add = (
        '<p class="nd-byline">Articles that tell it can be added in the view Library, or with '
        "<code>newsdesk ingest SOURCE</code>; then ask again.</p>"
    )
    return f'<div class="nd-missing"><p><strong>{NOT_FOUND}</strong>{scope}{wider}</p>{add}{spoken}{offered}</div>'


def _found(number: int, evidence: Sequence[Evidence], *, opened: bool) -> str:
    """What was found: the first cards in the open while the answer is made, all of them folded away afterwards."""
    if not evidence:
        return ""
    articles = {found.passage.article.id for found in evidence}
    total = f"{counted(len(evidence), 'passage')} from {counted(len(articles), 'article')}"
    cards = "".join(_card(number, found) for found in (evidence[:_CARDS_SHOWN] if opened else evidence))
    if opened:
        return f'<p class="nd-label">Found {total}</p><ul class="nd-cards">{cards}</ul>'
    return f'<details class="nd-details"><summary>Read {total}</summary><ul class="nd-cards">{cards}</ul></details>'


def _card(number: int, found: Evidence) -> str:
    ref = found.passage.article
    return (
        f"<li>{_headline(reference_to(number, 'evidence', found.rank), ref)}"
        f'<p class="nd-byline">{isolated(outlet_of(ref))} · {published(ref, short=True)}</p>'
        f'<p class="nd-snippet" dir="auto">{text(clipped(found.passage.text, _SNIPPET_SHOWN))}</p></li>'
    )
