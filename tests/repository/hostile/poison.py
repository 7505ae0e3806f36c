"""One record that spoils every answer it is in, whatever is asked for."""

import re
from http import HTTPStatus

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import LISTS, VICTIM, altered, web_page
from workers.demo.exchange import Answer, Response, Writer

_ON_THE_FIRST_PAGE = b"generated/3<"
_ENDING_IN_3 = re.compile(rb"generated/\d?3<")


def _holds(response: Response, asked: Asked, victim: bytes = VICTIM) -> bool:
    """Tell whether an answer holds the record whole; a header alone can always be written."""
    return asked.verb in {"ListRecords", "GetRecord"} and victim in response.body


@misbehaviour("D3", "D5", "F10", "F11")
def record_that_can_not_be_rendered(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever one record would be in the answer, in a list or alone.

    Seen: DataCite (issues 941 and 1442), MIT, lobid (lobid-gnd issue 432), ArchivesSpace (issue 4050).
    """
    response = answer(asked.request)
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if _holds(response, asked) else response


@misbehaviour("D5", "F11")
def record_that_can_be_rendered_alone(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 every page of a list that holds one record, and give it when it is asked for alone.

    Seen: DataCite (issue 1442), where pages ran out of time.
    """
    response = answer(asked.request)
    spoilt = asked.verb == "ListRecords" and _holds(response, asked)
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if spoilt else response


@misbehaviour("D5", "F10", "F11")
def record_on_the_first_page_that_can_not_be_rendered(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever a record of the first page would be in the answer.

    Seen: DataCite (issue 1442).
    """
    response = answer(asked.request)
    spoilt = _holds(response, asked, _ON_THE_FIRST_PAGE)
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if spoilt else response


@misbehaviour("D63", "F11")
def record_that_cuts_the_answer_off(asked: Asked, answer: Answer) -> Response:
    """Break every answer off in the middle of one record, while HTTP says that it is whole.

    Seen: Dataverse (issues 8306 and 11479), TreeBASE (issue 193).
    """
    response = answer(asked.request)
    if not _holds(response, asked):
        return response
    return altered(response, lambda body: body[: body.index(b"<metadata>", body.index(VICTIM)) + 20])


@misbehaviour("D5", "F11")
def record_that_resets_the_connection(asked: Asked, answer: Answer) -> Response | Writer:
    """Reset the connection whenever one record would be in the answer.

    Seen: servers whose process dies of one record.
    """
    response = answer(asked.request)
    return (lambda connection: connection.reset()) if _holds(response, asked) else response


@misbehaviour("D3")
def record_that_is_only_in_lists(asked: Asked, answer: Answer) -> Response:
    """Answer GetRecord for one record with status 500 and a web page, while lists hold it.

    Seen: MIT.
    """
    response = answer(asked.request)
    spoilt = asked.verb == "GetRecord" and _holds(response, asked)
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if spoilt else response


@misbehaviour("D5", "F10", "F11")
def header_that_can_not_be_rendered(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever one record or its header alone would be in the answer.

    Seen: of our own making, after lobid (lobid-gnd issue 432).
    """
    response = answer(asked.request)
    spoilt = asked.verb in {*LISTS, "GetRecord"} and VICTIM in response.body
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if spoilt else response


@misbehaviour("D5", "F10", "F11")
def many_headers_that_can_not_be_rendered(asked: Asked, answer: Answer) -> Response:
    """Answer with a web page whenever one of five records or its header alone would be in the answer.

    Seen: of our own making, after lobid (lobid-gnd issue 432).
    """
    response = answer(asked.request)
    spoilt = asked.verb in {*LISTS, "GetRecord"} and _ENDING_IN_3.search(response.body)
    return web_page() if spoilt else response


@misbehaviour("D3", "D5", "F10")
def no_record_alone(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever a list would hold one record, and whenever any record is asked for alone.

    Seen: of our own making, after MIT and DataCite (issue 1442).
    """
    response = answer(asked.request)
    spoilt = asked.verb == "GetRecord" or _holds(response, asked)
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if spoilt else response


@misbehaviour("D54", "F11")
def another_record_alone(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever a list would hold one record, and send another when it is asked for alone.

    Seen: records that were merged, whose old identifiers lead to the new ones.
    """
    response = answer(asked.request)
    if not _holds(response, asked):
        return response
    if asked.verb == "ListRecords":
        return web_page(HTTPStatus.INTERNAL_SERVER_ERROR)
    return altered(response, lambda body: body.replace(VICTIM, b"generated/24<"))
