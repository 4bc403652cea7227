"""From a draft to checked sentences: each gets the exact quotes that support it, or goes.

The marks in a draft are a hint about where to look. What is shown as a citation is chosen here, from the evidence's
own sentences, and only where the check finds that they support the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from rag.answering.draft_parser import DraftSentence, Mark, read_draft
from rag.answering.model_writer import is_refusal
from rag.answering.quote_writer import in_quotation_marks
from rag.checking.check import Verdict
from rag.checking.sentence_check import SentenceCheck
from rag.models.checker.rows import CitedQuote
from rag.text.names import is_name
from rag.text.pronouns import PERSONAL, POINTING_BACK
from rag.text.standalone import can_be_quoted, in_comment
from rag.text.tokens import fold_claim, tokens
from rag.types import AnswerSentence, Checked, Citation, Evidence, Passage, RemovedSentence, Span

REPLACED_FROM = 0.5
"""A sentence that shares so much of its wording with a quote was meant to be it."""

UNCITED_WORDING = 0.75
"""Share of its wording that a passage which a sentence does not cite must hold to support it: among all passages some
quote is near in meaning by accident. On the development halves of QAGS and AggreFact, where nothing is cited, 0, .6,
.75 and .85 give a mean balanced accuracy of .649, .665, .679 and .670."""

LEANS_ON_REMOVED = "it refers to a sentence that was removed"

_CANDIDATES = 3
"""Sentences of one passage that are tried alone, and then as pairs with the one that adds most to them."""

_MOST_QUOTES = 6
"""Sentences that may stand behind one drafted sentence: what cites more has not been pointed at anything."""

_ENDED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")  # noqa: RUF001


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedDraft:
    """What is left of a draft; markers count from 1 in the order of first use and are the same set as the
    citations'."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    removed: tuple[RemovedSentence, ...]

    def without(
        self, refused: Sequence[AnswerSentence], reason: str, *, names: AbstractSet[str] = frozenset()
    ) -> CheckedDraft:
        """The rest of it, without what points back to a refused sentence, and with markers anew; nothing where only
        quotes are left. `names` are those of the evidence (`names_in`)."""
        kept: list[AnswerSentence] = []
        removed = list(self.removed)
        last_removed = False
        for sentence in self.sentences:
            leans = last_removed and sentence.checked != "replaced" and _points_back(sentence.text, names)
            last_removed = leans or sentence in refused
            if last_removed:
                removed.append(RemovedSentence(text=sentence.text, reason=LEANS_ON_REMOVED if leans else reason))
            else:
                kept.append(sentence)
        if all(sentence.checked == "replaced" for sentence in kept):
            return CheckedDraft(sentences=(), citations=(), removed=tuple(removed))
        used = dict.fromkeys(marker for sentence in kept for marker in sentence.citations)
        anew = {marker: number for number, marker in enumerate(used, start=1)}
        quotes = {citation.marker: citation for citation in self.citations}
        return CheckedDraft(
            sentences=tuple(replace(one, citations=tuple(anew[marker] for marker in one.citations)) for one in kept),
            citations=tuple(replace(quotes[marker], marker=number) for marker, number in anew.items()),
            removed=tuple(removed),
        )


@dataclass(frozen=True, slots=True)
class _Quote:
    """One sentence of the evidence."""

    evidence: Evidence
    span: Span

    @property
    def text(self) -> str:
        return self.evidence.passage.sentence(self.span)

    def cited(self) -> CitedQuote:
        """As the check takes it, with the sentence ahead of it where the passage holds that."""
        passage = self.evidence.passage
        place = passage.sentences.index(self.span)
        article = passage.article
        return CitedQuote(
            text=self.text,
            before=passage.sentence(passage.sentences[place - 1]) if place else "",
            title=article.title,
            outlet=article.outlet,
            published=article.published.date() if article.published else None,
        )


@dataclass(frozen=True, slots=True)
class _Finding:
    """The quotes tried for a sentence and what the check said."""

    quotes: tuple[_Quote, ...]
    verdict: Verdict


def checked_draft(
    draft: str | Sequence[DraftSentence],
    evidence: Sequence[Evidence],
    *,
    check: SentenceCheck,
    max_sentences: int | None = None,
    is_truncated: bool = False,
) -> CheckedDraft:
    """Hold the draft's sentences against the evidence, until `max_sentences` are kept; marks in it are evidence ranks,
    or places of sentences in it. `is_truncated` says that the model was stopped in the middle.

    A sentence whose marks name sentences is held against these together, not against all that is near them: whoever can
    say what states it is taken at their word, and each further attempt is one more chance for a wrong one.
    A sentence whose marked passages do not support it, or that has no marks, is kept with a corrected citation where
    another passage does. One that nothing supports is replaced by the sentence of its marked passage that it comes near
    to, where there is one, and is removed otherwise; where nothing is kept but such quotes, nothing is.
    """
    by_rank = {piece.rank: piece for piece in evidence}
    builder = _Builder(names_in(evidence))
    drafted = read_draft(draft) if isinstance(draft, str) else draft
    for number, sentence in enumerate(drafted, start=1):
        if builder.count == max_sentences:
            break
        if is_refusal(sentence.text) or builder.has(sentence):
            continue
        if number == len(drafted) and _is_cut_off(drafted, is_truncated=is_truncated):
            builder.remove(sentence, "the draft ends in the middle of it")
            continue
        if (reason := builder.dangling(sentence)) is not None:
            builder.remove(sentence, reason)
            continue
        finding = _Search(check, sentence.text).support(
            sentence.marks, builder.reachable(sentence, list(by_rank.values()))
        )
        if finding.verdict.supported:
            builder.keep(sentence, finding)
        elif not builder.replace(sentence, finding, finding.verdict.reason):
            builder.remove(sentence, finding.verdict.reason)
    return builder.result()


class _Builder:
    """Collects kept and removed sentences and numbers the citations."""

    def __init__(self, names: AbstractSet[str]) -> None:
        self._names = names
        self._sentences: list[AnswerSentence] = []
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._removed: list[RemovedSentence] = []
        self._last_removed = False
        self._last_articles: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many sentences are kept."""
        return len(self._sentences)

    def has(self, sentence: DraftSentence) -> bool:
        """Whether the same sentence was kept before: small models repeat themselves."""
        return any(kept.text == sentence.text for kept in self._sentences)

    def dangling(self, sentence: DraftSentence) -> str | None:
        """Why a sentence that points back cannot stand: what it points to was removed."""
        if self._last_removed and _points_back(sentence.text, self._names):
            return LEANS_ON_REMOVED
        return None

    def reachable(self, sentence: DraftSentence, evidence: list[Evidence]) -> list[Evidence]:
        """The evidence that may support the sentence: "He ..." must go on in an article that the sentence before it
        cites."""
        if _first_word(sentence.text) in PERSONAL and self._last_articles:
            return [piece for piece in evidence if piece.passage.article.id in self._last_articles]
        return evidence

    def keep(self, sentence: DraftSentence, finding: _Finding) -> None:
        markers = tuple(dict.fromkeys(self._marker(quote) for quote in finding.quotes))
        is_marked = {quote.evidence.rank for quote in finding.quotes} <= set(sentence.ranks)
        checked: Checked = "kept" if is_marked else "corrected"
        self._sentences.append(
            AnswerSentence(text=sentence.text, citations=markers, support=finding.verdict.support, checked=checked)
        )
        self._last_removed = False
        self._last_articles = frozenset(quote.evidence.passage.article.id for quote in finding.quotes)

    def replace(self, sentence: DraftSentence, finding: _Finding, reason: str) -> bool:
        """Put the quote that a marked sentence comes near to in its place; False where none is near, or it stands here
        already."""
        near = [quote for quote in finding.quotes if quote.evidence.rank in sentence.ranks]
        if len(near) != 1 or finding.verdict.wording < REPLACED_FROM or self._key(near[0]) in self._citations:
            return False
        quote = near[0]
        self.remove(sentence, f"{reason}; the quote stands in its place")
        self._sentences.append(
            AnswerSentence(
                text=in_quotation_marks(quote.text), citations=(self._marker(quote),), support=1.0, checked="replaced"
            )
        )
        self._last_articles = frozenset([quote.evidence.passage.article.id])
        return True

    def remove(self, sentence: DraftSentence, reason: str) -> None:
        self._removed.append(RemovedSentence(text=sentence.text, reason=reason))
        self._last_removed = True

    def result(self) -> CheckedDraft:
        if all(sentence.checked == "replaced" for sentence in self._sentences):
            # Quotes alone are chosen better by who chooses quotes.
            return CheckedDraft(sentences=(), citations=(), removed=tuple(self._removed))
        return CheckedDraft(
            sentences=tuple(self._sentences), citations=tuple(self._citations.values()), removed=tuple(self._removed)
        )

    @staticmethod
    def _key(quote: _Quote) -> tuple[str, int, int]:
        return quote.evidence.passage.article.id, quote.span.start, quote.span.end

    def _marker(self, quote: _Quote) -> int:
        key = self._key(quote)
        if key not in self._citations:
            marker = len(self._citations) + 1
            self._citations[key] = Citation.of(quote.evidence.passage, quote.span, marker=marker)
        return self._citations[key].marker


def _is_cut_off(drafted: Sequence[DraftSentence], *, is_truncated: bool) -> bool:
    """Whether the last sentence has no end, where the model was stopped or all before it have one: it ran out of
    words."""
    *before, last = (bool(_ENDED.search(sentence.text)) for sentence in drafted)
    return not last and (is_truncated or (bool(before) and all(before)))


def _first_word(text: str) -> str:
    return next((token.text.casefold().split("'")[0] for token in tokens(fold_claim(text)) if token.is_word), "")


def names_in(evidence: Sequence[Evidence]) -> frozenset[str]:
    """Every form of the words that are names in the evidence, where no beginning of a sentence gave them a capital."""
    said = (token for piece in evidence for token in tokens(fold_claim(piece.passage.text)))
    return frozenset(form for token in said if is_name(token) for form in token.forms)


def _points_back(text: str, names: AbstractSet[str]) -> bool:
    """Whether a sentence opens with a pronoun, or has one about someone before it names anyone; its first word names
    someone where it is one of these names."""
    if _first_word(text) in POINTING_BACK:
        return True
    for token in tokens(fold_claim(text)):
        if is_name(token) or (token.opens and token.forms & names):
            return False
        if token.text.casefold() in PERSONAL:
            return True
    return False


class _Search:
    """Looks in the evidence for the quotes that support one sentence."""

    def __init__(self, check: SentenceCheck, text: str) -> None:
        self._check, self._text = check, text
        self._wanted = _forms(text)

    def support(self, marks: Sequence[Mark], evidence: Sequence[Evidence]) -> _Finding:
        """The best support: in the marked sentences together, or in the marked passages one by one, in them together,
        in the others one by one."""
        if pointed := _pointed_at(marks, evidence):
            (named,) = self._findings([pointed])
            if named.verdict.supported:
                return named
            return self._elsewhere(evidence, [named])
        marked = [piece for mark in marks for piece in evidence if piece.rank == mark.rank]
        findings = [self._best_in(piece) for piece in marked]
        supported = [finding for finding in findings if finding.verdict.supported]
        if supported:
            return _joined(supported)
        if len(marked) > 1:
            (joint,) = self._findings([tuple(quote for finding in findings for quote in finding.quotes)])
            if joint.verdict.supported:
                return joint
        return self._elsewhere([piece for piece in evidence if piece not in marked], findings)

    def _elsewhere(self, evidence: Sequence[Evidence], tried: list[_Finding]) -> _Finding:
        """Support in passages that nothing points to, or the nearest of what was tried."""
        for piece in evidence:
            finding = self._best_in(piece, least_wording=UNCITED_WORDING)
            if finding.verdict.supported:
                return finding
            tried.append(finding)
        return max(tried, key=_by_wording) if tried else self._findings([()])[0]

    def _best_in(self, evidence: Evidence, *, least_wording: float = 0.0) -> _Finding:
        """At most two sentences of the passage: the best alone where one is enough, else with the sentence that adds
        most."""
        passage = evidence.passage
        # A heading says nothing that could support a sentence.
        said = {span: passage.sentence(span) for span in passage.sentences}
        held = {span: self._wanted & _forms(quote) for span, quote in said.items() if _is_evidence(passage, span)}
        ranked = sorted(held, key=lambda span: (-len(held[span]), span.start))[:_CANDIDATES]
        found = self._findings([(_Quote(evidence, span),) for span in ranked], least_wording)
        if not any(finding.verdict.supported for finding in found):
            pairs = []
            for first in ranked:
                second = max(
                    (span for span in held if span != first),
                    key=lambda span: len(held[span] - held[first]),
                    default=None,
                )
                if second and held[second] - held[first]:
                    both = sorted((first, second), key=lambda span: span.start)
                    pairs.append(tuple(_Quote(evidence, span) for span in both))
            found += self._findings(list(dict.fromkeys(pairs)), least_wording)
        return max(found, key=_by_verdict) if found else self._findings([()])[0]

    def _findings(self, choices: Sequence[tuple[_Quote, ...]], least_wording: float = 0.0) -> list[_Finding]:
        claims = [(self._text, [quote.cited() for quote in quotes]) for quotes in choices]
        found = []
        for quotes, verdict in zip(choices, self._check.check(claims), strict=True):
            if verdict.supported and verdict.wording < least_wording:
                verdict = replace(
                    verdict,
                    supported=False,
                    reason="the passages that it cites do not say this",
                )
            found.append(_Finding(quotes, verdict))
        return found


def _pointed_at(marks: Sequence[Mark], evidence: Sequence[Evidence]) -> tuple[_Quote, ...]:
    """The sentences that marks name, as far as they exist and can be quoted."""
    passages = {piece.rank: piece for piece in evidence}
    found = []
    for rank, number in marks:
        piece = passages.get(rank)
        if piece is None or not 0 < number <= len(piece.passage.sentences):
            continue
        quote = _Quote(piece, piece.passage.sentences[number - 1])
        if _is_evidence(piece.passage, quote.span):
            found.append(quote)
    return tuple(found[:_MOST_QUOTES])


def _is_evidence(passage: Passage, span: Span) -> bool:
    return can_be_quoted(passage.sentence(span)) and not in_comment(passage.text, span.start - passage.start)


def _by_verdict(finding: _Finding) -> tuple[bool, float, float]:
    return finding.verdict.supported, finding.verdict.support, finding.verdict.wording


def _by_wording(finding: _Finding) -> float:
    return finding.verdict.wording


def _joined(findings: list[_Finding]) -> _Finding:
    """All passages that support the sentence on their own, as one finding with the strongest score."""
    quotes = tuple(quote for finding in findings for quote in finding.quotes)
    return _Finding(quotes, max((finding.verdict for finding in findings), key=lambda verdict: verdict.support))


def _forms(text: str) -> frozenset[str]:
    """What a quote could have in common with a sentence: keys and stems of content words, and numbers."""
    found = tokens(fold_claim(text))
    return frozenset(
        form for token in found if token.is_content or token.text.isdigit() for form in (token.key, token.stem)
    )
