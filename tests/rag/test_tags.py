"""Tags limit everything that is asked of a desk, by filtering before anything is ranked, told or counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.preparing.prepare import preparer
from newsletter import build_issue
from newsletter.config import NewsletterConfig, SectionConfig
from rag.desk import Desk
from rag.errors import UsageError
from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.changes import changes_since
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with, prepared

WIRE = (
    "The ferry Aurora sank off Port Lindow on Monday. All forty passengers were saved by fishing boats. "
    "The harbour board opened an inquiry into the sinking of the ferry."
)


def told(text: str, title: str, outlet: str, day: str) -> Article:
    url = f"https://{outlet.replace(' ', '-').lower()}.example/{title.replace(' ', '-').lower()}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-{day}T09:00:00+00:00")


SUNK = told(WIRE, "Ferry sinks", "Evening Mail", "06")
COPY = told(WIRE, "Aurora lost", "Harbour Post", "07")
RAISED = told(
    "The ferry Aurora was raised from the harbour of Port Lindow on Friday. "
    "Divers found a hole of two metres in her hull.",
    "Aurora raised",
    "Ostrin Times",
    "10",
)
TAGGED = Scope(tags=("sea",))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with library_with(tmp_path_factory.mktemp("tagged"), []) as library:
        library.put([prepared(SUNK, story="aurora"), prepared(COPY, story="aurora"), prepared(RAISED)])
        library.tag(RAISED.ref.id, add=["sea"])
        library.tag(COPY.ref.id, add=["wire"])
        yield Desk(library)


def asked(desk: Desk, scope: Scope) -> set[str]:
    return {citation.article.id for citation in desk.ask("What happened to the ferry Aurora?", scope=scope).citations}


def searched(desk: Desk, scope: Scope) -> set[str]:
    return {one.passage.article.id for one in desk.search("ferry Aurora", scope=scope)}


def summarised(desk: Desk, scope: Scope) -> set[str]:
    return {ref.id for ref in desk.summarize(about="ferry Aurora", scope=scope).articles}


def summarised_period(desk: Desk, scope: Scope) -> set[str]:
    return {ref.id for ref in desk.summarize(scope=scope).articles}


def briefed(desk: Desk, scope: Scope) -> set[str]:
    return {ref.id for story in desk.briefing(scope=scope).stories for ref in story.articles}


def dated(desk: Desk, scope: Scope) -> set[str]:
    return {event.quote.article.id for event in desk.timeline("ferry Aurora", scope=scope).events}


def changed(desk: Desk, scope: Scope) -> set[str]:
    limits = Scope.of(after="2024-05-01")
    request = BriefingRequest.of(scope=desk.question("news", scope=scope).scope)
    assert limits.after is not None
    found = changes_since(desk.library, limits.after, request=request, until=desk.now())
    return {ref.id for story in found.stories for ref in story.told.articles}


def issued(desk: Desk, scope: Scope) -> set[str]:
    section = SectionConfig(title="Sea", tags=scope.tags)
    config = NewsletterConfig(title="Weekly", period="30d", until="2024-05-31", sections=(section,))
    issue = build_issue(desk, config)
    return {ref.id for section in issue.sections for item in section.items for ref in item.articles}


EVERYTHING = (asked, searched, summarised, summarised_period, briefed, dated, changed, issued)


@pytest.mark.parametrize("found", EVERYTHING, ids=lambda one: one.__name__)
def test_a_tag_limits(desk: Desk, found: Callable[[Desk, Scope], set[str]]) -> None:
    assert found(desk, TAGGED) == {RAISED.ref.id}


def test_a_tag_in_any_case_means_the_librarys_own_and_an_unknown_one_is_refused(desk: Desk) -> None:
    assert asked(desk, Scope(tags=("SEA",))) == {RAISED.ref.id}
    with pytest.raises(UsageError, match="no article has the tag 'seas'; did you mean 'sea'"):
        desk.ask("What happened to the ferry Aurora?", tags=["seas"])


def test_several_tags_are_any_of_them_and_other_limits_count_as_well(desk: Desk) -> None:
    both = Scope(tags=("sea", "wire"))
    assert {ref.id for ref in desk.articles(scope=both)} == {RAISED.ref.id, COPY.ref.id}
    assert desk.articles(scope=Scope(tags=("sea",), outlets=("Harbour Post",))) == []


def test_a_copy_without_the_tag_is_still_named_beside_the_quote(desk: Desk) -> None:
    (evidence,) = desk.search("forty passengers saved", scope=Scope(tags=("wire",)))
    assert evidence.passage.article.id == COPY.ref.id
    assert [ref.id for ref in evidence.copies] == [SUNK.ref.id]


def test_a_summary_and_a_briefing_without_articles_name_the_tag(desk: Desk) -> None:
    empty = desk.briefing(scope=Scope.of(after="2024-06-01", tags=["sea"]))
    assert "No article with the tag “sea” was published since 1 June 2024." in empty.notice
    assert desk.summarize(scope=TAGGED).title == "The news with the tag “sea”"


def test_the_tags_of_today_limit_what_was_known_then(desk: Desk) -> None:
    with desk.as_of("2024-05-08", preparer) as then:
        assert {ref.id for ref in then.articles(scope=Scope(tags=("wire",)))} == {COPY.ref.id}
        assert searched(then, Scope(tags=("wire",))) == {COPY.ref.id}
        with pytest.raises(UsageError, match="no article has the tag 'sea'"):
            then.ask("What happened?", tags=["sea"])


def test_a_story_is_asked_within_a_tag(desk: Desk) -> None:
    story: dict[str, Any] = {"articles": [SUNK.ref.id, RAISED.ref.id]}
    found = desk.search("ferry Aurora", scope=Scope.of(**story, tags=["sea"]))
    assert {one.passage.article.id for one in found} == {RAISED.ref.id}


def test_a_tag_given_a_moment_ago_limits_the_next_question(tmp_path: Path) -> None:
    with library_with(tmp_path, [SUNK, RAISED]) as library:
        desk = Desk(library)
        assert len(searched(desk, Scope())) == 2
        library.tag(SUNK.ref.id, add=["new"])
        assert searched(desk, Scope(tags=("new",))) == {SUNK.ref.id}
        library.tag(SUNK.ref.id, remove=["new"])
        library.tag(RAISED.ref.id, add=["new"])
        assert searched(desk, Scope(tags=("new",))) == {RAISED.ref.id}
