"""What a check finds of repositories that keep to the protocol, and of those that do not, over real HTTP."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import pytest
from watching import Asked, Fault, Watch

from ingest.check.checking import MOST_REQUESTS
from ingest.identify_values import DeletedRecord, Granularity
from ingest.passport import Passport, Question, Severity, Verdict
from ingest.plan.passport import passport_of
from ingest.records import MetadataFormat, OaiError
from workers.demo import answers
from workers.demo.exchange import Answer, Response, Writer
from workers.demo.records import QDC, demo_repository
from workers.demo.repository import OAI_DC, DemoRepository

Checked = Callable[..., tuple[Passport, Watch]]
Repositories = Callable[..., DemoRepository]
LISTS = {"ListRecords", "ListIdentifiers"}


def _graver(passport: Passport) -> dict[str, Severity]:
    """Give the findings that a person is shown, by their codes."""
    return {each.code: each.severity for each in passport.findings if each.severity is not Severity.FINE}


def _fine(passport: Passport) -> set[str]:
    return {each.code for each in passport.findings if each.severity is Severity.FINE}


def _text(passport: Passport, code: str) -> str:
    return next(each.text for each in passport.findings if each.code == code)


# --- faults ---------------------------------------------------------------------------------------


def _error(asked: Asked, code: str, message: str = "No.", status: int = HTTPStatus.OK) -> Response:
    body = answers.error(OaiError(code=code, message=message))
    document = answers.document(
        response_date="2026-01-01T12:00:00Z", base_url=asked.request.base_url, echo={}, body=body
    )
    return Response(body=document, status=status)


def _without(asked: Asked, answer: Answer, *names: str) -> Response:
    """Answer as if some arguments had not been sent."""
    kept = tuple((name, value) for name, value in asked.request.arguments if name not in names)
    return answer(replace(asked.request, arguments=kept))


def _altered(asked: Asked, answer: Answer, pattern: bytes, new: bytes) -> Response:
    response = answer(asked.request)
    return replace(response, body=re.sub(pattern, new, response.body))


def token_used_once(asked: Asked, answer: Answer) -> Response:
    """Forget a token once it was used."""
    if asked.token and asked.times > 1:
        return _error(asked, "badResumptionToken", "Used already.")
    return answer(asked.request)


def token_moves_on(asked: Asked, answer: Answer) -> Response:
    """Take a token for a place that moves on with each use."""
    if asked.token and asked.times > 1:
        first = tuple((name, value) for name, value in asked.request.arguments if name == "verb")
        return answer(replace(asked.request, arguments=(*first, ("metadataPrefix", "oai_dc"), ("set", "minutes"))))
    return answer(asked.request)


def token_needs_prefix(asked: Asked, answer: Answer) -> Response:
    """Demand the metadataPrefix beside a token."""
    if asked.token and not asked.request.argument("metadataPrefix"):
        return _error(asked, "badArgument", "metadataPrefix is missing.")
    return _without(asked, answer, "metadataPrefix") if asked.token else answer(asked.request)


def token_refused(asked: Asked, answer: Answer) -> Response:
    """Refuse every token."""
    return _error(asked, "badResumptionToken", "Expired.") if asked.token else answer(asked.request)


def token_not_read(asked: Asked, answer: Answer) -> Response:
    """Send the first page whatever the token."""
    if not asked.token:
        return answer(asked.request)
    first = (("verb", asked.verb), ("metadataPrefix", "oai_dc"))
    return answer(replace(asked.request, arguments=first))


def dates_not_read(asked: Asked, answer: Answer) -> Response:
    """Pay no heed to from and until."""
    return _without(asked, answer, "from", "until")


def until_not_read(asked: Asked, answer: Answer) -> Response:
    """Pay no heed to until, unless from stands beside it."""
    return answer(asked.request) if asked.from_ else _without(asked, answer, "until")


def seconds_refused(asked: Asked, answer: Answer) -> Response:
    """Say that seconds are taken, and take none."""
    if asked.page and not asked.token and "T" in (asked.from_ or asked.until or ""):
        return _error(asked, "badArgument", "Dates are YYYY-MM-DD.")
    return answer(asked.request)


def dates_refused(asked: Asked, answer: Answer) -> Response:
    """Take no dates at all."""
    if asked.page and not asked.token and (asked.from_ or asked.until):
        return _error(asked, "badArgument", "No dates, please.")
    return answer(asked.request)


def own_dates_lost(asked: Asked, answer: Answer) -> Response:
    """Find nothing for a range of one instant or day."""
    if asked.from_ and asked.from_ == asked.until:
        return _error(asked, "noRecordsMatch")
    return answer(asked.request)


def own_second_lost(asked: Asked, answer: Answer) -> Response:
    """Keep fractions of seconds, which a range of one second misses."""
    if asked.from_ and asked.from_ == asked.until and "T" in asked.from_:
        return _error(asked, "noRecordsMatch")
    return answer(asked.request)


def sets_not_read(asked: Asked, answer: Answer) -> Response:
    """Pay no heed to set."""
    return _without(asked, answer, "set")


def set_lost_on_page_two(asked: Asked, answer: Answer) -> Response:
    """Go on with the whole repository where a list of a set goes on."""
    if asked.token and asked.set_spec:
        first = (("verb", asked.verb), ("metadataPrefix", "oai_dc"))
        return answer(replace(asked.request, arguments=first))
    return answer(asked.request)


def no_get_record(asked: Asked, answer: Answer) -> Response:
    """Find no record by its identifier."""
    return _error(asked, "idDoesNotExist") if asked.verb == "GetRecord" else answer(asked.request)


def identifiers_as_web_page(asked: Asked, answer: Answer) -> Response:
    """Answer one verb with a web page."""
    if asked.verb == "ListIdentifiers":
        return Response(body=b"<html><head><title>Oops</title></head></html>", content_type="text/html")
    return answer(asked.request)


def errors_with_http_422(asked: Asked, answer: Answer) -> Response:
    """Send the protocol's errors with a status of HTTP's."""
    response = answer(asked.request)
    return replace(response, status=422) if b"<error" in response.body else response


def other_base_url(asked: Asked, answer: Answer) -> Response:
    """Say another address in Identify."""
    return _altered(asked, answer, rb"<baseURL>[^<]*", b"<baseURL>http://localhost:8080/internal/oai")


def encrypted_base_url(asked: Asked, answer: Answer) -> Response:
    """Say the encrypted address in Identify."""
    return _altered(asked, answer, rb"<baseURL>http:", b"<baseURL>https:")


def earliest_is_no_date(asked: Asked, answer: Answer) -> Response:
    """Say no date for the earliest datestamp."""
    return _altered(asked, answer, rb"<earliestDatestamp>[^<]*", b"<earliestDatestamp>n/a")


def earliest_ahead(asked: Asked, answer: Answer) -> Response:
    """Say a time to come for the earliest datestamp."""
    return _altered(asked, answer, rb"<earliestDatestamp>[^<]*", b"<earliestDatestamp>2999-01-01T00:00:00Z")


def other_protocol(asked: Asked, answer: Answer) -> Response:
    """Say an older version of the protocol."""
    return _altered(asked, answer, rb"<protocolVersion>2.0", b"<protocolVersion>1.1")


def records_without_identifier(asked: Asked, answer: Answer) -> Response:
    """Send one record on each page that has no identifier."""
    nameless = b"<ListRecords><record><header><datestamp>2020-01-01</datestamp></header></record>"
    return _altered(asked, answer, rb"<ListRecords>", nameless)


def no_datestamps(asked: Asked, answer: Answer) -> Response:
    """Leave the datestamps out of headers."""
    return _altered(asked, answer, rb"<datestamp>[^<]*</datestamp>", b"")


def another_root(asked: Asked, answer: Answer) -> Response:
    """Send something else under oai_dc."""
    response = _altered(asked, answer, rb"(</?)oai_dc:dc\b", rb"\1oai_dc:thing")
    # By names that no vocabulary has: what is named like Dublin Core would be read as that.
    return replace(response, body=re.sub(rb"(</?)dc:\w+", rb"\1dc:part", response.body))


def first_page_spoilt(asked: Asked, answer: Answer) -> Response:
    """Fail to render the first page of records, and no other answer."""
    if asked.verb == "ListRecords" and asked.page == 1 and not asked.from_ and not asked.until and not asked.set_spec:
        return Response(body=b"", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    return answer(asked.request)


def one_odd_datestamp(asked: Asked, answer: Answer) -> Response:
    """Shorten the first datestamp of each answer to a year long before the true one."""
    response = answer(asked.request)
    return replace(response, body=re.sub(rb"<datestamp>[^<]*<", b"<datestamp>1998<", response.body, count=1))


def two_roots(asked: Asked, answer: Answer) -> Response:
    """Put a second element into the metadata of each record that comes by itself or in a range."""
    if asked.verb == "ListRecords" and not asked.from_:
        return answer(asked.request)
    return _altered(asked, answer, rb"</metadata>", b'<b xmlns="urn:b"/></metadata>')


def first_page_empty(asked: Asked, answer: Answer) -> Response:
    """Send a first page with a token and without records."""
    if asked.verb == "ListRecords" and not asked.token:
        return _altered(asked, answer, rb"(?s)<record>.*</record>", b"")
    return answer(asked.request)


# --- repositories that can be harvested -----------------------------------------------------------


def test_a_repository_that_keeps_to_the_protocol_is_fine(checked: Checked) -> None:
    """All six verbs, both date forms, tokens and sets are tried, in about twenty requests."""
    passport, watch = checked()

    assert (passport.verdict, _graver(passport), passport.quirks) == (Verdict.CAN, {}, {})
    assert {"tokens", "dates", "set-filter", "get-record", "list-identifiers", "error-manners"} <= _fine(passport)
    assert {asked.verb for asked in watch.log} >= {
        "Identify",
        "ListMetadataFormats",
        "ListSets",
        "ListRecords",
        "ListIdentifiers",
        "GetRecord",
    }
    assert 15 <= len(watch.log) <= 20


def test_the_bundled_demo_is_fine(checked: Checked) -> None:
    """Its richest format is on one page, so that the way lists go on is tried in the other."""
    passport, _ = checked(behind=demo_repository())

    assert (passport.verdict, _graver(passport)) == (Verdict.CAN, {})
    assert (passport.observed.prefixes, passport.observed.prefix) == (("qdc", "oai_dc"), "oai_dc")


@pytest.mark.parametrize(
    ("fault", "quirk", "code"),
    [
        (token_used_once, "single_use_tokens", "single-use-tokens"),
        (token_moves_on, "single_use_tokens", "single-use-tokens"),
        (token_needs_prefix, "repeat_arguments", "repeat-arguments"),
        (seconds_refused, "day_granularity", "day-granularity"),
        (dates_not_read, "ignores_dates", "ignores-dates"),
        (dates_refused, "ignores_dates", "dates-refused"),
    ],
)
def test_a_deviation_that_the_harvester_knows_is_named(checked: Checked, fault: Fault, quirk: str, code: str) -> None:
    """One quirk each, with what was seen, and no other."""
    passport, _ = checked(fault)

    assert passport.verdict is Verdict.WITH_CARE
    assert _graver(passport) == {code: Severity.WARNING}
    assert list(passport.quirks) == [quirk]
    assert passport.quirks[quirk] == _text(passport, code)


@pytest.mark.parametrize(
    ("fault", "finding", "words"),
    [
        (token_refused, ("token-refused", Severity.WARNING), "Expired"),
        (first_page_spoilt, ("list-records", Severity.WARNING), "read in small parts"),
        (first_page_empty, ("no-records", Severity.WARNING), "the first page has no records, and the list goes on"),
        (until_not_read, ("until-ignored", Severity.WARNING), "leave parallel at 1"),
        (own_dates_lost, ("own-datestamp", Severity.WARNING), "full_every"),
        (own_second_lost, ("own-datestamp", Severity.NOTE), "under its own day"),
        (set_lost_on_page_two, ("set-lost", Severity.WARNING), "leaves it"),
        (no_get_record, ("get-record", Severity.WARNING), "GetRecord fails for oai:"),
        (identifiers_as_web_page, ("list-identifiers", Severity.WARNING), "a web page titled “Oops”"),
        (errors_with_http_422, ("error-manners", Severity.NOTE), "with HTTP 422"),
        (other_base_url, ("base-url", Severity.WARNING), "calls itself http://localhost:8080/internal/oai"),
        (encrypted_base_url, ("base-url", Severity.NOTE), "declare that address"),
        (earliest_is_no_date, ("earliest-datestamp", Severity.NOTE), "“n/a”"),
        (earliest_ahead, ("earliest-datestamp", Severity.WARNING), "lies ahead"),
        (other_protocol, ("protocol-version", Severity.WARNING), "“1.1”"),
        (records_without_identifier, ("rejections", Severity.WARNING), "1 of 11 records"),
        (no_datestamps, ("no-datestamps", Severity.WARNING), "no datestamp that can be read"),
        (another_root, ("format-mismatch", Severity.WARNING), "thing http://www.openarchives.org"),
    ],
)
def test_what_else_deviates_is_told_in_words(
    checked: Checked, fault: Fault, finding: tuple[str, Severity], words: str
) -> None:
    """Nothing to declare, but something to know; the repository can be harvested all the same."""
    passport, _ = checked(fault)
    code, severity = finding

    assert _graver(passport) == {code: severity}
    assert words in _text(passport, code)
    assert passport.verdict is (Verdict.WITH_CARE if severity is Severity.WARNING else Verdict.CAN)
    assert passport.quirks == {}


@pytest.mark.parametrize("fault", [one_odd_datestamp, two_roots])
def test_odd_records_say_nothing_of_how_ranges_choose(checked: Checked, fault: Fault) -> None:
    """Dates are tried by a record whose own is lawful, and one that can not be taken in has come back all the same."""
    passport, _ = checked(fault)

    assert "dates" in _fine(passport)
    assert passport.quirks == {}


def test_a_repository_that_reads_no_set_is_found_twice(checked: Checked) -> None:
    """A set that does not exist brings everything, and records of a set do not name it."""
    passport, _ = checked(sets_not_read)

    assert set(_graver(passport)) == {"unknown-set", "set-filter"}


def test_a_repository_without_sets_is_fine(checked: Checked, repository: Repositories) -> None:
    """To have none is a fact, and no set is asked for."""
    passport, watch = checked(behind=repository(sets=()))

    assert (passport.verdict, _graver(passport)) == (Verdict.CAN, {})
    assert [asked for asked in watch.log if asked.request.argument("set")] == []


def test_a_repository_that_knows_days_is_asked_in_days(checked: Checked, repository: Repositories) -> None:
    """It is fine, and no second is sent to it."""
    passport, watch = checked(behind=repository(granularity=Granularity.DAY))

    assert (passport.verdict, _graver(passport)) == (Verdict.CAN, {})
    assert "dates" in _fine(passport)
    assert [asked for asked in watch.log if "T" in (asked.from_ or "") + (asked.until or "")] == []


def test_an_empty_repository_shows_nothing_of_its_lists(checked: Checked, repository: Repositories) -> None:
    """It can be harvested, with care: nobody knows yet how it goes on."""
    passport, _ = checked(behind=repository(0))

    assert passport.verdict is Verdict.WITH_CARE
    assert _graver(passport) == {"no-records": Severity.WARNING}


def test_deletions_that_are_not_told_are_worth_a_note(checked: Checked, repository: Repositories) -> None:
    """They do not forbid a harvest, but the operator has to know."""
    passport, _ = checked(behind=repository(deleted_record=DeletedRecord.NO))

    assert (passport.verdict, _graver(passport)) == (Verdict.CAN, {"deletions": Severity.NOTE})


def test_tokens_that_die_soon_are_worth_a_note(checked: Checked, repository: Repositories) -> None:
    """Where the repository says until when they live."""
    passport, _ = checked(behind=repository(token_lifetime=timedelta(seconds=90)))

    assert _graver(passport) == {"token-lifetime": Severity.NOTE}


def test_of_hundreds_of_formats_the_best_that_we_understand_is_chosen(
    checked: Checked, repository: Repositories
) -> None:
    """The rest is kept raw; a crosswalk is found by the XML namespace, whatever the prefix."""
    others = tuple(
        MetadataFormat(metadata_prefix=f"local{number}", schema="urn:x", namespace=f"urn:local:{number}")
        for number in range(300)
    )
    odd = MetadataFormat(metadata_prefix="best", schema=QDC.schema, namespace=QDC.namespace)
    passport, watch = checked(behind=repository(formats=(*others, odd, OAI_DC)))

    assert passport.observed.prefixes == ("best", "oai_dc")
    assert [each.format.metadata_prefix for each in passport.observed.offered if each.crosswalk] == ["best", "oai_dc"]
    assert len(watch.log) <= MOST_REQUESTS


@pytest.mark.parametrize("by_the_protocol", [True, False])
def test_a_format_in_which_no_list_comes_is_left_out(checked: Checked, *, by_the_protocol: bool) -> None:
    """An error of the protocol, or a server that fails at it: the next format is tried."""

    def fails(asked: Asked, answer: Answer) -> Response:
        if asked.verb == "ListRecords" and asked.request.argument("metadataPrefix") == "qdc":
            failed = Response(body=b"", status=HTTPStatus.INTERNAL_SERVER_ERROR)
            return _error(asked, "cannotDisseminateFormat") if by_the_protocol else failed
        return answer(asked.request)

    passport, _ = checked(fails, behind=demo_repository())

    assert _graver(passport) == {"format-unanswered": Severity.WARNING}
    assert passport.observed.prefixes == ("oai_dc",)


def test_hundreds_of_pages_of_sets_are_not_read(checked: Checked, repository: Repositories) -> None:
    """The first page says that there are more."""
    passport, watch = checked(behind=repository(page_size=2))

    assert [asked.verb for asked in watch.log].count("ListSets") == 1
    assert passport.observed.sets is not None
    assert passport.observed.sets.value is not None
    assert passport.observed.sets.value.more


def test_a_repository_without_a_format_that_we_understand_is_kept_raw(
    checked: Checked, repository: Repositories
) -> None:
    """It can be harvested, with care, and oai_dc is missed."""
    passport, _ = checked(behind=repository(formats=(replace(OAI_DC, metadata_prefix="x", namespace="urn:x"),)))

    assert {"formats", "no-oai-dc"} <= set(_graver(passport))


# --- repositories that can not --------------------------------------------------------------------


def web_page(_asked: Asked, _answer: Answer) -> Response:
    """Be a web site."""
    return Response(body=b"<html><head><title>Welcome</title></head></html>", content_type="text/html")


def forbidden(_asked: Asked, _answer: Answer) -> Response:
    """Refuse everyone."""
    return Response(body=b"<html><title>Checking your browser</title></html>", status=HTTPStatus.FORBIDDEN)


def forbidden_lists(asked: Asked, answer: Answer) -> Response:
    """Say who it is, and refuse lists."""
    return forbidden(asked, answer) if asked.page else answer(asked.request)


def no_lists(asked: Asked, answer: Answer) -> Response:
    """Offer formats, and records in none of them."""
    return _error(asked, "cannotDisseminateFormat") if asked.page else answer(asked.request)


def resets(_asked: Asked, _answer: Answer) -> Writer:
    """Break every connection off."""
    return lambda connection: connection.reset()


@pytest.mark.parametrize(
    ("fault", "finding", "requests"),
    [
        (web_page, ("not-oai-pmh", "a web page titled “Welcome”"), 1),
        (forbidden, ("access-refused", "refuses access: HTTP 403"), 1),
        (forbidden_lists, ("access-refused", "refuses access: HTTP 403"), 3),
        (resets, ("repository-unavailable", "reset"), 5),
    ],
)
def test_where_nobody_answers_nothing_more_is_asked(
    checked: Checked, fault: Fault, finding: tuple[str, str], requests: int
) -> None:
    """One clear line says why."""
    passport, watch = checked(fault)
    code, words = finding

    assert passport.verdict is Verdict.CAN_NOT
    assert _graver(passport)[code] is Severity.FATAL
    assert words in _text(passport, code)
    assert len(watch.log) == requests


@pytest.mark.parametrize(("fault", "code"), [(token_not_read, "token-ignored"), (no_lists, "list-records")])
def test_lists_that_can_not_be_read_forbid_a_harvest(checked: Checked, fault: Fault, code: str) -> None:
    """Everything else is asked all the same."""
    passport, watch = checked(fault)

    assert passport.verdict is Verdict.CAN_NOT
    assert _graver(passport)[code] is Severity.FATAL
    assert watch.log[-1].verb == "NoSuchVerb"


# --- bounds ---------------------------------------------------------------------------------------


def busy_every_first_time(asked: Asked, answer: Answer) -> Response:
    """Ask for patience whenever a request comes for the first time."""
    if asked.times % 2:
        return Response(body=b"", status=HTTPStatus.SERVICE_UNAVAILABLE, headers=(("Retry-After", "1"),))
    return answer(asked.request)


def down_after_the_first_page(asked: Asked, answer: Answer) -> Response | Writer:
    """Go away in the middle of the check."""
    if asked.token or asked.verb not in {"Identify", "ListMetadataFormats", "ListRecords"}:
        return resets(asked, answer)
    return answer(asked.request)


def test_no_more_requests_are_made_than_the_bound(checked: Checked) -> None:
    """Those that are made again count; what was not asked is named."""
    passport, watch = checked(busy_every_first_time)

    assert len(watch.log) == MOST_REQUESTS
    assert _graver(passport) == {"not-asked": Severity.NOTE}
    assert f"after {MOST_REQUESTS} requests" in _text(passport, "not-asked")
    assert "a verb that does not exist" in _text(passport, "not-asked")


def test_a_repository_that_goes_away_is_left_alone(checked: Checked) -> None:
    """Two questions without an answer end the check, and the verdict is about what was seen."""
    passport, watch = checked(down_after_the_first_page)

    assert len(watch.log) == 3 + 2 * 5
    assert _graver(passport)["tokens-untried"] is Severity.WARNING
    assert {"sets-unanswered", "not-asked"} <= set(_graver(passport))


def test_what_is_declared_is_what_is_checked(checked: Checked) -> None:
    """Prefixes that are not offered are named, and the declared set is the one that is asked for."""
    passport, watch = checked(declared=True, metadata_prefix=["mods", "oai_dc"], sets=["minutes"])

    assert _graver(passport) == {"prefix-not-offered": Severity.WARNING}
    assert passport.observed.prefixes == ("oai_dc",)
    assert {asked.request.argument("set") for asked in watch.log} == {None, "minutes", "no-such-set"}


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(0.5, {}), (12.0, {"slow": Severity.NOTE}), (50.0, {"slow": Severity.WARNING})],
)
def test_a_slow_page_is_worth_a_word(checked: Checked, seconds: float, found: dict[str, Severity]) -> None:
    """How long the first page took is judged, not waited for."""
    seen = checked()[0].observed
    pages = {**seen.pages, Question.FIRST_PAGE: replace(seen.pages[Question.FIRST_PAGE], seconds=seconds)}

    assert _graver(passport_of(replace(seen, pages=pages))) == found
