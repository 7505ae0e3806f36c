"""What sickle's users have: its plain loop over all records, which stores nothing."""

from typing import Any

from sickle import Sickle

from benchmarks.clock import Clock
from benchmarks.corpus import PREFIX


def run(clock: Clock, *, url: str) -> dict[str, Any]:
    """Read a whole list; the metadata of what is not deleted is looked at."""
    records = deleted = fields = 0
    with clock:
        for record in Sickle(url).ListRecords(metadataPrefix=PREFIX):
            records += 1
            if record.header.deleted:
                deleted += 1
            else:
                fields += len(record.metadata)
    return {"records": records, "deleted": deleted, "fields": fields}
