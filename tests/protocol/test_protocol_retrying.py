"""Whether and when a request is made again."""

from datetime import UTC, datetime

import pytest

from ingest.protocol.retrying import LONGEST_RETRY_AFTER, Fault, Policy, retry_after, retry_after_in_words

NOW = datetime(2024, 5, 6, 7, 8, 0, tzinfo=UTC)
POLICY = Policy(page_deadline=300.0, chance=lambda: 0.5)
FAULT = Fault(reason="connection reset")


@pytest.mark.parametrize(
    ("attempt", "elapsed", "fault", "expected"),
    [
        (1, 0.0, FAULT, 1.0),
        (2, 1.0, FAULT, 3.0),
        (3, 4.0, FAULT, 9.0),
        (4, 13.0, FAULT, 18.0),
        (5, 31.0, FAULT, None),
        (1, 299.5, FAULT, None),
        (1, 0.0, Fault(reason="HTTP 503", retry_after=20.0), 20.0),
        (1, 0.0, Fault(reason="HTTP 503", retry_after=0.0), 1.0),
        (1, 0.0, Fault(reason="HTTP 503", retry_after=300.0), 300.0),
        (2, 100.0, Fault(reason="HTTP 503", retry_after=201.0), None),
        (1, 0.0, Fault(reason="HTTP 429", retry_after=86400.0), None),
        (2, 1.0, Fault(reason="cut", tries=2), None),
    ],
)
def test_waits_grow_and_end_with_tries_or_deadline(
    attempt: int, elapsed: float, fault: Fault, expected: float | None
) -> None:
    """A wait that was asked for is kept in full or not begun."""
    assert POLICY.decide(attempt, elapsed, fault) == expected


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_all_waits_for_a_page_stay_within_its_deadline(chance: float) -> None:
    """Whatever chance says, the waits sum to no more than the deadline."""
    policy = Policy(page_deadline=10.0, chance=lambda: chance)
    attempt, waited = 1, 0.0
    while (pause := policy.decide(attempt, waited, FAULT)) is not None:
        waited, attempt = waited + pause, attempt + 1
    assert 0 < waited <= 10.0


def test_waits_differ_between_workers() -> None:
    """Chance moves a wait by a quarter in both directions."""
    waits = [Policy(page_deadline=300.0, chance=lambda c=c: c).decide(2, 0.0, FAULT) for c in (0.0, 1.0)]
    assert waits == [2.25, 3.75]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120.0),
        (" 1.5 ", 1.5),
        ("Mon, 06 May 2024 07:08:30 GMT", 30.0),
        ("Mon, 06 May 2024 07:00:00 GMT", 0.0),
        ("Monday, 06-May-24 07:08:30 GMT", 30.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_RETRY_AFTER),
        ("-5", 0.0),
        ("1e99", LONGEST_RETRY_AFTER),
        ("9" * 400, LONGEST_RETRY_AFTER),
        ("inf", LONGEST_RETRY_AFTER),
        ("nan", None),
        ("soon", None),
        ("Mon, 99 May 2024 07:08:30 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, expected: float | None) -> None:
    """Seconds and HTTP dates; absurd ones are bounded, unreadable ones are as none."""
    assert retry_after(header, now=NOW) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<h1>Retry after 20 seconds</h1>", 20.0),
        (b"<p>please retry AFTER 1 second", 1.0),
        (b"come back later", None),
    ],
)
def test_a_wait_named_only_in_the_page_is_read(body: bytes, expected: float | None) -> None:
    """Some repositories say it in their HTML alone."""
    assert retry_after_in_words(body) == expected
