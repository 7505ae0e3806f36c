"""What real repositories do wrong, by name: each stands in front of a polite repository with pages of ten records.

A fault gets what was asked and the answer of the repository behind it (`watching.Fault`). Those that say nothing else
strike at the third page of a list, every time that it is asked for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from http import HTTPStatus

from watching import PAGE_SIZE, Asked, Fault

from ingest.records import OaiError
from workers.demo import answers
from workers.demo.exchange import Answer, Connection, Response, Writer

STRUCK = 3
"""The page that most faults strike."""
HUGE = 12_000_000
"""Characters in one text node; libxml2 by itself stops at ten million."""
_LOGIN = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>"
_TOKEN = re.compile(rb"<resumptionToken[^>]*>[^<]*</resumptionToken>|<resumptionToken[^>]*/>")
_FROM_THE_START = (("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))
_NEVER_ISSUED = "oai:never:issued"


# --- building blocks ------------------------------------------------------------------------------


def _error(asked: Asked, code: str, message: str) -> Response:
    return Response(body=_document(asked, answers.error(OaiError(code=code, message=message))))


def _document(asked: Asked, body: bytes) -> bytes:
    base_url = asked.request.base_url
    return answers.document(response_date="2026-01-01T12:00:00Z", base_url=base_url, echo={}, body=body)


def _web_page(status: int = HTTPStatus.OK) -> Response:
    return Response(body=_LOGIN, status=status, content_type="text/html; charset=utf-8")


def _at_the_third_page(strike: Callable[[Asked, Answer], Response | Writer]) -> Fault:
    """Make a fault of what happens at the struck page; all else is answered as it should be."""

    @wraps(strike)
    def fault(asked: Asked, answer: Answer) -> Response | Writer:
        return strike(asked, answer) if asked.page == STRUCK else answer(asked.request)

    return fault


def _token(value: str, attributes: Mapping[str, str] | None = None) -> bytes:
    return answers.element("resumptionToken", value, attributes)


def _altered(response: Response, change: Callable[[bytes], bytes]) -> Response:
    return Response(body=change(response.body))


# --- pages that can not be read -------------------------------------------------------------------


@_at_the_third_page
def truncated_page(asked: Asked, answer: Answer) -> Response:
    """Break the page off in the middle of a record, while HTTP says that it is whole."""
    return _altered(answer(asked.request), lambda body: body[: len(body) // 2])


@_at_the_third_page
def connection_cut_in_mid_page(asked: Asked, answer: Answer) -> Writer:
    """End the connection before as many bytes have been sent as HTTP announced."""
    body = answer(asked.request).body

    def write(connection: Connection) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.send(head.encode() + body[: len(body) // 2])

    return write


@_at_the_third_page
def html_with_status_200(_asked: Asked, _answer: Answer) -> Response:
    """Send a web page for people, with the status of success."""
    return _web_page()


@_at_the_third_page
def huge_text_node(asked: Asked, answer: Answer) -> Response:
    """Put more into one description than libxml2 by itself takes in a text node."""
    opening = b"<dc:description>"
    return _altered(answer(asked.request), lambda body: body.replace(opening, opening + b"w" * HUGE, 1))


@_at_the_third_page
def server_down_mid_list(_asked: Asked, _answer: Answer) -> Writer:
    """Reset every connection."""
    return lambda connection: connection.reset()


@_at_the_third_page
def out_of_order_for_hours(_asked: Asked, _answer: Answer) -> Response:
    """Answer with status 503, and Retry-After beyond any page's deadline."""
    return Response(body=b"", status=HTTPStatus.SERVICE_UNAVAILABLE, headers=(("Retry-After", "7200"),))


def busy_then_fine(asked: Asked, answer: Answer) -> Response:
    """Answer every request with status 503 and Retry-After the first time, and as it should be the second."""
    if asked.times == 1:
        return Response(body=b"", status=HTTPStatus.SERVICE_UNAVAILABLE, headers=(("Retry-After", "2"),))
    return answer(asked.request)


# --- tokens ---------------------------------------------------------------------------------------


def same_token_forever(asked: Asked, answer: Answer) -> Response:
    """Hand out, with the second page, the token by which it was asked for."""
    response = answer(asked.request)
    if asked.token is None:
        return response
    return _altered(response, lambda body: _TOKEN.sub(lambda _: _token(asked.token or ""), body))


def same_elements_under_new_tokens(asked: Asked, answer: Answer) -> Response:
    """Send the first page whatever is asked for, each time with a token never seen before."""
    if not asked.page:
        return answer(asked.request)
    number = int((asked.token or "again-0").rpartition("-")[2]) + 1
    response = answer(replace(asked.request, arguments=_FROM_THE_START))
    return _altered(response, lambda body: _TOKEN.sub(lambda _: _token(f"again-{number}"), body))


def last_page_under_new_tokens(asked: Asked, answer: Answer) -> Response:
    """Send the last page for ever, each time with a token never seen before."""
    number = int((asked.token or "").partition("&again=")[2] or 0)
    old = tuple((name, value.partition("&again=")[0]) for name, value in asked.request.arguments)
    response = answer(replace(asked.request, arguments=old))
    ended = re.compile(rb"<resumptionToken([^>]*)/>")
    last = (asked.token or "").partition("&again=")[0]
    return _altered(response, lambda body: ended.sub(lambda _: _token(f"{last}&again={number + 1}"), body))


def same_token_and_nothing_that_can_be_taken_in(asked: Asked, answer: Answer) -> Response:
    """Send records without an identifier, and one token, for ever."""
    if not asked.page:
        return answer(asked.request)
    response = answer(replace(asked.request, arguments=_FROM_THE_START))
    nameless = re.sub(rb"<identifier>oai:[^<]*</identifier>", b"", response.body)
    return Response(body=_TOKEN.sub(lambda _: _token("again"), nameless))


def redirect_to_nowhere(asked: Asked, answer: Answer) -> Response:
    """Redirect the third page to an address that no URL may have."""
    if asked.page != STRUCK:
        return answer(asked.request)
    return Response(body=b"", status=HTTPStatus.FOUND, headers=(("Location", "http://a..b.invalid/"),))


def bad_token_to_identify(asked: Asked, answer: Answer) -> Response:
    """Answer Identify as if it were a list that has died."""
    if asked.verb != "Identify":
        return answer(asked.request)
    return _error(asked, "badResumptionToken", "what token?")


def same_page_forever(asked: Asked, answer: Answer) -> Response:
    """Understand no token: send the first page whatever is asked for."""
    if asked.token is None:
        return answer(asked.request)
    return answer(replace(asked.request, arguments=_FROM_THE_START))


def endless_empty_pages(asked: Asked, answer: Answer) -> Response:
    """Send no record any more from the third page on, and always one more token."""
    if asked.page < STRUCK:
        return answer(asked.request)
    cursor = str(asked.page * PAGE_SIZE)
    return Response(body=_document(asked, answers.element("ListRecords", _token(f"cursor={cursor}"))))


@_at_the_third_page
def expired_token(asked: Asked, _answer: Answer) -> Response:
    """Refuse the token, however soon it is used."""
    return _error(asked, "badResumptionToken", "The token has expired.")


def expired_once(asked: Asked, answer: Answer) -> Response:
    """Refuse the token the first time that it is used."""
    if asked.page == STRUCK and asked.times == 1:
        return _error(asked, "badResumptionToken", "The token has expired.")
    return answer(asked.request)


@_at_the_third_page
def no_records_match_in_mid_list(asked: Asked, _answer: Answer) -> Response:
    """Answer a token with noRecordsMatch although more was announced."""
    return _error(asked, "noRecordsMatch", "Nothing matches.")


def no_records_match_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out a token with the last page too, and answer only that one with noRecordsMatch."""
    if asked.token and _NEVER_ISSUED in asked.token:
        return _error(asked, "noRecordsMatch", "Nothing matches.")
    response = answer(asked.request)
    ended = re.compile(rb"<resumptionToken([^>]*)/>")
    one_more = rb"<resumptionToken\1>cursor=0&amp;" + _NEVER_ISSUED.encode() + rb"</resumptionToken>"
    return _altered(response, lambda body: ended.sub(one_more, body))


@_at_the_third_page
def lost_token(asked: Asked, answer: Answer) -> Response:
    """Send a full page without a token although more was announced."""
    return _altered(answer(asked.request), lambda body: _TOKEN.sub(b"", body))


# --- what is said of the list ---------------------------------------------------------------------


def empty_list(asked: Asked, answer: Answer) -> Response:
    """Hold nothing: answer lists with noRecordsMatch."""
    return _error(asked, "noRecordsMatch", "Nothing matches.") if asked.page else answer(asked.request)


def list_that_shrank(asked: Asked, answer: Answer) -> Response:
    """End the list with its first page by the protocol's sign, and say that this was all."""
    ended = _token("", {"completeListSize": str(PAGE_SIZE)})
    response = answer(asked.request)
    return _altered(response, lambda body: _TOKEN.sub(ended, body)) if asked.page else response


def always_announces_wrongly(asked: Asked, answer: Answer) -> Response:
    """Announce twice as many records as come."""
    announced = re.compile(rb'completeListSize="(\d+)"')
    twice = announced.sub
    return _altered(
        answer(asked.request),
        lambda body: twice(lambda found: b'completeListSize="%d"' % (2 * int(found[1])), body),
    )


@_at_the_third_page
def error_beside_records(asked: Asked, answer: Answer) -> Response:
    """Put an error element beside records, against the protocol (section 3.6)."""
    error = answers.error(OaiError(code="badArgument", message="Something went wrong after ten records."))
    return _altered(answer(asked.request), lambda body: body.replace(b"<ListRecords>", error + b"<ListRecords>"))


# --- records --------------------------------------------------------------------------------------


def many_rejections(asked: Asked, answer: Answer) -> Response:
    """Put 30 more records without an identifier on every page."""
    nameless = b"<record><header><datestamp>2020-01-01T00:00:00Z</datestamp></header></record>\n" * 30
    response = answer(asked.request)
    return _altered(response, lambda body: body.replace(b"<ListRecords>", b"<ListRecords>" + nameless, 1))


def one_record_spoilt(asked: Asked, answer: Answer) -> Response:
    """Put two elements inside the metadata of each page's first record."""
    response = answer(asked.request)
    return _altered(response, lambda body: body.replace(b"<metadata>", b'<metadata><more xmlns="urn:more"/>', 1))


# --- no repository, or not what was asked for -----------------------------------------------------


def not_oai_pmh(_asked: Asked, _answer: Answer) -> Response:
    """Be a web site, and no repository."""
    return _web_page()


def gone_after_identify(asked: Asked, answer: Answer) -> Response:
    """Answer Identify, and find nothing else any more."""
    return answer(asked.request) if asked.verb == "Identify" else _web_page(HTTPStatus.NOT_FOUND)


def unknown_set(asked: Asked, answer: Answer) -> Response:
    """Call a set that is not there a bad argument; others say that no record matches."""
    if asked.page and asked.set_spec == "nowhere":
        return _error(asked, "badArgument", "The set does not exist.")
    return answer(asked.request)


def unknown_prefix(asked: Asked, answer: Answer) -> Response:
    """Refuse a format that ListMetadataFormats offers when records are asked for in it."""
    if asked.page:
        return _error(asked, "cannotDisseminateFormat", "The format is not offered.")
    return answer(asked.request)
