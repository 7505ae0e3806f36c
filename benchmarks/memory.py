"""How much memory a harvest takes, and how fast it is: 10,000 and 100,000 generated records of 2 kB, on SQLite.

``python benchmarks/memory.py [RECORDS …]`` prints a line a size, and how much more the largest takes than the smallest.
The repository runs in this process and the harvest in one of its own, so that only the harvest is measured; the two
share the machine, so the speed is that of both together.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.endpoints import Endpoint
from ingest.harvest import harvest
from ingest.ledger import Selection
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.protocol.client import Repository
from ingest.store.engine import open_engine
from ingest.store.owners import this_owner
from ingest.store.schema import upgrade
from ingest.surroundings import Surroundings
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

SIZES = (10_000, 100_000)
RECORD_BYTES = 2000
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one harvest took."""

    records: int
    seconds: float
    peak_mib: float


def measure(records: int) -> Measured:
    """Serve so many records and harvest them in a fresh process."""
    repository = DemoRepository(
        items=GeneratedItems(records, size=RECORD_BYTES, sets=()),
        page_size=PAGE_SIZE,
        every_item_in_every_format=True,
    )
    # Spawned, not forked: a forked process begins with the memory of this one.
    with serve(repository) as base_url, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(harvest_all, base_url).result()


def harvest_all(base_url: str) -> Measured:
    """Harvest a repository into a new SQLite database, and give what that took."""
    endpoint = Endpoint(name="generated", namespace="generated", url=base_url)
    with TemporaryDirectory() as folder, Repository(base_url, user_agent="oai-ingest-benchmark") as repository:
        url = f"sqlite:///{Path(folder) / 'benchmark.db'}"
        upgrade(url, vocabulary=rights_vocabulary())
        database = open_engine(url)
        around = Surroundings(
            database=database,
            repository=repository,
            lease_seconds=60,
            owner=this_owner(),
            stop=lambda: False,
            wait=time.sleep,
            tell=lambda _window: None,
        )
        begun = time.perf_counter()
        run = harvest(endpoint, Selection(prefixes=endpoint.metadata_prefix), around)
        seconds = time.perf_counter() - begun
        database.dispose()
    return Measured(records=run.total("seen"), seconds=seconds, peak_mib=_peak_mib())


def _peak_mib() -> float:
    """Give the most memory this process ever held; not by getrusage, which begins with the parent's peak."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def main(sizes: list[int]) -> None:
    """Measure each size and print what it took."""
    measured = []
    for size in sorted(sizes):
        taken = measure(size)
        measured.append(taken)
        print(
            f"{taken.records:>9,} records  {taken.seconds:8.1f} s  {taken.records / taken.seconds:8,.0f} records/s"
            f"  peak {taken.peak_mib:7.1f} MiB",
            flush=True,
        )
    print(f"the largest takes {measured[-1].peak_mib / measured[0].peak_mib:.2f} times the memory of the smallest")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
