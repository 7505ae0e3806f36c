"""The same records harvested embedded and through Celery, Redis and PostgreSQL with two worker processes.

``python benchmarks/workers.py [RECORDS]`` starts the servers that the tests use, serves so many generated records
(100,000 unless named) from a process of its own, and prints a line a way. All share this machine's cores.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tests" / "repository")]

from harvesting import endpoint_at, harvest_here  # noqa: E402 - the tests' support is no package.
from servers import PostgresqlServer, RedisServer  # noqa: E402 - as above.
from stack import Stack, declare  # noqa: E402 - as above.

from ingest.ledger import Run, Verdict  # noqa: E402 - as above.
from ingest.normalise.vocabularies import rights_vocabulary  # noqa: E402 - as above.
from ingest.store.schema import upgrade  # noqa: E402 - as above.

RECORDS = 100_000
WORKERS = 2
LONGEST_SECONDS = 3600


@contextmanager
def served(records: int) -> Iterator[str]:
    """Serve generated records from a process of its own, and yield the base URL."""
    command = [sys.executable, "-m", "workers.demo", "--port", "0", "--generated", str(records)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own.
        assert process.stdout is not None  # noqa: S101 - it was asked for.
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def new_database() -> Iterator[str]:
    """Give an empty, upgraded database on a server of its own."""
    with PostgresqlServer() as server:
        url = server.url.replace("postgresql://", "postgresql+psycopg://", 1)
        upgrade(url, vocabulary=rights_vocabulary())
        yield url


def embedded(base_url: str, *, parallel: int) -> float:
    """Harvest in this process and give the seconds."""
    with new_database() as database_url:
        begun = time.perf_counter()
        _checked(harvest_here(database_url, endpoint_at(base_url, parallel=parallel)))
        return time.perf_counter() - begun


def through_workers(base_url: str, *, parallel: int) -> float:
    """Harvest with two worker processes that were started before, and give the seconds from asking to the verdict."""
    with (
        new_database() as database_url,
        RedisServer() as broker,
        TemporaryDirectory() as folder,
        Stack(database_url, broker.url, Path(folder), lease_seconds=60, tick_seconds=10, slice_seconds=60) as stack,
    ):
        declare(stack.config, {"tested": {"url": base_url, "parallel": parallel}})
        stack.worker(WORKERS)
        stack.beat()
        time.sleep(5)
        run = _checked(stack.ended(stack.queue("tested"), LONGEST_SECONDS))
        assert run.ended_at is not None  # noqa: S101 - it was waited for.
        return (run.ended_at - run.started_at).total_seconds()


def _checked(run: Run) -> Run:
    if run.verdict is not Verdict.COMPLETE:
        sys.exit(f"the harvest ended {run.verdict}: {run.reasons}")
    return run


def main(records: int) -> None:
    """Measure each way and print it."""
    with served(records) as base_url:
        for name, way in (("embedded", embedded), ("two worker processes", through_workers)):
            for parallel in (1, WORKERS):
                seconds = way(base_url, parallel=parallel)
                told = f"{name}, parallel {parallel}"
                print(f"{told:<34} {seconds:8.1f} s  {records / seconds:8,.0f} records/s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
