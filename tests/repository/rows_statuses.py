"""What must come out of statuses that say too much or too little, and of pages that are made for people."""

from outcomes import BY_RECORD, IN_PARTS, PLAIN, UNDISTURBED, Row, complete, failed, partial

_STOPS = "stops asking for anything, keeps what came, and names the wall: the rest is a gap"

ROWS: tuple[Row, ...] = (
    complete(
        "bad_gateway_deep_in_the_list",
        "asks five times with growing waits, then reads the list by headers and in shorter parts",
        "restarts",
        most_requests=IN_PARTS,
    ),
    partial(
        "bad_gateway_deep_in_the_list+dates_ignored",
        "sees that parts bring what was not asked for, and does not go on splitting: the list is a gap, in its parts",
        "repository-unavailable",
        "restarts",
        "outside-range",
        gaps=4,
        most_requests=160,
    ),
    complete("internal_error_once", "asks again", most_requests=UNDISTURBED + 1),
    complete(
        "not_found_where_nothing_matches",
        "goes by the OAI-PMH error and not by the status: an empty list",
        stored=0,
        most_requests=PLAIN + 1,
    ),
    complete(
        "unprocessable_after_the_last",
        "goes by the OAI-PMH error and not by the status: all that was announced had come, so this is the end",
        most_requests=UNDISTURBED + 1,
    ),
    failed(
        "gone_after_identify",
        "says that there is no repository at this URL, and asks for nothing more",
        "not-oai-pmh",
        most_requests=2,
    ),
    complete(
        "html_with_status_200",
        "does not take it for an empty list, and reads the list by headers and in shorter parts",
        "restarts",
        most_requests=IN_PARTS,
    ),
    partial(
        "html_with_status_200",
        "does not take it for the end; where dates can not be asked for either, the list is a gap",
        "not-oai-pmh",
        "restarts",
        keys={"quirks": {"ignores_dates": True}},
        when="with `quirks.ignores_dates = true`",
        most_requests=BY_RECORD,
    ),
    failed("not_oai_pmh", "says what came in place of OAI-PMH, by the page's title", "not-oai-pmh", most_requests=1),
    partial("forbidden_in_mid_list", _STOPS, "access-refused"),
    failed("forbidden", "asks once, and says that a person has to ask for access", "access-refused", most_requests=1),
    partial("challenge_with_status_200", _STOPS, "access-refused"),
    partial("challenge_with_status_503", f"does not take it for a server that is busy: {_STOPS}", "access-refused"),
    partial("challenge_with_status_403", _STOPS, "access-refused"),
)
