"""When an endpoint is due, in UTC, and what it is then asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.endpoints import Endpoint
from ingest.ledger import Coverage, ListName, Selection
from ingest.plan.due import due_selection, next_due

NOW = datetime(2024, 6, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def endpoint(**keys: Any) -> Endpoint:
    """Declare an endpoint."""
    return Endpoint(**{"name": "archive", "url": "https://archive.example.org/oai", "namespace": "papers"} | keys)


# --- when -----------------------------------------------------------------------------------------


DUE = {
    "later today": ("0 3 * * *", "2024-06-10T02:59:59", "2024-06-10T03:00:00"),
    "just now: the next time": ("0 3 * * *", "2024-06-10T03:00:00", "2024-06-11T03:00:00"),
    "a moment ago": ("0 3 * * *", "2024-06-10T03:00:00.000001", "2024-06-11T03:00:00"),
    "every quarter of an hour": ("*/15 * * * *", "2024-06-10T03:46:00", "2024-06-10T04:00:00"),
    "over the year's end": ("30 0 * * *", "2024-12-31T12:00:00", "2025-01-01T00:30:00"),
    "the 31st: months without one are passed over": ("0 0 31 * *", "2024-01-31T00:00:00", "2024-03-31T00:00:00"),
    "the 30th: February is passed over": ("0 0 30 * *", "2024-01-30T00:00:00", "2024-03-30T00:00:00"),
    "the last day of a leap year's February": ("0 0 L * *", "2024-02-01T00:00:00", "2024-02-29T00:00:00"),
    "the last day of another February": ("0 0 L * *", "2023-02-01T00:00:00", "2023-02-28T00:00:00"),
    "the last day after the last day": ("0 0 L * *", "2024-04-30T00:00:00", "2024-05-31T00:00:00"),
    "a leap day": ("30 4 29 2 *", "2024-02-29T04:30:00", "2028-02-29T04:30:00"),
    "a leap day after a century without one": ("30 4 29 2 *", "2096-02-29T04:30:00", "2104-02-29T04:30:00"),
    "a weekday": ("0 5 * * 0", "2024-06-10T00:00:00", "2024-06-16T05:00:00"),
    "a day or a weekday, whichever comes first": ("0 0 13 * 5", "2024-06-10T00:00:00", "2024-06-13T00:00:00"),
    "the hour that summer time leaves out elsewhere": ("30 2 * * *", "2024-03-31T00:00:00", "2024-03-31T02:30:00"),
    "the hour that summer time repeats elsewhere": ("30 2 * * *", "2024-10-27T02:30:00", "2024-10-28T02:30:00"),
}


@pytest.mark.parametrize(("schedule", "after", "due"), DUE.values(), ids=DUE)
def test_the_next_time_is_after_the_given_one_and_in_utc(schedule: str, after: str, due: str) -> None:
    """Whole minutes, never the instant itself; no zone but UTC has a say."""
    found = next_due(endpoint(schedule=schedule), datetime.fromisoformat(after).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "keys", [{}, {"paused": True, "schedule": "0 3 * * *"}, {"paused": True}], ids=["none", "paused", "both"]
)
def test_an_endpoint_without_a_schedule_or_paused_is_never_due(keys: dict[str, Any]) -> None:
    """It is harvested when a person asks for it."""
    assert next_due(endpoint(**keys), NOW) is None


def test_following_the_times_leaves_none_out_and_repeats_none() -> None:
    """A year of nights has as many as it has days."""
    nightly, due, times = endpoint(schedule="0 3 * * *"), datetime(2023, 12, 31, 12, tzinfo=UTC), []
    while (due := next_due(nightly, due) or due).year == 2024:
        times.append(due)

    assert len(times) == 366
    assert {(time.hour, time.minute) for time in times} == {(3, 0)}


# --- what -----------------------------------------------------------------------------------------


def read(age: timedelta, prefix: str = "oai_dc", set_spec: str = "") -> Coverage:
    """Make the coverage of a list that was last read in full so long ago."""
    return Coverage(list=ListName(metadata_prefix=prefix, set_spec=set_spec), bound=NOW, full_at=NOW - age)


MONTHLY = {"full_every": 30 * 86400.0}
FULL: dict[str, tuple[dict[str, Any], list[Coverage], bool]] = {
    "not declared": ({}, [read(1000 * DAY)], False),
    "not yet": (MONTHLY, [read(30 * DAY - timedelta(seconds=1))], False),
    "time": (MONTHLY, [read(30 * DAY)], True),
    "never read": (MONTHLY, [], False),
    "one of two lists is old": (
        MONTHLY | {"sets": ("a", "b")},
        [read(DAY, set_spec="a"), read(31 * DAY, set_spec="b")],
        True,
    ),
    "one of two lists is new": (MONTHLY | {"metadata_prefix": ("oai_dc", "mods")}, [read(DAY)], False),
    "a format that is no longer declared": (MONTHLY, [read(DAY), read(400 * DAY, "mods")], False),
    "a set that is no longer declared": (MONTHLY | {"sets": ("a",)}, [read(DAY, set_spec="a"), read(400 * DAY)], False),
}


@pytest.mark.parametrize(("keys", "coverages", "full"), FULL.values(), ids=FULL)
def test_everything_is_asked_for_where_the_oldest_full_read_is_as_old_as_declared(
    keys: dict[str, Any],
    coverages: list[Coverage],
    full: bool,  # noqa: FBT001 - a case's expected answer.
) -> None:
    """Of the lists that are declared now; what was read once and is not asked for any more does not count."""
    assert due_selection(endpoint(**keys), coverages, NOW).full is full


def test_what_is_declared_is_what_is_asked_for() -> None:
    """All formats and all sets, no range."""
    declared = endpoint(metadata_prefix=("mods", "oai_dc"), sets=("a", "b"), schedule="0 3 * * *")

    assert due_selection(declared, [], NOW) == Selection(prefixes=("mods", "oai_dc"), sets=("a", "b"))
