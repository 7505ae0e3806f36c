"""How a window is narrowed whose page can not be read, down to the record that spoils it. Pure."""

from enum import StrEnum

from ingest.ledger import Verb, Window
from ingest.plan.outside import outside
from ingest.records import Page

PARTS = 4
"""Parts that a window is split into: with more of them fewer records are read again, and more first requests made."""
MOST_AT_ONCE = 100
"""Records that are asked for one by one rather than found by splitting again."""
MOST_UNDIVIDED = 1000
"""Records that are asked for one by one where their dates can not be split any further."""
MOST_NARROWED = 100
"""How often windows of one run are split because of faults, before what is left stays a gap."""
MOST_WITHOUT_HEADERS = 30
"""As above, where the headers can not be had either: enough to come down to one second, in years."""


class Narrowing(StrEnum):
    """What helps against a page that can not be read."""

    RECORD_BY_RECORD = "record by record"
    SPLIT = "split"
    NOTHING = "nothing"


def narrowing(headers: Page, window: Window, *, parts: int) -> Narrowing:
    """Choose by the first page of the window's headers, and by how many parts its range can be split into.

    A repository that lists what is outside of the range pays no heed to dates: no splitting helps. What has been read
    by its headers and failed is split in time.
    """
    if not headers.elements:
        return Narrowing.NOTHING
    if headers.damaged or window.verb is Verb.LIST_IDENTIFIERS:
        return _splitting(headers, window, parts)
    goes_on = headers.token is not None and bool(headers.token.value)
    announced = headers.token.complete_list_size if headers.token else None
    size = announced if goes_on else len(headers.elements)
    if size is not None and size <= MOST_AT_ONCE:
        return Narrowing.RECORD_BY_RECORD
    if parts > 1 or pays_no_heed(headers, window):
        return _splitting(headers, window, parts)
    return Narrowing.RECORD_BY_RECORD if size is None or size <= MOST_UNDIVIDED else Narrowing.NOTHING


def _splitting(headers: Page, window: Window, parts: int) -> Narrowing:
    return Narrowing.SPLIT if parts > 1 and not pays_no_heed(headers, window) else Narrowing.NOTHING


def pays_no_heed(headers: Page | None, window: Window) -> bool:
    """Tell whether the repository lists what is outside of the range that it is asked for."""
    return window.outside_range > 0 or (headers is not None and outside(headers, window).of_range > 0)
