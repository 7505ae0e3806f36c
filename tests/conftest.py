"""What every test stands on: a scrubbed environment, no network but this machine, and real databases.

Databases
    ``database_url``            an empty database, once on SQLite and once on PostgreSQL
    ``migrated_database_url``   likewise, upgraded to the newest revision
    ``sqlite_url``, ``postgresql_url``, ``migrated_sqlite_url``, ``migrated_postgresql_url``: one of them alone
    ``new_database()``          one more SQLite database at the newest revision
    ``postgresql_server``       the address of the server itself, for a plain ``psycopg.connect``

The PostgreSQL server is OAI_INGEST_TEST_POSTGRESQL_URL where that is set, else one started for this process from the
machine's programs, else from the wheel's. OAI_INGEST_TEST_POSTGRESQL_FROM=system or =wheel takes one of these alone.
Each process of a parallel run has a server of its own: roles and settings belong to a server, not to a database.

Servers of a test's own
    ``broker``                  a Redis-compatible server, to be stopped, killed and started (``servers.RedisServer``)
    ``broker_url``              the address of an empty broker; the test can not tell, and does not care, where it is
    ``own_postgresql``          likewise PostgreSQL (``servers.PostgresqlServer``); ``own_postgresql.database_url`` is
                                its database, upgraded to the newest revision and empty

The broker is OAI_INGEST_TEST_REDIS_URL where that is set, else one started from the machine's programs, else from the
wheel's; OAI_INGEST_TEST_REDIS_FROM=system or =wheel takes one of these alone. A given address without a number is used
with that of the process in a parallel run, and emptied for each test. ``broker`` and ``own_postgresql`` are always
started: what has only an address can not be stopped.

Where a real part is missing, tests that need it are skipped; where CI is set they fail.

Tests marked ``long`` run only with OAI_INGEST_TEST_LONG=1 (``make test-all``).
"""

import ipaddress
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg import sql
from servers import KeptServer, PostgresqlServer, RedisServer, ServerMissing

ENVIRONMENT = os.environ  # noqa: TID251 - the tests clean the environment that ingest/settings.py reads.
# Rooms whose tests start servers and processes; the others answer in seconds and come first.
SLOW_ROOMS = frozenset({"store", "migrations", "harvest", "sweep", "workers", "cli", "demo", "faults", "retire"})
Kept = TypeVar("Kept", bound=KeptServer)


# --- the session ----------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Scrub the environment before any test module is read, and shut the network."""
    for name in [name for name in ENVIRONMENT if _leads_astray(name)]:
        del ENVIRONMENT[name]
    sys.addaudithook(_only_this_machine)
    config.addinivalue_line("markers", "long: takes minutes; runs only with OAI_INGEST_TEST_LONG=1")
    hypothesis.settings.register_profile("short", deadline=None, derandomize=_set("CI"))
    hypothesis.settings.register_profile("long", deadline=None, max_examples=10_000)
    hypothesis.settings.load_profile("long" if _set("OAI_INGEST_TEST_LONG") else "short")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put quick rooms first, and leave long tests out unless they are asked for."""
    items.sort(key=lambda item: not SLOW_ROOMS.isdisjoint(item.path.parts))
    for item in items:
        if item.get_closest_marker("long") and not _set("OAI_INGEST_TEST_LONG"):
            item.add_marker(pytest.mark.skip(reason="long: set OAI_INGEST_TEST_LONG=1"))


def _set(name: str) -> bool:
    return ENVIRONMENT.get(name, "").lower() not in {"", "0", "false"}


def _leads_astray(name: str) -> bool:
    """Tell settings of this project, of PostgreSQL's client and of proxies, which would change what a test sees."""
    ours = name.startswith("OAI_INGEST_") and not name.startswith("OAI_INGEST_TEST_")
    return ours or name.startswith("PG") or name.lower().endswith("_proxy")


def _missing(what: str) -> NoReturn:
    if _set("CI"):
        pytest.fail(f"CI must have every real part: {what}", pytrace=False)
    pytest.skip(what)


# --- the network ----------------------------------------------------------------------------------


class NetworkBlocked(AssertionError):
    """A test reached for another machine; no ``except OSError`` shall take it for an ordinary failure."""


def _only_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what Python's sockets announce before they do it."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if _is_here(name):
        return
    if isinstance(name, str) and name.endswith(".invalid"):
        # Names that never resolve (RFC 6761, 6.4): answered as a name server would, so that tests may ask for them.
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    raise NetworkBlocked(f"{event}: {name} is not this machine")


def _is_here(host: object) -> bool:
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


# --- servers --------------------------------------------------------------------------------------


def _given(name: str) -> tuple[str, str | None]:
    """Return where a server's programs shall come from, and its address where one is given instead."""
    source = ENVIRONMENT.get(f"OAI_INGEST_TEST_{name}_FROM", "any")
    return source, ENVIRONMENT.get(f"OAI_INGEST_TEST_{name}_URL") if source == "any" else None


def _started(kind: type[Kept], source: str) -> Kept:
    try:
        return kind(source)
    except ServerMissing as reason:
        _missing(str(reason))


@pytest.fixture
def broker() -> Iterator[RedisServer]:
    """Return a broker that the test may stop, kill and start."""
    source, _ = _given("REDIS")
    with _started(RedisServer, source) as server:
        yield server


@pytest.fixture
def broker_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a broker that holds nothing."""
    _, given = _given("REDIS")
    if not given:
        return str(request.getfixturevalue("broker").url)
    # Imported only where it is needed: most tests start without it.
    from redis import Redis  # noqa: PLC0415 - see above.

    number = ENVIRONMENT.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = given if urlsplit(given).path.strip("/") else urlsplit(given)._replace(path=f"/{number}").geturl()
    with Redis.from_url(url) as server:
        server.flushdb()
    return url


@pytest.fixture
def own_postgresql() -> Iterator[PostgresqlServer]:
    """Return a PostgreSQL server that the test may stop, kill and start, its database upgraded and empty."""
    source, _ = _given("POSTGRESQL")
    with _started(PostgresqlServer, source) as server:
        _upgrade(server.database_url)
        yield server


# --- PostgreSQL -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Return the address of a real server, as a superuser who may create databases."""
    source, given = _given("POSTGRESQL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://", 1)
    else:
        with _started(PostgresqlServer, source) as server:
            yield server.url


@contextmanager
def _database(server: str, *, template: str) -> Iterator[str]:
    """Create a database with a name of its own and drop it afterwards, whoever is still connected."""
    name = f"oai_ingest_test_{uuid4().hex}"
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield name
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def _execute(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _url(server: str, database: str) -> str:
    """Return the address of one database as SQLAlchemy writes it."""
    return urlsplit(server)._replace(scheme="postgresql+psycopg", path=f"/{database}").geturl()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Return an empty PostgreSQL database."""
    with _database(postgresql_server, template="template0") as name:
        yield _url(postgresql_server, name)


@pytest.fixture(scope="session")
def _migrated_template(postgresql_server: str) -> Iterator[str]:
    with _database(postgresql_server, template="template0") as name:
        _upgrade(_url(postgresql_server, name))
        # A template is copied only while nobody is connected to it.
        _execute(postgresql_server, "ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield name


@pytest.fixture
def migrated_postgresql_url(postgresql_server: str, _migrated_template: str) -> Iterator[str]:
    """Return a PostgreSQL database at the newest revision, copied from one that was migrated once."""
    with _database(postgresql_server, template=_migrated_template) as name:
        yield _url(postgresql_server, name)


# --- SQLite ---------------------------------------------------------------------------------------


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    _upgrade(f"sqlite:///{folder / 'upgraded.db'}")
    # One whole file, whatever still lies in the write-ahead log.
    with closing(sqlite3.connect(folder / "upgraded.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(folder / "whole.db")])
    return folder / "whole.db"


@pytest.fixture
def migrated_sqlite_url(_migrated_file: Path, tmp_path: Path) -> str:
    """Return a SQLite database at the newest revision, copied from one that was migrated once."""
    return f"sqlite:///{shutil.copy(_migrated_file, tmp_path / 'migrated.db')}"


@pytest.fixture(scope="session")
def new_database(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Return what makes one more SQLite database at the newest revision."""
    folder = tmp_path_factory.mktemp("more")

    def make() -> str:
        number = len(list(folder.iterdir()))
        return f"sqlite:///{shutil.copy(_migrated_file, folder / f'{number}.db')}"

    return make


def _upgrade(url: str) -> None:
    # Imported only when a test needs a migrated database: the pure rooms start without SQLAlchemy and Alembic.
    from ingest.normalise.vocabularies import rights_vocabulary  # noqa: PLC0415 - see above.
    from ingest.store.schema import upgrade  # noqa: PLC0415 - see above.

    upgrade(url, vocabulary=rights_vocabulary())


# --- either ---------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return an empty database; the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_database_url(request: pytest.FixtureRequest) -> str:
    """Return a database at the newest revision; the test runs once on each kind."""
    return str(request.getfixturevalue(f"migrated_{request.param}_url"))
