"""An editor changes an issue: what is quoted stays exact, what is the editor's is marked as theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import Issue, build_issue, render
from newsletter.builder import verify
from newsletter.editing import alternatives, edited
from newsletter.edits import Edits, Quoted, StoryEdits
from newsletter.text import EDITORS_NOTE
from rag.desk import Desk
from rag.errors import UsageError
from tests.newsletter.makers import CUP, FIRST, SECOND, SLIDE, config


@pytest.fixture
def issue(desk: Desk, tmp_path: Path) -> Issue:
    return build_issue(desk, config(tmp_path))


def key_of(issue: Issue, article_id: str) -> str:
    return next(item.key for item in issue.items if article_id in [ref.id for ref in item.articles])


def test_stories_are_reordered_and_markers_count_anew(issue: Issue, desk: Desk) -> None:
    made = edited(issue, Edits(order=(key_of(issue, CUP.ref.id),)), desk)
    assert [item.title for item in made.items] == [item.title for item in reversed(issue.items)]
    assert [quote.marker for quote in made.citations] == list(range(1, len(made.citations) + 1))
    verify(made, desk)


def test_a_dropped_story_is_gone_and_an_emptied_section_says_so(issue: Issue, desk: Desk) -> None:
    drops = tuple(StoryEdits(story=item.key, drop=True) for item in issue.items)
    assert [item.title for item in edited(issue, Edits(stories=drops[:1]), desk).items] == [issue.items[1].title]
    assert edited(issue, Edits(stories=drops), desk).sections[0].notice == "Left out by the editor."


@pytest.mark.parametrize("form", ["html", "text", "markdown"])
def test_a_note_is_marked_as_the_editors(form: str, issue: Issue, desk: Desk) -> None:
    note = StoryEdits(story=key_of(issue, CUP.ref.id), note="We were <b>there</b>.")
    made = render(edited(issue, Edits(stories=(note,)), desk), form)  # type: ignore[arg-type]
    assert f"{EDITORS_NOTE}:" in made
    assert "<b>there" not in made or form == "text"


def test_a_quote_gives_way_to_another_of_its_story(issue: Issue, desk: Desk) -> None:
    story = next(item for item in issue.items if SECOND.ref.id in [ref.id for ref in item.articles])
    other = next(quote for quote in alternatives(story, desk) if "killed 15" in quote.quote)
    place = Quoted(article_id=other.article.id, start=other.start, end=other.end)
    made = edited(issue, Edits(stories=(StoryEdits(story=story.key, quotes=(place,)),)), desk)
    changed = next(item for item in made.items if item.key == story.key)
    assert [quote.quote for quote in changed.citations] == [SLIDE.format(15, "").strip()]
    verify(made, desk)


def test_a_story_that_is_not_there_is_named(issue: Issue, desk: Desk) -> None:
    with pytest.raises(UsageError, match="no story of the issue has the key 'nobody'"):
        edited(issue, Edits(order=("nobody",)), desk)


@pytest.mark.parametrize(
    ("article_id", "end", "said"), [(CUP.ref.id, 5, "is no article of"), (FIRST.ref.id, 9999, "has no text")]
)
def test_what_is_no_text_of_the_story_is_not_quoted(
    article_id: str, end: int, said: str, issue: Issue, desk: Desk
) -> None:
    story = StoryEdits(story=key_of(issue, FIRST.ref.id), quotes=(Quoted(article_id=article_id, start=0, end=end),))
    with pytest.raises(UsageError, match=said):
        edited(issue, Edits(stories=(story,)), desk)


@pytest.mark.parametrize(
    ("content", "said"),
    [("order = ", "cannot read the edits"), ("colour = 1", "no such key 'colour'")],
)
def test_edits_that_cannot_be_read_are_named(content: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "edits.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        Edits.read(file)
