"""What was decided of a record, as its row in the records table has it."""

from datetime import datetime

from ingest.store.causes import Cause, Why
from ingest.store.contents import NOTHING, RECORD_COLUMNS, Rows
from ingest.store.deciding import Decision
from ingest.store.driver import Values

STATE_COLUMNS = ("item_id", "digest", "deleted", "merged_into", "version", "changed_at", "cause", "cause_run_id")
"""The columns of a record's row that every change writes."""
ROW_COLUMNS = ("key", "namespace", "record_id", "created_at", *STATE_COLUMNS, *RECORD_COLUMNS)
"""The columns of a record's row when it is inserted."""


def changed_row(decision: Decision, rows: Rows | None, why: Why, changed_at: datetime | str) -> Values:
    """Give the columns that a change writes; with those of the content where ``rows`` say that it is new."""
    state = (
        decision.item_id,
        decision.digest,
        decision.deleted,
        decision.merged_into,
        decision.record.version + 1,
        changed_at,
        _cause(decision, why),
        why.run_id,
    )
    return state if rows is None else state + rows.kept()


def _cause(decision: Decision, why: Why) -> Cause:
    """Say why a record changes: where an answer only made another item speak, that is the reason."""
    another = decision.change == "changed" and decision.item_id != decision.record.item_id
    return Cause.ANOTHER_ITEM if another and why.cause is Cause.REPOSITORY else why.cause


def inserted_row(
    key: int | None, identity: tuple[str, str], values: Values | None, created_at: datetime | str
) -> Values:
    """Give a whole new row: with these values where it was decided already, else empty."""
    if values is None:
        values = (None, None, False, None, 0, created_at, None, None, *NOTHING.kept())
    return (key, *identity, created_at, *values)
