"""What must come out of how lists end, of what is said of their size, and of records that come twice."""

from outcomes import BEGUN_AGAIN, PLAIN, RECORDS, UNDISTURBED, Row, complete, partial, suspect

_ONE_MORE = UNDISTURBED + 1
_NOT_THE_END = (
    "does not take it for the end: begins again, three times without getting further, then reads the list in parts "
    "that are shorter"
)
_THE_END = "takes it for the end, because all that was announced had come"

ROWS: tuple[Row, ...] = (
    # No end where one should be.
    complete("no_records_match_in_mid_list", _NOT_THE_END, "restarts", most_requests=BEGUN_AGAIN),
    complete("cannot_disseminate_in_mid_list", _NOT_THE_END, "restarts", most_requests=BEGUN_AGAIN),
    partial("lost_token", "keeps what came, and does not take it for the end: a gap", "list-cut-short", stored=30),
    complete("empty_list", "believes it where nothing was before", stored=0, most_requests=PLAIN + 1),
    complete(
        "empty_element_where_nothing_matches",
        "takes it for noRecordsMatch: an empty list",
        stored=0,
        most_requests=PLAIN + 1,
    ),
    complete(
        "list_that_shrank",
        "believes it where nothing was before; else doubts it (above)",
        stored=10,
        most_requests=PLAIN + 1,
    ),
    # Something after the end.
    complete("no_records_match_after_the_last", _THE_END, most_requests=_ONE_MORE),
    complete("empty_page_after_the_last", "takes it for the end", most_requests=_ONE_MORE),
    complete(
        "bad_token_after_the_last",
        "begins again, as with any token that is refused, then reads the list in parts that are shorter",
        "restarts",
        most_requests=PLAIN + 4 * 6 + 30,
    ),
    complete("cannot_disseminate_after_the_last", _THE_END, most_requests=_ONE_MORE),
    complete("no_token_on_the_last_page", "takes it for the end, because all that was announced had come"),
    complete("empty_token_on_the_only_page", "takes it for the end", most_requests=PLAIN + 1),
    # What is said of the list.
    suspect(
        "always_announces_wrongly",
        "keeps all, and doubts the list until another full harvest brings as much",
        "fewer-than-announced",
    ),
    complete("announces_too_few", "reads on to the end that the tokens tell"),
    complete("announces_an_estimate", "takes the size for an estimate, which the protocol allows"),
    complete("announces_no_number", "takes it for no size at all"),
    complete("announces_nothing", "reads to the end that the tokens tell"),
    complete("cursor_counts_pages", "counts for itself"),
    partial(
        "error_beside_records",
        "keeps the records, and does not go on behind the error: the list is a gap",
        "error-beside-records",
        stored=30,
    ),
    # Records twice, and records missing.
    suspect(
        "unstable_sorting",
        "counts distinct records, and doubts a list that repeated some while others are missing",
        "records-repeated",
        stored=RECORDS - 3,
    ),
    complete("records_twice", "keeps each once"),
    complete("record_twice_on_one_page", "keeps each once"),
    complete("newest_first", "counts on no order: how far it has read it takes from the repository's clock"),
)
