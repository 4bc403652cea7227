"""The HTTP interface `/api/v1`: ask, search, summarize, briefing, articles; typed, with OpenAPI, and streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from rag.date_input import parse_datetime, since_of
from rag.errors import NewsdeskError
from rag.events import Draft, Finished, Found, Stage
from rag.public_json import answer_json, article_json, evidence_json
from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest, briefing_json
from rag.summaries.changes import changes_json, changes_since
from rag.summaries.digest import Span, build_digest, days_of, digest_json
from rag.summaries.stories.story import whole_story_json
from rag.summaries.summary_types import summary_json
from rag.types import Answer
from web.api import schemas
from web.api.feed import MEDIA_TYPE, atom
from web.api.story_schemas import Digest, WholeStory
from web.pdf.pictures import PagePictures, Wanted
from web.serving.context import AppContext

if TYPE_CHECKING:
    from rag.events import Event
from web.serving.context import reader_of

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Failure, "description": "The request cannot be used as it is"},
    404: {"model": schemas.Failure, "description": "There is no such article"},
    413: {"model": schemas.Failure, "description": "The request is too large"},
    429: {"model": schemas.Failure, "description": "Too many questions of one reader; see Retry-After"},
    503: {
        "model": schemas.Failure,
        "description": "Busy, or the library or the model cannot be reached; see Retry-After",
    },
}
EVENT_STREAM = "text/event-stream"
ENDPOINT = "api"
FEED_STORIES = 20
"""Stories of a topic's feed, the most important of its period."""


def _reader(request: Request) -> str:
    return reader_of(request)


Reader = Annotated[str, Depends(_reader)]


def router(app_context: AppContext) -> APIRouter:
    """The routes over one app context."""
    routes = APIRouter(prefix="/api/v1", responses=ERRORS)
    desk = app_context.desk
    pictures = PagePictures(desk.library.archive)

    @routes.post("/ask", response_model=schemas.Answer, summary="Answer a question with exact quotes", tags=["ask"])
    def ask(given: schemas.AskGiven, reader: Reader) -> Any:
        """The checked answer, or with `stream` its events."""
        if given.stream:
            return StreamingResponse(_events(app_context, reader, given), media_type=EVENT_STREAM)

        def answer() -> Answer:
            made = desk.ask(given.question, history=given.history, writer=given.writer, scope=given.scope())
            return replace(made, further=desk.further_questions(made)) if given.further else made

        return answer_json(app_context.answered(ENDPOINT, reader, answer))

    @routes.post("/search", response_model=schemas.Passages, summary="Find passages", tags=["ask"])
    def search(given: schemas.SearchGiven, reader: Reader) -> Any:
        """The passages that a question would be answered from, best first."""
        with app_context.endpoint(ENDPOINT, reader):
            found = desk.search(given.query, limit=given.limit, scope=given.scope())
        return {"evidence": [evidence_json(evidence) for evidence in found]}

    @routes.post("/summarize", response_model=schemas.Summary, summary="Summarise in cited sentences", tags=["digest"])
    def summarize(given: schemas.SummarizeGiven, reader: Reader) -> Any:
        """A summary of articles, of a story, of a topic or of a period."""
        with app_context.endpoint(ENDPOINT, reader):
            return summary_json(desk.summarize(given.request()))

    @routes.post("/briefing", response_model=schemas.Briefing, summary="Tell the main stories", tags=["digest"])
    def briefing(given: schemas.BriefingGiven, reader: Reader) -> Any:
        """The stories of a period or topic, wire copies once, with what outlets dispute."""
        with app_context.endpoint(ENDPOINT, reader):
            return briefing_json(desk.briefing(given.request()))

    @routes.get("/changes", response_model=schemas.Changes, summary="Tell what is new since a moment", tags=["digest"])
    def changes(
        reader: Reader,
        since: Annotated[str, Query(description="7d, 24h or 2w before now, or a date")],
        topic: str = "",
        outlet: Annotated[list[str] | None, Query()] = None,
        tag: Annotated[list[str] | None, Query()] = None,
        stories: Annotated[int, Query(ge=1, le=50)] = 10,
        sentences: Annotated[int, Query(ge=1, le=10)] = 2,
    ) -> Any:
        """New stories, stories that go on with what is new in them, figures that moved, articles that were
        corrected."""
        now = desk.now()
        with app_context.endpoint(ENDPOINT, reader):
            begin = since_of(since, now)
            scope = desk.question(topic or "news", outlets=outlet or (), tags=tag or ()).scope
            wanted = BriefingRequest.of(topic=topic.strip(), scope=scope, stories=stories, sentences=sentences)
            return changes_json(changes_since(desk.library, begin, request=wanted, until=now))

    @routes.get("/digest", response_model=Digest, summary="Tell a week or month", tags=["digest"])
    def digest(
        reader: Reader,
        span: Span = "week",
        until: Annotated[str | None, Query(description="The last day; today where it is not given")] = None,
        topic: str = "",
        outlet: Annotated[list[str] | None, Query()] = None,
        tag: Annotated[list[str] | None, Query()] = None,
        stories: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Any:
        """Its storylines: what was known before, and note by note what came."""
        now = desk.now()
        with app_context.endpoint(ENDPOINT, reader):
            last = (parse_datetime(until, end_of_day=True) or now).astimezone(UTC).date()
            scope = desk.question(topic or "news", outlets=outlet or (), tags=tag or ()).scope
            days = days_of(span, last)
            found = build_digest(desk.library, days, topic=topic.strip(), scope=scope, most=stories, now=now)
            return digest_json(found)

    @routes.get("/changes.atom", response_class=Response, summary="Follow a topic in a feed reader", tags=["digest"])
    def feed(
        request: Request,
        reader: Reader,
        topic: str = "",
        outlet: Annotated[list[str] | None, Query()] = None,
        since: Annotated[str, Query(description="7d, 24h or 2w before the newest article, or a date")] = "2w",
    ) -> Response:
        """What is new on a topic, an Atom entry for each story with newer articles."""
        with app_context.endpoint(ENDPOINT, reader):
            # From the newest article: a library that is fed once a month has a feed, too.
            now = desk.status().last_published or desk.now()
            scope = desk.question(topic or "news", outlets=outlet or ()).scope
            wanted = BriefingRequest.of(topic=topic.strip(), scope=scope, stories=FEED_STORIES, sentences=2)
            found = changes_since(desk.library, since_of(since, now), request=wanted, until=now)
        page = str(request.base_url)
        return Response(atom(found, topic=topic.strip(), page=page, address=str(request.url)), media_type=MEDIA_TYPE)

    @routes.get("/stories/{article_id}", response_model=WholeStory, summary="Tell a story whole", tags=["digest"])
    def story(article_id: str, reader: Reader) -> Any:
        """The story that an article tells: what happened, why it matters, who says what, disputes, timeline,
        coverage by day, notes over days, and related stories."""
        with app_context.endpoint(ENDPOINT, reader):
            return whole_story_json(desk.story(article_id))

    @routes.get("/articles", response_model=schemas.Articles, summary="List articles", tags=["library"])
    def articles(
        reader: Reader,
        after: str | None = None,
        before: str | None = None,
        outlet: Annotated[list[str] | None, Query()] = None,
        tag: Annotated[list[str] | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    ) -> Any:
        """Articles, newest first."""
        with app_context.endpoint(ENDPOINT, reader, counted=False):
            scope = Scope.of(after=after, before=before, outlets=outlet or (), tags=tag or ())
            found = desk.articles(scope=scope, limit=limit, offset=offset)
            return {"articles": [article_json(ref) for ref in found], "total": desk.status().articles}

    @routes.get(
        "/articles/{article_id}", response_model=schemas.ArticleText, summary="Read an article", tags=["library"]
    )
    def article(article_id: str, reader: Reader) -> Any:
        """One article with its text."""
        with app_context.endpoint(ENDPOINT, reader, counted=False):
            found, tags = desk.article(article_id), desk.tags_of(article_id)
        return {
            **article_json(found.ref),
            "text": found.text,
            "authors": list(found.authors),
            "language": found.language,
            "fetched": found.fetched.isoformat(),
            "tags": list(tags),
        }

    @routes.get(
        "/articles/{article_id}/page.png",
        response_class=Response,
        responses={200: {"content": {"image/png": {}}}},
        summary="Look at the page of a PDF with a quote marked",
        tags=["library"],
    )
    def page_picture(
        article_id: str,
        reader: Reader,
        start: Annotated[int, Query(ge=0)],
        end: Annotated[int, Query(ge=1)],
        part: Annotated[bool, Query(description="Only the lines around the quote")] = False,
    ) -> Response:
        """The page on which the quote from `start` to `end` begins, where the library keeps the article's PDF."""
        wanted = Wanted(article_id=article_id, start=start, end=end, is_part=part)
        with app_context.endpoint(ENDPOINT, reader, counted=False):
            picture = pictures.png(wanted)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    @routes.get("/tags", response_model=schemas.TagCounts, summary="List tags", tags=["library"])
    def tags(reader: Reader) -> Any:
        """Every tag that readers gave to articles, and how many articles have it."""
        with app_context.endpoint(ENDPOINT, reader, counted=False):
            return {"tags": desk.tags()}

    return routes


def _events(app_context: AppContext, reader: str, given: schemas.AskGiven) -> Iterator[str]:
    """Server-sent events; an error is the last of them, as the response has begun already."""
    started = perf_counter()
    try:
        with app_context.endpoint(ENDPOINT, reader):
            for event in app_context.desk.stream(
                given.question, history=given.history, writer=given.writer, scope=given.scope()
            ):
                yield _sent(*_event(event))
                if isinstance(event, Finished):
                    app_context.metrics.answered(ENDPOINT, event.answer, perf_counter() - started)
    except NewsdeskError as error:
        yield _sent("error", {"error": {"kind": error.kind, "type": error.kind, "message": str(error)}})


def _event(event: Event) -> tuple[str, Any]:
    match event:
        case Stage(name=name):
            return "stage", {"name": name}
        case Found(evidence=evidence):
            return "found", {"evidence": [evidence_json(piece) for piece in evidence]}
        case Draft(text=piece):
            return "draft", {"text": piece}
        case Finished(answer=answer):
            return "answer", answer_json(answer)


def _sent(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
