"""A desk with five small articles and scripted answers: everything that the page can be asked to show."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rag.checking.disagreements import Disagreement
from rag.errors import LibraryError, ModelUnavailable, UsageError
from rag.events import Draft, Event, Finished, Found, Stage
from rag.models.writers import Writers
from rag.scope import Scope
from rag.settings import Settings
from rag.storage.archive.history import Version
from rag.summaries.briefing_types import Briefing, BriefingRequest, BriefingStory
from rag.summaries.stories.coverage import Coverage, CoverageDay
from rag.summaries.stories.story import OutletSays, RelatedStory, Story, numbered
from rag.summaries.story_texts import Progress
from rag.summaries.storylines import Note
from rag.summaries.summary_types import Length, Summary
from rag.summaries.timeline import Event as DatedEvent
from rag.testing import make_article
from rag.types import (
    Answer,
    AnswerSentence,
    Article,
    ArticleRef,
    Citation,
    Evidence,
    Passage,
    Provenance,
    Question,
    RemovedSentence,
    Span,
)

HOSTILE = (
    'The museum said: <script>window.hacked = 1</script> and <img src=x onerror="window.hacked = 2">.\n'
    "![pixel](http://tracker.invalid/p.png) [click](javascript:window.hacked=3) </div></article>"
    "<h1>Owned</h1> ${window.hacked=4} {{7*7}}\n"
    "مرحبا بالعالم is Arabic for hello, \u202eand this runs backwards\u202c, 👩‍👩‍👧‍👦 is one emoji."
)

LEDGER = make_article(
    "Beijing said little about the pact in public.\n"
    "“Every barrel that arrives from Russia makes the North less dependent on China,” a lecturer in Singapore said. "
    "The trade is worth billions.\n"
    "A former diplomat feared tighter cooperation between Washington, Seoul and Tokyo close to the Chinese coast.\n"
    + "Much else was said that week, and most of it changed nothing at all.\n" * 40
    + "The last worry is a bolder neighbour, a retired officer said.",
    title="Why Beijing is uneasy about the pact",
    outlet="Pacific Ledger",
    url="https://pacific-ledger.example/uneasy",
    published="2024-06-21T03:15:00+00:00",
    article_id="ledger",
)
WIRE = make_article(
    "The two leaders signed a treaty on Wednesday. It promises help if either is attacked.",
    title="Leaders sign treaty in Pyongyang",
    outlet="Northgate Wire",
    url="https://northgate-wire.example/treaty",
    published="2024-06-19T12:00:00+00:00",
    article_id="wire",
)
COURIER = make_article(
    "The two leaders signed a treaty on Wednesday. It promises help if either is attacked. Seoul protested.",
    title="Russia and North Korea sign treaty",
    outlet="Meridian Courier",
    url="https://meridian-courier.example/treaty",
    published="2024-06-19T15:30:00+02:00",
    article_id="courier",
)
BAD = make_article(
    HOSTILE,
    title="<img src=x onerror=alert(1)> Museum & robots",
    outlet="</p><script>alert(2)</script>",
    url="javascript:alert(3)",
    published="2024-05-01",
    article_id="bad",
)
LONG = make_article(
    "Donaudampfschifffahrtsgesellschaftskapitän" * 12 + " is a long word.",
    title="A" * 300,
    outlet="Civic Lantern",
    article_id="long",
)
ARTICLES = {article.ref.id: article for article in (LEDGER, WIRE, COURIER, BAD, LONG)}


def span_of(article: Article, quote: str) -> Span:
    """Where `quote` stands in the article."""
    start = article.text.index(quote)
    return Span(start=start, end=start + len(quote))


def passage_of(article: Article, quote: str = "") -> Passage:
    """A passage of one sentence; the whole text where no quote is given."""
    span = span_of(article, quote or article.text)
    text = article.text[span.start : span.end]
    return Passage(article=article.ref, position=0, start=span.start, end=span.end, text=text, sentences=(span,))


def cite(marker: int, article: Article, quote: str, copies: tuple[ArticleRef, ...] = ()) -> Citation:
    """A citation of `quote`."""
    passage = passage_of(article, quote)
    return Citation.of(passage, passage.sentences[0], marker=marker, copies=copies)


def answer_of(
    citations: Sequence[Citation],
    *,
    question: str = "Why?",
    nearest: tuple[ArticleRef, ...] = (),
    texts: Sequence[str] = (),
    **made: Any,
) -> Answer:
    """An answer of one sentence a citation: its quote, or the text given for it."""
    sentences = tuple(
        AnswerSentence(
            text=texts[number] if texts else citation.quote,
            citations=(citation.marker,),
            support=1.0,
            lead_in="" if texts else f"{citation.article.outlet}:",
        )
        for number, citation in enumerate(citations)
    )
    evidence = tuple(
        Evidence(passage=passage_of(ARTICLES[c.article.id], c.quote), score=1.0, rank=c.marker, copies=c.copies)
        for c in citations
    )
    return Answer(
        question=Question(text=question),
        outcome="answered" if citations else "not_found",
        sentences=sentences,
        citations=tuple(citations),
        evidence=evidence,
        nearest=nearest,
        provenance=Provenance(**{"writer": "quotes", **made}),
    )


CHINA = (
    cite(
        1,
        LEDGER,
        "“Every barrel that arrives from Russia makes the North less dependent on China,” "
        "a lecturer in Singapore said.",
    ),
    cite(2, LEDGER, "The last worry is a bolder neighbour, a retired officer said."),
    cite(3, WIRE, "It promises help if either is attacked.", (COURIER.ref,)),
)


def _story(*articles: Article) -> BriefingStory:
    first = articles[0]
    return BriefingStory(
        title=first.ref.title,
        articles=tuple(article.ref for article in articles),
        sources=1,
        sentences=(cite(1, first, first.text.split("\n")[0]),),
    )


@dataclass(frozen=True)
class FakeStatus:
    """What the masthead reads of a library's status."""

    articles: int = len(ARTICLES)
    outlets: tuple[str, ...] = ("Civic Lantern", "Meridian Courier", "Northgate Wire", "Pacific Ledger")
    first_published: datetime = datetime(2024, 5, 1, tzinfo=UTC)
    last_published: datetime = datetime(2024, 6, 21, tzinfo=UTC)
    passages: int = 9
    revision: int = 5


class FakeOrigins:
    """Where articles came from: each from its own address."""

    def rivals(self, article_ids: Sequence[str]) -> dict[str, ArticleRef]:
        """None claims another's address."""
        return {}


class FakeArchive:
    """What the page asks of a library's archive."""

    origins = FakeOrigins()

    def article(self, article_id: str) -> Article | None:
        """The article, None where there is none."""
        return ARTICLES.get(article_id)

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """None: a fake has no passages of its own."""
        return {}

    def story_of(self, article_id: str) -> str | None:
        """Each article stands alone."""
        return None


class FakeDesk:
    """Answers by a word in the question; remembers every call in `asked`; `closed` counts streams ended early."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.closed = 0
        self.settings = Settings(library=Path(tempfile.mkdtemp(prefix="newsdesk-fake-")))
        self.library = SimpleNamespace(
            archive=FakeArchive(), shared=None, folder=self.settings.library, behind=lambda: 0
        )
        self.writers = Writers(self.settings)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        last: Answer | None = None,
        writer: str = "",
        scope: Scope = Scope(),
    ) -> Iterator[Event]:
        """Stages, evidence, perhaps a draft, then the answer."""
        self.asked.append(
            {
                "question": question,
                "history": tuple(history),
                "scope": scope,
                "writer": writer,
            }
        )
        yield Stage(name="searching")
        answer = self.ask(question, history=history)
        yield Found(evidence=answer.evidence)
        if "forever" in question:
            yield from self._forever()
        if answer.provenance.writer == "model":
            yield Stage(name="writing")
            yield Draft(text="China objects for several reasons, ")
            yield Draft(text="and one of them is invented.")
            yield Stage(name="checking")
        yield Finished(answer=answer)

    def ask(self, question: str, *, history: Sequence[str] = (), **limits: Any) -> Answer:
        """The scripted answer, or the scripted error."""
        if len(question) > 2000:
            raise UsageError("the question has more than 2,000 characters; shorten it")
        if "model is down" in question:
            raise ModelUnavailable("the language model does not answer; try again later")
        if "crash" in question:
            raise RuntimeError(f"secret text of {LEDGER.text[:30]}")
        if "Japan" in question:
            return answer_of((), question=question, nearest=(LEDGER.ref, WIRE.ref))
        if "museum" in question:
            return answer_of(
                [cite(1, BAD, HOSTILE.split("\n")[0]), cite(2, BAD, HOSTILE.split("\n")[1])], question=question
            )
        if "long" in question:
            return answer_of([cite(1, LONG, LONG.text)], question=question)
        if "model" in question:
            removed = (RemovedSentence(text="China won the cup.", reason="“cup” is in none of the quotes it cites"),)
            texts = ("China fears for its leverage.", "A bolder neighbour worries it.", "Help is promised.")
            return answer_of(
                CHINA, question=question, texts=texts, writer="model", model="scripted:small", removed=removed
            )
        standalone = f"{question} (about {history[-1]})" if history else ""
        return answer_of(CHINA, question=question, standalone_question=standalone)

    def further_questions(self, answer: Answer) -> tuple[str, ...]:
        """One where the question speaks of a treaty."""
        return ("What did Seoul say?",) if "treaty" in answer.question.text else ()

    def briefing(self, request: BriefingRequest, *, progress: Progress | None = None) -> Briefing:
        """Two scripted stories, one of hostile text, which outlets dispute; nothing on chess."""
        if progress is not None:
            progress("reading", 1, 2)
        told = () if "chess" in request.topic else (_story(WIRE, COURIER), _story(BAD))
        disputed = Disagreement(
            kind="figure",
            one=cite(3, LEDGER, "The trade is worth billions."),
            other=cite(4, COURIER, "Seoul protested."),
            values=("2", "3"),
        )
        numbered = [
            replace(story, sentences=(replace(story.sentences[0], marker=number),))
            for number, story in enumerate(told, 1)
        ]
        shown = (replace(numbered[0], disputed=(disputed,)), *numbered[1:]) if numbered else ()
        return Briefing(
            topic=request.topic, scope=request.scope, stories=shown,
            considered=len(told), total=len(told), first=WIRE.ref.published, last=LEDGER.ref.published,
        )  # fmt: skip

    def story(self, article_id: str, *, progress: Progress | None = None) -> Story:
        """A scripted story with every part; that of the hostile article is of hostile text."""
        article = self.article(article_id)
        if progress is not None:
            progress("parts", 1, 4)
        quote = cite(1, article, article.text.split("\n")[0])
        other = cite(1, COURIER, "Seoul protested.")
        disputed = Disagreement(kind="statement", one=quote, other=other)
        first, last = date(2024, 6, 19), date(2024, 6, 21)
        return numbered(
            Story(
                told=replace(_story(article, COURIER), disputed=(disputed,), sentences=(quote, other)),
                why=(quote,),
                outlets=(
                    OutletSays(outlet=article.ref.outlet, quotes=(quote,), articles=(article.ref,)),
                    OutletSays(outlet=COURIER.ref.outlet, quotes=(other,), articles=(COURIER.ref,)),
                ),
                events=(
                    DatedEvent(
                        first=first, last=last, date_source="publication", date_words="", quote=quote, also=(BAD.ref,)
                    ),
                ),
                coverage=Coverage(
                    days=(
                        CoverageDay(day=first, outlets=(article.ref.outlet,)),
                        CoverageDay(day=last, outlets=("", "x")),
                    ),
                    until=datetime(2024, 6, 21, tzinfo=UTC),
                    strength=2.5,
                    trend="rising",
                ),
                notes=(Note(day=first, quote=quote, articles=(article.ref,)),),
                related=(RelatedStory(article=(LEDGER if article is BAD else BAD).ref, sources=1),),
            )
        )

    def summarize(self, articles: Sequence[str]) -> Summary:
        """The first sentence of the article."""
        article = ARTICLES[articles[0]]
        quote = article.text.split("\n")[0]
        citation = cite(1, article, quote)
        sentence = AnswerSentence(text=f"“{quote}”", citations=(1,), support=1.0)
        return Summary(
            title="", articles=(article.ref,), sentences=(sentence,), citations=(citation,),
            length=Length(sentences=3), read=1,
        )  # fmt: skip

    def _forever(self) -> Iterator[Event]:
        yield Stage(name="writing")
        pause = threading.Event()
        try:
            while True:
                yield Draft(text="and on and on and on and on ")
                pause.wait(0.05)
        finally:
            self.closed += 1

    def article(self, article_id: str) -> Article:
        """The article, or the library's own error."""
        if article_id not in ARTICLES:
            raise LibraryError(f"no article {article_id!r}; it may have been removed")
        return ARTICLES[article_id]

    def versions(self, article_id: str) -> list[Version]:
        """None: nothing was corrected."""
        return []

    def articles(self, *, scope: Scope = Scope(), limit: int | None = None) -> list[ArticleRef]:
        """Every article."""
        return [article.ref for article in ARTICLES.values()][:limit]

    def outlets(self) -> list[str]:
        """The outlets to choose from."""
        return list(FakeStatus().outlets)

    def tags(self) -> dict[str, int]:
        """The tags to choose from."""
        return {"asia": 2}

    def tags_of(self, article_id: str) -> tuple[str, ...]:
        """None: no article of a fake has any."""
        return ()

    def status(self) -> FakeStatus:
        """What the library holds."""
        return FakeStatus()
