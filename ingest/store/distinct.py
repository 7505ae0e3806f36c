"""What a run has read, counted without what came twice."""

from array import array

from sqlalchemy import Connection, func, select

from ingest.ledger import Distinct, ListName, Run
from ingest.store import ledger_tables, tables


def count_distinct(connection: Connection, run: Run) -> Distinct:
    """Count the distinct items of each list, and the distinct records of the run, over pages that repeat each other.

    One bit for each key up to the largest: exact, and 12 MB where there are a hundred million.
    """
    records = bytearray()
    items: dict[ListName, bytearray] = {}
    for window in run.windows:
        of_list = items.setdefault(window.list, bytearray())
        query = select(ledger_tables.pages.c["items"], ledger_tables.pages.c.records).where(
            ledger_tables.pages.c.window_id == window.window_id
        )
        for item_keys, record_keys in connection.execute(query.execution_options(yield_per=1000)):
            _mark(of_list, item_keys)
            _mark(records, record_keys)
    rejections = tables.rejections.c
    counted = (
        select(rejections.metadata_prefix, func.count())
        .where(rejections.endpoint_id == run.endpoint_id, rejections.run_id == run.run_id)
        .group_by(rejections.metadata_prefix)
    )
    rejected = {prefix: int(count) for prefix, count in connection.execute(counted)}
    return Distinct(
        items={name: _marked(bits) for name, bits in items.items()},
        rejected=rejected,
        records=_marked(records),
    )


def _mark(bits: bytearray, packed: bytes) -> None:
    keys = array("q", packed)
    if not keys:
        return
    missing = keys[-1] // 8 + 1 - len(bits)
    if missing > 0:
        bits.extend(bytes(missing))
    for key in keys:
        bits[key >> 3] |= 1 << (key & 7)


def _marked(bits: bytearray) -> int:
    return int.from_bytes(bits, "little").bit_count()
