"""The Briefing view: stories with citations that open, exports, and nothing of an article that could act."""

from __future__ import annotations

import email
import email.policy
from typing import Any

import pytest

from rag.errors import UsageError
from tests.web.fakes import WIRE, FakeDesk
from tests.web.inert import Page
from web.page.briefing_actions import EXPORTS, briefing_with_progress, exported, make_briefing, opened_quote


def made(topic: str = "", **fields: Any) -> tuple[Any, Page]:
    given = {"after": "", "before": "", "outlets": (), **fields}
    briefing, html = make_briefing(FakeDesk(), topic, **given)  # type: ignore[arg-type]
    return briefing, Page(html)


def test_stories_are_shown_with_sources_and_what_is_disputed_and_nothing_acts() -> None:
    _, page = made()
    assert WIRE.ref.title in page.text
    assert "1 independent source" in page.text
    assert "The outlets differ" in page.text
    assert page.values("data-open") == ["briefing:1", "briefing:3", "briefing:4", "briefing:2"]


def test_a_reader_sees_how_far_it_is_and_then_the_briefing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.page.background.REPORT_SECONDS", 0.0)
    *before, (briefing, shown) = briefing_with_progress(FakeDesk(), "", "", "", ())  # type: ignore[arg-type]
    assert [made for made, _ in before] == [None] * len(before)
    said = [Page(html).text for _, html in before]
    assert said[0] == "Looking for the articles…"
    assert "Reading the articles: 1 of 2…" in said
    assert briefing is not None
    assert WIRE.ref.title in Page(shown).text


def test_fields_that_cannot_be_used_end_the_progress_with_the_message() -> None:
    *_, (briefing, shown) = briefing_with_progress(FakeDesk(), "", "2024-13-01", "", ())  # type: ignore[arg-type]
    assert briefing is None
    assert "not a date" in Page(shown).text


def test_a_citation_leads_to_its_quote_and_others_lead_nowhere() -> None:
    briefing, _ = made()
    opened = opened_quote(briefing, "briefing:1")
    assert opened is not None
    assert WIRE.text[opened.start : opened.end] == opened.quote
    for reference in ("briefing:99", "briefing:", "0:citation:1", ""):
        assert opened_quote(briefing, reference) is None
    assert opened_quote(None, "briefing:1") is None


@pytest.mark.parametrize("form", EXPORTS)
def test_a_briefing_can_be_taken_away_in_every_form(form: str) -> None:
    briefing, _ = made()
    file = exported(briefing, form)
    assert file["name"] == EXPORTS[form]
    content = file["content"]
    if form == "eml":
        body = email.message_from_string(content, policy=email.policy.default).get_body(("plain",))
        assert body is not None
        content = body.get_content()
    assert "Leaders sign treaty in Pyongyang" in content
    if form == "html":
        assert "<script" not in content


def test_without_a_briefing_there_is_nothing_to_take_away() -> None:
    for briefing, form in ((None, "markdown"), (made()[0], "exe")):
        with pytest.raises(UsageError, match="make one, then take it away"):
            exported(briefing, form)


def test_an_empty_briefing_says_so_and_offers_no_export() -> None:
    _, page = made("chess")
    assert "No article about “chess” was found" in page.text
    assert page.values("data-export") == []


def test_dates_that_cannot_be_used_are_a_message() -> None:
    briefing, page = made(after="2024-06-30", before="2024-06-01")
    assert briefing is None
    assert "The dates run backwards" in page.text
