"""Storylines over a month of news that comes in day by day: do their articles belong together, is anything told twice?

`--data` is the half's folder of RealTime QA with `corpus.jsonl.gz` (see `crawled`). Which of its articles tell one
storyline was judged by hand: `eval/data/reading/storylines.jsonl` has for each article of two months its `storyline`
("" for one that goes on with none), as a reader sees it who follows the story; thresholds were chosen on the part
`development` and are judged on `check`.

Every day with news is looked at as it stood in its evening. An article belongs to a storyline of two articles or more
where it has the label that most of it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eval.datasets import Options
from eval.datasets.ingest.crawled import CrawledArticle
from eval.datasets.rows import Row, data_of, file_in_folder, read_rows
from eval.datasets.summaries.story_clusters import b_cubed
from eval.metrics.estimates import estimated, mean_of
from eval.runs.cached_embedder import CachedEmbedder
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from rag.models.load_embedder import open_embedder
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.changes import ChangedStory, changes_since
from rag.summaries.story_clustering import clusters, storylines
from rag.summaries.story_texts import silent, story_texts
from rag.summaries.storylines import build_storylines

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.types import ArticleRef, Citation

NAME = "storylines"
JUDGED = Path(__file__).parents[2] / "data" / "reading" / "storylines.jsonl"
Part = Literal["development", "check"]
PARTS: tuple[Part, ...] = ("development", "check")
MEASURES = ("belongs", "goes_on", "together", "note_once", "change_once", "change_told")
ESTIMATES = mean_of(*(f"{measure}_{part}" for part in PARTS for measure in MEASURES))

SAYS_THE_SAME = 0.86
"""Two quotes say the same from this cosine on: what summaries hold to be a repetition."""

ALL = 100


class Judged(Row):
    """What a reader says of an article."""

    part: Part
    doc_id: str
    storyline: str


def evaluate(options: Options) -> Result:
    """A case for each article and each quote; the figures end in the part's name.

    `belongs`: an article of a storyline belongs to it, at the end of the month. `goes_on`: an article with which the
    changes of its day let a story go on belongs to the articles from before. `together`: share of the articles with its
    label that stand in one storyline with it. `note_once`: a note of a storyline says what no other note of the month
    says. `change_once`: a quote of a day's changes says what none of an earlier day said. `change_told`: the changes of
    its day count an article as new.
    """
    folder = data_of(options, set_name=NAME, holds="the half's folder with its corpus")
    corpus, corpus_digest = read_rows(file_in_folder(folder, "corpus"), CrawledArticle)
    judged, judged_digest = read_rows(JUDGED, Judged)
    by_name = {article.doc_id: article for article in corpus}
    embedder = CachedEmbedder(open_embedder(options.settings))
    rows: list[dict[str, Any]] = []
    revision = 0
    for number, part in enumerate(PARTS, start=1):
        labels = {row.doc_id: row.storyline for row in judged if row.part == part and row.doc_id in by_name}
        raw = [by_name[name].raw() for name in labels][: options.limit]
        names = dict(zip(article_ids(raw), labels, strict=False))
        with stored(raw, options.settings, set_name=NAME, keep=options.libraries, embedder=embedder) as library:
            found = _of_month(library.desk, {name: labels[doc] for name, doc in names.items() if name}, embedder)
            rows += [
                row | {"scores": {f"{measure}_{part}": value for measure, value in row["scores"].items()}}
                for row in found
            ]
            revision = library.desk.status().revision
        options.progress(number, len(PARTS))
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=provenance(
            options.settings,
            embedder=embedder.identity,
            revision=revision,
            digests={"corpus": corpus_digest, "judged": judged_digest},
        ),
        cases=rows,
        estimates=ESTIMATES,
    )


def _of_month(desk: Desk, labels: Mapping[str, str], embedder: CachedEmbedder) -> Iterator[dict[str, Any]]:
    refs = [ref for ref in desk.articles() if ref.believed is not None]
    days = sorted({ref.believed.date() for ref in refs if ref.believed is not None})
    last = datetime.combine(days[-1], time.max, tzinfo=UTC)
    yield from _memberships(desk, labels, refs)
    lines = build_storylines(desk.library, most=ALL, now=last)
    yield from _once("note_once", [[note.quote for line in lines for note in line.notes]], embedder)
    told: list[list[Citation]] = []
    for day in days:
        begin, end = (datetime.combine(day, edge, tzinfo=UTC) for edge in (time(), time.max))
        request = BriefingRequest.of(stories=ALL, sentences=2)
        changes = changes_since(desk.library, begin, request=request, until=end)
        new = {ref.id for story in changes.stories for ref in story.new_articles}
        today = [ref for ref in refs if ref.believed is not None and ref.believed.date() == day]
        yield from (
            _row(
                f"{day} {ref.id}",
                fault="" if ref.id in new else f"not told: {ref.title!r}",
                change_told=float(ref.id in new),
            )
            for ref in today
        )
        for story in changes.stories:
            yield from _joins(story, labels)
        told.append([quote for story in changes.stories for quote in story.told.sentences])
    yield from _once("change_once", told, embedder)


def _memberships(desk: Desk, labels: Mapping[str, str], refs: Sequence[ArticleRef]) -> Iterator[dict[str, Any]]:
    """Whether each article belongs to its storyline, and how much of its label stands with it. An article without a
    label has one of its own."""
    texts = story_texts(desk.library, refs, silent)
    sketches = [text.sketch for text in texts]
    events = clusters(sketches)
    lines = [[one for event in line for one in events[event]] for line in storylines(sketches, events)]
    own = [labels.get(text.ref.id) or text.ref.id for text in texts]
    _, recalls = b_cubed(own, lines)
    for line in lines:
        most = Counter(own[one] for one in line).most_common(1)[0][0]
        for one in line:
            scores = {"belongs": float(own[one] == most)} if len(line) > 1 else {}
            if own.count(own[one]) > 1:
                scores["together"] = recalls[one]
            told = {"line": texts[line[0]].ref.id, "label": own[one]}
            fault = f"{texts[one].ref.title!r} does not belong to {texts[line[0]].ref.title!r}"
            yield _row(texts[one].ref.id, fault="" if scores.get("belongs", 1.0) else fault, **scores) | told


def _joins(story: ChangedStory, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Whether the new articles of a story that goes on belong to it."""
    if not story.told.earlier:
        return
    before = Counter(labels.get(ref.id) or ref.id for ref in story.told.earlier).most_common(1)[0][0]
    for ref in story.new_articles:
        is_right = (labels.get(ref.id) or ref.id) == before
        fault = "" if is_right else f"{ref.title!r} does not go on with {story.told.earlier[0].title!r}"
        yield _row(f"joined {ref.id}", fault=fault, goes_on=float(is_right))


def _once(measure: str, groups: Sequence[Sequence[Citation]], embedder: CachedEmbedder) -> Iterator[dict[str, Any]]:
    """Whether each quote says what none before it says."""
    before: list[str] = []
    for quote in (quote for group in groups for quote in group):
        vector = embedder.embed_passages([quote.quote])[0]
        likeness = embedder.embed_passages(before) @ vector
        is_new = not before or float(likeness.max()) < SAYS_THE_SAME
        fault = "" if is_new else f"said before: {quote.quote}"
        yield _row(f"{measure} {quote.article.id} {quote.start}", fault=fault, **{measure: float(is_new)})
        before.append(quote.quote)


def _row(name: str, *, fault: str = "", **scores: float) -> dict[str, Any]:
    return {"id": name, "fault": fault, "scores": scores}
