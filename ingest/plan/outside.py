"""What a page brings that was not asked for: records outside the range in time, or of other sets. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.ledger import Window
from ingest.records import Header, Page, Record

_DATED = re.compile(r"\d{4}-\d\d-\d\d")


class Outside(NamedTuple):
    """How many elements of a page lie outside of what its window asks for."""

    of_range: int
    of_set: int


def outside(page: Page, window: Window) -> Outside:
    """Count a page's elements that the window's request should not have brought (protocol sections 2.7.1, 2.7.2).

    A header that names no set at all, and a datestamp that is no date, tell nothing. A set holds the sets inside it.
    Dates are compared by their days: some repositories take no others.
    """
    headers = tuple(_headers(page))
    return Outside(
        of_range=sum(not _is_within(header.datestamp, window) for header in headers),
        of_set=sum(not _is_of_set(header, window.list.set_spec) for header in headers),
    )


def _is_within(datestamp: str | None, window: Window) -> bool:
    return _not_after(window.from_, datestamp) and _not_after(datestamp, window.until)


def _headers(page: Page) -> Iterator[Header]:
    yield from (element.header for element in page.elements if isinstance(element, Record))


def _is_of_set(header: Header, spec: str) -> bool:
    if not spec or not header.set_specs:
        return True
    return any(name == spec or name.startswith(f"{spec}:") for name in header.set_specs)


def _not_after(one: str | None, other: str | None) -> bool:
    first, second = (_DATED.match(date or "") for date in (one, other))
    return not first or not second or first[0] <= second[0]
