"""What was decided of a record, as its row in the records table has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.descriptions import Content
from ingest.store.causes import Cause, Why
from ingest.store.contents import RECORD_COLUMNS, Rows, rows_of
from ingest.store.deciding import Decision

STATE_COLUMNS = ("item_id", "digest", "deleted", "merged_into", "version", "changed_at", "cause", "cause_run_id")
"""The columns of a record's row that every change writes."""
ROW_COLUMNS = ("namespace", "record_id", "created_at", *STATE_COLUMNS, *RECORD_COLUMNS)
"""The columns of a record's row when it is inserted."""


def changed_row(decision: Decision, rows: Rows | None, why: Why, changed_at: datetime | str) -> dict[str, Any]:
    """Give the columns that a change writes; with those of the content where ``rows`` say that it is new."""
    return {
        "item_id": decision.item_id,
        "digest": decision.digest,
        "deleted": decision.deleted,
        "merged_into": decision.merged_into,
        "version": decision.record.version + 1,
        "changed_at": changed_at,
        "cause": _cause(decision, why),
        "cause_run_id": why.run_id,
        **({} if rows is None else rows.record),
    }


def _cause(decision: Decision, why: Why) -> Cause:
    """Say why a record changes: where an answer only made another item speak, that is the reason."""
    another = decision.change == "changed" and decision.item_id != decision.record.item_id
    return Cause.ANOTHER_ITEM if another and why.cause is Cause.REPOSITORY else why.cause


_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(STATE_COLUMNS),
    "deleted": False,
    "version": 0,
    **rows_of(Content()).record,
}


def inserted_row(
    identity: tuple[str, str], values: Mapping[str, Any] | None, created_at: datetime | str
) -> dict[str, Any]:
    """Give a whole new row: with these values where it was decided already, else empty."""
    namespace, record_id = identity
    names = {"namespace": namespace, "record_id": record_id, "created_at": created_at}
    return {**_EMPTY, "changed_at": created_at, **names, **(values or {})}
