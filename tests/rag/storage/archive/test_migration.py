"""An archive that an earlier Newsdesk made is brought up to date, with everything that it holds."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ingest.preparing.chunking import cut_passages
from rag.errors import LibraryError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.archive import migrations, schema, versions
from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Place
from rag.storage.library import open_library
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import BRIDGE, STRIKE, prepared, settings_for, stored

VERSION_1 = """
CREATE TABLE notes ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE articles (
    id TEXT NOT NULL, title TEXT NOT NULL, outlet TEXT NOT NULL, url TEXT NOT NULL, published TEXT,
    published_epoch FLOAT, precision TEXT NOT NULL, authors TEXT NOT NULL, language TEXT NOT NULL,
    fetched TEXT NOT NULL, text TEXT NOT NULL, digest TEXT NOT NULL, story TEXT NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_articles_outlet ON articles (outlet);
CREATE INDEX ix_articles_published_epoch ON articles (published_epoch);
CREATE INDEX ix_articles_story ON articles (story);
CREATE TABLE passages (
    article_id TEXT NOT NULL, position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    sentences TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (article_id, position), FOREIGN KEY(article_id) REFERENCES articles (id)
);
CREATE TABLE bands (
    band BIGINT NOT NULL, article_id TEXT NOT NULL,
    PRIMARY KEY (band, article_id), FOREIGN KEY(article_id) REFERENCES articles (id)
);
CREATE INDEX ix_bands_article_id ON bands (article_id);
CREATE TABLE changes (revision INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL);
INSERT INTO notes VALUES ('schema_version', '1'), ('embedder', 'hashing-64');
"""


def add(connection: sqlite3.Connection, article: Article) -> None:
    """Store an article as version 1 did."""
    ref = article.ref
    revision = connection.execute("INSERT INTO changes (article_id) VALUES (?)", (ref.id,)).lastrowid
    published = (ref.published.isoformat(), ref.published.timestamp()) if ref.published else (None, None)
    row = (ref.id, ref.title, ref.outlet, ref.url, *published, ref.precision, json.dumps(article.authors))
    row += (article.language, article.fetched.isoformat(), article.text, article.digest, f"story-{ref.id}", revision)
    connection.execute(f"INSERT INTO articles VALUES ({','.join('?' * len(row))})", row)
    for passage in cut_passages(article):
        sentences = json.dumps([(span.start, span.end) for span in passage.sentences])
        vector = HashingEmbedder().embed_passages([passage.text])[0].tobytes()
        values = (ref.id, passage.position, passage.start, passage.end, sentences, vector)
        connection.execute("INSERT INTO passages VALUES (?,?,?,?,?,?)", values)
    connection.execute("INSERT INTO bands VALUES (7, ?)", (ref.id,))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library folder of version 1 with two articles."""
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as connection:
        connection.executescript(VERSION_1)
        add(connection, BRIDGE)
        add(connection, STRIKE)
        connection.commit()
    return tmp_path


def schema_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Table -> its columns and indexes, however the statement that made it was laid out."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [
                *connection.execute(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')"),
                *sorted(connection.execute(f"SELECT name, \"unique\", origin FROM pragma_index_list('{name}')")),
            ]
            for name in names
        }


def test_everything_in_an_archive_of_version_1_is_there_after_the_update(old: Path) -> None:
    archive = Archive(old / "archive.sqlite3")
    assert (archive.count(), archive.revision(), archive.identity is not None) == (2, 2, True)
    for article in (BRIDGE, STRIKE):
        assert archive.article(article.ref.id) == article
        assert archive.passages(article.ref.id) == cut_passages(article)
        assert archive.story_of(article.ref.id) == f"story-{article.ref.id}"
    assert archive.band_candidates([7]) == sorted([BRIDGE.ref.id, STRIKE.ref.id])
    archive.close()


def test_an_updated_archive_has_the_tables_of_a_new_one(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    new = tmp_path_factory.mktemp("new") / "archive.sqlite3"
    Archive(new).close()
    Archive(old / "archive.sqlite3").close()
    assert schema_of(old / "archive.sqlite3") == schema_of(new)


def test_a_library_of_version_1_is_clean_after_the_update_and_takes_corrections(old: Path) -> None:
    settings = settings_for(old, vector_index="exact")
    with open_library(settings, embedder=HashingEmbedder(), stay_open=True) as library:
        library.catch_up()
        assert library.status().clean
        assert library.put([prepared(BRIDGE)]) == ["unchanged"]
        corrected = make_article(BRIDGE.text.replace("nine", "ten"), url=BRIDGE.ref.url)
        assert library.put([prepared(corrected)]) == ["changed"]
        versions = library.archive.history.versions(BRIDGE.ref.id)
        assert [version.article for version in versions] == [BRIDGE, corrected]


def test_an_update_that_is_cut_short_leaves_version_1_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old / "archive.sqlite3"
    before = schema_of(path)

    def cut_short(connection: sql.Connection, version: str) -> None:
        complete(connection, version)
        raise KeyboardInterrupt

    complete = migrations.upgrade
    monkeypatch.setattr(migrations, "upgrade", cut_short)
    with pytest.raises(KeyboardInterrupt):
        Archive(path)
    assert schema_of(path) == before
    monkeypatch.undo()
    archive = Archive(path)
    assert stored(archive, BRIDGE) == "unchanged"
    archive.close()


def test_a_read_only_archive_of_version_1_says_how_to_update_it(old: Path) -> None:
    with pytest.raises(LibraryError, match="make its folder writable and open it once"):
        Archive(old / "archive.sqlite3", read_only=True)


def test_a_read_only_archive_of_the_version_before_answers_as_it_is(old: Path) -> None:
    path = old / "archive.sqlite3"
    Archive(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE alembic_version; DELETE FROM notes WHERE key = 'archive'")
        connection.execute("UPDATE notes SET value = '2' WHERE key = 'schema_version'")
        connection.commit()
    archive = Archive(path, read_only=True)
    assert archive.article(BRIDGE.ref.id) == BRIDGE
    assert archive.identity is None
    archive.close()


def test_the_version_that_is_made_at_once_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == versions.HEAD


def test_all_migrations_together_make_the_tables_that_are_made_at_once(place: Place) -> None:
    archive = Archive(place)
    with archive.database.writing() as connection:
        schema.metadata.drop_all(connection)
        connection.execute(sql.text("DELETE FROM alembic_version"))
        migrations.upgrade(connection, None)
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        assert set(sql.inspect(connection).get_table_names()) == {*schema.metadata.tables, "alembic_version"}
    assert stored(archive, BRIDGE) == "added"
    archive.close()


def test_two_processes_that_open_a_new_archive_at_once_make_one(place: Place) -> None:
    with ThreadPoolExecutor(4) as threads:
        archives = list(threads.map(Archive, [place] * 4))
    assert len({archive.identity for archive in archives}) == 1
    for archive in archives:
        archive.close()


def test_tables_of_somebody_else_are_left_alone(place: Place) -> None:
    engine = sql.create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    with engine.begin() as connection:
        connection.execute(sql.text("CREATE TABLE articles (number INTEGER)"))
    with pytest.raises(LibraryError, match="holds something else"):
        Archive(place)
    with engine.begin() as connection:
        assert sql.inspect(connection).get_table_names() == ["articles"]
    engine.dispose()


def test_statements_of_the_version_before_run_on_the_tables_of_today(place: Place) -> None:
    """Machines are brought up to date one by one: an earlier Newsdesk goes on over tables that a newer one changed."""
    archive = Archive(place)
    with archive.database.writing() as connection:
        schema.metadata.drop_all(connection)
        connection.execute(sql.text("DELETE FROM alembic_version"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, versions.WORKS_WITH)
        before = sql.MetaData()
        before.reflect(connection)
        command.upgrade(config, "head")
        tables = [table for table in before.sorted_tables if table.name != "alembic_version"]
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            row = {column.name: _value(column) for column in table.columns}
            connection.execute(table.insert(), row)
            changed = {column.name: _value(column) for column in table.columns if not column.primary_key}
            if changed:
                connection.execute(table.update().values(changed))
            assert connection.execute(table.select()).one()._asdict() == row
        for table in reversed(tables):
            assert connection.execute(table.delete()).rowcount == 1
    archive.close()


def _value(column: sql.Column[Any]) -> object:
    return {bytes: b"1", str: "1", float: 1.0, bool: True}.get(column.type.python_type, 1)


def test_one_step_back_is_the_version_that_works_on_the_tables_of_today() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_revision("head")
    assert head.down_revision == versions.WORKS_WITH


def test_a_newer_newsdesks_archive_opens_where_it_says_that_this_version_works_on_it(place: Place) -> None:
    archive = Archive(place)
    newer = sql.text("UPDATE alembic_version SET version_num = '9999'")
    with archive.database.writing() as connection:
        connection.execute(newer)
    archive.set_note(versions.WORKING, versions.HEAD)
    archive.close()
    opened = Archive(place)
    assert stored(opened, BRIDGE) == "added"
    opened.set_note(versions.WORKING, "9998")
    opened.close()
    with pytest.raises(LibraryError, match="newer Newsdesk"):
        Archive(place)
