"""What a reader can do with an answer: copy it, ask again, edit the question, go on from it, say if it helped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.text.formatting import clipped
from rag.types import Answer, Evidence
from web.answer_markdown import answer_markdown, answer_text
from web.page.conversation import Answered
from web.page.html import counted, text

REASONS = (
    "does not answer the question",
    "a quote is beside the point",
    "something is missing",
    "should not have been refused",
    "too long",
)
"""What may be wrong with an answer, in the reader's words."""

_SUGGESTIONS = 3
_TITLE_SHOWN = 80


def tools_html(number: int, turn: Answered, *, may_rate: bool) -> str:
    """The row of buttons under an answer, the questions to go on with, and how it came about."""
    question = text(turn.question)
    plain, markdown = text(answer_text(turn.answer)), text(answer_markdown(turn.answer))
    return (
        '<div class="nd-tools" role="group" aria-label="This answer">'
        f'<button type="button" data-copy="{plain}">Copy</button>'
        f'<button type="button" data-copy="{markdown}" data-markdown>Copy as Markdown</button>'
        f'<button type="button" data-again="{question}">Ask again</button>'
        f'<button type="button" data-edit="{question}">Edit question</button>'
        f"{_rating(number, turn) if may_rate else ''}</div>"
        f"{_suggestions(turn.answer)}"
    )


def how_html(answer: Answer) -> str:
    """Writer, time of each stage and what it was made with, folded away."""
    made = answer.provenance
    stages = " · ".join(f"{name} {spent:,.0f} ms" for name, spent in made.timings.items())
    rows = [
        ("Writer", "exact quotes" if made.writer == "quotes" else f"a language model ({made.model}), checked"),
        ("Sure", f"{answer.confidence:.0%} likely to answer the question" if answer.sentences else ""),
        ("Time", stages),
        ("Took", _took(answer)),
        ("Found", f"{counted(len(answer.evidence), 'passage')} in revision {made.revision:,} of the library"),
    ]
    items = "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in rows if value)
    return f'<details class="nd-details"><summary>How this was made</summary><dl class="nd-how">{items}</dl></details>'


def _took(answer: Answer) -> str:
    """What a language model read and wrote for it."""
    usage = answer.provenance.usage
    parts = [
        f"{usage[name]:,.0f} {said}"
        for name, said in (
            ("prompt_tokens", "tokens read"),
            ("completion_tokens", "written"),
            ("evidence_left_out", "passages left out for lack of room"),
        )
        if usage.get(name)
    ]
    return ", ".join([*parts, *([f"cost {usage['cost']:.4f}"] if usage.get("cost") else [])])


def suggested(cited: Sequence[str], evidence: Sequence[Evidence]) -> Iterator[str]:
    """Questions about what was found and not quoted: the titles of those articles, each once."""
    seen = set(cited)
    for found in evidence:
        ref = found.passage.article
        title = clipped(ref.title, _TITLE_SHOWN)
        if ref.id not in seen and title:
            seen.add(ref.id)
            yield f"What is known about “{title}”?"


def _suggestions(answer: Answer) -> str:
    cited = [citation.article.id for citation in answer.citations]
    questions = list(dict.fromkeys(suggested(cited, answer.evidence)))[:_SUGGESTIONS]
    items = "".join(
        f'<li><button type="button" data-ask="{text(question)}" dir="auto">{text(question)}</button></li>'
        for question in questions
    )
    return f'<ul class="nd-further" aria-label="Questions to go on with">{items}</ul>' if items else ""


def _rating(number: int, turn: Answered) -> str:
    if turn.rated:
        return f'<span class="nd-rated" role="status">Noted: {text(turn.rated)}. Thank you.</span>'
    rate = f'<button type="button" data-rate="{number}" data-verdict='
    reasons = "".join(f'<li>{rate}"bad" data-reason="{reason}">{reason}</button></li>' for reason in REASONS)
    return (
        f'{rate}"good" data-reason="">Helpful</button>'
        f'<details class="nd-bad"><summary>Not helpful</summary><ul aria-label="What is wrong">{reasons}</ul></details>'
    )
