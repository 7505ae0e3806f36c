"""A page counted into its window."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, func, select, update

from ingest.store import ledger_tables
from ingest.store.answers import Answer, KnownItem, Outcome, PageWrite
from ingest.store.digests import to_json
from ingest.store.driver import ask

_windows = ledger_tables.windows.c
_COUNTED = (
    "pages",
    "read",
    "seen",
    "rejected",
    "repaired",
    "outside_range",
    "outside_set",
    "without_metadata",
    "not_understood",
    "bytes",
    *(outcome.value for outcome in Outcome),
)
"""Columns to which what the page has is added."""


def _counting() -> Update:
    length = bindparam("length", type_=_windows.read.type)
    return (
        update(ledger_tables.windows)
        .where(_windows.id == bindparam("the_window"))
        .values(
            token=bindparam("token"),
            state=bindparam("state"),
            reason=bindparam("reason"),
            message=bindparam("message"),
            announced=func.coalesce(bindparam("announced"), _windows.announced),
            last_length=func.coalesce(func.nullif(length, 0), _windows.last_length),
            empty_pages=case((length > 0, 0), else_=_windows.empty_pages + 1),
            outages=0,
            deaths=0,
            repairs=func.coalesce(bindparam("repairs"), _windows.repairs),
            **{name: _windows[name] + bindparam(f"{name}_of_page") for name in _COUNTED},
        )
        .returning(*ledger_tables.windows.columns)
    )


_PAGE = _counting()
_NAMES = tuple(str(column.name) for column in ledger_tables.windows.columns)


def count_page(
    connection: Connection, page: PageWrite, *, outcomes: Sequence[Outcome], known: Mapping[str, KnownItem]
) -> dict[str, Any]:
    """Count a page into its window, and give the window's row as it stands then, by the names of its columns."""
    progress, length = page.progress, len(page.answers) + len(page.listed) + len(page.rejections)
    of_outcomes = Counter(outcomes)
    of_outcomes[Outcome.UNCHANGED] += len(page.listed)
    counts = {
        "pages": 1,
        "read": length,
        "seen": length,
        "rejected": len(page.rejections),
        "repaired": len(progress.repairs),
        "outside_range": progress.outside_range,
        "outside_set": progress.outside_set,
        "without_metadata": _without_metadata(page.answers),
        "not_understood": _not_understood(page.answers, known),
        "bytes": progress.size,
        **{outcome.value: of_outcomes[outcome] for outcome in Outcome},
    }
    values = {
        "the_window": page.lease.window_id,
        "token": progress.token,
        "state": "ended" if progress.ended else "abandoned" if progress.reason else "open",
        "reason": progress.reason,
        "message": progress.message,
        "announced": progress.announced,
        "length": length,
        "repairs": _repairs(connection, page),
        **{f"{name}_of_page": counts[name] for name in _COUNTED},
    }
    (row,) = ask(connection, _PAGE, values)
    return dict(zip(_NAMES, row, strict=True))


def _repairs(connection: Connection, page: PageWrite) -> str | None:
    """Give the window's repairs with the page's added to them; None where the page needed none."""
    if not page.progress.repairs:
        return None
    of_window = select(_windows.repairs).where(_windows.id == page.lease.window_id)
    told: dict[str, tuple[int, str | None]] = json.loads(connection.execute(of_window).scalar_one())
    for repair in page.progress.repairs:
        count, first = told.get(repair.name, (0, None))
        told[repair.name] = (count + 1, first or repair.identifier)
    return to_json(told)


def _without_metadata(answers: Sequence[Answer]) -> int:
    return len([answer for answer in answers if answer.record.metadata is None and not answer.record.header.deleted])


def _not_understood(answers: Sequence[Answer], known: Mapping[str, KnownItem]) -> int:
    """Count what came with metadata that no crosswalk knows; deleted records have none."""
    not_understood = {name for name, item in known.items() if not item.understood}
    if not not_understood:
        return 0
    return sum(answer.record.metadata is not None and answer.identifier in not_understood for answer in answers)
