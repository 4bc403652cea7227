"""Drafts as a capable language model writes them, over real articles: which of their sentences are shown.

The drafts are our own (`eval/data/drafts`): prose that puts several sentences of an article together in other words,
each sentence marked as right or as wrong in one of the ways in which such models err. Articles are not ours: `--data`
is a folder of wikinews-qa (`articles.jsonl.gz` in it or beside it), and each draft carries their digests. A scripted
model writes the draft whenever it is asked, marking the sentences that it cites by their places in the evidence (the
profile `prose`); everything else, from the search to the check, is Newsdesk's own.

A right sentence that the model was not given the evidence for would not have been written: it is left out, and counts
as not shown in `right_shown` and not at all in `right_kept`. Wrong ones are always written where anything is. A
miscited sentence, which is true, counts as wrong only where it is shown with quotes that do not state it. Intervals are
over draws of whole articles.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.cases import GoldSpan
from eval.datasets import Options
from eval.datasets.answering.wikinews_articles import NumberedSentences, WikinewsArticle, located, read_articles
from eval.datasets.rows import Row, data_of, read_rows
from eval.errors import CaseError
from eval.metrics.by_kind import estimated_by_kind
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.metrics.question_scores import is_one_of
from eval.metrics.shown_sentences import shown_sentences
from eval.runs.ask import ask
from eval.runs.cached_embedder import CachedEmbedder
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from rag.answering.evidence_prompt import escape
from rag.types import Answer, AnswerSentence

NAME = "drafts"
RECORDED = Path(__file__).parents[2] / "data" / "drafts" / "wikinews.jsonl"
DIGEST_LENGTH = 12

Kind = Literal["right", "number", "date", "speaker", "roles", "overclaim", "merged", "miscited", "outside"]
"""Right, or how it is wrong: another figure or day, given to another speaker, who did what turned round, more certain
or general than its source, two facts made one, true but marked with another passage, true but of no article."""

ESTIMATES: dict[str, Estimate] = mean_of(
    "right_shown", "right_kept", "right_replaced", "right_well_cited", "wrong_shown", "wrong_kept"
)

_NUMBERED = re.compile(r"^\((\d+\.\d+)\) (.+)$", re.MULTILINE)


class DraftedSentence(Row):
    """One sentence; `cites` are the sentences that the model had in mind, as (article, number), and `facts` those that
    state it: the same where it is right, none where it is wrong."""

    text: str
    kind: Kind
    cites: list[tuple[str, int]]
    facts: list[tuple[str, int]]


class RecordedDraft(Row):
    """One answer; `articles` maps an article's id to the beginning of the SHA-256 of its text."""

    id: str
    question: str
    articles: dict[str, str]
    sentences: list[DraftedSentence]


@dataclass
class RecordedWriter:
    """What the scripted model says: the draft at hand, as far as the evidence that it is shown bears it."""

    homes: Mapping[str, NumberedSentences]
    draft: RecordedDraft | None = None
    written: list[DraftedSentence] = field(default_factory=list)

    def begin(self, draft: RecordedDraft) -> None:
        """From here on this draft is written; nothing of it has been yet."""
        self.draft, self.written = draft, []

    def __call__(self, prompt: str) -> str:
        """The draft with its marks."""
        if self.draft is None:
            raise ValueError("there is no draft to write")
        given = {text: place for place, text in reversed(_NUMBERED.findall(prompt))}
        marked = [(sentence, self._places(sentence, given)) for sentence in self.draft.sentences]
        written = [pair for pair in marked if all(pair[1]) or pair[0].kind != "right"]
        self.written = [sentence for sentence, _ in written]
        return " ".join(_marked(sentence.text, places) for sentence, places in written)

    def _places(self, sentence: DraftedSentence, given: Mapping[str, str]) -> list[str]:
        """For each cited sentence the first place where it stands, "" where it does not. A sentence that Newsdesk ends
        elsewhere stands where a part of it does."""
        found = []
        for text in (escape(span.text) for span in spans_of(sentence.cites, self.homes)):
            near = (place for line, place in given.items() if line in text or text in line)
            found.append(given.get(text) or next(near, ""))
        return found


def _marked(text: str, places: Sequence[str]) -> str:
    marks = "".join(f"[{place}]" for place in dict.fromkeys(places) if place)
    return f"{text[:-1]} {marks}{text[-1]}" if marks else text


def evaluate(options: Options) -> Result:
    """Ask every question of a library of all articles, with the recorded draft as the model's."""
    from rag.models.load_embedder import open_embedder
    from rag.models.scripted_model import ScriptedModel

    folder = data_of(options, set_name=NAME, holds="a half's folder of wikinews-qa, for its articles")
    drafts, digest = read_rows(RECORDED, RecordedDraft)
    articles, digests = read_articles(folder)
    require_same_articles(drafts, articles)
    raw = [article.raw() for article in articles]
    settings = options.settings.model_copy(update={"writing": "prose"})
    writer = RecordedWriter({})
    rows: list[dict[str, Any]] = []
    with stored(
        raw,
        settings,
        set_name=NAME,
        keep=options.libraries,
        embedder=CachedEmbedder(open_embedder(options.settings)),
        model=ScriptedModel(script=writer),
    ) as library:
        writer.homes = located(articles, article_ids(raw), library.desk.library.archive)
        for done, draft in enumerate(chosen := drafts[: options.limit], start=1):
            writer.begin(draft)
            answer = ask(library.desk, draft.question, case_id=draft.id).answer
            rows += [_row(draft, sentence, answer, writer) for sentence in draft.sentences]
            options.progress(done, len(chosen))
        status = library.desk.status()
    made = provenance(
        settings, embedder=status.embedder, revision=status.revision, digests={"drafts": digest, **digests}
    )
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json()},
        cases=rows,
        estimates=ESTIMATES,
        by_kind=estimated_by_kind(ESTIMATES, rows),
    )


def require_same_articles(drafts: Sequence[RecordedDraft], articles: Sequence[WikinewsArticle]) -> None:
    """Raise a `CaseError` where an article is missing or is another text than the drafts were written over."""
    digests = {article.id: hashlib.sha256(article.text.encode()).hexdigest()[:DIGEST_LENGTH] for article in articles}
    lengths = {article.id: len(article.sentences) for article in articles}
    for draft in drafts:
        for name, digest in draft.articles.items():
            if digests.get(name) != digest:
                raise CaseError(f"draft {draft.id!r}: article {name!r} is missing or has another text; name its folder")
        for sentence in draft.sentences:
            for name, number in (*sentence.cites, *sentence.facts):
                if not 0 <= number < lengths.get(name, 0):
                    raise CaseError(f"draft {draft.id!r}: article {name!r} has no sentence {number}; correct it")


def spans_of(places: Sequence[tuple[str, int]], homes: Mapping[str, NumberedSentences]) -> list[GoldSpan]:
    """The sentences at these places, as they stand in the library."""
    return [homes[name].spans[number] for name, number in places]


def sentence_scores(
    sentence: DraftedSentence, shown: AnswerSentence | None, *, states_it: bool, is_written: bool, is_replaced: bool
) -> dict[str, float | None]:
    """The columns of one sentence: `shown` is it in the answer, `states_it` whether a quote beside it does."""
    is_right = sentence.kind == "right"
    is_fault = shown is not None and not (sentence.kind == "miscited" and states_it)
    return {
        "right_shown": float(shown is not None) if is_right else None,
        "right_kept": float(shown is not None) if is_right and is_written else None,
        "right_replaced": float(is_replaced) if is_right and is_written else None,
        "right_well_cited": float(states_it) if is_right and shown is not None else None,
        "wrong_shown": None if is_right else float(is_fault),
        "wrong_kept": None if is_right or not is_written else float(is_fault),
    }


def _row(draft: RecordedDraft, sentence: DraftedSentence, answer: Answer, writer: RecordedWriter) -> dict[str, Any]:
    shown = next((one for one in answer.sentences if one.text == sentence.text), None)
    reason = next((one.reason for one in answer.provenance.removed if one.text == sentence.text), "")
    quotes = [c for c in answer.citations if shown is not None and c.marker in shown.citations]
    gold = spans_of(sentence.facts, writer.homes)
    scores = sentence_scores(
        sentence,
        shown,
        states_it=any(is_one_of(part, gold) for part in shown_sentences(quotes)),
        is_written=sentence in writer.written,
        is_replaced="stands in its place" in reason,
    )
    is_fault = scores["right_shown"] == 0 or scores["wrong_shown"] == 1
    told = "shown" if shown is not None else f"removed: {reason}" if reason else "not shown"
    cited = "".join(f"\n  {quote.marker}: {quote.quote}" for quote in quotes)
    return {
        "id": f"{draft.id}-{draft.sentences.index(sentence) + 1}",
        "cluster": min(draft.articles),
        "kind": sentence.kind,
        "sentence": sentence.text,
        "told": told,
        "support": shown.support if shown is not None else None,
        "scores": scores,
        "fault": f"{draft.id} ({sentence.kind}), {told}\n  {sentence.text}{cited}" if is_fault else "",
    }
