"""What every test stands on is itself true: real databases that leave nothing behind, and no network."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy as sa

KEEPER = Path(__file__).parents[1] / "servers" / "postgresql.py"
STARTER = """
import subprocess, sys, time
keeper = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, start_new_session=True)
time.sleep(120)
"""


# --- databases ------------------------------------------------------------------------------------


def test_an_empty_database_takes_a_table_and_a_row(database_url: str) -> None:
    """Both kinds are real and hold any script; no table is there before the test makes one."""
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE shelf (label TEXT)"))
        connection.execute(sa.text("INSERT INTO shelf VALUES ('Лихачёв 馬')"))
        label = connection.scalar(sa.text("SELECT label FROM shelf"))
    engine.dispose()

    assert label == "Лихачёв 馬"


def test_a_migrated_database_is_open_and_has_its_tables(migrated_database_url: str) -> None:
    """A copy of the once-migrated database takes connections like any other."""
    engine = sa.create_engine(migrated_database_url)
    tables = sa.inspect(engine).get_table_names()
    engine.dispose()

    assert {"items", "records", "changes"} <= set(tables)


def test_two_migrated_databases_share_nothing(
    migrated_postgresql_url: str, migrated_sqlite_url: str, request: pytest.FixtureRequest
) -> None:
    """What one test writes, the once-migrated original never sees."""
    for url in (migrated_postgresql_url, migrated_sqlite_url):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE scribble (line TEXT)"))
        engine.dispose()

    original = sa.create_engine(f"sqlite:///{request.getfixturevalue('_migrated_file')}")
    tables = sa.inspect(original).get_table_names()
    original.dispose()

    assert "scribble" not in tables


def test_the_server_is_one_that_is_supported(postgresql_server: str) -> None:
    """PostgreSQL 15 is the oldest that is promised to work."""
    with psycopg.connect(postgresql_server) as connection:
        assert connection.info.server_version >= 150000


@pytest.mark.usefixtures("postgresql_server")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_and_its_files_go_when_the_tests_are_killed(ending: signal.Signals) -> None:
    """However a test run ends, it leaves no server and no data behind."""
    command = [sys.executable, "-c", STARTER, str(KEEPER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tests:
        answer = json.loads(next(iter(tests.stdout or ())))
        if "error" in answer:
            pytest.skip(f"a server was given by its address, and none can be started here: {answer['error']}")
        with psycopg.connect(answer["url"]) as connection:
            (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        tests.send_signal(ending)

    assert _soon(lambda: not _listens(answer["url"]))
    assert _soon(lambda: not Path(data).parent.exists())


def _listens(url: str) -> bool:
    place = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(place.hostname), int(place.port or 0))) == 0


def _soon(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return False


# --- the network ----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "8.8.8.8"])
def test_another_machine_can_not_be_reached(address: str) -> None:
    """A connection elsewhere is refused before it is tried, and not as an ordinary network error."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(AssertionError, match="not this machine"):
        probe.connect((address, 80))


def test_a_name_elsewhere_can_not_be_looked_up() -> None:
    """Not even a name server is asked."""
    with pytest.raises(AssertionError, match="not this machine"):
        socket.getaddrinfo("repository.example.org", 80)


def test_a_name_that_never_resolves_fails_as_a_name_server_would_say() -> None:
    """Tests of an unknown host use the ``.invalid`` names."""
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("repository.invalid", 80)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(name: str) -> None:
    """Tests talk to repositories that they start themselves."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection((name, server.getsockname()[1])):
        pass
