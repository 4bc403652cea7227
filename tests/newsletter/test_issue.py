"""What an issue says of itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import build_issue
from rag.desk import Desk
from tests.newsletter.makers import config


@pytest.mark.parametrize(
    ("colour", "is_dark"), [("#000000", True), ("#8c1d18", True), ("#ffffff", False), ("#f2c744", False)]
)
def test_letters_on_the_masthead_contrast_with_its_colour(
    colour: str, is_dark: bool, desk: Desk, tmp_path: Path
) -> None:
    assert replace(build_issue(desk, config(tmp_path)), colour=colour).is_dark is is_dark


def test_subject_and_preheader_name_the_first_headlines_one_after_the_other(desk: Desk, tmp_path: Path) -> None:
    issue = build_issue(desk, config(tmp_path))
    assert issue.items[0].title in issue.subject
    assert issue.preheader.startswith(issue.items[1].title)
    assert len(issue.preheader) <= 131


def test_few_stories_need_no_contents(desk: Desk, tmp_path: Path) -> None:
    issue = build_issue(desk, config(tmp_path))
    assert (len(issue.items), issue.contents) == (2, ())


def test_a_story_says_when_its_articles_were_published(desk: Desk, tmp_path: Path) -> None:
    assert [item.days_in_words for item in build_issue(desk, config(tmp_path)).items] == ["6 May 2024", "7 May 2024"]
