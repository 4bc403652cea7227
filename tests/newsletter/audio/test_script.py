"""What is said when an issue is read out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from newsletter import build_issue
from newsletter.audio.script import Chapter, broadcast_of
from newsletter.issue import Issue
from rag.desk import Desk
from tests.newsletter.makers import config


def issue_of(desk: Desk, folder: Path) -> Issue:
    return build_issue(desk, config(folder))


def stories(issue: Issue) -> tuple[Chapter, ...]:
    return broadcast_of(issue).chapters[1:-1]


def test_every_story_is_a_chapter_between_an_opening_and_a_closing(desk: Desk, tmp_path: Path) -> None:
    issue = issue_of(desk, tmp_path)
    made = broadcast_of(issue)
    assert [one.title for one in made.chapters] == ["Opening", *(item.title for item in issue.items), "Closing"]
    assert made.chapters[0].lines[0] == "The Ostrel Letter. No. 1, 1 to 8 May 2024."
    assert made.language == "en"
    assert made == broadcast_of(issue)


def test_every_quote_is_said_once_after_its_outlet_and_day(desk: Desk, tmp_path: Path) -> None:
    issue = issue_of(desk, tmp_path)
    for item, chapter in zip(issue.items, stories(issue), strict=True):
        for sentence in item.told_in:
            assert sum(sentence.text in line for line in chapter.lines) >= 1
        outlet = item.citations[0].article.outlet
        first = next(line for line in chapter.lines if item.told_in[0].text in line)
        assert first.startswith(f"{outlet}, ")
        assert chapter.url in {ref.url for ref in item.articles}


def test_what_outlets_differ_on_is_said_with_both_of_them(desk: Desk, tmp_path: Path) -> None:
    issue = issue_of(desk, tmp_path)
    number = next(i for i, item in enumerate(issue.items) if item.disputed)
    lines = stories(issue)[number].lines
    at = lines.index("Disputed: the outlets differ.")
    assert {line.split(",")[0] for line in lines[at + 1 : at + 3]} == {"Harbour Post", "Evening Mail"}


def test_an_editors_word_is_said_to_be_one(desk: Desk, tmp_path: Path) -> None:
    issue = issue_of(desk, tmp_path)
    noted = replace(issue.items[0], note="Our office is there.")
    section = replace(issue.sections[0], items=(noted, *issue.items[1:]))
    lines = stories(replace(issue, sections=(section,)))[0].lines
    assert lines[-2:] == ("Editor’s note:", "Our office is there.")  # noqa: RUF001


def test_nothing_of_an_article_is_a_command_to_a_speech_engine(desk: Desk, tmp_path: Path) -> None:
    issue = issue_of(desk, tmp_path)
    hostile = replace(issue.items[0], title="Fire [[slnc 9000]] <break time='9s'/> {x} | *bold*")
    section = replace(issue.sections[0], items=(hostile,))
    said = " ".join(
        line for chapter in broadcast_of(replace(issue, sections=(section,))).chapters for line in chapter.lines
    )
    assert "Fire slnc 9000 break time='9s'/ x bold." in said
    assert not set("[]<>{}|*").intersection(said)


def test_the_script_is_in_the_language_of_the_issue(desk: Desk, tmp_path: Path) -> None:
    made = broadcast_of(replace(issue_of(desk, tmp_path), language="es"))
    assert (made.language, made.chapters[0].title) == ("es", "Apertura")
