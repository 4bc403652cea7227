"""Topics that a reader saved: what is new on each since the last look. They are kept in the reader's browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from rag.errors import UsageError
from rag.retrieval.topic import ranks_about
from rag.scope import Scope
from rag.storage.joint.library import JointLibrary
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.changes import changes_since, new_articles
from rag.wording import N_, _, translated
from web.page.background import in_background
from web.page.html.briefing import counted_html, stage_html
from web.page.html.rendering import failed_html
from web.page.html.topics import TopicLine, changes_html, quotes_in, topic_line, topics_html
from web.page.places import texts_of
from web.serving.error_message import message_for

if TYPE_CHECKING:
    from rag.desk import Desk

MOST_TOPICS = 20
_STORIES, _SENTENCES = 8, 2
_NOT_FOLLOWED = N_("not followed: several libraries are read as one here")
_STAGES = {"reading": N_("Reading the articles"), "telling": N_("Choosing what is new")}


class SavedTopic(BaseModel):
    """A topic with the reader's last look: its moment and the library's revision then; None where there was none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: Annotated[str, Field(min_length=1, max_length=300)]
    since: AwareDatetime | None = None
    revision: Annotated[int, Field(ge=0)] | None = None


_TOPICS = TypeAdapter(Annotated[list[SavedTopic], Field(max_length=MOST_TOPICS)])


def read_topics(sent: str) -> list[SavedTopic]:
    """The topics that the reader's browser keeps; raises `UsageError` for what is none."""
    try:
        return _TOPICS.validate_json(sent)
    except ValidationError as error:
        raise UsageError(
            _("These topics cannot be read; forget some, at most {most} are kept.", most=MOST_TOPICS)
        ) from error


def listed_topics(desk: Desk, sent: str) -> str:
    """The saved topics with how much is new on each, as HTML; never raises."""
    try:
        now = desk.now()
        lines = [_line(desk, one, now) for one in read_topics(sent)]
        return topics_html(lines, revision=desk.status().revision, now=now)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return failed_html(message_for(error))


def _line(desk: Desk, saved: SavedTopic, now: datetime) -> TopicLine:
    if isinstance(desk.library, JointLibrary):
        return TopicLine(topic=saved.topic, new=translated(_NOT_FOLLOWED), has_new=False)
    if saved.since is None or saved.revision is None:
        return topic_line(saved.topic, (), None)
    topic = desk.question(saved.topic).text
    new = new_articles(desk.library, saved.since, saved.revision, Scope(before=now))
    if new:
        among = Scope(articles=tuple(ref.id for ref in new))
        ranks = ranks_about(desk.library, topic, scope=among, now=now)
        new = tuple(ref for ref in new if ref.id in ranks)
    return topic_line(saved.topic, new, saved.since)


def looked_at(desk: Desk, sent: str, *, progress: Callable[[str, int, int], None] | None = None) -> str:
    """What is new on one topic since the last look, as HTML; never raises."""
    try:
        (saved,) = read_topics(json.dumps([json.loads(sent)]))
        if isinstance(desk.library, JointLibrary):
            said = translated(_NOT_FOLLOWED)
            raise UsageError(_("“{topic}” is {said}; open the page on one of them.", topic=saved.topic, said=said))
        now = desk.now()
        wanted = BriefingRequest.of(
            topic=desk.question(saved.topic).text, stories=_STORIES, sentences=_SENTENCES, scope=Scope()
        )
        since = saved.since or now
        found = changes_since(
            desk.library, since, request=wanted, until=now, revision=saved.revision, progress=progress
        )
        texts = texts_of(desk, quotes_in(found))
        return changes_html(found, texts, topic=saved.topic)
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        return failed_html(message_for(error))


def look_with_progress(desk: Desk, sent: str) -> Iterator[str]:
    """`looked_at`, with how far it is before it."""

    def work(report: Callable[[str], None]) -> str:
        def progress(stage: str, done: int, total: int) -> None:
            report(counted_html(_STAGES, stage, done, total))

        return looked_at(desk, sent, progress=progress)

    yield stage_html(_("Looking for what is new"))
    yield from in_background(work, name="newsdesk-topic")
