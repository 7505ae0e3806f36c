"""Column types and expressions that mean the same on PostgreSQL and SQLite."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Float, Integer, Text, literal
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; on SQLite the rowid itself, which only the type INTEGER becomes."""

KeyText = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text that sorts bytewise on both, so that both agree on who comes first."""

_SQLITE_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC: timestamptz on PostgreSQL, sortable text with microseconds on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write the instant in UTC."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).strftime(_SQLITE_INSTANT)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as its base
        """Read the instant back, aware and in UTC."""
        return None if value is None else instant_from(value)


def instant_from(value: datetime | str) -> datetime:
    """Read an instant as either database's driver gives it, aware and in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value)


class database_now(FunctionElement[datetime]):  # noqa: N801  # reads as the SQL function that it is
    """The database's clock, a number of seconds ahead: the only clock that leases trust.

    ``database_now(60)`` is a minute from now, ``database_now(-60)`` a minute ago.
    """

    type = Instant()
    inherit_cache = True

    def __init__(self, seconds: float = 0) -> None:
        """Look ``seconds`` ahead, or back where negative."""
        super().__init__(literal(float(seconds), Float()))


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite's clock has milliseconds; three zeros make its text sort with Python's microseconds.
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', {seconds} || ' seconds')"
