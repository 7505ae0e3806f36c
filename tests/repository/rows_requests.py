"""What must come out where a repository does not heed, or does not like, what it is asked for."""

from hostile.requests import ODD_SET
from outcomes import IN_PARTS, PLAIN, UNDISTURBED, Row, complete, failed

SECONDS = {"from_": "2001-01-01T00:00:00Z", "until": "2039-12-31T23:59:59Z"}
"""A range that all records are in."""
NARROW = {"from_": "2016-01-01T00:00:00Z", "until": "2017-01-01T00:00:00Z"}
"""A range that a tenth of the records are in."""
_RANGE = "with a range of dates"
_SET = "with a set"

ROWS: tuple[Row, ...] = (
    # Dates that are sent.
    complete(
        "seconds_refused",
        "asks in days from then on, and says so",
        "repaired",
        repairs=("dates-as-days",),
        asked=SECONDS,
        when=_RANGE,
        most_requests=UNDISTURBED + 1,
    ),
    complete("days_refused", "asks in seconds, as the repository announces", asked=SECONDS, when=_RANGE),
    complete(
        "dates_ignored",
        "keeps what came, and says that it was not what was asked for",
        "outside-range",
        asked=NARROW,
        when=_RANGE,
    ),
    # Dates that come.
    complete("odd_response_dates", "reads what can be read, in UTC"),
    complete("no_response_date", "goes by the HTTP answer's date, and never by its own clock"),
    complete("unreadable_response_date", "goes by the HTTP answer's date, and never by its own clock"),
    complete("no_earliest_datestamp", "asks for everything without a date"),
    complete("empty_earliest_datestamp", "asks for everything without a date"),
    complete("unreadable_earliest_datestamp", "asks for everything without a date"),
    complete("earliest_datestamp_in_the_year_one", "asks for everything without a date"),
    complete("earliest_datestamp_too_late", "asks for everything without a date"),
    # Sets.
    failed(
        "unknown_set",
        "looks into ListSets, and names the sets that there are",
        "unknown-set",
        asked={"sets": ("nowhere",)},
        when=_SET,
        most_requests=PLAIN + 2,
    ),
    complete(
        "sets_ignored",
        "keeps what came, and says how many headers do not name the set",
        "outside-set",
        asked={"sets": ("letters",)},
        when=_SET,
    ),
    complete(
        "odd_set_specs",
        "keeps the name as it came, and sends it encoded once",
        asked={"sets": (ODD_SET,)},
        when=_SET,
    ),
    failed(
        "no_sets",
        "says that the repository has no sets",
        "unknown-set",
        asked={"sets": ("letters",)},
        when=_SET,
        most_requests=PLAIN + 2,
    ),
    complete(
        "sets_in_a_circle",
        "goes round once; whether the set is there can not be known, and its empty list is believed",
        asked={"sets": ("nowhere",)},
        when="with a set that is not there",
        stored=0,
        most_requests=PLAIN + 3,
    ),
    # Formats and errors.
    failed("unknown_prefix", "says what the repository said", "cannotDisseminateFormat", most_requests=PLAIN + 1),
    complete(
        "unknown_error_code",
        "reads the list by headers and in shorter parts; where that is of no use, the code is the gap's reason",
        "restarts",
        most_requests=IN_PARTS,
    ),
    complete(
        "empty_error_code",
        "reads the list by headers and in shorter parts",
        "restarts",
        most_requests=IN_PARTS,
    ),
    failed("bad_verb_to_everything", "says what the repository said", "badVerb", most_requests=1),
    # The request element.
    complete("request_without_attributes", "knows for itself what it asked for"),
    complete("mangled_request_element", "knows for itself what it asked for"),
)
