"""What must come out where a server asks for patience."""

from outcomes import TRIES, UNDISTURBED, Row, complete, partial

_LATER = (
    "waits no longer than a page may take, and comes back when that time has passed: "
    "a worker's window waits for it, from the command line the rest is a gap"
)
OWN_WAITS = 40.0
"""The longest that a page is waited for where nobody says how long, in seconds."""

ROWS: tuple[Row, ...] = (
    complete(
        "busy_then_fine",
        "waits as long as it was asked to, and asks again",
        most_requests=2 * UNDISTURBED,
        least_wait=2.0 * UNDISTURBED,
    ),
    complete(
        "busy_until_a_date",
        "reads the date, by the server's own clock, and waits",
        most_requests=UNDISTURBED + 1,
        least_wait=3.0,
        most_wait=6.0,
    ),
    complete(
        "busy_in_words",
        "reads the seconds in the page's text, and waits",
        most_requests=UNDISTURBED + 1,
        least_wait=20.0,
        most_wait=20.0,
    ),
    complete(
        "absurd_retry_after",
        "waits by its own measure",
        most_requests=UNDISTURBED + TRIES - 1,
        least_wait=20.0,
        most_wait=OWN_WAITS,
    ),
    partial("too_many_requests_for_a_day", _LATER, "repository-unavailable", most_wait=0.0),
    partial("out_of_order_for_hours", _LATER, "repository-unavailable", most_wait=0.0),
    partial(
        "retry_after_a_year",
        f"takes it for a day, for it may be a mistake; {_LATER}",
        "repository-unavailable",
        most_wait=0.0,
    ),
)
