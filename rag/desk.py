"""The one core behind every front door: `open_desk`, then ask, stream or search.

with open_desk(library="library") as desk:
    answer = desk.ask("Why does China object?")
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from rag.date_input import DateInput, parse_datetime
from rag.errors import NoSuchArticle, UsageError
from rag.events import Draft, Event, Finished, Found, Stage
from rag.models.writers import Writers
from rag.question.asked import checked_question, known_scope
from rag.scope import Scope, ScopeKeywords, one_scope
from rag.settings import Settings, load_settings
from rag.storage.archive.history import ArticleChanges, Version
from rag.storage.kept_answers import keep_answer
from rag.storage.library import Library
from rag.storage.library_status import LibraryStatus
from rag.storage.watching import Watcher
from rag.telemetry import switch_off_telemetry
from rag.types import Answer, Article, ArticleRef, Evidence, Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from rag.answering.chain_state import Answered, Asked
    from rag.models.embedder import Embedder
    from rag.storage.library_snapshot import AsOf, Preparer
    from rag.summaries.briefing_types import Briefing, BriefingKeywords, BriefingRequest
    from rag.summaries.request import SummaryKeywords, SummaryRequest
    from rag.summaries.stories.story import Story
    from rag.summaries.story_texts import Progress
    from rag.summaries.summary_types import Summary
    from rag.summaries.timeline import Timeline

EARLIER_QUESTIONS = 20
"""So many of a conversation's last questions are read; what a follow-up leans on stands near it."""


class Desk:
    """Answers questions over one library, safe in several threads. Close it, or use it as a context manager."""

    def __init__(
        self,
        library: Library,
        *,
        model: BaseChatModel | None = None,
        watch: bool = False,
        snapshot_at: AsOf | None = None,
    ) -> None:
        self.library = library
        self.snapshot_at = snapshot_at
        self.settings: Settings = library.settings
        self._given_model = model
        self._chains: dict[str, Runnable[Asked, Answered]] = {}
        self._watcher = Watcher(library) if watch else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def writers(self) -> Writers:
        """The language models that may write here, and their names."""
        return Writers(self.settings, self._given_model)

    @property
    def chain(self) -> Runnable[Asked, Answered]:
        """The LangChain chain; give it {"question": Question(...), "history": [...]} and read "answer"."""
        return self._chain_of("")

    @property
    def model(self) -> BaseChatModel | None:
        """The language model of the settings, or the one given; None where quotes are shown."""
        return self.writers.model()

    def ask(
        self,
        question: str | Question,
        *,
        history: Sequence[str] = (),
        last: Answer | None = None,
        writer: str = "",
        scope: Scope = Scope(),
        **limits: Unpack[ScopeKeywords],
    ) -> Answer:
        """The checked answer from articles of `scope`; `history` holds what the reader said before, oldest first, of
        which the last `EARLIER_QUESTIONS` are read.

        What is wanted may also be a digest, a word on the library or an order on the last answer ("shorter"):
        `Answer.intent` says what was understood. `last` is the answer to the latest of `history`, where it is at hand;
        an order without it has that answer made again. `writer` is one of `writers.names`, the first if empty.

        The parts of a scope may be given as keywords instead: `published_after="2024-06-01"`. Raises `UsageError` for a
        question, date or outlet that cannot be used, and `LibraryError` where the library cannot.
        """
        for event in self.stream(question, history=history, last=last, writer=writer, scope=scope, **limits):
            if isinstance(event, Finished):
                return event.answer
        raise RuntimeError("the events ended without an answer")

    def stream(
        self,
        question: str | Question,
        *,
        history: Sequence[str] = (),
        last: Answer | None = None,
        writer: str = "",
        scope: Scope = Scope(),
        **limits: Unpack[ScopeKeywords],
    ) -> Iterator[Event]:
        """The events of what `ask` does, ending with `Finished`. Close the iterator to stop."""
        from rag.replies.newsroom import Newsroom
        from rag.replies.translation import reply_in_any_language

        asked = self.question(question, scope=scope, **limits)
        room = Newsroom(self.library, self.writers.model(writer), self.now, partial(self._chain_events, writer))
        for event in reply_in_any_language(room, asked, history=self._earlier(history), last=last):
            if isinstance(event, Finished):
                self._keep(event.answer)
            yield event

    def _chain_of(self, writer: str) -> Runnable[Asked, Answered]:
        from rag.answering.chain import build_chain

        if writer not in self._chains:
            in_turn, judge = self.writers.in_turn(writer), self.writers.judge()
            self._chains[writer] = build_chain(self.library, in_turn, judge=judge, as_of=self.snapshot_at)
        return self._chains[writer]

    def _chain_events(self, writer: str, question: Question, history: Sequence[str]) -> Iterator[Event]:
        yield Stage(name="searching")
        for part in self._chain_of(writer).stream({"question": question, "history": list(history)}):
            if "evidence" in part:
                yield Found(evidence=part["evidence"])
                yield Stage(name="selecting")
            if "selected" in part:
                yield Stage(name="writing")
            if "draft" in part and part["draft"].text:
                yield Draft(text=part["draft"].text)
            if "answer" in part:
                yield Finished(answer=part["answer"])

    def further_questions(self, answer: Answer) -> tuple[str, ...]:
        """At most `Settings.further_questions` to go on with, each tried here: it takes as long as a few questions."""
        from rag.replies.further import further_questions

        return further_questions(self.library, answer, now=self.now())

    def search(
        self,
        question: str | Question,
        *,
        limit: int = 10,
        scope: Scope = Scope(),
        **limits: Unpack[ScopeKeywords],
    ) -> tuple[Evidence, ...]:
        """The best evidence for a question, without an answer."""
        from rag.retrieval.reading_order import READ
        from rag.retrieval.retrieve import retrieve_for_all

        asked = self.question(question, scope=scope, **limits)
        return retrieve_for_all(self.library, [asked], limit=max(limit, READ), now=self.now())[:limit]

    def as_of(self, day: date | str, preparer: Preparer) -> Desk:
        """A desk over the library as it stood at the end of `day` (UTC): no later article, correction or copy answers.

        It is made once and answers any number of questions; close it to remove it. "Last week" counts from that day,
        and its answers are not kept. `preparer` is `ingest.preparing.prepare.preparer`. Raises `UsageError` for what is
        no day.
        """
        from rag.storage.joint.library import joint_as_of
        from rag.storage.library_snapshot import day_of

        library, as_of = joint_as_of(self.library, day_of(day), preparer)
        then = Desk(library, snapshot_at=as_of)
        then.writers = self.writers
        return then

    def now(self) -> datetime:
        """From when "last week" counts: this moment, or the end of the day that the library stands at."""
        return self.snapshot_at.moment if self.snapshot_at is not None else datetime.now(UTC)

    def briefing(
        self,
        request: BriefingRequest | None = None,
        *,
        now: datetime | None = None,
        progress: Progress | None = None,
        **parts: Unpack[BriefingKeywords],
    ) -> Briefing:
        """The stories of a period or topic, the most important first; see `rag.summaries.briefing.build_briefing`.

        The parts of a request may be given as keywords instead: `topic="treaty", stories=3`. Raises `UsageError` for a
        topic, date or outlet that cannot be used.
        """
        from rag.summaries.briefing import build_briefing
        from rag.summaries.briefing_types import BriefingRequest

        if request is not None and parts:
            raise UsageError("give a request or its parts, not both")
        wanted = request or BriefingRequest.of(**parts)
        asked = self.question(wanted.topic or "news", scope=wanted.scope)
        wanted = replace(wanted, topic=asked.text if wanted.topic else "", scope=asked.scope)
        return build_briefing(self.library, wanted, now=now or self.now(), progress=progress)

    def summarize(
        self,
        articles: Sequence[str] | SummaryRequest = (),
        **parts: Unpack[SummaryKeywords],
    ) -> Summary:
        """The summary of articles (ids), of a `story` (the id of an article that tells it), of what is `about` a topic
        or question, or of a period; see `rag.summaries.request`. Three sentences where no length is given.

        A whole request may stand in the place of its parts. Raises `UsageError` where nothing or too much is asked for,
        `LibraryError` where there is no such article.
        """
        from rag.summaries.request import SummaryRequest, summary_of

        if isinstance(articles, SummaryRequest) and parts:
            raise UsageError("give a request or its parts, not both")
        wanted = articles if isinstance(articles, SummaryRequest) else SummaryRequest.of(articles, **parts)
        asked = self.question(wanted.about or "news", scope=wanted.scope)
        wanted = replace(wanted, about=asked.text if wanted.about else "", scope=asked.scope)
        return summary_of(self.library, wanted, model=self.model, now=self.now())

    def timeline(
        self,
        topic: str,
        *,
        since: DateInput | None = None,
        scope: Scope = Scope(),
        limit: int = 20,
        now: datetime | None = None,
    ) -> Timeline:
        """The dated events of a topic in the articles of `scope`, oldest first; see `rag.summaries.timeline.timeline`.

        Raises `UsageError` for a topic, date, outlet or tag that cannot be used.
        """
        from rag.summaries.timeline import timeline

        begin = parse_datetime(since, end_of_day=False)
        asked = self.question(topic, scope=scope)
        return timeline(self.library, asked.text, scope=asked.scope, since=begin, limit=limit, now=now or self.now())

    def question(
        self,
        question: str | Question,
        *,
        scope: Scope = Scope(),
        **limits: Unpack[ScopeKeywords],
    ) -> Question:
        """A checked `Question` with outlets as the library spells them; raises `UsageError` with a sentence for the
        reader."""
        longest = self.settings.max_question_characters
        return checked_question(question, one_scope(scope, **limits), longest=longest, known=self)

    def article(self, article_id: str) -> Article:
        """One article; raises `LibraryError` where there is none of that id."""
        article = self.library.archive.article(article_id)
        if article is None:
            raise NoSuchArticle.of(article_id)
        return article

    def story_of(self, article_id: str) -> tuple[ArticleRef, ...]:
        """The articles that tell the same story, in whatever words, the article itself among them; oldest first.

        Raises `LibraryError` where there is no article of that id.
        """
        from rag.summaries.sources import of_story

        told = of_story(self.library, self.article(article_id).ref, now=self.now())
        refs = [self.article(name).ref for name in dict.fromkeys([*told, article_id])]
        return tuple(sorted(refs, key=lambda ref: (ref.believed is None, ref.believed or self.now(), ref.id)))

    def story(self, article_id: str, *, progress: Progress | None = None) -> Story:
        """The story that an article tells, whole; see `rag.summaries.stories.story.Story`.

        Raises `LibraryError` where there is no article of that id.
        """
        from rag.summaries.stories.telling import tell_story

        return tell_story(self.library, article_id, now=self.now(), progress=progress)

    def versions(self, article_id: str) -> list[Version]:
        """What the article said before its corrections, oldest first, and as it stands now, last; raises `LibraryError`
        where there is no article of that id."""
        versions = self.library.archive.history.versions(article_id)
        if not versions:
            raise NoSuchArticle.of(article_id)
        return versions

    def changes(self, article_id: str, since: int | None = None) -> ArticleChanges:
        """What changed in an article from version `since` on; without `since`, what its last correction changed.

        Raises `LibraryError` where there is no article of that id, `UsageError` where there is no such version of it.
        """
        return self.library.archive.history.changes(article_id, since=since)

    def corrections(self) -> dict[str, int]:
        """Article id -> how often its text or metadata was replaced; only articles that were corrected."""
        return self.library.archive.history.corrections()

    def articles(
        self,
        *,
        scope: Scope = Scope(),
        limit: int | None = None,
        offset: int = 0,
        **limits: Unpack[ScopeKeywords],
    ) -> list[ArticleRef]:
        """The articles of the scope, newest first, undated ones last; raises `UsageError` as `ask` does."""
        within = known_scope(one_scope(scope, **limits), self)
        return self.library.archive.refs(within, limit=limit, offset=offset)

    def outlets(self) -> list[str]:
        """Names of all outlets, sorted."""
        return self.library.archive.outlets()

    def tags(self) -> dict[str, int]:
        """Tag -> how many articles have it, sorted by tag."""
        return self.library.archive.tags.counts()

    def tags_of(self, article_id: str) -> tuple[str, ...]:
        """The tags of one article, sorted; none where there is no such article."""
        return self.library.archive.tags.of([article_id]).get(article_id, ())

    def remove(self, article_id: str) -> bool:
        """Remove an article from the library; False where there is none of that id."""
        return self.library.remove(article_id)

    def status(self) -> LibraryStatus:
        """What is in the library and how it is."""
        return self.library.status()

    def as_retriever(self, k: int = 5) -> BaseRetriever:
        """A LangChain retriever over the library's evidence."""
        from rag.retrieval.langchain_retriever import NewsdeskRetriever

        return NewsdeskRetriever(desk=self, k=k)

    def close(self) -> None:
        """Stop watching and close the library."""
        if self._watcher is not None:
            self._watcher.stop()
        self.library.close()

    def _keep(self, answer: Answer) -> None:
        if self.settings.keep_answers and not self.settings.read_only and answer.outcome != "told":
            keep_answer(self.library, answer)

    def _earlier(self, history: Sequence[str]) -> list[str]:
        """The last of the earlier questions; one too long to be asked was never answered."""
        longest = self.settings.max_question_characters
        return [text for text in history if len(text) <= longest][-EARLIER_QUESTIONS:]


def open_desk(
    library: str | Path | Sequence[str | Path] | None = None,
    *,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    model: BaseChatModel | None = None,
    stay_open: bool = True,
) -> Desk:
    """Open a desk over a library that exists or may be created, or over several that are read as one.

    `settings` default to those of the environment; `library` overrides theirs. `embedder` and `model` override what
    the settings name. `stay_open` suits a process that answers many questions: it owns the indexes and follows what
    others ingest. Raises `UsageError` where `library` is empty.
    """
    from rag.storage.joint.library import open_libraries

    switch_off_telemetry()
    chosen = settings or load_settings()
    given = [library] if isinstance(library, str | Path) else library
    folders = [chosen.library] if given is None else [Path(folder) for folder in given if str(folder).strip()]
    if not folders or (given is not None and len(folders) < len(given)):
        raise UsageError("the name of the library is empty; name a folder")
    opened = open_libraries(chosen, folders, embedder=embedder, stay_open=stay_open)
    return Desk(opened, model=model, watch=stay_open)
