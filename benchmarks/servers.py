"""The servers that the tests use, and databases on them: each new one is a copy of one that was upgraded before."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.errors import Wrong
from benchmarks.running import ROOT
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.store.schema import upgrade

_DRIVER = "postgresql+psycopg://"


@contextmanager
def server(script: str) -> Iterator[str]:
    """Run one of the servers in ``tests/servers`` until the block ends, and give its URL."""
    command = [sys.executable, str(ROOT / "tests" / "servers" / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        told = json.loads(keeper.stdout.readline()) if keeper.stdout else {}
        if "url" not in told:
            raise Wrong(f"{script}: {told.get('error', 'it can not be started')}")
        yield told["url"]


@dataclass(frozen=True, kw_only=True)
class SqliteFiles:
    """New databases as files of a folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def new(self, template: str | None = None) -> str:
        """Give the URL of a database with our tables: empty, or with all that another one holds."""
        path = self.folder / f"{next(self._numbers)}.db"
        url = f"sqlite:///{path}"
        if template is None:
            upgrade(url, vocabulary=rights_vocabulary())
        else:
            shutil.copyfile(self.file(template), path)
        return url

    def drop(self, url: str) -> None:
        """Remove a database."""
        for path in self.folder.glob(f"{self.file(url).name}*"):
            path.unlink()

    @staticmethod
    def file(url: str) -> Path:
        """Name the file of a database."""
        return Path(url.removeprefix("sqlite:///"))


@dataclass(frozen=True, kw_only=True)
class PostgresqlServer:
    """New databases on one server."""

    url: str
    """Of the database that is always there, as psycopg takes it."""
    _numbers: Iterator[int] = field(default_factory=count)
    _upgraded: list[str] = field(default_factory=list)

    def new(self) -> str:
        """Give the URL of an empty database with our tables; the server has written down what it had before."""
        if not self._upgraded:
            self._create("upgraded", "template1")
            upgrade(self._address("upgraded"), vocabulary=rights_vocabulary())
            self._upgraded.append("upgraded")
        name = f"bench_{next(self._numbers)}"
        self._create(name, *self._upgraded)
        self._execute("CHECKPOINT")
        return self._address(name)

    def drop(self, url: str) -> None:
        """Remove a database."""
        self._execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return self.url.replace("postgresql://", _DRIVER, 1).rpartition("/")[0] + f"/{name}"

    def _create(self, name: str, template: str) -> None:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


def plain(url: str) -> str:
    """Write the URL of a PostgreSQL database as psycopg takes it."""
    return url.replace(_DRIVER, "postgresql://", 1)


@contextmanager
def postgresql() -> Iterator[PostgresqlServer]:
    """Run a PostgreSQL server until the block ends."""
    with server("postgresql.py") as url:
        yield PostgresqlServer(url=url)


@contextmanager
def sqlite() -> Iterator[SqliteFiles]:
    """Give a folder for SQLite databases until the block ends."""
    with TemporaryDirectory(prefix="oai-ingest-bench-") as folder:
        yield SqliteFiles(folder=Path(folder))
