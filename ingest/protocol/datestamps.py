"""Dates of the protocol (section 3.3): read leniently, written strictly, always in UTC."""

import re
from datetime import UTC, datetime

from ingest.identify_values import Granularity

_FORMATS = {Granularity.DAY: "%Y-%m-%d", Granularity.SECOND: "%Y-%m-%dT%H:%M:%SZ"}

# What repositories write beyond ISO 8601, and the form that the standard library reads.
_MENDED = (
    (re.compile(r"\s*(?:UTC|GMT)$"), "Z"),
    (re.compile(r"\s+(?=(?:Z|[+-]\d\d:?\d\d)$)"), ""),
    (re.compile(r"\.(?=$|[Z+-])"), ""),
    (re.compile(r"(?<=:\d\d:)60"), "59"),
    (re.compile(r"^(\d{4})$"), r"\1-01-01"),
    (re.compile(r"^(\d{4}-\d\d)$"), r"\1-01"),
)
_IN_SECONDS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def parse(text: str | None) -> datetime | None:
    """Read any date a repository writes; None where it can not be read.

    Taken are days, seconds, fractions (cut to microseconds), offsets with and without colon, a blank for the ``T``,
    the basic form ``20210311``, and a year or month for its first day. A time without a zone is in UTC.
    """
    if text is None:
        return None
    text = text.strip().upper()
    for pattern, replacement in _MENDED:
        text = pattern.sub(replacement, text)
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write(instant: datetime, granularity: Granularity) -> str:
    """Write an aware instant as the protocol demands, cut down to the granularity.

    Raises ValueError for an instant without a zone: it would silently be taken for local time.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no zone; the protocol's dates are in UTC")
    instant = instant.astimezone(UTC)
    # The C library does not pad years below 1000, which implied dates such as 0001-01-01 have.
    return instant.strftime(_FORMATS[granularity].replace("%Y", f"{instant.year:04d}"))


def sort_key(datestamp: str | None) -> str:
    """Give text that sorts as the instant does: ``YYYY-MM-DDThh:mm:ssZ`` in UTC, empty where it can not be read."""
    if datestamp is not None and _IN_SECONDS.fullmatch(datestamp):
        # Almost all are written as they sort: what is left to ask is whether there is such a moment.
        try:
            datetime.fromisoformat(datestamp)
        except ValueError:
            pass
        else:
            return datestamp
    instant = parse(datestamp)
    return "" if instant is None else write(instant, Granularity.SECOND)
