"""What must come out of one record that spoils every answer it is in."""

from outcomes import BY_RECORD, RECORDS, Row, complete, partial

_ALONE = "reads the list record by record, and keeps the one that can not be had as a rejection"

ROWS: tuple[Row, ...] = (
    complete(
        "record_that_can_not_be_rendered",
        _ALONE,
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    complete(
        "record_that_can_be_rendered_alone", "reads the list record by record", "restarts", most_requests=BY_RECORD
    ),
    complete(
        "record_on_the_first_page_that_can_not_be_rendered",
        _ALONE,
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    complete(
        "record_that_cuts_the_answer_off",
        _ALONE,
        "rejections",
        "repaired",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
        repairs=("records-cut-out",),
    ),
    complete(
        "record_that_resets_the_connection",
        _ALONE,
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    partial(
        "header_that_can_not_be_rendered",
        "reads all else in parts; the smallest range that the record is in is a gap",
        "repository-unavailable",
        "restarts",
        stored=RECORDS - 1,
        most_requests=320,
    ),
    partial(
        "many_headers_that_can_not_be_rendered",
        "reads what it can in parts, and stops splitting in time: what is left is a gap",
        "not-oai-pmh",
        "restarts",
        stored=RECORDS - 5,
        gaps=5,
        most_requests=250,
    ),
    complete(
        "no_record_alone",
        "reads lists that are shorter, until the one record is all that can not be had: a rejection",
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=220,
    ),
    complete(
        "another_record_alone",
        "takes no record for another: keeps the one that did not come as a rejection",
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    complete("record_that_is_only_in_lists", "asks for no record alone that came in a list"),
)
