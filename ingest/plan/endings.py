"""What a page says of its list: that it goes on, that it has ended, or that it can not be read to its end."""

from dataclasses import dataclass
from enum import StrEnum

from ingest.ledger import Window
from ingest.records import Page

MOST_EMPTY_PAGES = 50
"""Empty pages in a row that are followed; some repositories send dozens before the first record."""
MOST_FRUITLESS_RESTARTS = 3
"""How often a list is begun again without getting further than before (harvester guidelines, section 6.2)."""

_NEARLY_ALL = 0.9
"""What an announced size, which may be an estimate, is taken for where a list stops without the protocol's sign."""


class Next(StrEnum):
    """What follows a page."""

    GOES_ON = "goes on"
    ENDED = "ended"
    RESTART = "restart"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What follows a page, and why where the list is given up."""

    next: Next
    token: str | None = None
    reason: str | None = None
    message: str | None = None


def ending(page: Page, window: Window) -> Ending:
    """Decide what follows ``page``, the next page of ``window`` as it stood before it (protocol section 3.5)."""
    if any(error.code == "noRecordsMatch" for error in page.errors) and not page.elements:
        return nothing_more(window)
    spoilt = _spoilt(page)
    if spoilt is not None:
        return spoilt
    if page.token is not None and page.token.value:
        if not page.elements and window.empty_pages >= MOST_EMPTY_PAGES:
            return _given_up("endless-empty-pages", f"{MOST_EMPTY_PAGES} empty pages in a row, each with a new token")
        return Ending(next=Next.GOES_ON, token=page.token.value)
    return _without_token(page, window)


def _without_token(page: Page, window: Window) -> Ending:
    if page.token is None and page.misplaced_token and window.token is None:
        return _given_up("list-cut-short", "the resumptionToken does not stand where the protocol has it")
    if page.token is None and _cut_short(page, window):
        told = f"{window.read + len(page.elements)} of {window.announced} announced"
        return _given_up("list-cut-short", f"the list stopped without the protocol's sign after {told}")
    return Ending(next=Next.ENDED)


def _spoilt(page: Page) -> Ending | None:
    if page.errors:
        told = "; ".join(f"{error.code}: {error.message}" for error in page.errors)
        return _given_up("error-beside-records", f"the repository sent an error beside records ({told})")
    if page.damaged:
        return _given_up("damaged-page", "a page could be read only in part")
    return None


def _given_up(reason: str, message: str) -> Ending:
    return Ending(next=Next.GIVEN_UP, reason=reason, message=message)


def nothing_more(window: Window) -> Ending:
    """``noRecordsMatch``: an empty list where nothing has come yet; else the end only if all announced has come.

    In the middle of a list some repositories say ``cannotDisseminateFormat`` instead.
    """
    first = window.token is None and window.seen == 0
    if first or (window.announced is not None and window.read >= window.announced):
        return Ending(next=Next.ENDED)
    return Ending(next=Next.RESTART, reason="list-cut-short", message="nothing more came in the middle of the list")


def _cut_short(page: Page, window: Window) -> bool:
    """Tell whether a token was lost: none in a list that came in pages, although more was announced.

    A page as long as the one before it was not the last; a shorter one may be, if the announced size is an estimate,
    but not where a tenth of the list is still to come.
    """
    if window.announced is None or window.last_length == 0:
        return False
    read = window.read + len(page.elements)
    full_page = len(page.elements) >= window.last_length
    return read < window.announced if full_page else read < window.announced * _NEARLY_ALL


def may_restart(window: Window) -> bool:
    """Whether a list that has to be begun again may be: not where it got no further several times in a row."""
    return window.read > window.furthest or window.fruitless_restarts < MOST_FRUITLESS_RESTARTS
