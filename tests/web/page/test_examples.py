from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from ingest.sample import sample_folder
from rag.scope import Scope
from rag.types import Answer, ArticleRef
from tests.web.fakes import FakeDesk, FakeStatus
from web.page.examples import ALWAYS, SAMPLE_QUESTIONS, candidates, example_questions, sample_among


class Holding(FakeDesk):
    """A desk that holds the articles given."""

    def __init__(self, *refs: ArticleRef) -> None:
        super().__init__()
        self.refs = refs

    def articles(self, *, scope: Scope = Scope(), limit: int | None = None) -> list[ArticleRef]:
        return list(self.refs)[:limit]


def test_the_sample_library_is_asked_its_own_questions() -> None:
    refs = [ArticleRef(id=str(number), title="T", url=url) for number, url in enumerate(SAMPLE_QUESTIONS)]
    assert example_questions(Holding(*refs)) == tuple(SAMPLE_QUESTIONS.values())
    assert "Why does China object?" in example_questions(Holding(*refs))


def test_every_sample_question_has_its_article_in_the_sample() -> None:
    sources = [file.read_text(encoding="utf-8") for file in sample_folder().rglob("*.md")]
    for url in SAMPLE_QUESTIONS:
        assert any(url in source for source in sources), url


class Refusing(Holding):
    """A desk that answers nothing on rain."""

    def ask(self, question: str, *, history: Sequence[str] = (), **limits: Any) -> Answer:
        return super().ask("What did Japan say?" if "Rain" in question else question)


def tried(desk: FakeDesk) -> tuple[str, ...]:
    """The questions after the background has tried them."""
    assert example_questions(desk) == (ALWAYS,)
    for thread in threading.enumerate():
        if thread.name == "newsdesk-starters":
            thread.join()
    return example_questions(desk)


def test_another_library_is_asked_what_it_was_found_to_answer() -> None:
    refs = [ArticleRef(id="1", title="Rain"), ArticleRef(id="2", title="Rain"), ArticleRef(id="3", title="Storms")]
    assert tried(Holding(*refs)) == (ALWAYS, "What is known about “Rain”?", "What is known about “Storms”?")
    assert tried(Refusing(*refs)) == (ALWAYS, "What is known about “Storms”?")


def test_a_library_that_grows_while_it_is_tried_is_tried_by_one_thread_and_then_as_it_stands() -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Growing(Holding):
        revision = 1

        def ask(self, question: str, *, history: Sequence[str] = (), **limits: Any) -> Answer:
            begun.set()
            assert go_on.wait(10)
            return super().ask(question)

        def status(self) -> FakeStatus:
            return FakeStatus(revision=self.revision)

    desk = Growing(ArticleRef(id="1", title="Rain"))
    example_questions(desk)
    assert begun.wait(10)
    for desk.revision, title in ((2, "Hail"), (3, "Storms")):
        desk.refs = (ArticleRef(id="1", title=title),)
        example_questions(desk)
    (only,) = [thread for thread in threading.enumerate() if thread.name == "newsdesk-starters"]
    go_on.set()
    only.join()
    assert example_questions(desk) == (ALWAYS, "What is known about “Storms”?")


def test_what_titles_name_most_often_is_asked_first() -> None:
    titles = [
        "The ferry of Harbour Line sank off Kell",
        "Divers reach the ferry off Kell",
        "THE GREAT STORM OF OCTOBER",
    ]
    asked = list(candidates([ArticleRef(id=str(number), title=title) for number, title in enumerate(titles)]))
    assert asked[:2] == ["What is the latest on Kell?", "What is the latest on Harbour Line?"]
    assert not any("GREAT" in question for question in asked[:2])


def test_it_is_told_how_much_of_a_library_is_the_sample() -> None:
    own, sample = ArticleRef(id="1", url="https://kell.test/1"), ArticleRef(id="2", url=next(iter(SAMPLE_QUESTIONS)))
    assert [sample_among(refs) for refs in ([], [own], [own, sample], [sample])] == ["none", "none", "some", "all"]


def test_an_empty_library_offers_no_questions() -> None:
    assert example_questions(Holding()) == ()
