"""The values that travel through Newsdesk, one type for each stage of life.

An `Article` is cut into `Passage`s; a `Question` finds `Evidence`; a writer's draft and the check make an `Answer`
whose `Citation`s are exact. Every type is frozen, keyword-only and refuses to exist in a wrong state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from rag.pdf_pages import PdfPages
from rag.scope import Scope
from rag.wording import N_, translated

Outcome = Literal["answered", "partly", "not_found", "told"]
"""How a question ended; "told" where nothing of the news was asked for and Newsdesk answers in its own words alone."""

Intent = Literal[
    "question", "summary", "timeline", "comparison", "latest", "library", "newsdesk", "greeting", "thanks", "goodbye",
    "shorter", "more", "speakers", "table", "sources", "sure", "language", "other",
]  # fmt: skip
"""What a reader wants: an answer, a digest of some kind, to know of the library or of Newsdesk, a word of courtesy, or
one of seven orders on the last answer; "other" is what no news can answer (arithmetic, a poem, keys at random)."""

Layout = Literal["list", "table"]
LeadKind = Literal["short_answer", "figures", "overview"]
"""What an answer begins with: the short answer, the figures on which sources differ, or what follows, counted."""
DatePrecision = Literal["minute", "day"]
Checked = Literal["quoted", "kept", "corrected", "replaced"]
"""What the check did with a sentence: an exact quote needed nothing; a model's was kept, kept with a corrected
citation, or replaced by the quote that it should have been."""


def _require_aware(name: str, moment: datetime | None) -> None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} needs a time zone, got {moment!r}")


MOST_AHEAD = timedelta(days=2)
"""A date further ahead of the moment of fetching is a slip, a trick or an event's: it is kept and not believed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRef:
    """What names an article: everything about it but its text.

    `id` is derived from the canonical URL, or from the content where there is none: a re-ingest does not change it.
    Title, outlet and url are empty, and `published` is None, where the source does not say. `library` names the one
    that holds it where several are read as one, else it is empty. `precision`: `published` is known to the minute or to
    the day. `is_ahead` marks a date that lay more than two days ahead when the article was fetched: it is kept as the
    source gives it, and `believed` is None. `pages` are those of its PDF, None where they are not known.
    """

    id: str
    title: str = ""
    outlet: str = ""
    url: str = ""
    published: datetime | None = None
    precision: DatePrecision = "minute"
    is_ahead: bool = False
    library: str = ""
    pages: PdfPages | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        _require_aware("published", self.published)

    @property
    def believed(self) -> datetime | None:
        """When it was published, for whatever orders, counts or limits by that; None where nobody knows."""
        return None if self.is_ahead else self.published


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The source that gave an article ("": not known), and the id of the article of another source that stands at its
    address ("": none does)."""

    source: str = ""
    rival_of: str = ""


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One cleaned news article; `text` is what every offset points into and never changes after storage."""

    ref: ArticleRef
    text: str
    authors: tuple[str, ...] = ()
    language: str = ""
    fetched: datetime

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"article {self.ref.id!r} has no text")
        _require_aware("fetched", self.fetched)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything a reader can see; two equal digests mean nothing changed."""
        published = self.ref.published.isoformat() if self.ref.published else ""
        published += " ahead" if self.ref.is_ahead else ""
        parts = (self.ref.title, self.ref.outlet, self.ref.url, published, "\x1f".join(self.authors), self.language)
        return hashlib.sha256("\x1e".join((*parts, self.text)).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Half-open character offsets [start, end) into an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A run of whole sentences cut from one article; `text` is the article's text at start:end.

    `sentences` are spans in the article's text (not in the passage's), in order, each inside start:end. `position`
    counts the article's passages from 0.
    """

    article: ArticleRef
    position: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or not self.text.strip():
            raise ValueError(f"passage {self.id!r}: text does not fill {self.start}..{self.end}")
        if not self.sentences or any(s.start < self.start or s.end > self.end for s in self.sentences):
            raise ValueError(f"passage {self.id!r}: sentences must lie inside it")

    @property
    def id(self) -> str:
        """`<article id>:<position>`; the same after every re-ingest of the same text."""
        return f"{self.article.id}:{self.position}"

    def sentence(self, span: Span) -> str:
        """The exact text of one of `sentences`."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a reader asks, and within which `scope`.

    `context` is what the conversation is about (earlier questions): it helps to find evidence and never counts as part
    of what must be answered. `standalone` is the question with what its pointers mean in their place ("" where that is
    `text` itself).
    """

    text: str
    scope: Scope = Scope()
    context: str = ""
    standalone: str = ""

    @property
    def complete(self) -> str:
        """What is asked, in words that need no conversation where rules could find them."""
        return self.standalone or self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A passage found for a question.

    `score` is the fused retrieval score (higher is better, comparable within one search only); `rank` counts from 1.
    `copies` are other articles that carry the same text: wire copies, counted as one source. `found_at` is the rank of
    the search where the reader put the evidence into another order, else None; `is_unread` where it stopped before it.
    """

    passage: Passage
    score: float
    rank: int
    copies: tuple[ArticleRef, ...] = ()
    found_at: int | None = None
    is_unread: bool = False

    def __post_init__(self) -> None:
        if min(self.rank, self.prior_rank) < 1:
            raise ValueError(f"ranks count from 1, got {min(self.rank, self.prior_rank)}")

    @property
    def prior_rank(self) -> int:
        """The rank of the search, before anything was read."""
        return self.rank if self.found_at is None else self.found_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """An exact quote: `quote` is `article`'s text at start:end. Build it with `Citation.of`, which cuts it itself.

    `copies` names other articles that carry the same story.
    """

    marker: int
    article: ArticleRef
    start: int
    end: int
    quote: str
    copies: tuple[ArticleRef, ...] = ()

    def __post_init__(self) -> None:
        if self.marker < 1:
            raise ValueError(f"markers count from 1, got {self.marker}")
        if self.end - self.start != len(self.quote) or not self.quote.strip():
            raise ValueError(f"citation [{self.marker}]: the quote does not fill {self.start}..{self.end}")

    @property
    def page(self) -> int | None:
        """The page of its PDF on which the quote begins, None where its article came from none."""
        return self.article.pages.page_at(self.start) if self.article.pages else None

    @classmethod
    def of(cls, passage: Passage, span: Span, *, marker: int, copies: tuple[ArticleRef, ...] = ()) -> Citation:
        """Cut the quote from the passage; raises ValueError where the span is not inside it."""
        if span.start < passage.start or span.end > passage.end:
            raise ValueError(f"{span} is not inside passage {passage.id!r}")
        quote = passage.sentence(span)
        return cls(marker=marker, article=passage.article, start=span.start, end=span.end, quote=quote, copies=copies)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerSentence:
    """One shown sentence. `citations` are markers into `Answer.citations`; `support` is the check's score in 0..1.

    `lead_in` is Newsdesk's own attribution ("A trade economist, in Pacific Ledger, 20 June 2024:"); it states nothing
    but metadata and `speaker`, who says it in the article's own words ("" where that is the reporter). `heading` stands
    over this sentence and those behind it: a story's title, an outlet ("" where the sentence begins nothing).
    `translation` is the text in the reader's language, unchecked but for its figures ("" where that is the text's own).
    """

    text: str
    citations: tuple[int, ...]
    support: float
    lead_in: str = ""
    checked: Checked = "quoted"
    heading: str = ""
    speaker: str = ""
    translation: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.citations:
            raise ValueError("an answer's sentence needs text and at least one citation")
        if not 0.0 <= self.support <= 1.0:
            raise ValueError(f"support is between 0 and 1, got {self.support}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """What an answer begins with. `text` is made of spans of the quotes that `citations` mark, of outlets, dates and
    counts; it states nothing else."""

    kind: LeadKind
    text: str
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.citations:
            raise ValueError("a lead needs text and at least one citation")

    @property
    def marked(self) -> str:
        """The text with its markers; what is counted stands over all that it cites, and has none."""
        return self.text if self.kind == "overview" else f"{self.text} {marks(self.citations)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovedSentence:
    """A drafted sentence that the check did not let through, and why (for the reader, in words)."""

    text: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """How an answer came about: enough to reproduce it.

    `writer` is "quotes" or "model"; `prompts` maps a prompt's name to its digest; `revision` is the library's revision;
    `timings` are milliseconds by stage. `notice` is one line for the reader where something had to be done differently
    (the model failed and quotes are shown instead). `standalone_question` is the question with what its pointers mean
    in their place; "" where it stands alone or rules cannot tell. `removed` is what the check took out of the draft.
    `judge` is the language model that had to agree to each sentence, "" where none had to.
    `as_of` is the day at whose end the library stood, None where it stands as it is. `usage` counts what a language
    model took: "prompt_tokens" and "completion_tokens" where it says so, "evidence_given" and "evidence_left_out" for
    the pieces of evidence that its prompt held and had no room for, "cut_off" where it was stopped before its end,
    "judged" and "judge_removed" for the sentences that the second judge was shown and did not agree to,
    "cost" and, where a day is limited, "cost_today" where the setting `model_prices` gives prices.
    """

    writer: str
    model: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    embedder: str = ""
    revision: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)
    standalone_question: str = ""
    notice: str = ""
    removed: tuple[RemovedSentence, ...] = ()
    as_of: date | None = None
    usage: Mapping[str, float] = field(default_factory=dict)
    judge: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A checked answer; the markers in the sentences and `citations` are the same set, in the order of first use.

    `lead` is what comes first where there is a short answer or something to count. `confidence` is the calibrated
    probability that it answers the question, `doubt` a sentence for the reader where that is low ("" where not).
    `missing` are the parts of the question that nothing answers (outcome "partly"). `disputed` are pairs of markers
    whose quotes cannot both be so. Where the answer is not in the library (outcome "not_found"), `related` are quotes
    that speak of the matter and do not answer, with markers of their own, and `nearest` dated articles.

    `intent` is what was taken to be wanted. `message` are Newsdesk's own words before the sentences, or alone (outcome
    "told"): what follows, what the library holds; nothing that an article says. `layout` is how the reader wants it.
    `translated_into` is the code of the language that sentences were translated into, "" where none was.
    `further` are questions to go on with, where they were looked for (`rag.desk.Desk.further_questions`).
    """

    question: Question
    outcome: Outcome
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    nearest: tuple[ArticleRef, ...]
    provenance: Provenance
    confidence: float = 0.0
    doubt: str = ""
    missing: tuple[str, ...] = ()
    disputed: tuple[tuple[int, int], ...] = ()
    related: tuple[Citation, ...] = ()
    intent: Intent = "question"
    message: str = ""
    layout: Layout = "list"
    lead: Lead | None = None
    translated_into: str = ""
    further: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        used = {marker for sentence in self.sentences for marker in sentence.citations}
        listed = [citation.marker for citation in self.citations]
        if used != set(listed) or len(set(listed)) != len(listed):
            raise ValueError(f"markers {sorted(used)} and citations {listed} differ")
        if (self.outcome in ("not_found", "told")) == bool(self.sentences):
            raise ValueError(f"outcome {self.outcome!r} with {len(self.sentences)} sentences")
        if (self.outcome == "partly") != bool(self.missing and self.sentences):
            raise ValueError(f"outcome {self.outcome!r} with {len(self.missing)} missing parts")
        if self.outcome == "told" and not self.message:
            raise ValueError("what is told needs words")
        if self.lead is not None and not used.issuperset(self.lead.citations):
            raise ValueError(f"the lead cites {self.lead.citations}, the answer {sorted(used)}")
        if self.related and self.sentences:
            raise ValueError("what is related stands in the place of an answer, not beside one")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a probability is between 0 and 1, got {self.confidence}")

    @property
    def text(self) -> str:
        """The answer as plain text with markers; the refusal sentence where nothing was found."""
        lines = [self.message] if self.message else []
        if self.outcome == "not_found" and not lines:
            return translated(NOT_FOUND)
        lines += [self.lead.marked] if self.lead is not None else []
        for sentence in self.sentences:
            lines += [sentence.heading] if sentence.heading else []
            lines.append(rendered_sentence(sentence))
        return "\n".join(lines)


NOT_FOUND = N_("The answer is not in these articles.")
"""The one sentence that every door shows when the library does not hold the answer."""


def rendered_sentence(sentence: AnswerSentence) -> str:
    """`Lead-in: text [1][2]`, and its translation on a line of its own."""
    lead_in = f"{sentence.lead_in} " if sentence.lead_in else ""
    translation = f"\n({sentence.translation})" if sentence.translation else ""
    return f"{lead_in}{sentence.text} {marks(sentence.citations)}{translation}"


def marks(citations: Iterable[int]) -> str:
    """`[1][2]`."""
    return "".join(f"[{marker}]" for marker in citations)
