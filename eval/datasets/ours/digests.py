"""Summaries and the briefing of the sample library: cited, supported, within their length, nothing told twice.

Each sample article is summarised in three sentences, and one briefing is made of all of them. What must be told of an
article are the sentences that answer the golden questions about it: a reader's questions say what matters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eval import cases
from eval.datasets import Options
from eval.datasets.ours.golden import digests
from eval.metrics.estimates import estimated, mean_of
from eval.metrics.summaries import SHOWN, shown_scores
from eval.runs import observe, results
from rag.types import Citation, Span

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.summaries.briefing_types import BriefingStory

NAME = "digests"
SENTENCES = 3
STORIES = 20
ESTIMATES = mean_of(*SHOWN, "key_coverage", "quoted_exactly", "told_once")


def evaluate(options: Options) -> results.Result:
    """One case a summary, and one a story of the briefing.

    `key_coverage`: share of the key sentences that the summary quotes, at most as many as it has room for.
    `quoted_exactly`: every quote of a story is its article's text at its place. `told_once`: none of a story's quotes
    stands, word for word, in another story or twice in its own sentences.
    """
    from ingest.sample import sample_folder

    asked = cases.load_cases(cases.golden_files(cases.GOLDEN_FOLDER))
    rows: list[dict[str, Any]] = []
    with observe.desk_over([sample_folder()], options.settings) as desk:
        articles = observe.articles_by_url(desk)
        key = _key_sentences(cases.locate(asked, articles))
        for done, article in enumerate(list(articles.values())[: options.limit], start=1):
            rows.append(_summary_row(desk, article.ref.id, key.get(article.ref.id, set())))
            options.progress(done, len(articles))
        rows += _briefing_rows(desk)
        status = desk.status()
    return results.Result(
        set=NAME,
        data="the sample articles",
        metrics=estimated(ESTIMATES, rows),
        provenance=results.provenance(
            options.settings, embedder=status.embedder, revision=status.revision, digests=digests()
        ),
        cases=rows,
        estimates=ESTIMATES,
    )


def _key_sentences(located: Sequence[cases.LocatedCase]) -> Mapping[str, set[Span]]:
    """Article id -> the sentences that state a fact which a golden case asks for."""
    found: dict[str, set[Span]] = defaultdict(set)
    for case in located:
        for fact in case.facts:
            for place in fact:
                found[place.article_id].add(Span(start=place.start, end=place.end))
    return found


def _summary_row(desk: Desk, article_id: str, key: set[Span]) -> dict[str, Any]:
    summary = desk.summarize([article_id], sentences=SENTENCES)
    told = {span for span in key if any(_overlap(quote, span) for quote in summary.citations)}
    room = min(len(key), SENTENCES)
    scores = {
        **shown_scores(desk, summary),
        "key_coverage": min(len(told), room) / room if room else None,
        "quoted_exactly": None,
        "told_once": None,
    }
    wrong = [name for name in ("cited_share", "supported_share", "length_kept") if scores[name] not in (1.0, None)]
    fault = f"{article_id}: {', '.join(wrong)}" if wrong else ""
    return {"id": f"summary of {article_id}", "scores": scores, "summary": summary.text, "fault": fault}


def _overlap(quote: Citation, span: Span) -> bool:
    return quote.start < span.end and span.start < quote.end


def _briefing_rows(desk: Desk) -> Iterator[dict[str, Any]]:
    briefing = desk.briefing(stories=STORIES, sentences=SENTENCES)
    quotes = Counter(quote.quote for story in briefing.stories for quote in story.sentences)
    for story in briefing.stories:
        exact = all(_is_exact(desk, quote) for quote in _all_quotes(story))
        once = all(quotes[quote.quote] == 1 for quote in story.sentences)
        wrong = [name for name, held in (("quoted_exactly", exact), ("told_once", once)) if not held]
        yield {
            "id": f"story of {story.articles[-1].id}",
            "scores": {"quoted_exactly": float(exact), "told_once": float(once)},
            "fault": f"{story.title}: {', '.join(wrong)}" if wrong else "",
        }


def _all_quotes(story: BriefingStory) -> Iterator[Citation]:
    yield from story.sentences
    for pair in story.disputed:
        yield from (pair.one, pair.other)


def _is_exact(desk: Desk, quote: Citation) -> bool:
    return desk.article(quote.article.id).text[quote.start : quote.end] == quote.quote
