"""What a page brings that was not asked for: records outside the range in time, or of other sets. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ingest.ledger import Window
from ingest.records import Header, Page, Record

_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_LENGTH = len("YYYY-MM-DD")


class Outside(NamedTuple):
    """How many elements of a page lie outside of what its window asks for."""

    of_range: int
    of_set: int


def outside(page: Page, window: Window) -> Outside:
    """Count a page's elements that the window's request should not have brought (protocol sections 2.7.1, 2.7.2).

    A header that names no set at all, and a datestamp that is no date, tell nothing. A set holds the sets inside it.
    Dates are compared by their days: some repositories take no others.
    """
    headers = [element.header for element in page.elements if isinstance(element, Record)]
    spec = window.list.set_spec
    return Outside(
        of_range=_outside_range(headers, _day(window.from_), _day(window.until)),
        of_set=sum(not _is_of_set(header, spec) for header in headers) if spec else 0,
    )


def _outside_range(headers: Iterable[Header], first: str | None, last: str | None) -> int:
    if first is None and last is None:
        return 0
    # The records of a page share few days.
    counts = Counter([header.datestamp[:_LENGTH] for header in headers if header.datestamp])
    days = ((_day(text), count) for text, count in counts.items())
    return sum(count for day, count in days if day and ((first and day < first) or (last and last < day)))


def _day(datestamp: str | None) -> str | None:
    found = _DATED.match(datestamp or "")
    return found and found[0]


def _is_of_set(header: Header, spec: str) -> bool:
    specs = header.set_specs
    return not specs or spec in specs or any(name.startswith(f"{spec}:") for name in specs)
