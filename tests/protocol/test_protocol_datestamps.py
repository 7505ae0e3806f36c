"""Dates of the protocol, read leniently and written strictly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.identify_values import Granularity
from ingest.protocol import datestamps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-11", datetime(2021, 3, 11, tzinfo=UTC)),
        ("2021-03-11T10:20:30Z", datetime(2021, 3, 11, 10, 20, 30, tzinfo=UTC)),
        (" 2021-03-11t10:20:30z\n", datetime(2021, 3, 11, 10, 20, 30, tzinfo=UTC)),
        ("2015-01-12T13:39:50", datetime(2015, 1, 12, 13, 39, 50, tzinfo=UTC)),
        ("2015-01-12 13:39:50", datetime(2015, 1, 12, 13, 39, 50, tzinfo=UTC)),
        ("2015-01-12T13:39Z", datetime(2015, 1, 12, 13, 39, tzinfo=UTC)),
        ("2015-01-12T13:39:50+0000", datetime(2015, 1, 12, 13, 39, 50, tzinfo=UTC)),
        ("2015-01-12 13:39:50 +0100", datetime(2015, 1, 12, 12, 39, 50, tzinfo=UTC)),
        ("2015-01-12T00:39:50+01:00", datetime(2015, 1, 11, 23, 39, 50, tzinfo=UTC)),
        ("2015-01-12 13:39:50 UTC", datetime(2015, 1, 12, 13, 39, 50, tzinfo=UTC)),
        ("2021-03-11T10:20:30.1234567Z", datetime(2021, 3, 11, 10, 20, 30, 123456, tzinfo=UTC)),
        ("2021-03-11T10:20:30.", datetime(2021, 3, 11, 10, 20, 30, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("20210311", datetime(2021, 3, 11, tzinfo=UTC)),
        ("20210311T102030Z", datetime(2021, 3, 11, 10, 20, 30, tzinfo=UTC)),
        ("2021-03", datetime(2021, 3, 1, tzinfo=UTC)),
        ("2021", datetime(2021, 1, 1, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("aaaa-bb-cc", None),
        ("0000-00-00", None),
        ("2021-02-30", None),
        ("2021-03-11T10:20:30Z}", None),
        ("", None),
        (None, None),
    ],
)
def test_what_repositories_write_is_read_as_an_instant_in_utc(text: str | None, expected: datetime | None) -> None:
    """Every form seen in real answers is read; nonsense is None and never an exception."""
    assert datestamps.parse(text) == expected


@pytest.mark.parametrize(
    ("instant", "granularity", "expected"),
    [
        (datetime(2021, 3, 11, 10, 20, 30, 999999, tzinfo=UTC), Granularity.SECOND, "2021-03-11T10:20:30Z"),
        (datetime(2021, 3, 11, 10, 20, 30, tzinfo=UTC), Granularity.DAY, "2021-03-11"),
        (datetime(2021, 3, 11, 0, 30, tzinfo=timezone(timedelta(hours=1))), Granularity.DAY, "2021-03-10"),
        (datetime(1, 1, 1, tzinfo=UTC), Granularity.SECOND, "0001-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_the_granularity_and_in_utc(
    instant: datetime, granularity: Granularity, expected: str
) -> None:
    """Instants are cut down, never rounded up, and years have four digits."""
    assert datestamps.write(instant, granularity) == expected


def test_an_instant_without_a_zone_is_refused() -> None:
    """A naive instant would be taken for local time."""
    with pytest.raises(ValueError, match="no zone"):
        datestamps.write(datetime(2021, 3, 11), Granularity.DAY)  # noqa: DTZ001  # The missing zone is what is tested.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-11T10:20:30Z", "2021-03-11T10:20:30Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2021-03-11T10:20:30Z\n", "2021-03-11T10:20:30Z"),
        ("2021-02-30T00:00:00Z", ""),
        ("2021-03-11T24:00:00Z", ""),
        ("0000-01-01T00:00:00Z", ""),
        ("\N{FULLWIDTH DIGIT TWO}021-03-11T10:20:30Z", ""),
    ],
)
def test_what_looks_like_a_sort_key_is_one_only_if_there_is_such_a_moment(text: str, expected: str) -> None:
    """The text is taken as it stands only where reading and writing it would give the same."""
    assert datestamps.sort_key(text) == expected


def test_sort_keys_sort_as_the_instants_do() -> None:
    """The text of the datestamps would sort otherwise; what can not be read comes first."""
    texts = ["2021-03-11T01:00:00+02:00", "20210311", "2021-03-10T23:30:00Z", None, "soon"]
    assert [datestamps.sort_key(text) for text in texts] == [
        "2021-03-10T23:00:00Z",
        "2021-03-11T00:00:00Z",
        "2021-03-10T23:30:00Z",
        "",
        "",
    ]
