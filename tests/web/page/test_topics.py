"""Saved topics: what is new on each since the last look, from what the reader's browser keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.desk import Desk
from rag.errors import UsageError
from rag.storage.joint.library import JointLibrary
from rag.testing import make_article
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared
from tests.web.inert import Page
from web.page.stories.topics import MOST_TOPICS, listed_topics, look_with_progress, looked_at, read_topics

END = make_article(
    "The strike of the ferry crews in Port Lindow ended on Friday. They get 5% more pay. <b>Bold</b> words were said.",
    title="Ferry crews go back to work",
    outlet="Harbour Post",
    url="https://harbour-post.example/end",
    published="2024-06-14T18:30:00+00:00",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with library_with(tmp_path / "library", [BRIDGE, STRIKE]) as library:
        yield Desk(library)


def kept(desk: Desk, topic: str = "ferry crews") -> dict[str, object]:
    """A topic as the browser keeps it once it was looked at."""
    now = datetime.now(UTC)
    return {"topic": topic, "since": now.isoformat(), "revision": desk.status().revision}


def add(desk: Desk) -> None:
    desk.library.put([prepared(replace(END, fetched=datetime.now(UTC) + timedelta(minutes=1)))])


def test_a_topic_that_is_saved_gets_the_moment_and_the_state_from_which_news_counts(desk: Desk) -> None:
    page = Page(listed_topics(desk, json.dumps([{"topic": "ferry crews"}])))
    assert "saved; what comes in from now on is new" in page.text
    assert page.values("data-revision") == [str(desk.status().revision)]
    assert datetime.fromisoformat(page.values("data-until")[0]).tzinfo is not None


def test_the_list_says_what_came_in_since_the_last_look_and_has_a_feed(desk: Desk) -> None:
    looked = json.dumps([kept(desk), kept(desk, "moths & <mills>")])
    assert Page(listed_topics(desk, looked)).text.count("nothing new since") == 2
    add(desk)
    page = Page(listed_topics(desk, looked))
    assert "1 new article since" in page.text
    assert page.text.count("nothing new since") == 1
    assert page.values("href") == [
        "api/v1/changes.atom?topic=ferry%20crews",
        "api/v1/changes.atom?topic=moths%20%26%20%3Cmills%3E",
    ]


def test_a_look_tells_only_what_is_new_and_where_the_next_look_begins(desk: Desk) -> None:
    looked = kept(desk)
    add(desk)
    page = Page(looked_at(desk, json.dumps(looked)))
    assert END.ref.title in page.text
    assert "Goes on, 1 new article" in page.text or "New, 1 new article" in page.text
    assert STRIKE.ref.title not in page.text
    assert page.values("data-looked") == ["ferry crews"]
    assert page.values("data-revision") == [str(desk.status().revision)]
    assert all(reference.startswith(f"quote:{END.ref.id}:") for reference in page.values("data-open"))
    again = {"topic": "ferry crews", "since": page.values("data-until")[0], "revision": desk.status().revision}
    assert "nothing new" in Page(looked_at(desk, json.dumps(again))).text


def test_a_reader_sees_how_far_it_is(desk: Desk) -> None:
    first, *_, last = look_with_progress(desk, json.dumps(kept(desk)))
    assert Page(first).text == "Looking for what is new…"
    assert "nothing new" in Page(last).text


@pytest.mark.parametrize(
    "sent",
    ["", "{}", "[1]", '[{"topic": ""}]', '[{"topic": "x", "since": "lately"}]', '[{"topic": "x", "revision": -1}]'],
)
def test_what_is_no_list_of_topics_is_refused_in_a_sentence(desk: Desk, sent: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_topics(sent)
    assert "cannot be read" in Page(listed_topics(desk, sent)).text


def test_no_more_are_counted_than_are_kept(desk: Desk) -> None:
    many = json.dumps([{"topic": f"topic {number}"} for number in range(MOST_TOPICS + 1)])
    assert "forget some" in Page(listed_topics(desk, many)).text


def test_over_several_libraries_topics_stay_listed_and_are_said_not_to_be_followed(tmp_path: Path) -> None:
    folders = {"ports": [STRIKE], "bridges": [BRIDGE]}
    each = {name: library_with(tmp_path / name, articles) for name, articles in folders.items()}
    with JointLibrary(each) as library:
        desk = Desk(library)
        for saved in ({"topic": "ferry crews"}, kept(desk)):
            page = Page(listed_topics(desk, json.dumps([saved])))
            assert "not followed: several libraries are read as one here" in page.text
            assert "ferry crews" in page.text
            assert "open the page on one of them" in Page(looked_at(desk, json.dumps(saved))).text


def test_a_look_at_nothing_is_a_message(desk: Desk) -> None:
    assert Page(looked_at(desk, "null")).text
