"""What must come out of lists that run in a circle or never end."""

from outcomes import PAGES, PLAIN, RECORDS, UNDISTURBED, Row, complete, partial

EMPTY = 35
"""Empty pages before the first record."""
MOST_EMPTY = 50
"""Pages without anything new that are followed."""
_CIRCLE = "keeps what came, and goes round once: the list is a gap"
_NOTHING_NEW = "follows fifty pages that bring nothing new, and no more: the list is a gap"

ROWS: tuple[Row, ...] = (
    partial("same_token_forever", _CIRCLE, "token-loop", most_requests=PLAIN + 4),
    partial(
        "same_elements_under_new_tokens",
        _NOTHING_NEW,
        "token-loop",
        stored=10,
        most_requests=PLAIN + 1 + MOST_EMPTY + 1,
    ),
    partial(
        "last_page_under_new_tokens",
        _NOTHING_NEW,
        "token-loop",
        stored=RECORDS,
        most_requests=PLAIN + PAGES + MOST_EMPTY + 1,
    ),
    partial(
        "same_token_and_nothing_that_can_be_taken_in",
        _CIRCLE,
        "token-loop",
        "rejections",
        stored=0,
        rejected=10,
        most_requests=PLAIN + 4,
    ),
    partial("same_page_forever", _CIRCLE, "token-loop", stored=10, most_requests=PLAIN + 4),
    partial("pages_in_a_circle", _CIRCLE, "token-loop", stored=30, most_requests=PLAIN + 3 + 3),
    partial(
        "new_records_for_ever",
        "stops after `max_pages`: the list is a gap",
        "page-ceiling",
        keys={"max_pages": 1},
        when="with `max_pages = 1`",
        stored=10,
        most_requests=PLAIN + 2,
    ),
    partial(
        "new_records_for_ever",
        "stops after `max_list_bytes`: the list is a gap",
        "byte-ceiling",
        keys={"max_list_bytes": 10_000},
        when="with `max_list_bytes = 10000`",
        stored=10,
        most_requests=PLAIN + 2,
    ),
    partial(
        "new_records_for_ever",
        "stops after `max_list_time`: the list is a gap",
        "time-ceiling",
        keys={"max_list_time": 1e-6},
        when="with a `max_list_time` that is over at once",
        stored=10,
        most_requests=PLAIN + 2,
    ),
    complete(
        "empty_pages_before_the_first_record",
        "follows the tokens: a page without records is not the end",
        most_requests=UNDISTURBED + EMPTY,
    ),
    partial(
        "endless_empty_pages",
        "follows fifty empty pages in a row, and no more: the list is a gap",
        "endless-empty-pages",
        most_requests=PLAIN + 2 + MOST_EMPTY + 1,
    ),
)
