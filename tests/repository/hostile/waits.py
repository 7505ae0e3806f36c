"""Servers that ask for patience: 503 and 429 with Retry-After in all its forms, and in none."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import STRUCK, at_the_third_page, unavailable, web_page
from workers.demo.exchange import Answer, Response

_IN_WORDS = b"<html><head><title>Busy</title></head><body><h1>Retry after 20 seconds</h1></body></html>"


@misbehaviour("F9")
def busy_then_fine(asked: Asked, answer: Answer) -> Response:
    """Answer every request with status 503 and ``Retry-After: 2`` the first time, and as it should be the second.

    Seen: the protocol's own flow control, as arXiv practised it for years.
    """
    return unavailable(retry_after="2") if asked.times == 1 else answer(asked.request)


@misbehaviour("F9")
def busy_until_a_date(asked: Asked, answer: Answer) -> Response:
    """Say at the third page when to come back, as an HTTP date five seconds ahead, and be there the second time.

    Seen: harvesters that read Retry-After as a number alone (pyoai issue 63).
    """
    if asked.page != STRUCK or asked.times > 1:
        return answer(asked.request)
    return unavailable(retry_after=format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True))


@misbehaviour("D1", "F9")
def busy_in_words(asked: Asked, answer: Answer) -> Response:
    """Answer the third page once with status 503 and a web page that says how long to wait, without the header.

    Seen: arXiv (rOpenSci oai issue 64).
    """
    if asked.page != STRUCK or asked.times > 1:
        return answer(asked.request)
    return web_page(HTTPStatus.SERVICE_UNAVAILABLE, _IN_WORDS)


@misbehaviour("F9")
def absurd_retry_after(asked: Asked, answer: Answer) -> Response:
    """Ask, at the third page, for waits that are none: negative, a word, a date long past, nothing at all.

    Seen: proxies in front of repositories, which write the header themselves.
    """
    absurd = ("-5", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", None)
    if asked.page != STRUCK or asked.times > len(absurd):
        return answer(asked.request)
    return unavailable(retry_after=absurd[asked.times - 1])


@misbehaviour("D2", "F9")
@at_the_third_page
def too_many_requests_for_a_day(_asked: Asked, _answer: Answer) -> Response:
    """Answer the third page with status 429 and ``Retry-After: 86400``.

    Seen: pyoai issue 63, Geoportal Server Harvester issue 89, metha issue 25.
    """
    return unavailable(HTTPStatus.TOO_MANY_REQUESTS, retry_after="86400")


@misbehaviour("F9")
@at_the_third_page
def out_of_order_for_hours(_asked: Asked, _answer: Answer) -> Response:
    """Answer the third page with status 503, and Retry-After beyond any page's deadline.

    Seen: repositories that are rebuilt at night.
    """
    return unavailable(retry_after="7200")


@misbehaviour("F9")
@at_the_third_page
def retry_after_a_year(_asked: Asked, _answer: Answer) -> Response:
    """Ask, at the third page, to be left alone for a year.

    Seen: blocks that are written as flow control.
    """
    return unavailable(retry_after="31536000")
