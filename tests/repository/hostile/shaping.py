"""What misbehaviours are made of: pages and errors of one's own, and ways to alter what the repository answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import TypeVar

from watching import PAGE_SIZE, Asked

from ingest.records import OaiError
from workers.demo import answers
from workers.demo.exchange import Answer, Request, Response, Writer

STRUCK = 3
"""The page that most misbehaviours strike, every time that it is asked for."""
VICTIM = b"generated/23<"
"""What the one record that some misbehaviours strike is told by: it stands on the third page."""
LISTS = ("ListRecords", "ListIdentifiers")
FROM_THE_START = (("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))
TOKEN = re.compile(rb"<resumptionToken([^>]*)>([^<]*)</resumptionToken>|<resumptionToken([^>]*)/>")
"""A resumptionToken element: attributes and text, or the attributes of an empty one."""
RECORD = re.compile(rb"<record>.*?</record>\n", re.DOTALL)
HEADER = re.compile(rb"<header[ >].*?</header>", re.DOTALL)
_LOGIN = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>"
_Outcome = TypeVar("_Outcome", bound=Response | Writer)


# --- answers of one's own -------------------------------------------------------------------------


def document(asked: Asked, body: bytes) -> bytes:
    """Write a whole OAI-PMH answer around a body."""
    base_url = asked.request.base_url
    return answers.document(response_date="2026-01-01T12:00:00Z", base_url=base_url, echo={}, body=body)


def error(asked: Asked, code: str, message: str, *, status: int = HTTPStatus.OK) -> Response:
    """Answer with one OAI-PMH error."""
    return Response(body=document(asked, answers.error(OaiError(code=code, message=message))), status=status)


def web_page(status: int = HTTPStatus.OK, body: bytes = _LOGIN, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a page for people."""
    more = tuple((headers or {}).items())
    return Response(body=body, status=status, content_type="text/html; charset=utf-8", headers=more)


def unavailable(status: int = HTTPStatus.SERVICE_UNAVAILABLE, *, retry_after: str | None = None) -> Response:
    """Answer with a status of failure and no body."""
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return Response(body=b"", status=status, headers=headers)


def token(value: str, attributes: Mapping[str, str] | None = None) -> bytes:
    """Write a resumptionToken element."""
    return answers.element("resumptionToken", value, attributes)


# --- where it strikes -----------------------------------------------------------------------------


def at_the_third_page(
    strike: Callable[[Asked, Answer], _Outcome],
) -> Callable[[Asked, Answer], _Outcome | Response]:
    """Make a misbehaviour of what happens at the struck page; all else is answered as it should be."""

    @wraps(strike)
    def fault(asked: Asked, answer: Answer) -> _Outcome | Response:
        return strike(asked, answer) if asked.page == STRUCK else answer(asked.request)

    return fault


def in_lists(
    strike: Callable[[Asked, Answer], _Outcome],
) -> Callable[[Asked, Answer], _Outcome | Response]:
    """Make a misbehaviour of what happens to every page of records or headers."""

    @wraps(strike)
    def fault(asked: Asked, answer: Answer) -> _Outcome | Response:
        return strike(asked, answer) if asked.page else answer(asked.request)

    return fault


# --- ways to alter an answer ----------------------------------------------------------------------


def altered(response: Response, change: Callable[[bytes], bytes]) -> Response:
    """Give the response with another body."""
    return replace(response, body=change(response.body))


def each_record(response: Response, change: Callable[[int, bytes], bytes]) -> Response:
    """Change each record element of a page, given its position on the page."""
    position = iter(range(1_000_000))
    return altered(response, lambda body: RECORD.sub(lambda found: change(next(position), found[0]), body))


def one_record(response: Response, change: Callable[[bytes], bytes]) -> Response:
    """Change the one victim's record element, wherever it stands."""
    return altered(
        response, lambda body: RECORD.sub(lambda found: change(found[0]) if VICTIM in found[0] else found[0], body)
    )


def with_argument(request: Request, name: str, value: str | None) -> Request:
    """Give a request with an argument's value replaced or, for None, without it."""
    rest = [(key, old) if key != name else (key, value) for key, old in request.arguments]
    return replace(request, arguments=tuple((key, new) for key, new in rest if new is not None))


def retokened(asked: Asked, answer: Answer, write: Callable[[str], str], read: Callable[[str], str | None]) -> Response:
    """Hand out each token as ``write`` makes it, and take only what ``read`` understands."""
    request = asked.request
    if asked.token is not None:
        plain = read(asked.token)
        if plain is None:
            return error(asked, "badResumptionToken", "The repository did not issue this token.")
        request = with_argument(request, "resumptionToken", plain)
    return altered(answer(request), lambda body: TOKEN.sub(lambda found: _rewritten(found, write), body))


def _rewritten(found: re.Match[bytes], write: Callable[[str], str]) -> bytes:
    if not found[2]:
        return found[0]
    value = write(unescaped(found[2]))
    return b"<resumptionToken%b>%b</resumptionToken>" % (found[1], answers.text(value))


def unescaped(text: bytes) -> str:
    """Read the text of an element that the polite repository wrote."""
    return text.decode().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def without_token(response: Response) -> Response:
    """Take the resumptionToken element out."""
    return altered(response, lambda body: TOKEN.sub(b"", body))


def following(response: Response) -> str | None:
    """Give the token that a response hands out, None for none or an empty one."""
    found = TOKEN.search(response.body)
    return unescaped(found[2]) if found and found[2] else None


def page_number(asked: Asked) -> int:
    """Give the number of the list page that is asked for."""
    return asked.page


def cursor_of(page: int) -> int:
    """Give how many records stand before a page."""
    return (page - 1) * PAGE_SIZE
