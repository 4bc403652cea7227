from __future__ import annotations

from ingest.sample import sample_folder
from rag.types import ArticleRef
from tests.web.fakes import FakeDesk
from web.page.examples import SAMPLE_QUESTIONS, example_questions


class Holding(FakeDesk):
    """A desk that holds the articles given."""

    def __init__(self, *refs: ArticleRef) -> None:
        super().__init__()
        self.refs = refs

    def articles(self, *, limit: int | None = None) -> list[ArticleRef]:
        return list(self.refs)[:limit]


def test_the_sample_library_is_asked_its_own_questions() -> None:
    refs = [ArticleRef(id=str(number), title="T", url=url) for number, url in enumerate(SAMPLE_QUESTIONS)]
    assert example_questions(Holding(*refs)) == tuple(SAMPLE_QUESTIONS.values())
    assert "Why does China object?" in example_questions(Holding(*refs))


def test_every_sample_question_has_its_article_in_the_sample() -> None:
    sources = [file.read_text(encoding="utf-8") for file in sample_folder().rglob("*.md")]
    for url in SAMPLE_QUESTIONS:
        assert any(url in source for source in sources), url


def test_another_library_is_asked_about_its_own_titles_once_each() -> None:
    desk = Holding(ArticleRef(id="1", title="Rain"), ArticleRef(id="2", title="Rain"), ArticleRef(id="3"))
    assert example_questions(desk) == ("What is known about “Rain”?",)


def test_an_empty_library_offers_no_questions() -> None:
    assert example_questions(Holding()) == ()
