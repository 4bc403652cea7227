"""Several libraries read as one: an article once, copies across them, the version fetched last, and nothing written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.preparing.edit import edit_article
from ingest.preparing.prepare import preparer
from rag.desk import Desk, open_desk
from rag.errors import EmbedderMismatch, LibraryError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.retrieval.retrieve import retrieve
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.archive.edits import Edit
from rag.storage.joint.archive import JointArchive
from rag.storage.joint.library import JointLibrary, names_of, open_libraries
from rag.storage.library import Library, open_library
from rag.testing import make_article
from rag.types import Article, Evidence, Question
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, prepared, settings_for

WIRE = (
    "The ferry Aurora sank off Port Lindow on Monday after a fire in her engine room. All forty passengers were saved "
    "by fishing boats that had heard the call. The harbour board opened an inquiry into the sinking and asked the "
    "owner for the papers of the ship, which is older than most that sail there."
)


def told(text: str, title: str, outlet: str, day: str) -> Article:
    url = f"https://{outlet.replace(' ', '-').lower()}.example/{title.replace(' ', '-').lower()}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-{day}T09:00:00+00:00")


SUNK = told(WIRE, "Ferry sinks", "Evening Mail", "06")
COPY = told(WIRE, "Aurora lost", "Harbour Post", "07")
SHORTER = told(WIRE.rpartition(" which")[0] + ".", "Aurora gone", "Ostrin Times", "08")
OTHERS = (BRIDGE, STRIKE, UNDATED)
EVERYTHING = (SUNK, COPY, SHORTER, *OTHERS)

Shelves = Callable[..., JointLibrary]


def fill(folder: Path, articles: Sequence[Article], **given: object) -> Path:
    """A library that an ingest made: copies in it are told by their texts."""
    chosen = settings_for(folder, vector_index="exact", **given)
    with open_library(chosen, embedder=HashingEmbedder(), stay_open=True) as library:
        prepare = preparer(library.archive)
        for article in articles:
            item = prepare(article, None)
            assert item is not None
            library.put([item])
    return folder


def opened(*folders: Path) -> Library:
    return open_libraries(
        settings_for(folders[0], vector_index="exact"), folders, embedder=HashingEmbedder(), stay_open=True
    )


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    """Makes a library of each sequence of articles, `a`, `b`, ..., and opens them as one."""
    made: list[Library] = []

    def make(*each: Sequence[Article]) -> JointLibrary:
        folders = [fill(tmp_path / chr(ord("a") + number), articles) for number, articles in enumerate(each)]
        library = opened(*folders)
        made.append(library)
        assert isinstance(library, JointLibrary)
        return library

    yield make
    for library in made:
        library.close()


def found(library: Library, text: str, scope: Scope = Scope()) -> list[Evidence]:
    return list(retrieve(library, Question(text=text, scope=scope), limit=10))


def test_a_question_spans_them_and_each_quote_names_its_own(shelves: Shelves) -> None:
    desk = Desk(shelves([BRIDGE], [STRIKE]))
    for asked, article, name in (
        ("How long will the repairs of the Saltmarsh bridge take?", BRIDGE, "a"),
        ("How much did the company offer the ferry crews?", STRIKE, "b"),
    ):
        answer = desk.ask(asked)
        cited = {(citation.article.id, citation.article.library) for citation in answer.citations}
        assert cited == {(article.ref.id, name)}
        for citation in answer.citations:
            assert desk.article(citation.article.id).text[citation.start : citation.end] == citation.quote


def test_one_folder_is_the_library_itself_also_when_it_is_named_twice(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a", [BRIDGE])
    for folders in ((folder,), (folder, tmp_path / "b" / ".." / "a")):
        with opened(*folders) as library:
            assert type(library) is Library
            assert library.archive.refs()[0].library == ""


def test_an_article_in_both_counts_once(shelves: Shelves) -> None:
    library = shelves([BRIDGE, STRIKE], [BRIDGE, UNDATED])
    status = library.status()
    assert (status.articles, status.stories, status.passages) == (3, 3, 3)
    assert [ref.id for ref in library.archive.refs()] == [STRIKE.ref.id, BRIDGE.ref.id, UNDATED.ref.id]
    evidence = found(library, "Saltmarsh bridge")
    assert [one.passage.id for one in evidence].count(f"{BRIDGE.ref.id}:0") == 1
    assert [one.copies for one in evidence if one.passage.article.id == BRIDGE.ref.id] == [()]


def test_a_copy_in_another_library_is_named_and_counts_as_the_same_source(shelves: Shelves) -> None:
    library = shelves([SUNK, BRIDGE], [COPY, STRIKE], [SHORTER])
    first, *others = found(library, "What happened to the forty passengers of the ferry Aurora?")
    carriers = {(ref.id, ref.library) for ref in (first.passage.article, *first.copies)}
    assert carriers == {(SUNK.ref.id, "a"), (COPY.ref.id, "b"), (SHORTER.ref.id, "c")}
    assert not {SUNK.ref.id, COPY.ref.id, SHORTER.ref.id} & {one.passage.article.id for one in others}
    (story,) = [s for s in Desk(library).briefing(topic="ferry Aurora").stories if SUNK.ref in map(_bare, s.articles)]
    assert story.sources == 1


def _bare(ref: object) -> object:
    return replace(ref, library="")  # type: ignore[type-var]


def test_stories_are_joined_the_same_whichever_article_is_asked_for(shelves: Shelves) -> None:
    copies = (SUNK.ref.id, COPY.ref.id, SHORTER.ref.id)
    for asked in copies:
        library = shelves([SUNK, BRIDGE], [STRIKE, COPY], [SHORTER])
        story = library.archive.story_of(asked)
        assert story is not None
        assert {ref.id for ref in library.archive.story_members([story])[story]} == set(copies)
        assert library.archive.stories_of(copies) == dict.fromkeys(copies, story)
    assert library.archive.story_of(BRIDGE.ref.id) == BRIDGE.ref.id


def test_the_version_that_was_fetched_last_counts(shelves: Shelves) -> None:
    old = make_article(BRIDGE.text, title="Saltmarsh bridge closes", url=BRIDGE.ref.url, outlet="Evening Mail")
    new = make_article(
        BRIDGE.text.replace("nine", "eleven"), title=old.ref.title, url=old.ref.url, outlet="Evening Mail"
    )
    old = replace(old, fetched=datetime(2024, 5, 6, tzinfo=UTC))
    new = replace(new, fetched=datetime(2024, 5, 9, tzinfo=UTC))
    for each in ([old], [new]), ([new], [old]):
        library = shelves(*each)
        article = library.archive.article(old.ref.id)
        assert article is not None
        assert "eleven" in article.text
        texts = " ".join(one.passage.text for one in found(library, "How long will repairs of the bridge take?"))
        assert "eleven" in texts
        assert "nine" not in texts
        assert library.archive.count() == 1


def test_limits_are_over_all(shelves: Shelves) -> None:
    library = shelves([BRIDGE, SUNK], [STRIKE, COPY])
    desk = Desk(library)
    assert desk.outlets() == ["Evening Mail", "Harbour Post"]
    june = Scope.of(after="2024-06-01")
    assert {one.passage.article.id for one in found(library, "bridge ferry", june)} == {STRIKE.ref.id}
    assert {ref.id for ref in desk.articles(outlets=["harbour post"])} == {STRIKE.ref.id, COPY.ref.id}
    assert [ref.id for ref in desk.articles(limit=2, offset=1)] == [ref.id for ref in desk.articles()][1:3]
    with pytest.raises(UsageError, match="no article is from 'Daily'"):
        desk.ask("What closed?", outlets=["Daily"])


def test_tags_of_each_count_and_limit(shelves: Shelves) -> None:
    library = shelves([BRIDGE, UNDATED], [STRIKE, BRIDGE])
    first, second = library.libraries
    first.tag(BRIDGE.ref.id, add=["town"])
    second.tag(BRIDGE.ref.id, add=["town", "repairs"])
    second.tag(STRIKE.ref.id, add=["town"])
    desk = Desk(library)
    assert desk.tags() == {"repairs": 1, "town": 2}
    assert desk.tags_of(BRIDGE.ref.id) == ("repairs", "town")
    assert {one.passage.article.id for one in desk.search("bridge", tags=["repairs"])} == {BRIDGE.ref.id}
    assert {ref.id for ref in desk.articles(tags=["town"])} == {BRIDGE.ref.id, STRIKE.ref.id}


def test_what_is_stored_or_removed_meanwhile_counts_at_once(shelves: Shelves) -> None:
    library = shelves([BRIDGE], [STRIKE])
    first, second = library.libraries
    assert library.archive.count() == 2
    before = library.archive.revision()
    first.put([prepared(UNDATED)])
    assert library.archive.revision() > before
    assert UNDATED.ref.id in {one.passage.article.id for one in found(library, "moths over the mill")}
    second.remove(STRIKE.ref.id)
    assert library.archive.article(STRIKE.ref.id) is None
    assert STRIKE.ref.id not in {one.passage.article.id for one in found(library, "ferry crews strike")}
    assert library.archive.article_ids() == sorted([BRIDGE.ref.id, UNDATED.ref.id])


def test_as_of_a_day_stands_for_all(shelves: Shelves) -> None:
    desk = Desk(shelves([BRIDGE, SUNK], [COPY, STRIKE]))
    with desk.as_of("2024-05-06", preparer) as then:
        assert {ref.id for ref in then.articles()} == {BRIDGE.ref.id, SUNK.ref.id}
        assert {ref.library for ref in then.articles()} == {"a"}
        first = then.search("forty passengers of the ferry Aurora")[0]
        assert (first.passage.article.id, first.copies) == (SUNK.ref.id, ())
        assert then.snapshot_at is not None
        assert then.snapshot_at.notice == ""
    with desk.as_of("2024-05-07", preparer) as then:
        first = then.search("forty passengers of the ferry Aurora")[0]
        assert {ref.id for ref in (first.passage.article, *first.copies)} == {SUNK.ref.id, COPY.ref.id}
    with desk.as_of("2023-01-01", preparer) as then:
        assert then.snapshot_at is not None
        assert then.snapshot_at.notice.startswith("Nothing here was known by 1 January 2023")


def test_what_a_question_as_of_a_day_costs_is_on_the_account_of_today(tmp_path: Path) -> None:
    folders = [fill(tmp_path / "a", [BRIDGE]), fill(tmp_path / "b", [STRIKE])]
    chosen = settings_for(folders[0], vector_index="exact", model_prices="1/2", max_cost_per_day=1.0)
    with Desk(open_libraries(chosen, folders, embedder=HashingEmbedder(), stay_open=True)) as desk:
        with desk.as_of("2024-05-06", preparer) as then:
            then.library.spending.reserve(0.25, spent_on_answer=0.0)
        assert desk.library.spending.today() == 0.25


def test_nothing_is_written_and_the_refusal_says_what_to_do(shelves: Shelves) -> None:
    library = shelves([BRIDGE], [STRIKE])
    now = datetime(2024, 7, 1, tzinfo=UTC)
    for write in (
        lambda: library.put([prepared(UNDATED)]),
        lambda: library.store([], HashingEmbedder().embed_passages([])),
        lambda: library.remove(BRIDGE.ref.id),
        lambda: library.tag(BRIDGE.ref.id, add=["town"]),
        library.rebuild,
        lambda: edit_article(library, BRIDGE.ref.id, Edit(title="x"), now=now),
        lambda: library.archive.set_note("embedder", "x"),
        lambda: library.archive.feeds,
        lambda: library.archive.answers,
    ):
        with pytest.raises(UsageError, match="name the one that is to change with a single --library"):
            write()
    assert library.settings.read_only
    assert library.archive.count() == 2


def test_whatever_is_asked_of_an_archive_several_answer_or_refuse() -> None:
    own = {name for name, value in vars(Archive).items() if not name.startswith("_") and inspect.isfunction(value)}
    # Made of others that are answered.
    assert own - set(vars(JointArchive)) <= {"passages"}


def test_corrections_are_those_of_the_version_that_counts(shelves: Shelves) -> None:
    library = shelves([BRIDGE], [STRIKE])
    first, _ = library.libraries
    edit_article(first, BRIDGE.ref.id, Edit(title="Bridge shut"), now=datetime.now(UTC) + timedelta(seconds=1))
    desk = Desk(library)
    assert desk.corrections() == {BRIDGE.ref.id: 1}
    assert [field.after for field in desk.changes(BRIDGE.ref.id).fields] == ["Bridge shut"]
    assert [version.article.ref.library for version in desk.versions(BRIDGE.ref.id)] == ["a", "a"]
    with pytest.raises(LibraryError):
        desk.changes("nowhere")


def test_libraries_of_different_embedders_are_refused_by_name(tmp_path: Path) -> None:
    first = fill(tmp_path / "a", [BRIDGE])
    chosen = settings_for(tmp_path / "b", vector_index="exact")
    with open_library(chosen, embedder=HashingEmbedder(128), stay_open=True) as library:
        library.put([prepared(STRIKE)])
    with opened(first, tmp_path / "b") as library, pytest.raises(EmbedderMismatch, match=r"^b: the library was built"):
        found(library, "anything")


def test_a_library_that_is_missing_leaves_none_open(tmp_path: Path) -> None:
    first = fill(tmp_path / "a", [BRIDGE])
    with pytest.raises(LibraryError, match="there is no library at"):
        open_libraries(settings_for(first), [first, tmp_path / "b"], embedder=HashingEmbedder(), create=False)
    with opened(first) as library:
        assert library.status().clean


def test_one_database_is_not_several_libraries(tmp_path: Path) -> None:
    chosen = settings_for(tmp_path / "a", archive="postgresql+psycopg://nobody@127.0.0.1/x")
    with pytest.raises(UsageError, match="unset it to ask several folders at once"):
        open_libraries(chosen, [tmp_path / "a", tmp_path / "b"])


def test_a_desk_is_opened_over_folders(tmp_path: Path) -> None:
    folders = [fill(tmp_path / name, [article]) for name, article in (("a", BRIDGE), ("b", STRIKE))]
    chosen = settings_for(tmp_path / "unused", vector_index="exact")
    with open_desk(folders, settings=chosen, embedder=HashingEmbedder(), stay_open=False) as desk:
        assert {ref.library for ref in desk.articles()} == {"a", "b"}
    with pytest.raises(UsageError, match="the name of the library is empty"):
        open_desk([folders[0], " "], settings=chosen)


def test_names_are_as_short_as_tells_the_libraries_apart() -> None:
    assert names_of([Path("/x/news/europe"), Path("/x/news/asia")]) == ["europe", "asia"]
    assert names_of([Path("/x/2023/news"), Path("/x/2024/news")]) == ["2023/news", "2024/news"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=len(EVERYTHING), max_size=len(EVERYTHING)))
def test_however_articles_are_shared_out_counts_and_copies_are_those_of_one_library(
    tmp_path_factory: pytest.TempPathFactory, where: list[int]
) -> None:
    """1: the first library, 2: the second, 3: both."""
    folder = tmp_path_factory.mktemp("shared")
    parts = [[article for article, at in zip(EVERYTHING, where, strict=True) if at & bit] for bit in (1, 2)]
    fill(folder / "whole", EVERYTHING)
    for name, part in zip("ab", parts, strict=True):
        fill(folder / name, part)
    with opened(folder / "whole") as whole, opened(folder / "a", folder / "b") as joint:
        one, both = whole.archive, joint.archive
        assert [ref.id for ref in both.refs()] == [ref.id for ref in one.refs()]
        assert (both.count(), both.passage_count()) == (one.count(), one.passage_count())
        assert (both.outlets(), both.period()) == (one.outlets(), one.period())

        def grouped(archive: Archive) -> set[frozenset[str]]:
            groups: dict[str, set[str]] = {}
            for name, story in archive.stories_of(archive.article_ids()).items():
                groups.setdefault(story, set()).add(name)
            return set(map(frozenset, groups.values()))

        assert grouped(both) == grouped(one)
        terms = ["ferri", "bridg", "moth"]
        assert set(both.vectors_of([f"{BRIDGE.ref.id}:0"])) == {f"{BRIDGE.ref.id}:0"}
        if not set(parts[0]) & set(parts[1]):
            assert joint.rarity(terms) == whole.rarity(terms)
        asked = "What happened to the ferry Aurora?"
        alone, together = ({e.passage.article.id for e in found(x, asked)} for x in (whole, joint))
        wire = {SUNK.ref.id, COPY.ref.id, SHORTER.ref.id}
        assert alone - wire == together - wire
        assert bool(alone & wire) == bool(together & wire)
