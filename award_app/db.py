"""One session, one naming of constraints, one way to commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from time import monotonic
from typing import Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    TypeDecorator,
    collate,
    event,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from award_app.domain import names


class Instant(TypeDecorator[datetime]):
    """A moment, always aware and in UTC. SQLite forgets zones; this type does not let that show."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Nothing to do on PostgreSQL: each connection asks for UTC, and a page reads hundreds of moments."""
        return super().result_processor(dialect, coltype) if dialect.name == "sqlite" else None


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Instant(),
        str: String(),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[Any]: JSON().with_variant(JSONB(), "postgresql"),
    }


db = SQLAlchemy(metadata=Base.metadata)

# Called inside the transaction as its last statements, in order; the ledger appends what was collected here.
before_commit: list[Callable[[], None]] = []
# Called when the work is over, committed or not.
after_work: list[Callable[[], None]] = []
_writing: ContextVar[bool] = ContextVar("writing", default=False)
RESTED = 5.0  # seconds after which a connection is asked whether the server is still there


@contextmanager
def transaction() -> Iterator[None]:
    """Commit once, at the edge: a view, a task or a command. An error rolls everything back."""
    token = _writing.set(True)
    try:
        _begin_to_write()
        yield
        db.session.flush()
        for hook in before_commit:
            hook()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)
        for hook in after_work:
            hook()


@contextmanager
def rehearsal() -> Iterator[None]:
    """What is done inside is undone at its end, with what it collected for the end of the transaction. Within a
    transaction its earlier work stays; on a page that only reads, what was read is read again afterwards."""
    inside = _writing.get()
    if not inside:
        db.session.rollback()  # SQLite cannot turn a page's reading into writing once somebody else has written
    token, info = _writing.set(True), db.session().info
    collected = {key: list(rows) for key, rows in info.items() if isinstance(rows, list)}
    savepoint = db.session.begin_nested()
    try:
        yield
        db.session.flush()
    finally:
        savepoint.rollback()
        _writing.reset(token)
        for key in [key for key, rows in info.items() if isinstance(rows, list)]:
            info[key][:] = collected.get(key, [])
        if not inside:
            db.session.rollback()


def _wants_to_write() -> bool:
    """SQLite must know at BEGIN: a lock taken later fails instead of waiting."""
    if _writing.get():
        return True
    return has_request_context() and request.method not in {"GET", "HEAD", "OPTIONS"}


class folded(FunctionElement[str]):
    """A text in SQL as `names.searchable` gives it, the same on both databases whatever their locale."""

    type = String()
    inherit_cache = True


@compiles(folded, "sqlite")
def _folded_by_us(element: folded, compiler: SQLCompiler, **more: Any) -> str:
    return f"searchable({compiler.process(element.clauses, **more)})"


@compiles(folded, "postgresql")
def _folded_by_postgresql(element: folded, compiler: SQLCompiler, **more: Any) -> str:
    (text,) = element.clauses
    bare = func.regexp_replace(func.normalize(text, literal_column("NFKD")), names.MARKS, "", "g")
    plain = func.translate(func.lower(collate(bare, "und-x-icu")), *names.ALIKE)
    for letter, letters in names.LIGATURES:
        plain = func.replace(plain, letter, letters)
    return compiler.process(collate(plain, "C"), **more)  # in the order of SQLite


def _searchable(text: str | None) -> str | None:
    return None if text is None else names.searchable(text)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.create_function("searchable", 1, _searchable, deterministic=True)
        # Twenty who write at once on a busy machine waited more than 15 seconds for their turn (T10): nobody is turned away.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _wants_to_write() else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    """Pages read without BEGIN and ROLLBACK. At READ COMMITTED each statement sees what is committed when it begins,
    with them or without; and at a ROLLBACK psycopg forgets the statements it has prepared, while planning them anew costs
    PostgreSQL more than answering them. What reads so cannot write: the database refuses it."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.read_only = False  # said with each BEGIN, because by itself a connection only reads

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        _let_write(connection.connection.dbapi_connection, _writing.get() or not has_request_context())

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: object) -> None:
        """Ask a connection that has rested whether it is still there; on a busy one that would be every fifth question."""
        if monotonic() - record.info.get("used", monotonic()) > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as gone:
                raise DisconnectionError from gone  # the pool takes another one


def _let_write(connection: Any, may: bool) -> None:
    if connection.autocommit is may:
        connection.autocommit = not may


def _begin_to_write() -> None:
    """What a page has read before it begins to write was read outside of this transaction."""
    session = db.session()
    if has_request_context() and session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        _let_write(session.connection().connection.dbapi_connection, True)


def init_app(app: Flask) -> None:
    url = str(app.config["DATABASE_URL"])
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        import pysqlite3.dbapi2

        options = {"module": pysqlite3.dbapi2}
    else:
        # Compiling a page's statements takes PostgreSQL longer than answering them.
        options["connect_args"] = {
            "options": "-c jit=off -c plan_cache_mode=force_generic_plan -c default_transaction_read_only=on -c timezone=UTC"
        }
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        (_prepare_sqlite if url.startswith("sqlite") else _prepare_postgresql)(db.engine)


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """A column that holds one word of an enum, kept as text with a named check."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
