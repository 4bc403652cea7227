"""What a page says of itself, and the corrections that are no such thing."""

from __future__ import annotations

import pytest

from ingest.cleaning.notices import is_correction, is_notice


@pytest.mark.parametrize(
    "line",
    [
        "this is a developing story",
        "this is a developing story. check back for updates",
        "this is a breaking news story and will be updated as more becomes known",
        "this story is developing. please check back later for more",
        "this story will be updated throughout the day",
        "developing story",
        "more to follow",
        "this story has been updated",
        "this article was updated to add new information, photos and video",
        "sign up for our weekly newsletter to read more",
        "sign up here for the harbour briefing",
        "subscribe to our channel",
        "get the day's news in your inbox",
        "already a subscriber? log in",
        "subscribe to continue reading",
        "we use cookies to improve your visit. by clicking accept, you agree to their use",
        "this website uses cookies",
        "we and our 120 partners store information on a device",
        "wir verwenden cookies",
        "follow us on facebook",
        "share via whatsapp",
        "story continues below advertisement",
        "© 2024 harbour standard",
        "all rights reserved",
        "this material may not be published, broadcast or rewritten",
        "12 comments",
        "4 min read",
    ],
)
def test_a_page_speaking_of_itself_is_a_notice(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "this is a developing story. three people were hurt",
        "this is a developing situation, the mayor said",
        "this story is developing into a scandal. the mayor resigned",
        "more details emerged on tuesday",
        "breaking news came at noon",
        "this article was updated to say that the bridge is closed",
        "signing up for the draft is not required",
        "sign up for the draft by friday, the office said",
        "sign up for text alerts of your county",
        "subscribers to the newsletter were told first",
        "cookies are baked here",
        "we use the bridge every day",
        "get in your car and leave, the sheriff told residents",
        "follow us into the hall, she said",
        "share prices fell",
        "share on average fell by 3 percent",
        "support our troops, the banner said",
        "copyright law is changing",
        "this page of history is closed",
        "12 comments were deleted",
    ],
)
def test_a_sentence_of_an_article_is_no_notice(line: str) -> None:
    assert not is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "correction: an earlier version gave the wrong date",
        "clarification",
        "this story has been updated to fix an error",
        "this story was updated to add new information. it has also been corrected to fix a date",
        "this article misspelled the name of ana ruiz",
        "editor's note: the quotation has been amended",
        "berichtigung: in einer früheren fassung",
        "rectificatif",
        "fe de errores",
        "исправление: имя",
    ],
)
def test_a_correction_is_known_by_one_word_of_it(line: str) -> None:
    assert is_correction(line)
