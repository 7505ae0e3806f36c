"""What must come out of redirects, and of a baseURL that is another one."""

from outcomes import IN_PARTS, UNDISTURBED, Row, complete

_IN_PARTS = "reads the list by headers and in shorter parts"

ROWS: tuple[Row, ...] = (
    complete(
        "moved_in_four_ways",
        "follows, and keeps the declared URL as the repository's name",
        most_requests=2 * UNDISTURBED,
    ),
    complete(
        "redirect_to_a_web_page",
        f"does not take the page for an empty list, and {_IN_PARTS}",
        "restarts",
        most_requests=IN_PARTS,
    ),
    complete(
        "redirect_in_a_circle", f"follows five times and no more, and {_IN_PARTS}", "restarts", most_requests=IN_PARTS
    ),
    complete("redirect_to_nowhere", f"goes nowhere, and {_IN_PARTS}", "restarts", most_requests=IN_PARTS),
    complete(
        "redirect_to_a_file", f"follows to http and https only, and {_IN_PARTS}", "restarts", most_requests=IN_PARTS
    ),
    complete("base_url_of_another_host", "goes on asking at the declared URL; `endpoints check` tells of it"),
)
