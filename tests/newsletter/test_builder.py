"""An issue: every quote exact, no story twice, nothing that an earlier issue told unless it changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsletter import Issue, SentLog, build_issue, issue_json
from newsletter.sent_log import sent_issue
from rag.desk import Desk
from rag.errors import UsageError
from rag.testing import make_article
from rag.types import Article
from tests.newsletter.makers import CUP, FIRST, LATER, SECOND, SLIDE, article, config, store


def told(issue: Issue) -> list[set[str]]:
    return [{ref.id for ref in item.articles} for item in issue.items]


def memory_of(issue: Issue, desk: Desk) -> SentLog:
    return SentLog().with_issue(sent_issue(issue, desk.library.archive))


def corrected(article: Article, text: str) -> Article:
    ref = article.ref
    return make_article(
        text, title=ref.title, outlet=ref.outlet, url=ref.url, published=ref.published, article_id=ref.id
    )


def test_every_quote_is_the_text_of_its_article_and_markers_are_used_once(desk: Desk, tmp_path: Path) -> None:
    issue = build_issue(desk, config(tmp_path))
    assert issue.citations
    for quote in issue.citations:
        assert desk.article(quote.article.id).text[quote.start : quote.end] == quote.quote
    assert [quote.marker for quote in issue.citations] == list(range(1, len(issue.citations) + 1))


def test_the_same_day_gives_the_same_issue(desk: Desk, tmp_path: Path) -> None:
    first, second = (issue_json(build_issue(desk, config(tmp_path))) for _ in range(2))
    assert first == second


def test_a_story_of_several_outlets_stands_once_with_what_they_dispute(desk: Desk, tmp_path: Path) -> None:
    item = build_issue(desk, config(tmp_path)).items[0]
    assert {ref.id for ref in item.articles} == {FIRST.ref.id, SECOND.ref.id}
    (pair,) = item.disputed
    assert sorted(pair.values) == ["12", "15"]


def test_a_story_stands_in_the_first_section_that_wants_it(desk: Desk, tmp_path: Path) -> None:
    sections = [{"title": "Floods", "topic": "landslide", "stories": 1}, {"title": "All", "stories": 5}]
    issue = build_issue(desk, config(tmp_path, sections=sections))
    assert [[section.title, len(section.items)] for section in issue.sections] == [["Floods", 1], ["All", 1]]
    assert told(issue) == [{FIRST.ref.id, SECOND.ref.id}, {CUP.ref.id}]


def test_an_empty_section_says_so(desk: Desk, tmp_path: Path) -> None:
    sections = [{"title": "All", "stories": 5}, {"title": "Chess", "topic": "chess"}, {"title": "More"}]
    issue = build_issue(desk, config(tmp_path, sections=sections))
    assert issue.sections[1].notice.startswith("No article about “chess” was published")
    assert issue.sections[2].notice == "Nothing that does not stand above."
    assert [section.title for section in issue.shown_sections] == ["All"]


def test_an_empty_section_is_shown_where_that_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    sections = [{"title": "All", "stories": 5}, {"title": "Chess", "topic": "chess", "show_empty": True}]
    issue = build_issue(desk, config(tmp_path, sections=sections))
    assert [section.title for section in issue.shown_sections] == ["All", "Chess"]


def test_a_story_begins_with_its_gist_and_tells_it_once(desk: Desk, tmp_path: Path) -> None:
    for item in build_issue(desk, config(tmp_path)).items:
        assert item.gist is not None
        (marker,) = item.gist.citations
        assert marker not in [one for sentence in item.sentences for one in sentence.citations]


def test_the_first_story_has_more_room(desk: Desk, tmp_path: Path) -> None:
    facts = " ".join(
        f"The mayor of Ostrel opened school number {n} in the {n}th street on Monday." for n in range(3, 9)
    )
    store(
        desk.library, article("Evening Mail", "Ostrel landslide kills villagers", facts, 6, url="https://m.example/3")
    )
    for wanted, most in ((None, 4), (1, 1)):
        lead, *others = build_issue(desk, config(tmp_path, lead_sentences=wanted)).items
        assert len(lead.told_in) <= most
        assert all(len(item.told_in) <= 2 for item in others)


def test_issues_are_numbered_by_what_was_sent_and_say_what_changed_since(desk: Desk, tmp_path: Path) -> None:
    first = build_issue(desk, config(tmp_path, until="2024-05-07", first_number=11))
    assert (first.number, first.changes) == (11, "")
    store(desk.library, LATER)
    second = build_issue(desk, config(tmp_path, first_number=11), sent=memory_of(first, desk))
    assert second.edition == "No. 12, 1 to 8 May 2024"
    assert second.changes == "Since our issue of 7 May 2024: 1 story that goes on."


def test_what_was_sent_is_not_told_again(desk: Desk, tmp_path: Path) -> None:
    sent = memory_of(build_issue(desk, config(tmp_path, until="2024-05-07")), desk)
    issue = build_issue(desk, config(tmp_path), sent=sent)
    assert issue.items == ()
    assert issue.sections[0].notice == "Nothing new since our issue of 7 May 2024."


def test_a_story_that_goes_on_is_told_from_what_is_new_and_says_so(desk: Desk, tmp_path: Path) -> None:
    sent = memory_of(build_issue(desk, config(tmp_path, until="2024-05-07")), desk)
    store(desk.library, LATER)
    (item,) = build_issue(desk, config(tmp_path), sent=sent).items
    assert {quote.article.id for quote in item.citations} == {LATER.ref.id}
    assert item.change == "Update to our issue of 7 May 2024: 1 new article."


def test_a_quote_that_no_longer_stands_is_corrected(desk: Desk, tmp_path: Path) -> None:
    sent = memory_of(build_issue(desk, config(tmp_path, until="2024-05-07")), desk)
    store(desk.library, corrected(FIRST, SLIDE.format(13, "Rain had fallen for a week.")))
    (item,) = build_issue(desk, config(tmp_path), sent=sent).items
    (gone,) = item.corrections
    assert gone.quote == SLIDE.format(12, "").strip()
    assert gone.now is not None
    assert gone.now.quote == SLIDE.format(13, "").strip()
    assert gone.now.marker in [quote.marker for quote in item.quotes]
    assert "1 quote corrected" in item.change


def test_a_correction_elsewhere_in_an_article_is_no_news(desk: Desk, tmp_path: Path) -> None:
    sent = memory_of(build_issue(desk, config(tmp_path, until="2024-05-07")), desk)
    store(desk.library, corrected(CUP, f"{CUP.text} Seven thousand people watched."))
    assert build_issue(desk, config(tmp_path), sent=sent).items == ()


def test_an_issue_can_be_built_again_after_it_was_sent(desk: Desk, tmp_path: Path) -> None:
    issue = build_issue(desk, config(tmp_path))
    again = build_issue(desk, config(tmp_path), sent=memory_of(issue, desk))
    assert issue_json(again) == issue_json(issue)


@pytest.mark.parametrize("words", [10, 25, 40])
def test_a_section_keeps_its_length(desk: Desk, tmp_path: Path, words: int) -> None:
    sections = [{"title": "Short", "stories": 5, "words": words}]
    issue = build_issue(desk, config(tmp_path, sections=sections))
    assert sum(len(s.text.split()) for item in issue.items for s in item.told_in) <= words


def test_a_wrong_period_names_what_may_stand_there(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'7 moons' is no period; write 7d"):
        build_issue(desk, config(tmp_path, period="7 moons"))


def test_an_issue_covers_its_last_day_whole(desk: Desk, tmp_path: Path) -> None:
    issue = build_issue(desk, config(tmp_path, period="2d"))
    assert (issue.day, issue.period_in_words) == (date(2024, 5, 8), "6 to 8 May 2024")
