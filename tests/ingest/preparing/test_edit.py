"""Metadata that a reader corrects: it answers at once, has a history, and stays when the source is read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.preparing.edit import edit_article, put_back, take_out
from rag import open_desk
from rag.desk import Desk
from rag.errors import NoSuchArticle, UsageError
from rag.storage.archive.edits import Edit

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
TEXT = "The harbour of Kell froze on Monday, and two ferries stayed in port. Nobody was hurt, the mayor of Kell said."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "ice.txt").write_text(TEXT, "utf-8")
    with open_desk(tmp_path / "library", stay_open=False) as opened:
        ingest([tmp_path / "ice.txt"], opened.library)
        yield opened


def name_of(desk: Desk) -> str:
    (ref,) = desk.articles()
    return ref.id


EDIT = Edit(title=" Ice  at Kell ", outlet="Kell Post", published="2025-02-03", authors=("A. Frost", ""), language="EN")


def test_a_correction_answers_at_once_and_stands_in_the_history(desk: Desk) -> None:
    edit_article(desk.library, name_of(desk), EDIT, now=NOW)
    article = desk.article(name_of(desk))
    assert (article.ref.title, article.ref.outlet, article.authors) == ("Ice at Kell", "Kell Post", ("A. Frost",))
    assert article.ref.published == datetime(2025, 2, 3, tzinfo=UTC)
    assert (article.ref.precision, article.language, article.text) == ("day", "en", TEXT)
    changed = {change.name: change.after for change in desk.changes(name_of(desk)).fields}
    assert changed["outlet"] == "Kell Post"
    answer = desk.ask("How many ferries stayed in port?", outlets=["Kell Post"])
    assert answer.citations[0].article.title == "Ice at Kell"


def test_reading_the_source_again_does_not_undo_it(desk: Desk, tmp_path: Path) -> None:
    edit_article(desk.library, name_of(desk), EDIT, now=NOW)
    report = ingest([tmp_path / "ice.txt"], desk.library)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)
    assert desk.article(name_of(desk)).ref.outlet == "Kell Post"


def test_what_is_not_named_stays_and_a_second_correction_adds_to_the_first(desk: Desk) -> None:
    edit_article(desk.library, name_of(desk), Edit(outlet="Kell Post"), now=NOW)
    edit_article(desk.library, name_of(desk), Edit(title="Ice"), now=NOW)
    assert desk.library.archive.edits.of(name_of(desk)) == Edit(title="Ice", outlet="Kell Post")
    assert desk.article(name_of(desk)).ref.outlet == "Kell Post"


def test_a_correction_that_changes_nothing_makes_no_version(desk: Desk) -> None:
    edit_article(desk.library, name_of(desk), EDIT, now=NOW)
    edit_article(desk.library, name_of(desk), EDIT, now=NOW)
    assert len(desk.versions(name_of(desk))) == 2


def test_a_correction_to_what_stands_there_already_is_kept_for_the_next_reading(desk: Desk) -> None:
    title = desk.article(name_of(desk)).ref.title
    edit_article(desk.library, name_of(desk), Edit(title=title), now=NOW)
    assert desk.library.archive.edits.of(name_of(desk)) == Edit(title=title)
    assert len(desk.versions(name_of(desk))) == 1


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(published="soon"), "is no date"),
        (Edit(published="2025-04-01"), "lies ahead"),
        (Edit(title="x" * 501), "shorten it"),
    ],
)
def test_what_cannot_be_so_is_refused_in_a_sentence(desk: Desk, edit: Edit, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        edit_article(desk.library, name_of(desk), edit, now=NOW)
    with pytest.raises(NoSuchArticle):
        edit_article(desk.library, "nothing", Edit(title="x"), now=NOW)


def test_an_article_that_was_removed_is_had_back_with_its_origin(desk: Desk) -> None:
    article, origin = desk.article(name_of(desk)), desk.library.archive.origins.of(name_of(desk))
    removed = take_out(desk.library, article.ref.id)
    assert removed is not None
    assert origin.source
    assert take_out(desk.library, article.ref.id) is None
    put_back(desk.library, removed)
    assert desk.article(article.ref.id) == article
    assert desk.library.archive.origins.of(article.ref.id) == origin
    assert desk.ask("How many ferries stayed in port?").citations[0].article.id == article.ref.id
