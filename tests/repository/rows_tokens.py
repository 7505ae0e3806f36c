"""What must come out of resumptionTokens of all kinds."""

from outcomes import BEGUN_AGAIN, PLAIN, UNDISTURBED, Row, complete, failed, partial

_AS_IT_CAME = "sends the token back as it came, encoded once"

ROWS: tuple[Row, ...] = (
    complete("tokens_with_odd_characters", _AS_IT_CAME),
    complete("tokens_of_eight_kilobytes", _AS_IT_CAME),
    complete("tokens_with_implied_dates", f"{_AS_IT_CAME}; what it says is the repository's business"),
    complete("tokens_with_blanks_around", f"leaves the blanks around the token away, and {_AS_IT_CAME}"),
    complete(
        "expired_token",
        "begins the list again, three times without getting further, then reads it in parts that are shorter",
        "restarts",
        most_requests=BEGUN_AGAIN,
    ),
    complete("expired_once", "begins the list again", "restarts", most_requests=UNDISTURBED + 3),
    complete("single_use_tokens", "uses each token once"),
    complete("expiration_date_in_the_past", "uses the token: only the repository's refusal counts"),
    complete(
        "one_token_for_every_page", "goes on as long as the records are new ones: a token that is repeated is no circle"
    ),
    partial(
        "tokens_beside_the_prefix_alone",
        "keeps what came; what the token stands for is a gap until the quirk is declared (`endpoints check` finds it)",
        "badArgument",
        stored=10,
        most_requests=PLAIN + 2,
    ),
    complete(
        "tokens_beside_the_prefix_alone",
        "sends the list's arguments with each token",
        keys={"quirks": {"repeat_arguments": True}},
        when="with `quirks.repeat_arguments = true`",
    ),
    partial(
        "token_in_the_request_element",
        "does not take it for a token, nor the page for the end: the list is a gap",
        "list-cut-short",
        stored=10,
        most_requests=PLAIN + 1,
    ),
    failed("bad_token_to_identify", "says what the repository said", "bad-resumption-token", most_requests=1),
)
