"""The archive in a database of PostgreSQL, which several machines share."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sql
from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from rag.errors import LibraryBusy, LibraryError, SettingsError, StorageError, StorageUnavailable
from rag.storage.archive import schema, versions
from rag.storage.archive.database import ChangeListener, Database

if TYPE_CHECKING:
    import psycopg

# A page answers eight questions at once and follows the archive beside them; an ingest takes two.
_POOL_CONNECTIONS = 8
_POOL_OVERFLOW = 8
_POOL_WAIT_SECONDS = 30
# Firewalls forget a connection that rests for an hour; some for half of it.
_RECYCLE_SECONDS = 900
_CONNECT_SECONDS = 10

LOCK_SECONDS = 30
# Reading every vector of a million passages took under a minute; whatever takes longer hangs.
_STATEMENT_SECONDS = 300
# A process that was stopped, or lost its machine, in the middle of a change must not keep others from theirs.
_IDLE_CHANGE_SECONDS = 30
_IDLE_READING_SECONDS = 600
# The server learns within a minute that a machine is gone, and gives up what it held.
_SERVER_OPTIONS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": f"{_STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_IDLE_READING_SECONDS}s",
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    # Compiling a query takes longer than any of ours.
    "jit": "off",
}
_KEEPALIVES = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}

# Two keys of ours among a database's advisory locks: the class, and what of it is locked.
_TABLES_LOCK = (0x6E657773, 1)
_REVISION_LOCK = (0x6E657773, 2)
_CHANNEL = "newsdesk_changes"
# Word of a change may be lost with a connection.
_LOOK_ANYWAY_SECONDS = 10.0

# SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_BROKEN_OFF = ("08", "57P01", "57P02", "57P03", "57P05", "25P03", "40001", "40P01", "53300")
_NOT_TO_BE_MENDED_BY_WAITING = ("authentication failed", 'role "', 'database "', "pg_hba.conf", "no password")


class PostgresqlDatabase(Database):
    """See `Database`.

    Changes of one article wait for each other (an advisory lock on its id), and from its number on a change holds the
    lock of revisions until it is visible, so that followers miss none. Everything else is PostgreSQL's own rows' locks.
    """

    is_shared = True

    def __init__(self, address: str, *, create: bool = True) -> None:
        """Connect, and create or migrate the tables.

        Raises `SettingsError` for what is no address or where psycopg is missing, `LibraryError` for a database that
        holds no library (without `create`), something else, or a newer Newsdesk's; `StorageError` where the server
        refuses or cannot be reached.
        """
        super().__init__(address, read_only=False)
        self._url = _checked(address)
        self.engine = _engine(self._url)
        # One state for the whole transaction, and a promise that it changes nothing.
        self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with self._translated():
                self._prepare(create=create)
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """See `Database`."""
        return f"{self._url.database or ''} on {_host(self._url)}"

    def close(self) -> None:
        """See `Database`."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """See `Database`."""
        with self._translated(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, article: str = "", repeatable: bool = True) -> Iterator[sql.Connection]:
        """See `Database`."""
        ending = False
        try:
            with self._translated(), self.engine.connect() as connection:
                transaction = connection.begin()
                limit = sql.func.set_config("idle_in_transaction_session_timeout", f"{_IDLE_CHANGE_SECONDS}s", True)
                lock = [sql.func.pg_advisory_xact_lock(sql.func.hashtextextended(article, 0))] if article else []
                connection.execute(sql.select(limit, *lock))
                # An error closes the connection, and with it the transaction.
                yield connection
                ending = True
                transaction.commit()
        except StorageUnavailable as error:
            error.may_be_stored = ending and not repeatable
            raise

    def new_revision(self, connection: sql.Connection, article_id: str) -> int:
        """See `Database`."""
        connection.execute(
            sql.select(sql.func.pg_advisory_xact_lock(*_REVISION_LOCK), sql.func.pg_notify(_CHANNEL, ""))
        )
        return super().new_revision(connection, article_id)

    def count_on(self, connection: sql.Connection) -> None:
        """See `Database`; a sequence learns nothing from numbers that were given."""
        for column in (schema.changes.c.revision, schema.feeds.c.id, schema.answers.c.id, schema.feedback.c.id):
            held = sql.select(sql.func.max(column)).scalar_subquery()
            sequence = sql.func.pg_get_serial_sequence(column.table.name, column.name)
            # Without rows the next number is 1.
            last = sql.func.coalesce(held, 1)
            connection.execute(sql.select(sql.func.setval(sequence, last, held.is_not(None))))

    @contextmanager
    def exclusively(self, what: str) -> Iterator[bool]:
        """See `Database`; the lock ends with its connection, so that nobody keeps it who is gone."""
        import psycopg

        try:
            connection = self.own_connection()
        except psycopg.Error as error:
            raise StorageUnavailable(f"the database {self.name} cannot be reached; try again") from error
        with closing(connection):
            # Several libraries may share a database, each in a schema.
            key = "hashtextextended(current_schema() || %s, 0)"
            row = connection.execute(f"SELECT pg_try_advisory_lock({key})", (f" {what}",)).fetchone()
            is_mine = bool(row and row[0])
            try:
                yield is_mine
            finally:
                if is_mine:
                    # The server notices a closed connection a moment later: the next to ask would find it locked.
                    with suppress(psycopg.Error):
                        connection.execute(f"SELECT pg_advisory_unlock({key})", (f" {what}",))

    def insert(self, table: sql.Table) -> Any:
        """See `Database`."""
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)

    def listener(self) -> ChangeListener:
        """See `Database`."""
        return _NotifiedListener(self)

    def vector_rows(self, connection: sql.Connection, query: sql.Select[Any]) -> Sequence[Any]:
        """See `Database`; as text every byte of a vector would come as two digits."""
        raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        with raw.cursor(binary=True) as cursor:
            return cursor.execute(str(query.compile(self.engine)).encode()).fetchall()

    def own_connection(self) -> psycopg.Connection[Any]:
        """A connection beside the pool, where every statement is a transaction; close it."""
        import psycopg

        _, named = self.engine.dialect.create_connect_args(self._url)
        return psycopg.connect(**{**named, **_connect_arguments(self._url)}, autocommit=True)

    def _prepare(self, *, create: bool) -> None:
        with self._reading.connect() as connection:
            if (encoding := connection.scalar(sql.text("SHOW server_encoding"))) != "UTF8":
                raise LibraryError(
                    f"the database {self.name} holds text in {encoding}; make one with ENCODING 'UTF8' for the library"
                )
            found = versions.stored_version(connection)
        if found == versions.HEAD:
            return
        if found is None and not create:
            raise LibraryError(f"there is no library in the database {self.name}; run `newsdesk ingest SOURCE`")
        with self.engine.connect() as connection, connection.begin():
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(*_TABLES_LOCK)))
            versions.prepare(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._explained(error) from error
        except exc.TimeoutError as error:
            raise StorageUnavailable(
                f"every connection to the database {self.name} is in use; try again when there is less to do"
            ) from error

    def _explained(self, error: exc.DBAPIError) -> LibraryError | StorageError:
        state = str(getattr(error.orig, "sqlstate", None) or "")
        reason = _first_line(error)
        if state == "55P03":
            return LibraryBusy(
                f"another process has kept the database {self.name} for {LOCK_SECONDS} s; try again when it is done"
            )
        if state == "53100":
            return StorageError(
                f"the disk of the database {self.name} is full; make room and run the same command again, "
                "nothing stored is lost"
            )
        if state == "25006":
            return StorageError(f"the database {self.name} takes no changes now; give the address of the one that does")
        if state.startswith("54"):
            return LibraryError(f"the database {self.name} cannot hold this ({reason}); shorten it")
        lost = error.connection_invalidated or state.startswith(_BROKEN_OFF)
        if lost or (not state and isinstance(error, exc.OperationalError)):
            if not state and any(words in reason for words in _NOT_TO_BE_MENDED_BY_WAITING):
                return StorageError(f"the database {self.name} lets nobody in ({reason}); correct NEWSDESK_ARCHIVE")
            return StorageUnavailable(
                f"the database {self.name} cannot be reached ({reason}); see that its server runs and try again, "
                "nothing stored is lost"
            )
        return StorageError(f"the database {self.name} refuses ({reason}); see what its server's log says")


class _NotifiedListener:
    """Waits for the word that every change sends; also looks from time to time, and after each connection anew."""

    def __init__(self, database: PostgresqlDatabase) -> None:
        self._database = database
        self._connection: psycopg.Connection[Any] | None = None
        self._looked = 0.0

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """See `ChangeListener`."""
        import psycopg

        try:
            heard = self._hears(seconds)
        except psycopg.Error:
            self.close()
            stop.wait(seconds)
            return False
        now = time.monotonic()
        if stop.is_set() or not (heard or now - self._looked > _LOOK_ANYWAY_SECONDS):
            return False
        self._looked = now
        return True

    def close(self) -> None:
        """See `ChangeListener`."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _hears(self, seconds: float) -> bool:
        if self._connection is None:
            self._connection = self._database.own_connection()
            self._connection.execute(f"LISTEN {_CHANNEL}".encode())
            return True
        heard = any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        # One look sees all that came with it.
        return heard and all(True for _ in self._connection.notifies(timeout=0))


def _checked(address: str) -> URL:
    # Whatever is wrong with it, the address is not repeated: it may hold a password.
    try:
        url = make_url(address)
    except (exc.ArgumentError, ValueError) as error:
        raise SettingsError(f"NEWSDESK_ARCHIVE is no address of a database; {_FORM}") from error
    if url.drivername not in ("postgresql", "postgresql+psycopg") or not url.database:
        raise SettingsError(f"NEWSDESK_ARCHIVE names no database of PostgreSQL; {_FORM}")
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            "an archive in PostgreSQL needs the package psycopg; run `make setup EXTRAS=postgresql`"
        ) from error
    return url.set(drivername="postgresql+psycopg")


_FORM = "write it as postgresql+psycopg://user@host/database"


def _engine(url: URL) -> sql.Engine:
    return sql.create_engine(
        url,
        isolation_level="READ COMMITTED",
        connect_args=_connect_arguments(url),
        pool_size=_POOL_CONNECTIONS,
        max_overflow=_POOL_OVERFLOW,
        pool_timeout=_POOL_WAIT_SECONDS,
        pool_recycle=_RECYCLE_SECONDS,
        # What is stored is nobody's business in an error or a log.
        hide_parameters=True,
    )


def _connect_arguments(url: URL) -> dict[str, Any]:
    """What libpq is told; what stands in the address goes before it."""
    ours = " ".join(f"-c {name}={value}" for name, value in _SERVER_OPTIONS.items())
    theirs = url.query.get("options", "")
    options = f"{ours} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".rstrip()
    known = {"connect_timeout": _CONNECT_SECONDS, "application_name": "newsdesk", **_KEEPALIVES}
    return {name: value for name, value in known.items() if name not in url.query} | {"options": options}


def _host(url: URL) -> str:
    host = url.host or url.query.get("host") or "this machine"
    return host if isinstance(host, str) else ", ".join(host)


def _first_line(error: exc.DBAPIError) -> str:
    """What the server says, without the detail that may quote what is stored."""
    diagnosis = getattr(error.orig, "diag", None)
    said = str(getattr(diagnosis, "message_primary", None) or error.orig or "no reason given")
    return said.strip().partition("\n")[0][:_REASON_CHARACTERS]


_REASON_CHARACTERS = 200
