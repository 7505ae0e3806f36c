"""Memory is bounded by a page, however long the list is."""

import sys
from collections.abc import Callable

import pytest
from harvesting import HarvestProcess, endpoint_at

from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

PAGE_SIZE = 100
MOST_GROWTH = 1.2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's own peak")


def peak(database_url: str, records: int) -> int:
    """Harvest generated records in a process of its own, and give the most memory that it ever held."""
    repository = DemoRepository(
        items=GeneratedItems(records, sets=()), page_size=PAGE_SIZE, every_item_in_every_format=True
    )
    with serve(repository) as base_url, HarvestProcess() as process:
        process.begin(database_url, endpoint_at(base_url))
        result = process.result(patience=1200)
    assert (result["verdict"], result["seen"]) == ("complete", records)
    assert result["peak"] > 0
    return int(result["peak"])


def test_four_times_the_records_take_no_more_memory(new_database: Callable[[], str]) -> None:
    """12,000 records take at most a fifth more than 3,000."""
    assert peak(new_database(), 12_000) <= MOST_GROWTH * peak(new_database(), 3_000)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_ten_times_the_records_take_no_more_memory(new_database: Callable[[], str]) -> None:
    """100,000 records take at most a fifth more than 10,000."""
    assert peak(new_database(), 100_000) <= MOST_GROWTH * peak(new_database(), 10_000)
