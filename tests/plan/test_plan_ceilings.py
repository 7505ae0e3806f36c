"""When a list has cost enough, a run has brought too many rejections, and a schedule is paused."""

import pytest
from plan_values import window

from ingest.endpoints import endpoint_for_url
from ingest.ledger import Reason
from ingest.plan.ceilings import ceiling_passed
from ingest.plan.refusals import pauses, with_pause
from ingest.plan.verdict import ceiling_reached

CEILINGS = {"max_pages": 10, "max_bytes": 1000, "max_seconds": 60.0}


@pytest.mark.parametrize(
    ("pages", "size", "seconds", "code"),
    [
        (9, 999, 59.9, None),
        (10, 0, 0.0, "page-ceiling"),
        (1, 1000, 0.0, "byte-ceiling"),
        (1, 0, 60.0, "time-ceiling"),
        (10, 1000, 60.0, "page-ceiling"),
    ],
)
def test_a_list_that_costs_too_much_is_not_read_on(pages: int, size: int, seconds: float, code: str | None) -> None:
    """By pages, bytes, or seconds since it was begun; the words name the key that allows more."""
    passed = ceiling_passed(window(pages=pages, bytes=size), seconds, **CEILINGS)
    assert (passed and passed[0]) == code
    assert passed is None or "(max_" in passed[1]


@pytest.mark.parametrize(
    ("rejected", "seen", "percent", "reached"),
    [
        (100, 100, None, False),
        (101, 101, None, True),
        (101, 10_000, None, False),
        (501, 10_000, None, True),
        (100, 10_000, 0.5, False),
        (101, 10_000, 0.5, True),
        (50, 50, 0.0, False),
    ],
)
def test_a_run_stops_asking_when_too_much_is_rejected(
    rejected: int, seen: int, percent: float | None, *, reached: bool
) -> None:
    """Never for a hundred or fewer: the first pages alone do not tell what the whole is like."""
    reason = ceiling_reached(rejected, seen, percent)
    assert (reason is not None) == reached
    assert reason is None or (reason.code, reason.count) == ("rejection-ceiling", rejected)


REFUSED = Reason(code="access-refused", count=1, text="the repository refuses access")
OTHER = Reason(code="damaged-page", count=1, text="a page broke off")
SCHEDULED = endpoint_for_url("http://127.0.0.1/oai").model_copy(update={"schedule": "0 3 * * *", "name": "archive"})


def test_a_refusal_pauses_a_schedule_and_says_how_it_goes_on() -> None:
    """Asking again day after day would be rude; other failures are tried again."""
    told = with_pause((OTHER, REFUSED), SCHEDULED)
    assert pauses((OTHER, REFUSED), SCHEDULED)
    assert told[0] == OTHER
    assert told[1].text.endswith("; the schedule is paused until `oai-ingest endpoints resume archive`")


def test_nothing_is_paused_where_there_is_no_schedule_or_no_refusal() -> None:
    """The reasons stay as they are."""
    by_hand = SCHEDULED.model_copy(update={"schedule": None})
    assert with_pause((REFUSED,), by_hand) == (REFUSED,)
    assert with_pause((OTHER,), SCHEDULED) == (OTHER,)
    assert not pauses((REFUSED,), by_hand)
