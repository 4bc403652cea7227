"""The Story view: every part under its heading, citations that open by their address, and nothing that acts."""

from __future__ import annotations

import pytest

from tests.web.fakes import BAD, COURIER, WIRE, FakeDesk
from tests.web.inert import Page
from web.page.places import quote_reference
from web.page.session import Steps
from web.page.stories.actions import shown_story, story_with_progress


def shown(article: str) -> Page:
    return Page(shown_story(FakeDesk(), article))  # type: ignore[arg-type]


@pytest.mark.parametrize("article", [WIRE.ref.id, BAD.ref.id])
def test_a_story_has_its_parts_and_nothing_acts(article: str) -> None:
    page = shown(article)
    for heading in ("What happened", "Why it matters", "Who says what", "Disputed", "Timeline", "How much it is told"):
        assert heading in page.text
    for heading in ("Notes over days", "Related stories", "All articles"):
        assert heading in page.text
    assert "Rising: 3 independent sources, 19 to 21 June 2024." in page.text


def test_a_quote_opens_by_an_address_that_needs_no_session() -> None:
    desk = FakeDesk()
    story = desk.story(WIRE.ref.id)
    references = {quote_reference(quote) for quote in story.citations}
    assert references <= set(shown(WIRE.ref.id).values("data-open"))
    for reference in references:
        assert reference.startswith("quote:")
    quote = next(iter(story.citations))
    assert WIRE.text[quote.start : quote.end] == quote.quote


def test_related_stories_have_addresses_of_their_own() -> None:
    assert shown(WIRE.ref.id).values("data-story-of") == [BAD.ref.id]
    assert shown(WIRE.ref.id).values("href").count(f"#story={BAD.ref.id}") == 1


def test_a_reader_sees_how_far_it_is_and_then_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.page.background.REPORT_SECONDS", 0.0)
    *before, last = story_with_progress(FakeDesk(), WIRE.ref.id)  # type: ignore[arg-type]
    said = [Page(html).text for html in before]
    assert said == ["Looking for the articles…", "Telling the story: 1 of 4…"]
    assert COURIER.ref.outlet in Page(last).text


def test_what_is_not_there_is_a_message_in_its_place() -> None:
    assert "its article was removed, or the address is not whole" in shown("nobody").text


def test_the_newest_piece_of_work_alone_is_shown() -> None:
    steps = Steps()
    first, second = steps.begin(), steps.begin()
    assert not steps.keep(first, "old")
    assert steps.keep(second, "new")
    assert steps.shown == "new"
