"""The typed forms of the HTTP interface; responses are what `newsdesk ... --json` prints."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.request import SummaryRequest
from rag.types import Intent, Layout, Outcome

Day = Annotated[str, Field(description="ISO 8601 date, or date and time", examples=["2024-06-30"])]
Outlets = Annotated[list[str], Field(description="Only these outlets; all where it is empty", max_length=100)]
Tags = Annotated[
    list[str], Field(description="Only articles with one of these tags; all where it is empty", max_length=100)
]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScopeGiven(_Given):
    """Limits that are common to what can be asked; both dates are inclusive."""

    after: Day | None = None
    before: Day | None = None
    outlets: Outlets = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)

    def scope(self) -> Scope:
        """The scope that they mean; raises `UsageError` for what is no date."""
        return Scope.of(after=self.after, before=self.before, outlets=self.outlets, tags=self.tags)


class AskGiven(ScopeGiven):
    """A question."""

    question: Annotated[str, Field(examples=["Why does China object?"])]
    history: Annotated[list[str], Field(description="Earlier questions of the conversation, oldest first")] = Field(
        default_factory=list, max_length=100
    )
    writer: Annotated[str, Field(description="One of the settings `model` and `writers`; the former if empty")] = ""
    further: Annotated[bool, Field(description="Also look for questions to go on with; not in a stream")] = False
    stream: Annotated[bool, Field(description="Server-sent events: stage, found, draft, then one answer")] = False


class SearchGiven(ScopeGiven):
    """What to look for."""

    query: str
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class SummarizeGiven(ScopeGiven):
    """What to summarise: articles, a story, a topic, or a period; and how long. Three sentences by default."""

    articles: Annotated[list[str], Field(max_length=100)] = Field(default_factory=list)
    story: Annotated[str, Field(description="An article that tells the story")] = ""
    about: str = ""
    sentences: Annotated[int | None, Field(ge=1, le=100)] = None
    words: Annotated[int | None, Field(ge=1, le=5000)] = None

    def request(self) -> SummaryRequest:
        """What is asked for; raises `UsageError` where that is nothing or too much."""
        return SummaryRequest.of(
            self.articles,
            story=self.story,
            about=self.about,
            scope=self.scope(),
            sentences=self.sentences,
            words=self.words,
        )


class BriefingGiven(ScopeGiven):
    """What the briefing is about."""

    topic: str = ""
    stories: Annotated[int, Field(ge=1, le=50)] = 5
    sentences: Annotated[int, Field(ge=1, le=10)] = 3

    def request(self) -> BriefingRequest:
        """What is asked for; raises `UsageError` for what is no date."""
        topic, scope = self.topic.strip(), self.scope()
        return BriefingRequest.of(topic=topic, scope=scope, stories=self.stories, sentences=self.sentences)


class ArticleRef(BaseModel):
    """An article's metadata; empty strings and null where the source does not say.

    `library` names the one that holds it where several are served as one.
    `date_believed` is false where `published` lay more than two days ahead when the article was fetched.
    """

    article_id: str
    title: str
    outlet: str
    url: str
    published: str | None
    date_believed: bool = True
    library: str = ""


class Citation(ArticleRef):
    """An exact quote: the article's text from `start` to `end`, in characters.

    `page` is the page of the article's PDF on which it begins, null where the article came from none.
    """

    marker: int
    start: int
    end: int
    quote: str
    page: int | None = None
    copies: list[ArticleRef]


class Sentence(BaseModel):
    """A shown sentence with the markers of its quotes."""

    text: str
    lead_in: str
    citations: list[int]
    support: float
    checked: Literal["quoted", "kept", "corrected", "replaced"]
    heading: str
    speaker: str
    translation: str


class Lead(BaseModel):
    """What an answer begins with: spans of its quotes, outlets, dates and counts."""

    kind: Literal["short_answer", "figures", "overview"]
    text: str
    citations: list[int]


class Removed(BaseModel):
    """A drafted sentence that the check took out."""

    text: str
    reason: str


class Provenance(BaseModel):
    """How it came about."""

    writer: Literal["quotes", "model"]
    model: str
    prompts: dict[str, str]
    embedder: str
    revision: int
    timings_ms: dict[str, float]
    notice: str
    removed: list[Removed]
    usage: dict[str, float]


class AnswerProvenance(Provenance):
    """How an answer came about."""

    standalone_question: str
    as_of: str | None
    judge: str


class Answer(BaseModel):
    """A checked answer; `outcome` "not_found" says honestly that these articles do not hold it, "told" that nothing of
    the news was asked for and `message` answers alone."""

    question: str
    intent: Intent
    outcome: Outcome
    confidence: float
    doubt: str
    missing: list[str]
    message: str
    layout: Layout
    translated_into: str
    lead: Lead | None
    text: str
    sentences: list[Sentence]
    citations: list[Citation]
    disputed: list[list[int]]
    related: list[Citation]
    nearest: list[ArticleRef]
    further: list[str]
    provenance: AnswerProvenance


class Passage(ArticleRef):
    """A passage of evidence."""

    rank: int
    score: float
    start: int
    end: int
    text: str
    copies: list[ArticleRef]


class Passages(BaseModel):
    """Evidence, best first."""

    evidence: list[Passage]


class Length(BaseModel):
    """How long a summary may be."""

    sentences: int | None
    words: int | None


class Summary(BaseModel):
    """Cited sentences within the length asked for."""

    title: str
    about: str
    length: Length
    text: str
    sentences: list[Sentence]
    citations: list[Citation]
    articles: list[ArticleRef]
    articles_read: int
    provenance: Provenance


class DisputeSide(Citation):
    """One side of a disagreement, with its figure."""

    value: str


class Dispute(BaseModel):
    """Two quotes that cannot both be so."""

    kind: str
    sides: list[DisputeSide]


class Story(BaseModel):
    """What several articles tell of one event."""

    title: str
    outlets: list[str]
    sources: int
    articles: list[ArticleRef]
    gist: Citation
    sentences: list[Citation]
    disputed: list[Dispute]


class Briefing(BaseModel):
    """The stories of a period or topic, the most important first."""

    topic: str
    published_after: str | None
    published_before: str | None
    outlets: list[str]
    tags: list[str]
    articles: int
    total_stories: int
    stories: list[Story]
    notice: str
    library: dict[str, str | None]
    nearest: list[ArticleRef]


class RevisedSide(Citation):
    """A quote with the figure in it."""

    value: str


class RevisedFigure(BaseModel):
    """A figure that an outlet gave, and gives otherwise since."""

    before: RevisedSide
    after: RevisedSide


class ChangedStory(Story):
    """A story with articles since the moment; its sentences quote these alone."""

    kind: Literal["new", "goes_on"]
    new_articles: list[str]
    revised: list[RevisedFigure]


class CorrectedArticle(ArticleRef):
    """An article that was replaced, and what differs."""

    changes: dict[str, Any]


class Changes(BaseModel):
    """What is new since a moment."""

    since: str
    until: str
    summary: str
    articles: int
    library_revision: int
    stories: list[ChangedStory]
    corrected: list[CorrectedArticle]


class ArticleText(ArticleRef):
    """An article with the text that every quote is cut from."""

    text: str
    authors: list[str]
    language: str
    fetched: str
    tags: list[str]


class TagCounts(BaseModel):
    """Tag -> how many articles have it."""

    tags: dict[str, int]


class Articles(BaseModel):
    """A page of articles, newest first; `total` counts all in the library."""

    articles: list[ArticleRef]
    total: int


class Problem(BaseModel):
    """What went wrong: a sentence for the reader that ends in the next action, and a name for programs."""

    kind: str
    type: str
    message: str


class Failure(BaseModel):
    """The body of every error."""

    error: Problem


class Health(BaseModel):
    """Whether questions should be sent here; `detail` is an error's kind, or by how many changes it is behind."""

    status: Literal["ok", "failing", "behind", "stopping"]
    detail: str = ""
