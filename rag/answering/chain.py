"""The retrieval-augmented chain, made of LangChain Runnables: invoke, stream, batch and callbacks work as on any other.

    Asked -> Understood -> + evidence -> + selected -> + draft -> + answer

Each step adds one key, and each stage has a type. A failing or silent model never costs the reader the quotes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda, RunnablePassthrough

from rag.answering.answer_selection import (
    RELATED_SENTENCES,
    SelectedSentences,
    answers_what_went_before,
    select_sentences,
    with_differing_figures,
)
from rag.answering.candidate import Candidate
from rag.answering.chain_state import Answered, Asked, Drafted, PartialDraft, Retrieved, Selected, Understood
from rag.answering.citing import checked_draft
from rag.answering.lead import ShownQuote, lead_of
from rag.answering.model_writer import Usage, draft_stream, is_refusal, prompt_digests
from rag.answering.notices import MAY_NOT_ANSWER, age_notice, model_failed, told_of_languages, unsupported
from rag.answering.quote_writer import quoted
from rag.answering.second_judge import JUDGE_PROMPTS, judged
from rag.answering.writing_profile import profile_of
from rag.checking.check import check_sentence
from rag.checking.disagreements import Disagreement, disagreements
from rag.errors import CostLimit, ModelError
from rag.models.writers import OWN_WRITER, Writer
from rag.question.coreference import subject_of
from rag.question.differing_figures import asked_otherwise
from rag.question.follow_up import in_context, may_stand_alone
from rag.question.named_periods import unclear_date
from rag.question.search_plan import asks_for_the_present, period_of
from rag.retrieval.copies import SyndicatedCopies
from rag.retrieval.library_names import as_the_library_spells
from rag.retrieval.retrieve import retrieve_for_all
from rag.retrieval.rivals import rival_notices
from rag.storage.library import Library
from rag.storage.library_snapshot import AsOf
from rag.timing import Clock
from rag.types import (
    Answer,
    AnswerSentence,
    ArticleRef,
    Citation,
    Evidence,
    Lead,
    Provenance,
    Question,
    RemovedSentence,
)
from rag.wording import _, ngettext, translated

NEAREST_ARTICLES = 3

_JOINING = re.compile(r"^(?:and|but|so)[\s,]+(?!on\b)", re.IGNORECASE)


def _clock() -> datetime:
    return datetime.now(UTC)


def build_chain(
    library: Library,
    writers: Sequence[Writer] = (),
    *,
    judge: Writer | None = None,
    now: Callable[[], datetime] = _clock,
    as_of: AsOf | None = None,
) -> Runnable[Asked, Answered]:
    """The chain over one library. `writers` are asked one after the other until one has written; quotes are shown
    where none has. `judge` is the second judge, where that is not who writes. The result's "answer" is the checked
    `Answer`; a stream's parts hold what a step adds.

    `now` says from which moment "last week" counts. Where `library` is one as it stood, `as_of` says so: "last week"
    counts from then.
    """
    steps = _Steps(library, writers, judge, now=now if as_of is None else lambda: as_of.moment, as_of=as_of)
    return (
        RunnableLambda(steps.understand).with_config(run_name="understand")
        | _adding("evidence", RunnableLambda(steps.retrieve), run_name="retrieve")
        | _adding("selected", RunnableLambda(steps.select), run_name="select")
        | _adding("draft", RunnableGenerator(steps.write), run_name="write")
        | _adding("answer", RunnableLambda(steps.check), run_name="check")
    )


def _adding(key: str, step: Runnable[Any, Any], *, run_name: str) -> Runnable[Any, Any]:
    """The step as one that adds its result under `key`; LangChain knows no more of a state than that it is a
    dictionary."""
    return RunnablePassthrough.assign(**{key: step.with_config(run_name=run_name)})


class _Steps:
    """The chain's steps; each takes what the earlier ones made and returns its own part."""

    def __init__(
        self,
        library: Library,
        writers: Sequence[Writer],
        judge: Writer | None,
        *,
        now: Callable[[], datetime],
        as_of: AsOf | None,
    ) -> None:
        self._now = now
        self._as_of = as_of
        self._library = library
        self._writers = writers
        self._judge = judge
        self._settings = library.settings

    def understand(self, asked: Asked) -> Understood:
        question = in_context(asked["question"], asked.get("history") or ())
        spelled = as_the_library_spells(self._library, question)
        otherwise = asked_otherwise(spelled.question)
        spelled = replace(spelled, alternatives=(*spelled.alternatives, *otherwise))
        return {
            "question": spelled.question,
            "spelled": spelled,
            "clock": Clock(),
            "usage": Usage(self._library.spending),
        }

    def retrieve(self, step: Understood) -> tuple[Evidence, ...]:
        since = time.perf_counter()
        evidence = retrieve_for_all(
            self._library,
            [step["question"], *step["spelled"].alternatives],
            limit=self._settings.max_passages,
            now=self._now(),
        )
        step["clock"].note("retrieval", since)
        return evidence

    def select(self, step: Retrieved) -> SelectedSentences:
        since = time.perf_counter()
        selected = self._selected(step["question"], step["evidence"])
        for alternative in step["spelled"].alternatives:
            other = self._selected(alternative, step["evidence"])
            selected = other if other.confidence > selected.confidence else selected
        selected = with_differing_figures(self._library, step["question"], step["evidence"], selected)
        step["clock"].note("selection", since)
        return selected

    def _selected(self, question: Question, evidence: Sequence[Evidence]) -> SelectedSentences:
        """What answers the question in its context, or, where it may stand alone and is answered better so, without."""
        period = period_of(question, self._now(), self._library.archive.outlets())
        if period is not None:
            of_period = [piece for piece in evidence if period.holds(piece.passage.article.believed)]
            if 0 < len(of_period) < len(evidence):
                selected = select_sentences(self._library, question, of_period, limit=self._settings.max_sentences)
                if selected.picked and not selected.missing:
                    return selected
        selected = select_sentences(self._library, question, evidence, limit=self._settings.max_sentences)
        if may_stand_alone(question):
            alone = replace(question, context="")
            other = select_sentences(self._library, alone, evidence, limit=self._settings.max_sentences)
            if other.confidence > selected.confidence:
                return replace(other, without_context=True)
        if not question.standalone and answers_what_went_before(self._library, question, selected, evidence):
            about = replace(question, context=subject_of([question.context]))
            other = select_sentences(self._library, about, evidence, limit=self._settings.max_sentences)
            return other if other.picked else replace(selected, is_sure=False)
        return selected

    def write(self, parts: Iterable[Selected]) -> Iterator[PartialDraft]:
        # A stream hands over one key at a time.
        step = cast(Selected, dict(item for part in parts for item in part.items()))
        # Without a sentence that answers there is nothing to write about: a model would only invent.
        if not self._writers or not step["selected"].picked:
            yield PartialDraft()
            return
        since, notice = time.perf_counter(), ""
        for number, writer in enumerate(self._writers, start=1):
            yield PartialDraft(notice=notice, model=writer.name, begins=True)
            step["usage"].counts.pop("cut_off", None)  # it is of one draft alone
            try:
                for piece in self._drafted(writer, step):
                    yield PartialDraft(text=piece)
                break
            except ModelError as error:
                is_last = number == len(self._writers) or isinstance(error, CostLimit)
                notice = model_failed(error, other="" if is_last else self._writers[number].name)
                if is_last:
                    yield PartialDraft(notice=notice, begins=True)
        step["clock"].note("writing", since)

    def _drafted(self, writer: Writer, step: Selected) -> Iterator[str]:
        profile = profile_of(self._settings, writer.name)
        return draft_stream(
            writer.model,
            step["question"],
            _evidence_for_model(step, profile.passages),
            max_sentences=self._most_sentences(step),
            timeout_seconds=self._settings.model_timeout_seconds,
            usage=step["usage"],
            profile=profile,
        )

    def _most_sentences(self, step: Selected) -> int:
        """As many sentences as quotes would have: the setting's, and one for each part of the question."""
        return max(self._settings.max_sentences, len(step["selected"].picked))

    def check(self, step: Drafted) -> Answer:
        since = time.perf_counter()
        draft = step["draft"]
        picked = step["selected"].picked
        written = _Written(writer="quotes")
        if picked and draft.text:
            written = self._from_model(step)
        if picked and not written.sentences and not written.refused:
            written = _from_quotes(picked, written)
        step["clock"].note("checking", since)
        answer = self._answer(step, written, notice=draft.notice or written.notice)
        answer = told_of_languages(self._library.archive, answer)
        rivals = rival_notices(self._library.archive, answer.citations)
        said = " ".join([*step["spelled"].notices, *rivals, answer.provenance.notice]).strip()
        return replace(answer, provenance=replace(answer.provenance, notice=said))

    def _from_model(self, step: Drafted) -> _Written:
        draft = step["draft"].text
        if is_refusal(draft):
            return _Written(writer="model", refused=True)
        writer = step["draft"].model
        evidence = _evidence_for_model(step, profile_of(self._settings, writer).passages)
        checked = checked_draft(
            draft,
            evidence,
            check=self._library.check,
            max_sentences=self._most_sentences(step),
            is_truncated="cut_off" in step["usage"].counts,
        )
        if (judge := self._judge_of(writer)) is not None:
            timeout = self._settings.model_timeout_seconds
            checked = judged(judge.model, checked, evidence, timeout_seconds=timeout, usage=step["usage"])
        return _Written(
            writer="model",
            sentences=checked.sentences,
            citations=checked.citations,
            removed=checked.removed,
            notice="" if checked.sentences else unsupported(),
        )

    def _judge_of(self, writer: str) -> Writer | None:
        """Who judges what this writer wrote."""
        if self._settings.second_judge == OWN_WRITER:
            return next((one for one in self._writers if one.name == writer), None)
        return self._judge

    def _answer(self, step: Drafted, written: _Written, *, notice: str) -> Answer:
        question, evidence, selected, clock = step["question"], step["evidence"], step["selected"], step["clock"]
        if selected.without_context:
            question = replace(question, context="")
        carriers = SyndicatedCopies(self._library.archive, question.scope)
        citations = carriers.named(written.citations)
        is_answered = bool(written.sentences)
        disputed = disagreements(citations)
        related = (
            () if is_answered else carriers.named(_quotes(selected.related or selected.picked[:RELATED_SENTENCES]))
        )
        doubt = translated(MAY_NOT_ANSWER) if is_answered and not selected.is_sure else ""
        writer = step["draft"].model or (self._writers[0].name if self._writers else "")
        clock.note("total", clock.started)
        return Answer(
            question=question,
            outcome=("partly" if selected.missing else "answered") if is_answered else "not_found",
            sentences=written.sentences,
            citations=citations,
            evidence=evidence,
            nearest=() if is_answered else _nearest(evidence),
            confidence=selected.confidence if is_answered else 0.0,
            doubt=doubt,
            missing=selected.missing if is_answered else (),
            disputed=tuple((pair.one.marker, pair.other.marker) for pair in disputed),
            related=related,
            lead=_lead(question, selected, written.writer, citations, disputed),
            provenance=Provenance(
                writer=written.writer,
                model=writer,
                prompts=self._prompts(writer),
                judge=judge.name if (judge := self._judge_of(writer)) is not None else "",
                embedder=self._library.embedder.identity,
                revision=self._library.archive.revision(),
                timings=dict(clock.timings),
                standalone_question=_well_formed(question.standalone),
                notice=notice
                or (self._as_of.notice if self._as_of else "")
                or self._period_notice(question, citations),
                removed=written.removed,
                as_of=self._as_of.day if self._as_of else None,
                usage=step["usage"].told(),
            ),
        )

    def _prompts(self, writer: str) -> dict[str, str]:
        if not writer:
            return {}
        of_judge = JUDGE_PROMPTS if self._judge_of(writer) is not None else ()
        return prompt_digests(*profile_of(self._settings, writer).prompts, *of_judge)

    def _period_notice(self, question: Question, citations: Sequence[Citation]) -> str:
        """How a period that the question names was read, and how many quotes are of another time; for a question about
        the present, how old the newest quote is; else ""."""
        period = period_of(question, self._now(), self._library.archive.outlets())
        dates = [citation.article.believed for citation in citations]
        if period is None:
            age = age_notice(dates, self._now()) if asks_for_the_present(question.complete) else ""
            return unclear_date(question.complete) or age
        others = sum(1 for day in dates if not period.holds(day))
        said = f"{period.in_words()}."
        if not others:
            return said
        if others == len(dates):
            return said + " " + _("The quotes are of another time, or of articles without a date.")
        some = ngettext(
            "{n} of the {all} quotes is of another time, or of articles without a date.",
            "{n} of the {all} quotes are of another time, or of articles without a date.",
            others,
            all=len(dates),
        )
        return f"{said} {some}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    writer: str
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    removed: tuple[RemovedSentence, ...] = ()
    notice: str = ""
    refused: bool = False


def _from_quotes(picked: tuple[Candidate, ...], before: _Written) -> _Written:
    """Quotes go through the same check as a model's sentences: what it does not let through is not shown."""
    sentences, citations = quoted(picked)
    quotes = {citation.marker: citation.quote for citation in citations}
    shown = tuple(s for s in sentences if check_sentence(s.text, [quotes[m] for m in s.citations]).supported)
    used = {marker for sentence in shown for marker in sentence.citations}
    return _Written(
        writer="quotes",
        sentences=shown,
        citations=tuple(citation for citation in citations if citation.marker in used),
        removed=before.removed,
        notice=before.notice,
    )


def _lead(
    question: Question,
    selected: SelectedSentences,
    writer: str,
    citations: Sequence[Citation],
    disputed: Sequence[Disagreement],
) -> Lead | None:
    """What quotes begin with; a model begins with its own first sentence, and several answers with none."""
    if writer != "quotes" or selected.of_parts:
        return None
    places = {(one.evidence.passage.article.id, one.span.start): one for one in selected.picked}
    shown = [ShownQuote(places[quote.article.id, quote.start], quote) for quote in citations]
    return lead_of(
        question.complete,
        shown,
        is_sure=selected.is_sure,
        counted_out=selected.counted_out,
        with_figures=selected.with_figures,
        disputed=disputed,
    )


def _well_formed(question: str) -> str:
    """Without "and" in front, with a capital and one question mark behind."""
    question = _JOINING.sub("", question)
    return f"{question[:1].upper()}{question[1:].rstrip(' ?.!')}?" if question else ""


def _quotes(found: Sequence[Candidate]) -> tuple[Citation, ...]:
    return tuple(candidate.citation(marker) for marker, candidate in enumerate(found, start=1))


def _evidence_for_model(step: Selected, passages: int) -> tuple[Evidence, ...]:
    """The passages that hold the chosen sentences first, then the best of the others."""
    holding = dict.fromkeys(candidate.evidence for candidate in step["selected"].picked)
    return tuple(dict.fromkeys([*holding, *step["evidence"]]))[:passages]


def _nearest(evidence: tuple[Evidence, ...]) -> tuple[ArticleRef, ...]:
    return tuple(dict.fromkeys(piece.passage.article for piece in evidence))[:NEAREST_ARTICLES]
