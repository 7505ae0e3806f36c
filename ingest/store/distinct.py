"""What a run has read, counted without what came twice."""

from array import array
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from ingest.ledger import Distinct, ListName, Run
from ingest.store import ledger_tables, tables


def count_distinct(connection: Connection, run: Run) -> Distinct:
    """Count the distinct items of each list, and the distinct records of the run, over pages that repeat each other.

    One bit for each key up to the largest: exact, and 12 MB where there are a hundred million.
    """
    items, records = keys_read(connection, run)
    rejections = tables.rejections.c
    counted = (
        select(rejections.metadata_prefix, func.count())
        .where(rejections.endpoint_id == run.endpoint_id, rejections.run_id == run.run_id)
        .group_by(rejections.metadata_prefix)
    )
    rejected = {prefix: int(count) for prefix, count in connection.execute(counted)}
    return Distinct(
        items={name: number_marked(bits) for name, bits in items.items()},
        rejected=rejected,
        records=number_marked(records),
    )


def keys_read(connection: Connection, run: Run) -> tuple[dict[ListName, bytearray], bytearray]:
    """Mark the items of each list and the records that an active run has read, a bit for each key."""
    records = bytearray()
    items: dict[ListName, bytearray] = {}
    for window in run.windows:
        of_list = items.setdefault(window.list, bytearray())
        query = select(ledger_tables.pages.c["items"], ledger_tables.pages.c.records).where(
            ledger_tables.pages.c.window_id == window.window_id
        )
        for item_keys, record_keys in connection.execute(query.execution_options(yield_per=1000)):
            mark(of_list, array("q", item_keys))
            mark(records, array("q", record_keys))
    return items, records


def mark(bits: bytearray, keys: Sequence[int]) -> None:
    """Mark keys, which are in order."""
    if not keys:
        return
    missing = keys[-1] // 8 + 1 - len(bits)
    if missing > 0:
        bits.extend(bytes(missing))
    for key in keys:
        bits[key >> 3] |= 1 << (key & 7)


def marked_in_any(several: Iterable[bytearray]) -> bytearray:
    """Mark what is marked in any of several."""
    marks, length = 0, 0
    for bits in several:
        marks, length = marks | int.from_bytes(bits, "little"), max(length, len(bits))
    return bytearray(marks.to_bytes(length, "little"))


def is_marked(bits: bytearray, key: int) -> bool:
    """Whether a key is marked."""
    return key >> 3 < len(bits) and bool(bits[key >> 3] & 1 << (key & 7))


def number_marked(bits: bytearray) -> int:
    """Count the marked keys."""
    return int.from_bytes(bits, "little").bit_count()
