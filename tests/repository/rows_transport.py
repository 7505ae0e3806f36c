"""What must come out of what goes wrong below HTTP and in the body."""

from outcomes import BY_RECORD, IN_PARTS, UNDISTURBED, Row, complete

_AGAIN = "asks again"
_PARTS = "asks five times with growing waits, then reads the list by headers and in shorter parts"

ROWS: tuple[Row, ...] = (
    # Connections.
    complete("server_down_mid_list", _PARTS, "restarts", most_requests=IN_PARTS),
    complete("reset_once", _AGAIN, most_requests=2 * UNDISTURBED),
    complete("reset_in_mid_body", _AGAIN, most_requests=UNDISTURBED + 1),
    complete("closed_without_a_word", _AGAIN, most_requests=UNDISTURBED + 1),
    complete("connection_cut_in_mid_page", _PARTS, "restarts", most_requests=IN_PARTS),
    complete("half_closed", _AGAIN, most_requests=UNDISTURBED + 1),
    complete(
        "silent_at_first",
        "waits as long as `timeout` says, and asks again",
        keys={"timeout": 0.5},
        most_requests=UNDISTURBED + 1,
    ),
    complete(
        "slow_drip",
        "gives an answer no longer than `page_deadline`, then reads the list by headers and in shorter parts",
        "restarts",
        keys={"page_deadline": 0.5},
        most_requests=IN_PARTS,
    ),
    # Bodies.
    complete(
        "truncated_page",
        "never takes the cut for the end, keeps the whole records, and reads the list by headers and in shorter parts",
        "repaired",
        "restarts",
        most_requests=IN_PARTS,
        repairs=("records-cut-out",),
    ),
    complete("content_length_too_long", _PARTS, "restarts", most_requests=IN_PARTS),
    complete(
        "content_length_too_short",
        "never takes the cut for the end, keeps the whole records, and reads the list by headers and in shorter parts",
        "repaired",
        "restarts",
        most_requests=IN_PARTS,
        repairs=("records-cut-out",),
    ),
    complete("truncated_gzip", _AGAIN, most_requests=UNDISTURBED + 1),
    complete(
        "gzip_bomb",
        "unpacks no more than `max_bytes`, a piece at a time, and reads the list record by record",
        "restarts",
        keys={"max_bytes": 1_000_000},
        when="with `max_bytes` smaller than it",
        most_requests=BY_RECORD,
    ),
    complete("huge_text_node", "takes in whatever is within `max_bytes`"),
    complete("empty_body", "does not take it for an empty list, and asks again", most_requests=UNDISTURBED + 1),
    complete(
        "empty_body_for_ever",
        "does not take it for an empty list, and reads the list by headers and in shorter parts",
        "restarts",
        most_requests=IN_PARTS,
    ),
    complete("content_type_of_a_web_page", "parses the bytes as XML does, whatever HTTP says of them"),
)
