"""What was announced is not told under the event itself; what lies ahead, or never came, still is."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.summaries.announcements import announces, without_overtaken
from rag.summaries.story_quotes import story_quotes
from rag.summaries.summarise import Sources
from rag.summaries.summary_types import Length
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with


def article(text: str, day: int, outlet: str = "Lindow Echo") -> Article:
    url = f"https://echo.example/{outlet[:1]}{day}"
    published = f"2024-05-{day:02}T09:00:00+00:00"
    return make_article(text, title="The king in Ostrel", outlet=outlet, url=url, published=published)


ANNOUNCED = article(
    "King Odo will travel to Ostrel on Thursday for talks on the old bridge. The last visit of a king was in 1911.", 6
)
TOLD = article(
    "King Odo travelled to Ostrel on Thursday for talks on the old bridge. King Odo will open the new bridge in 2031.",
    9,
    "Saltmarsh Post",
)
ELSEWHERE = article("Bakers closed shops because flour is dear, said Ana Ruiz, who sells bread.", 9, "Dray Courier")


def kept(folder: Path, *articles: Article) -> list[str]:
    with library_with(folder / "library", articles) as library:
        sources = without_overtaken(Sources.read(library, [one.ref.id for one in articles]))
        assert len(sources.vectors) == sum(map(len, sources.sentences))
        return [one.text for own in sources.sentences for one in own]


def test_what_a_later_article_tells_as_happened_is_not_announced_any_more(tmp_path: Path) -> None:
    said = kept(tmp_path, ANNOUNCED, TOLD)
    assert not any("will travel" in one for one in said)
    assert any("travelled" in one for one in said)
    assert any("in 1911" in one for one in said)


def test_what_lies_ahead_stays(tmp_path: Path) -> None:
    assert any("will open" in one for one in kept(tmp_path, ANNOUNCED, TOLD))


@pytest.mark.parametrize("others", [(), (ELSEWHERE,)])
def test_an_announcement_that_nobody_tells_as_happened_stays(tmp_path: Path, others: tuple[Article, ...]) -> None:
    assert any("will travel" in one for one in kept(tmp_path, ANNOUNCED, *others))


def test_a_story_is_not_told_by_its_announcement(tmp_path: Path) -> None:
    with library_with(tmp_path / "library", [ANNOUNCED, TOLD]) as library:
        found = story_quotes(library, [ANNOUNCED.ref.id, TOLD.ref.id], length=Length(sentences=4))
    assert any("travelled" in quote.quote for quote in found.quotes)
    assert not any("will travel" in quote.quote for quote in found.quotes)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("The king will travel to Ostrel.", True),
        ("The council plans to close the bridge.", True),
        ("The king travelled to Ostrel.", False),
        ("The king may travel to Ostrel.", False),
    ],
)
def test_an_announcement_says_what_is_intended(text: str, is_one: bool) -> None:
    assert announces(text) is is_one
