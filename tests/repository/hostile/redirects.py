"""Redirects: to where the repository went, to a page for people, in a circle, to nowhere; and baseURL elsewhere."""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote, urlencode

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import altered, at_the_third_page, web_page
from workers.demo.exchange import Answer, Response
from workers.demo.server import PATH

_MOVED = "/moved"


def _redirect(asked: Asked, path: str, status: int = HTTPStatus.FOUND) -> Response:
    address = asked.request.base_url.removesuffix(PATH) + path
    query = urlencode(asked.request.arguments, quote_via=quote, safe="")
    return Response(body=b"", status=status, headers=(("Location", f"{address}?{query}"),))


@misbehaviour("D7")
def moved_in_four_ways(asked: Asked, answer: Answer) -> Response:
    """Redirect every request to another path, by statuses 301, 302, 307 and 308 in turn.

    Seen: ScholarsArchive (issue 2548), Portable Antiquities (findsorguk issue 1178): from HTTP to HTTPS.
    """
    if asked.request.path == _MOVED:
        return answer(replace(asked.request, path=PATH))
    return _redirect(asked, _MOVED, (301, 302, 307, 308)[asked.page % 4])


@misbehaviour("D6")
@at_the_third_page
def redirect_to_a_web_page(asked: Asked, _answer: Answer) -> Response:
    """Redirect the third page to a page for people.

    Seen: Purdue University Research Repository.
    """
    return web_page() if asked.request.path == _MOVED else _redirect(asked, _MOVED)


@misbehaviour("D6")
@at_the_third_page
def redirect_in_a_circle(asked: Asked, _answer: Answer) -> Response:
    """Redirect the third page to itself, for ever.

    Seen: sites that want a cookie before they let anybody in.
    """
    return _redirect(asked, PATH)


@misbehaviour("D6")
@at_the_third_page
def redirect_to_nowhere(_asked: Asked, _answer: Answer) -> Response:
    """Redirect the third page to an address that no URL may have.

    Seen: redirects that are glued together from settings that are not filled in.
    """
    return Response(body=b"", status=HTTPStatus.FOUND, headers=(("Location", "http://a..b.invalid/"),))


@misbehaviour("D6")
@at_the_third_page
def redirect_to_a_file(_asked: Asked, _answer: Answer) -> Response:
    """Redirect the third page to a file on the harvester's own disk.

    Seen: as an attack on whatever follows redirects.
    """
    return Response(body=b"", status=HTTPStatus.FOUND, headers=(("Location", "file:///etc/passwd"),))


@misbehaviour("D7")
def base_url_of_another_host(asked: Asked, answer: Answer) -> Response:
    """Name in Identify a baseURL on ``localhost``, with a slash at its end.

    Seen: OpenWIS (issue 239), HydraNorth (issue 1007).
    """
    told, named = asked.request.base_url.encode(), b"<baseURL>http://localhost:8080/oai/</baseURL>"
    return altered(answer(asked.request), lambda body: body.replace(b"<baseURL>%b</baseURL>" % told, named))
