"""The Library view: what is found, in which order, what is known of it; and what may be added and removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.desk import Desk
from rag.models.hashing_embedder import HashingEmbedder
from rag.scope import Scope
from rag.storage.joint.library import open_libraries
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Origin
from tests.ingest.bad_web import BadWeb
from tests.rag.makers import library_with, prepared, settings_for
from tests.web.inert import Page
from web.page.chat import masthead
from web.page.components import tags_field
from web.page.html.library import library_html
from web.page.library.editing import correct, edit_form
from web.page.library.listing import Wanted, listing
from web.page.library.upload_store import UploadStore
from web.page.library.uploads import Adding, may_edit
from web.page.library.view import wanted_of
from web.page.places import opened_place

WIRE = "The ferry Aurora sank off Port Lindow on Monday. All forty passengers were saved by fishing boats."
FIRST = make_article(
    WIRE, title="Ferry sinks", outlet="Evening Mail", url="https://a.example/1", published="2024-05-06"
)
COPY = make_article(WIRE, title="Aurora lost", outlet="Harbour Post", url="https://b.example/1", published="2024-05-07")
STRIKE = make_article(
    "Crews walked out.", title="Élan at the docks", outlet="Harbour Post", url="https://b.example/2",
    published="2024-07-01",
)  # fmt: skip
BARE = make_article("Nobody knows when this was written or by whom.")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_with(tmp_path_factory.mktemp("catalogue"), []) as opened:
        opened.put([prepared(FIRST, story="aurora"), prepared(COPY, story="aurora"), prepared(STRIKE), prepared(BARE)])
        yield opened


@pytest.fixture(scope="module")
def desk(library: Library) -> Desk:
    return Desk(library)


@pytest.fixture
def store() -> Iterator[UploadStore]:
    made = UploadStore()
    yield made
    made.close()


def titles(desk: Desk, **wanted: object) -> list[str]:
    found = listing(desk, Wanted(**wanted))  # type: ignore[arg-type]
    return [entry.ref.title for entry in found.entries]


def test_articles_are_searched_in_title_and_outlet_whatever_the_accents(desk: Desk) -> None:
    assert titles(desk, words="elan DOCKS") == ["Élan at the docks"]
    assert titles(desk, words="harbour") == ["Élan at the docks", "Aurora lost"]
    assert titles(desk, words="harbour ferry") == []


def test_several_libraries_are_listed_with_their_names_and_cannot_be_changed(
    tmp_path: Path, store: UploadStore
) -> None:
    folders = [tmp_path / "ferries", tmp_path / "docks"]
    for folder, article in zip(folders, (FIRST, STRIKE), strict=True):
        with library_with(folder, [article]):
            pass
    settings = settings_for(tmp_path, vector_index="exact")
    with Desk(open_libraries(settings, folders, embedder=HashingEmbedder())) as desk:
        shown = Page(library_html(listing(desk, Wanted()), editing=False)).text
        assert "Evening Mail (library ferries)" in shown
        assert "Harbour Post (library docks)" in shown
        assert not Adding(desk, store, allowed=True).allowed
        assert masthead(desk).count("2 articles") == 1


def test_an_article_that_claims_the_address_of_another_says_so(tmp_path: Path) -> None:
    claim = Origin(source="file planted", rival_of=FIRST.ref.id)
    with library_with(tmp_path, [FIRST]) as library:
        library.put(
            [replace(prepared(STRIKE), origin=claim), replace(prepared(COPY, story=FIRST.ref.id), origin=claim)]
        )
        found = listing(Desk(library), Wanted())
    shown = Page(library_html(found, editing=False)).text
    assert "claims the address of Evening Mail" in shown
    assert "copy at the address of Evening Mail" in shown
    assert [entry.ref.title for entry in found.entries if entry.rival is None] == ["Ferry sinks"]


def test_they_are_filtered_by_outlet_date_and_kind(desk: Desk) -> None:
    assert titles(desk, scope=Scope(outlets=("Evening Mail",))) == ["Ferry sinks"]
    assert titles(desk, scope=Scope.of(after="2024-05-07", before="2024-06-30")) == ["Aurora lost"]
    assert titles(desk, only="copies") == ["Aurora lost", "Ferry sinks"]
    assert titles(desk, only="incomplete") == [""]
    assert titles(desk, only="corrected") == []


def test_they_are_sorted_with_what_is_unknown_last(desk: Desk) -> None:
    assert titles(desk) == ["Élan at the docks", "Aurora lost", "Ferry sinks", ""]
    assert titles(desk, sort="oldest") == ["Ferry sinks", "Aurora lost", "Élan at the docks", ""]
    assert titles(desk, sort="title") == ["Aurora lost", "Élan at the docks", "Ferry sinks", ""]
    assert titles(desk, sort="outlet")[0] == "Ferry sinks"


def test_counts_by_month_leave_no_month_out(desk: Desk) -> None:
    found = listing(desk, Wanted())
    assert found.months == (("May 2024", 2), ("Jun 2024", 0), ("Jul 2024", 1))
    assert dict(found.outlets) == {"Harbour Post": 2, "Evening Mail": 1, "unknown outlet": 1}
    assert (found.total, found.pages) == (4, 1)


def test_a_page_beyond_the_last_is_the_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.page.library.listing.ON_A_PAGE", 3)
    found = listing(desk, Wanted(page=9))
    assert (found.page, found.pages, len(found.entries)) == (1, 2, 1)


def test_the_table_says_what_is_known_and_offers_removal_only_where_it_is_allowed(desk: Desk) -> None:
    shown = Page(library_html(listing(desk, Wanted()), editing=True))
    assert "carried by 2 outlets" in shown.text
    assert "no title, no outlet, no date, no address" in shown.text
    assert len(shown.values("data-remove")) == 4
    assert Page(library_html(listing(desk, Wanted()), editing=False)).values("data-remove") == []
    assert "No article is like that" in library_html(listing(desk, Wanted(words="zebra")), editing=True)


def test_a_row_leads_to_its_article_and_its_copies(desk: Desk) -> None:
    opened = opened_place(desk, f"article:{FIRST.ref.id}")
    assert opened is not None
    assert (opened.article.id, [copy.id for copy in opened.copies]) == (FIRST.ref.id, [COPY.ref.id])
    for reference in ("article:nope", "article:", "citation:1", ""):
        assert opened_place(desk, reference) is None


def test_a_corrected_article_says_so(tmp_path: Path) -> None:
    with library_with(tmp_path, []) as library:
        library.put([prepared(make_article("Six died.", url="https://a.example/9", title="Crash"))])
        library.put([prepared(make_article("Seven died.", url="https://a.example/9", title="Crash"))])
        desk = Desk(library)
        assert titles(desk, only="corrected") == ["Crash"]
        assert "corrected 1 time" in library_html(listing(desk, Wanted()), editing=False)


@pytest.mark.parametrize(
    ("is_empty", "editing", "said"),
    [(False, True, "Change what you look for."), (True, True, "add files"), (True, False, "Whoever keeps the library")],
)
def test_a_table_without_articles_says_what_this_reader_can_do(
    tmp_path: Path, is_empty: bool, editing: bool, said: str
) -> None:
    with library_with(tmp_path, []) as library:
        page = library_html(listing(Desk(library), Wanted()), editing=editing, is_empty=is_empty)
    assert said in page
    assert ("add " in page) == (is_empty and editing)


def test_fields_that_cannot_be_used_are_refused() -> None:
    from rag.errors import UsageError

    with pytest.raises(UsageError, match="not a date"):
        wanted_of("", "", "2024-13-01", "", "", "newest")
    with pytest.raises(UsageError, match="choose one"):
        wanted_of("", "", "", "", "evil", "newest")  # type: ignore[arg-type]


def test_a_page_that_is_opened_at_the_library_lists_it_before_its_fields_are_filled() -> None:
    assert wanted_of(None, None, "", "", "", "newest", None) == Wanted()


class TestAdding:
    @pytest.fixture
    def desk(self, tmp_path: Path) -> Iterator[Desk]:
        with library_with(tmp_path / "library", [FIRST]) as library:
            yield Desk(library)

    def test_files_go_in_and_their_copies_go(self, desk: Desk, store: UploadStore, tmp_path: Path) -> None:
        file = tmp_path / "kell.md"
        file.write_text("---\ntitle: Kell\n---\nThe lighthouse at Kell cost 7 million crowns.\n", encoding="utf-8")
        *_, said = Adding(desk, store, allowed=True).files([str(store.hold("ada", file))], "ada")
        assert said == "1 article added."
        assert list(store.folder.iterdir()) == []
        assert len(desk.articles()) == 2

    def test_what_cannot_be_read_is_named_without_its_folder(
        self, desk: Desk, store: UploadStore, tmp_path: Path
    ) -> None:
        file = tmp_path / "broken.pdf"
        file.write_bytes(b"%PDF-1.4 broken")
        *_, said = Adding(desk, store, allowed=True).files([str(store.hold("ada", file))], "ada")
        assert said.startswith("0 articles added. Not read: broken.pdf: ")
        assert str(tmp_path) not in said

    def test_on_a_page_for_readers_nothing_changes(self, desk: Desk, store: UploadStore, tmp_path: Path) -> None:
        file = tmp_path / "kell.md"
        file.write_text("The lighthouse at Kell cost 7 million crowns.", encoding="utf-8")
        adding = Adding(desk, store, allowed=False)
        *_, said = adding.files([str(store.hold("ada", file))], "ada")
        assert "cannot be added or removed" in said
        assert "cannot be added or removed" in adding.remove(FIRST.ref.id)[0]
        assert [ref.id for ref in desk.articles()] == [FIRST.ref.id]

    def test_what_was_not_uploaded_by_its_reader_is_not_read(
        self, desk: Desk, store: UploadStore, tmp_path: Path
    ) -> None:
        file = tmp_path / "kell.md"
        file.write_text("The lighthouse at Kell cost 7 million crowns.", encoding="utf-8")
        *_, said = Adding(desk, store, allowed=True).files([str(file)], "ada")
        assert "a file was not uploaded here; choose it again" in said
        assert file.exists()
        assert [ref.id for ref in desk.articles()] == [FIRST.ref.id]

    def test_an_article_is_removed_once_and_had_back(self, desk: Desk, store: UploadStore) -> None:
        adding = Adding(desk, store, allowed=True)
        article = desk.article(FIRST.ref.id)
        desk.library.tag(FIRST.ref.id, add=["sea"])
        said, removed = adding.remove(FIRST.ref.id)
        assert said == "The article is removed."
        assert removed is not None
        assert (removed.article, removed.tags) == (article, ("sea",))
        assert adding.remove(FIRST.ref.id) == ("That article is not here any more.", None)
        assert adding.put_back(removed) == "The article is back."
        assert (desk.article(FIRST.ref.id), desk.tags_of(FIRST.ref.id)) == (article, ("sea",))

    def test_what_is_added_gets_the_tags_that_are_written_beside_it(
        self, desk: Desk, store: UploadStore, tmp_path: Path
    ) -> None:
        file = tmp_path / "mine.txt"
        file.write_text("The lighthouse of Ostrin was painted again. It is white and red.", encoding="utf-8")
        adding = Adding(desk, store, allowed=True)
        *_, said = adding.files([str(store.hold("ada", file))], "ada", "Coast, lights")
        assert said.startswith("1 article added")
        assert desk.tags() == {"coast": 1, "lights": 1}
        (ref,) = desk.articles(tags=["COAST"])
        shown = Page(library_html(listing(desk, Wanted(scope=Scope(tags=("coast",)))), editing=True)).text
        assert "tagged “coast”, “lights”" in shown
        correct(desk, ref.id, {"tags": "lights, new paint"})
        assert desk.tags_of(ref.id) == ("lights", "new paint")
        assert len(desk.versions(ref.id)) == 1
        assert edit_form(desk, desk.article(ref.id), is_open=True).tags == "lights, new paint"

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/x", "nonsense"])
    def test_only_addresses_of_the_web_are_fetched(self, desk: Desk, store: UploadStore, address: str) -> None:
        *_, said = Adding(desk, store, allowed=True).address(address, False)
        assert "is no address of the web" in said

    def test_a_page_and_a_feed_are_fetched_and_the_feed_is_followed(self, store: UploadStore, tmp_path: Path) -> None:
        story = "<p>The lighthouse at Kell cost 7 million crowns to build, the mayor said on Monday.</p>" * 3
        with BadWeb() as web:
            for number in (1, 2):
                page = f"<html><head><title>Kell {number}</title></head><body><article><h1>Kell {number}</h1>{story}"
                web.page(f"/{number}", f"{page}<p>Night {number} was quiet.</p></article></body></html>")
            items = "".join(f"<item><title>Kell {n}</title><link>{web.url}/{n}</link></item>" for n in (1, 2))
            feed = f'<rss version="2.0"><channel><title>Kell Post</title>{items}</channel></rss>'
            web.page("/feed", feed, content_type="application/rss+xml")
            given = web.settings().model_dump(include={"allowed_hosts", "fetch_pause_seconds"})
            with library_with(tmp_path / "library", [], **given) as library:
                desk = Desk(library)
                adding = Adding(desk, store, allowed=True)
                *_, one = adding.address(f"{web.url}/1", False)
                assert one == "1 article added."
                *_, both = adding.address(f"{web.url}/feed", True)
                assert both == "Subscribed to Kell Post: 1 article added."
                assert {ref.title for ref in desk.articles()} == {"Kell 1", "Kell 2"}
                *_, gone = adding.address(f"{web.url}/nothing", False)
                assert "Not read" in gone

    def test_without_anything_to_add_it_says_so(self, desk: Desk, store: UploadStore) -> None:
        assert list(Adding(desk, store, allowed=True).files([], "ada")) == ["There is no file yet: choose one or more."]
        assert list(Adding(desk, store, allowed=True).address(" ", False)) == ["There is no address yet: write one."]


@pytest.mark.parametrize(
    ("setting", "host", "has_users", "may"),
    [
        ("auto", "127.0.0.1", False, True),
        ("auto", "0.0.0.0", False, False),
        ("auto", "0.0.0.0", True, True),
        ("on", "0.0.0.0", False, True),
        ("off", "127.0.0.1", True, False),
    ],
)
def test_who_may_change_the_library(setting: str, host: str, has_users: bool, may: bool) -> None:
    assert may_edit(setting, host=host, has_users=has_users) is may


def test_a_choice_of_one_tag_begins_with_the_choice_that_limits_nothing() -> None:
    field = tags_field("Tagged", "nd-some-tag", several=False)
    assert field.value in [value for _, value in field.choices]
