"""Every way in which a page can leave its list."""

from collections.abc import Sequence
from typing import Any

import pytest
from plan_values import window

from ingest.ledger import Window
from ingest.plan.endings import MOST_EMPTY_PAGES, MOST_FRUITLESS_RESTARTS, Ending, Next, ending, may_restart
from ingest.records import Header, OaiError, Page, Record, Rejection, ResumptionToken

NOTHING = OaiError(code="noRecordsMatch", message="nothing matches")
BROKEN = OaiError(code="badArgument", message="no such thing")


def page(
    elements: int = 0, token: str | None = None, *, errors: Sequence[OaiError] = (), damaged: bool = False
) -> Page:
    """Make a page with so many records; ``token``: None where there is no element, the empty text where it is empty."""
    return Page(
        response_date=None,
        elements=tuple(
            Record(header=Header(identifier=str(number), datestamp=None), metadata=b"<m/>")
            for number in range(elements)
        ),
        token=None if token is None else ResumptionToken(value=token),
        errors=tuple(errors),
        damaged=damaged,
    )


IN_THE_LIST: dict[str, Any] = {"token": "t"}
FIRST = window()
MIDDLE = window(**IN_THE_LIST, read=20, last_length=10, announced=100)
NEARLY = window(**IN_THE_LIST, read=90, last_length=10, announced=100)
DONE = window(**IN_THE_LIST, read=100, last_length=10, announced=100)
UNTOLD = window(**IN_THE_LIST, read=20, last_length=10)

CASES = {
    "a first page that is all": (page(5), FIRST, "ended", None),
    "a first page that is empty": (page(), FIRST, "ended", None),
    "a first page with a token": (page(10, "t"), FIRST, "goes on", None),
    "a page with a token": (page(10, "u"), MIDDLE, "goes on", None),
    "the same token again": (page(10, "t"), MIDDLE, "goes on", None),
    "an empty page with a token": (page(0, "u"), MIDDLE, "goes on", None),
    "an empty page with a token, more read than announced": (page(0, "u"), DONE, "goes on", None),
    "an empty token": (page(10, ""), MIDDLE, "ended", None),
    "an empty token on an empty page": (page(0, ""), MIDDLE, "ended", None),
    "an empty token on the first page": (page(10, ""), FIRST, "ended", None),
    "no token, all that was announced": (page(10), NEARLY, "ended", None),
    "no token, more than was announced": (page(10), DONE, "ended", None),
    "no token on a short page, most still to come": (page(4), MIDDLE, "given up", "list-cut-short"),
    "no token on an empty page, most still to come": (page(), MIDDLE, "given up", "list-cut-short"),
    "no token on a short page, nearly all announced": (page(4), NEARLY, "ended", None),
    "no token on a short page, nothing announced": (page(4), UNTOLD, "ended", None),
    "no token on a full page, nothing announced": (page(10), UNTOLD, "ended", None),
    "no token on a full page, more announced": (page(10), MIDDLE, "given up", "list-cut-short"),
    "no token on a longer page, more announced": (page(11), MIDDLE, "given up", "list-cut-short"),
    "no token right after a restart, more announced": (
        page(10),
        window(read=0, last_length=0, announced=100),
        "ended",
        None,
    ),
    "nothing matches, asked first": (page(errors=[NOTHING]), FIRST, "ended", None),
    "nothing matches, asked first after a restart": (
        page(errors=[NOTHING]),
        window(token=None, announced=100, restarts=1),
        "ended",
        None,
    ),
    "nothing matches, all that was announced came": (page(errors=[NOTHING]), DONE, "ended", None),
    "nothing matches in the middle": (page(errors=[NOTHING]), MIDDLE, "restart", "list-cut-short"),
    "nothing matches in the middle, nothing announced": (page(errors=[NOTHING]), UNTOLD, "restart", "list-cut-short"),
    "nothing matches beside records": (page(10, "u", errors=[NOTHING]), MIDDLE, "given up", "error-beside-records"),
    "an error beside records": (page(10, errors=[BROKEN]), NEARLY, "given up", "error-beside-records"),
    "an error beside records and a token": (page(10, "u", errors=[BROKEN]), MIDDLE, "given up", "error-beside-records"),
    "an error beside an empty token": (page(10, "", errors=[BROKEN]), NEARLY, "given up", "error-beside-records"),
    "a damaged page": (page(10, damaged=True), NEARLY, "given up", "damaged-page"),
    "a damaged page with an empty token": (page(10, "", damaged=True), NEARLY, "given up", "damaged-page"),
    "the last empty page that is followed": (
        page(0, "u"),
        window(**IN_THE_LIST, empty_pages=MOST_EMPTY_PAGES - 1),
        "goes on",
        None,
    ),
    "one empty page too many": (
        page(0, "u"),
        window(**IN_THE_LIST, empty_pages=MOST_EMPTY_PAGES),
        "given up",
        "endless-empty-pages",
    ),
    "a record after many empty pages": (
        page(1, "u"),
        window(**IN_THE_LIST, empty_pages=MOST_EMPTY_PAGES),
        "goes on",
        None,
    ),
}


@pytest.mark.parametrize(("read", "before", "follows", "reason"), CASES.values(), ids=CASES)
def test_what_follows_a_page(read: Page, before: Window, follows: str, reason: str | None) -> None:
    """It goes on, ends by the protocol's sign, is begun again, or is given up with a reason."""
    ended = ending(read, before)

    assert (ended.next, ended.reason) == (follows, reason)
    assert (ended.token is not None) == (ended.next is Next.GOES_ON)
    assert (ended.message is not None) == (ended.reason is not None)


@pytest.mark.parametrize("token", ["t", " t ", "a%20b+c&d=\u00e4", "0"])
def test_a_token_goes_on_exactly_as_it_came(token: str) -> None:
    """Nothing is done to it but handing it back."""
    assert ending(page(1, token), FIRST) == Ending(next=Next.GOES_ON, token=token)


def test_what_was_cut_short_says_how_far_it_came() -> None:
    """A person sees what is missing."""
    assert ending(page(10), MIDDLE).message == "the list stopped without the protocol's sign after 30 of 100 announced"


def test_an_error_beside_records_is_told_as_the_repository_wrote_it() -> None:
    """Codes that the protocol does not list are kept."""
    message = ending(page(1, errors=[BROKEN, OaiError(code="odd", message="why not")]), FIRST).message

    assert message == "the repository sent an error beside records (badArgument: no such thing; odd: why not)"


def test_rejections_count_as_elements() -> None:
    """A page of nothing but broken records is no empty page, and as long as it is."""
    rejection = Rejection(stage="protocol", reason="unparsable-record", message="", content=b"")
    cut = Page(response_date=None, elements=(rejection,) * 10, token=None)

    assert ending(cut, MIDDLE).reason == "list-cut-short"
    assert ending(cut, NEARLY).next is Next.ENDED


@pytest.mark.parametrize("fruitless", range(MOST_FRUITLESS_RESTARTS + 2))
def test_a_list_is_begun_again_while_that_helps(fruitless: int) -> None:
    """Three restarts in a row that got no further are enough."""
    assert may_restart(window(fruitless_restarts=fruitless)) is (fruitless < 3)


def test_a_list_that_got_further_is_begun_again_however_often_it_did_not() -> None:
    """The beginning in hand counts before the earlier ones do."""
    assert may_restart(window(fruitless_restarts=MOST_FRUITLESS_RESTARTS, read=30, furthest=20))
    assert not may_restart(window(fruitless_restarts=MOST_FRUITLESS_RESTARTS, read=20, furthest=20))


def test_nothing_on_a_first_request_is_no_empty_list_once_something_has_come() -> None:
    """A list begun again, whose repository is making its index anew, has not ended."""
    begun_again = window(seen=100, furthest=100, restarts=1, announced=5000)

    assert ending(page(errors=[NOTHING]), begun_again).next is Next.RESTART
    assert ending(page(errors=[NOTHING]), FIRST).next is Next.ENDED
