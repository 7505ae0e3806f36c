"""Column types and expressions that mean the same on PostgreSQL and SQLite."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    Float,
    Integer,
    Text,
    bindparam,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; on SQLite the rowid itself, which only the type INTEGER becomes."""

KeyText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts bytewise on both, so that both agree on who comes first."""

_SQLITE_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC: timestamptz on PostgreSQL, sortable text with microseconds on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write the instant in UTC."""
        return None if value is None else instant_for(value, dialect)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as its base
        """Read the instant back, aware and in UTC."""
        return None if value is None else instant_from(value)


def instant_for(value: datetime, dialect: Dialect) -> datetime | str:
    """Write an instant as either database's driver takes it: for rows that go to the driver as they are."""
    return value if dialect.name == "postgresql" else value.astimezone(UTC).strftime(_SQLITE_INSTANT)


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

    def __init__(self, seconds: float | BindParameter[float] = 0) -> None:
        """Look ``seconds`` ahead, or back where negative."""
        super().__init__(seconds if isinstance(seconds, BindParameter) else literal(float(seconds), Float()))


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite's clock has milliseconds; three zeros make its text sort with Python's microseconds.
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', {seconds} || ' seconds')"


class Keys(TypeDecorator[Iterable[Any]]):
    """Many keys as one parameter, an array on PostgreSQL and a JSON array on SQLite.

    However many they are, the statement stays the same: it is compiled, parsed and planned once.
    """

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        """Take the type of one key."""
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the parameter's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.of))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """Write the keys."""
        keys = list(value or ())
        return keys if dialect.name == "postgresql" else json.dumps(keys)


class among(FunctionElement[bool]):  # noqa: N801  # reads as the SQL operator that it is
    """Whether a column's value is among the keys that the parameter ``name`` holds."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        """Compare ``column`` with the keys that are given as ``name``."""
        super().__init__(column, bindparam(name, type_=Keys(column.type)))

    def self_group(self, against: Any = None) -> Self:  # noqa: ARG002  # as its base
        """Stand in a condition as it is: SQLite would otherwise compare it with 1, and find no index for that."""
        return self


@compiles(among, "postgresql")
def _postgresql_among(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} = ANY ({keys}))"


@compiles(among, "sqlite")
def _sqlite_among(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({keys})))"  # noqa: S608  # both are what the compiler wrote
