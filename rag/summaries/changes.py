"""What is new since a moment: new stories, stories that go on, figures that moved, articles that were corrected.

Stories are those of a briefing over the time before the moment and after it; of one that goes on only what its articles
from before do not say is quoted. The same library and the same moments give the same changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from rag.checking.disagreements import Disagreement, revisions
from rag.public_json import article_json, citation_json
from rag.retrieval.topic import ranks_about
from rag.scope import Scope
from rag.storage.archive.archive import ChangedArticle
from rag.storage.archive.history import ArticleChanges
from rag.storage.library import Library
from rag.summaries.briefing import ARTICLES_COMPARED, build_briefing
from rag.summaries.briefing_types import BriefingRequest, BriefingStory, story_json
from rag.summaries.source_sentences import leading_quotes
from rag.summaries.story_texts import Progress
from rag.summaries.summary_types import numbering
from rag.text.formatting import day_in_words
from rag.types import ArticleRef, Citation
from rag.wording import _, ngettext

LOOK_BACK = timedelta(days=14)
"""So far before the moment an article may lie with which a story goes on."""

MOST_NEW = 2000
"""So many articles that were put in since a reader looked are looked through at once, the first of them."""

MOST_REVISED = 3
"""Figures of one story that are shown as moved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedStory:
    """A story with articles since the moment. `told` quotes these alone; `revised` are figures that an outlet gave
    before (`one`) and gives otherwise since (`other`)."""

    told: BriefingStory
    revised: tuple[Disagreement, ...] = ()

    @property
    def kind(self) -> Literal["new", "goes_on"]:
        """Whether nothing was told of it before."""
        return "goes_on" if self.told.earlier else "new"

    @property
    def new_articles(self) -> tuple[ArticleRef, ...]:
        """Its articles since the moment, newest first."""
        return tuple(ref for ref in self.told.articles if ref not in self.told.earlier)


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedArticle:
    """An article that was replaced since the moment, and what differs from how it stood then."""

    article: ArticleRef
    changes: ArticleChanges


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What is new from `since` to `until`, the most important story first. Markers count through the whole of it.

    `considered` counts the articles published in between. `revision` is that of the library up to which
    they were looked at.
    """

    since: datetime
    until: datetime
    stories: tuple[ChangedStory, ...]
    corrected: tuple[CorrectedArticle, ...]
    considered: int
    revision: int

    @property
    def in_words(self) -> str:
        """`Since 3 November 2025: 2 new stories, 1 that goes on, 1 article corrected.`"""
        new = sum(story.kind == "new" for story in self.stories)
        going_on = len(self.stories) - new
        parts = [ngettext("{n} new story", "{n} new stories", new)] if new else []
        if going_on:
            parts.append(ngettext("{n} story that goes on", "{n} stories that go on", going_on))
        if self.corrected:
            parts.append(ngettext("{n} article corrected", "{n} articles corrected", len(self.corrected)))
        found = ", ".join(parts) or _("nothing new")
        return _("Since {day}: {found}.", day=day_in_words(self.since), found=found)


def changes_since(
    library: Library,
    since: datetime,
    *,
    request: BriefingRequest,
    until: datetime,
    revision: int | None = None,
    progress: Progress | None = None,
) -> Changes:
    """What is new in the library since a moment, within the request's topic, outlets and lengths.

    An article counts as new by its publication; with `revision`, that of the library at the moment, those are new that
    it did not hold then, whenever they were published. Undated ones are left out.
    """
    # Read first: what comes in while stories are told is then new at the next look, and never missed.
    reached = library.archive.revision()
    begun = since
    if revision is not None:
        changed = library.archive.changed_since(revision, limit=MOST_NEW)
        # What did not fit into this look is new at the next one.
        reached = min(reached, max((one.revision for one in changed), default=reached))
        new = _new_among(library, changed, since, replace(request.scope, before=until))
        begun = min((ref.believed for ref in new if ref.believed is not None), default=until)
    around = replace(request.scope, after=begun - LOOK_BACK, before=until)
    refs = library.archive.refs(around)
    if revision is None:
        known = frozenset(ref.id for ref in refs if ref.believed is not None and ref.believed < since)
    else:
        known = frozenset(ref.id for ref in refs) - {ref.id for ref in new}
    wanted = replace(request, scope=around, known=known, say_only_new=True)
    found = build_briefing(library, wanted, now=until, progress=progress)
    marked = numbering(after=len(found.citations))
    stories: list[ChangedStory] = []
    for told in found.stories:
        moved = [replace(pair, one=marked(pair.one), other=marked(pair.other)) for pair in _revised(library, told)]
        stories.append(ChangedStory(told=told, revised=tuple(moved)))
    return Changes(
        since=since,
        until=until,
        stories=tuple(stories),
        corrected=_corrected(library, since, until, request),
        considered=found.considered - found.known,
        revision=reached,
    )


def new_articles(library: Library, since: datetime, revision: int, scope: Scope) -> tuple[ArticleRef, ...]:
    """The dated articles of the scope that the library, at this revision since a moment, did not hold then; newest
    first. One that was only corrected meanwhile it did hold."""
    return _new_among(library, library.archive.changed_since(revision, limit=MOST_NEW), since, scope)


def _new_among(
    library: Library, changed: Sequence[ChangedArticle], since: datetime, scope: Scope
) -> tuple[ArticleRef, ...]:
    history = library.archive.history
    corrected = history.corrections()
    names = [
        one.article_id
        for one in changed
        if one.article_id not in corrected or history.versions(one.article_id)[0].fetched > since
    ]
    refs = library.archive.refs(replace(scope, articles=tuple(names))) if names else []
    return tuple(ref for ref in refs if ref.believed is not None)


def _revised(library: Library, story: BriefingStory) -> tuple[Disagreement, ...]:
    if not story.earlier:
        return ()
    later = [ref for ref in story.articles if ref not in story.earlier]
    return revisions(_quotes(library, story.earlier), _quotes(library, later))[:MOST_REVISED]


def _quotes(library: Library, refs: Sequence[ArticleRef]) -> list[Citation]:
    return leading_quotes(library.archive.passages(ref.id) for ref in refs[:ARTICLES_COMPARED])


def _corrected(
    library: Library, since: datetime, until: datetime, request: BriefingRequest
) -> tuple[CorrectedArticle, ...]:
    """The articles that were replaced in between, with what differs from how they stood at the first moment."""
    outlets = {outlet.casefold() for outlet in request.scope.outlets}
    corrected = sorted(library.archive.history.corrections())
    if request.scope.tags:
        held = library.archive.tags.of(corrected)
        corrected = [name for name in corrected if not set(request.scope.tags).isdisjoint(held.get(name, ()))]
    if corrected and request.topic:
        # What is corrected may have been published long before.
        whenever = replace(request.scope, after=None, before=until)
        ranks = ranks_about(library, request.topic, scope=whenever, now=until)
        corrected = [name for name in corrected if name in ranks]
    found = []
    for name in corrected:
        versions = library.archive.history.versions(name)
        stood = next((one for one in versions if one.replaced is not None and since <= one.replaced <= until), None)
        if stood is None or stood.fetched > since:
            continue
        ref = versions[-1].article.ref
        if outlets and ref.outlet.casefold() not in outlets:
            continue
        changes = library.archive.history.changes(name, since=stood.number)
        if changes.fields or changes.sentences:
            found.append(CorrectedArticle(article=ref, changes=changes))
    return tuple(found)


def changes_json(found: Changes) -> dict[str, Any]:
    """The public JSON form (`newsdesk changes --json`); dates are ISO 8601."""
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "summary": found.in_words,
        "articles": found.considered,
        "library_revision": found.revision,
        "stories": [
            {
                "kind": story.kind,
                "new_articles": [ref.id for ref in story.new_articles],
                "revised": [
                    {
                        "before": {"value": pair.values[0], **citation_json(pair.one)},
                        "after": {"value": pair.values[1], **citation_json(pair.other)},
                    }
                    for pair in story.revised
                ],
                **story_json(story.told),
            }
            for story in found.stories
        ],
        "corrected": [{**article_json(one.article), "changes": one.changes.as_json()} for one in found.corrected],
    }
