"""What ten and a hundred million records take, by the bytes and microseconds a record that were measured. Pure.

Everything grows in proportion but for what is said of memory: an index that no longer fits there costs a read of the
disk for each record that is looked up or inserted, and the measured microseconds hold no more.
"""

from collections.abc import Iterable, Iterator
from statistics import median

from benchmarks.figures import Figure, Results, Scale

SIZES = (10_000_000, 100_000_000)
_GB, _HOUR = 1e9, 3600
_COPY_ROW = 3
_SECONDS_A_REQUEST, _RECORDS_A_PAGE = 0.2, 100
"""Of an ordinary repository, for the example of how many windows a worker needs."""


def gigabytes(bytes_a_record: float, records: int) -> float:
    """Say what so many records take on disk."""
    return bytes_a_record * records / _GB


def hours(records: int, records_a_second: float) -> float:
    """Say how long so many records take at a rate."""
    return records / records_a_second / _HOUR


def processes_that_fill(server_rate: float, process_rate: float) -> float:
    """Say how many processes of a rate bring as much as a database server takes; both in records a second."""
    return server_rate / process_rate


def windows_that_fill(process_rate: float, *, seconds_a_request: float, records_a_page: int) -> float:
    """Say how many windows have to be in flight at once to keep a process busy: each brings a page a request."""
    return process_rate * seconds_a_request / records_a_page


def rates(figures: Iterable[Figure]) -> tuple[float, float] | None:
    """Give the records a second that COPY and one process write into PostgreSQL: the best medians of row 3, if any."""
    of_row = [figure for figure in figures if figure.goal.row == _COPY_ROW and figure.seconds]
    if not of_row:
        return None
    ours, copied = (
        max(figure.records / median(pair[side] for pair in figure.seconds) for figure in of_row) for side in (0, 1)
    )
    return copied, ours


def capacity(results: Results) -> Iterator[str]:
    """Write the table of what large collections take, and what one server and more workers bring."""
    if not results.scale:
        yield "Not measured yet."
        return
    heads = ("as measured with", "records", "on disk", "of it indexes", "largest table", "first harvest, one process")
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for each in results.scale:
        yield from (f"| {' | '.join(_cells(each, records))} |" for records in SIZES)
    if found := rates(results.figures):
        yield ""
        yield _server(*found)


def _cells(scale: Scale, records: int) -> Iterator[str]:
    largest = max(scale.bytes_a_record, key=lambda name: scale.bytes_a_record[name])
    yield scale.what
    yield f"{records:,}"
    yield f"{gigabytes(sum(scale.bytes_a_record.values()), records):,.0f} GB"
    yield f"{gigabytes(scale.index_bytes_a_record, records):,.1f} GB"
    yield f"`{largest}`, {gigabytes(scale.bytes_a_record[largest], records):,.0f} GB"
    yield f"{hours(records, scale.records / scale.seconds):,.1f} h"


def _server(rate: float, process: float) -> str:
    windows = windows_that_fill(process, seconds_a_request=_SECONDS_A_REQUEST, records_a_page=_RECORDS_A_PAGE)
    least = " and ".join(f"{hours(records, rate):,.1f} h for {records:,}" for records in SIZES)
    fill = processes_that_fill(rate, process)
    return (
        f"One PostgreSQL takes {rate:,.0f} records a second by COPY alone (row {_COPY_ROW}): at least {least}. "
        f"One process brings {process:,.0f} a second, so about {fill:.0f} of them bring what the server takes, where "
        f"each has a core and the server has its own; more bring no more. At {_SECONDS_A_REQUEST} s a request and "
        f"{_RECORDS_A_PAGE} records a page, {windows:.0f} windows at once keep one process busy."
    )
