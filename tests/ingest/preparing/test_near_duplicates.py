"""Wire copies are found, other articles are not."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.preparing.chunking import cut_passages
from ingest.preparing.near_duplicates import StoryFinder, bands_of
from rag.storage.library import Prepared
from rag.storage.near_copies import grams_of, similarity
from rag.testing import make_article
from tests.ingest.fakes import FakeLibrary


def text_of(seed: int, sentences: int = 12) -> str:
    """Text that shares no run of five words with that of another seed."""
    return " ".join(
        " ".join(f"w{(seed * 1009 + line * 31 + word * 7) % 5003}s{seed}" for word in range(12)) + "."
        for line in range(sentences)
    )


WIRE = text_of(1)


def signature(text: str) -> tuple[int, ...]:
    return bands_of(grams_of(text))


def copied(one: str, other: str) -> bool:
    return similarity(grams_of(one), grams_of(other)) > 0


def test_a_copy_with_small_edits_shares_a_band_and_is_a_copy() -> None:
    copy = "By our desk. " + WIRE.replace("w", "W", 3).replace(".", " !", 1) + " Additional reporting by Ana Ruiz."
    assert set(signature(WIRE)) & set(signature(copy))
    assert copied(WIRE, copy)


def test_a_shortened_copy_is_a_copy() -> None:
    half = text_of(1, 7)
    assert set(signature(WIRE)) & set(signature(half))
    assert copied(WIRE, half)


def test_a_shared_quote_does_not_make_a_copy() -> None:
    quote = text_of(9, 3)
    assert not copied(f"{WIRE} {quote}", f"{text_of(2)} {quote}")


def test_a_short_item_inside_a_long_article_is_no_copy_of_it() -> None:
    assert not copied(WIRE, text_of(1, 3))


def test_other_articles_share_no_band() -> None:
    assert not any(set(signature(WIRE)) & set(signature(text_of(seed))) for seed in range(2, 12))


@given(st.text(max_size=300))
def test_bands_fit_a_signed_64_bit_column_and_are_always_the_same(text: str) -> None:
    bands = signature(text)
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert signature(text.upper().lower()) == signature(text.upper().lower())
    assert len(bands) in (0, 42)
    assert signature(text) == bands


def test_a_signature_does_not_depend_on_the_process_that_makes_it() -> None:
    assert signature("Five words are enough here.")[:2] == (-2197922739822009908, -5866014541281178514)


def test_chinese_text_is_compared_by_character() -> None:
    text = "部长昨天抵达首都参加会谈双方同意继续合作并将于明年再次举行会议"
    assert copied(text, text + "他说")
    assert len(grams_of(text)) > 20


def put(library: FakeLibrary, finder: StoryFinder, text: str, url: str) -> str:
    article = make_article(text, url=url)
    story, bands = finder.story(article)
    library.put([Prepared(article=article, passages=cut_passages(article), bands=bands, story=story)])
    return story


def test_copies_of_stored_articles_join_their_story(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path)
    first = put(library, StoryFinder(library.archive), WIRE, "https://a.example/1")
    second = put(library, StoryFinder(library.archive), WIRE + " More.", "https://b.example/1")
    third = put(library, StoryFinder(library.archive), "Intro. " + WIRE, "https://c.example/1")
    other = put(library, StoryFinder(library.archive), text_of(2), "https://c.example/2")
    assert first == second == third == make_article(WIRE, url="https://a.example/1").ref.id
    assert other == make_article("x", url="https://c.example/2").ref.id


def test_copies_that_are_not_stored_yet_are_found() -> None:
    finder = StoryFinder(FakeLibrary(Path("unused")).archive)
    first, _ = finder.story(make_article(WIRE, url="https://a.example/1"))
    second, _ = finder.story(make_article(WIRE + " More.", url="https://b.example/1"))
    assert first == second


def test_an_article_that_comes_again_keeps_its_story(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path)
    first = put(library, StoryFinder(library.archive), WIRE, "https://a.example/1")
    put(library, StoryFinder(library.archive), WIRE + " More.", "https://b.example/1")
    assert put(library, StoryFinder(library.archive), WIRE + " Corrected.", "https://a.example/1") == first
