"""HTTP statuses that say too much or too little, and pages that are made for people."""

from http import HTTPStatus

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import STRUCK, altered, at_the_third_page, error, token, unavailable, web_page
from workers.demo.exchange import Answer, Response

_CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies "
    b'to continue</noscript><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/v1"></script></body></html>'
)


# --- statuses -------------------------------------------------------------------------------------


@misbehaviour("D4", "F10")
@at_the_third_page
def bad_gateway_deep_in_the_list(_asked: Asked, _answer: Answer) -> Response:
    """Answer the third page of every list with status 502, however often it is asked for; shorter lists work.

    Seen: Zenodo (zenodo-rdm issue 1149), DOAJ (issue 1432).
    """
    return web_page(HTTPStatus.BAD_GATEWAY, b"<html><title>502 Bad Gateway</title></html>")


@misbehaviour("D4", "F10")
def internal_error_once(asked: Asked, answer: Answer) -> Response:
    """Answer the third page with status 500, the first time.

    Seen: DataCite (issue 908).
    """
    if asked.page == STRUCK and asked.times == 1:
        return web_page(HTTPStatus.INTERNAL_SERVER_ERROR)
    return answer(asked.request)


@misbehaviour("D11", "F5")
def not_found_where_nothing_matches(asked: Asked, answer: Answer) -> Response:
    """Hold nothing, and say so with status 404 beside a proper noRecordsMatch.

    Seen: National Museum of Australia (Collection API issue 146), Kramerius (issue 1094), Europe PMC.
    """
    if asked.page:
        return error(asked, "noRecordsMatch", "Nothing matches.", status=HTTPStatus.NOT_FOUND)
    return answer(asked.request)


@misbehaviour("D12", "F5")
def unprocessable_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out one token too many, and answer it with status 422 beside a proper noRecordsMatch.

    Seen: Zenodo; Geoportal Server Harvester issue 264.
    """
    if asked.token and "never" in asked.token:
        return error(asked, "noRecordsMatch", "Nothing matches.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    ended = b'<resumptionToken completeListSize="45" cursor="40"/>'
    return altered(answer(asked.request), lambda body: body.replace(ended, token("never", {"completeListSize": "45"})))


@misbehaviour("F5")
def gone_after_identify(asked: Asked, answer: Answer) -> Response:
    """Answer Identify, and find nothing else any more: 404 and a page for people.

    Seen: sites that were rebuilt, where one page is still in a cache.
    """
    return answer(asked.request) if asked.verb == "Identify" else web_page(HTTPStatus.NOT_FOUND)


# --- pages for people -----------------------------------------------------------------------------


@misbehaviour("D8", "F7")
@at_the_third_page
def html_with_status_200(_asked: Asked, _answer: Answer) -> Response:
    """Send a web page for people as the third page, with the status of success.

    Seen: sickle issue 58: a page of maintenance read as a list without records.
    """
    return web_page()


@misbehaviour("D8", "F7")
def not_oai_pmh(_asked: Asked, _answer: Answer) -> Response:
    """Be a web site, and no repository.

    Seen: sickle issue 58: a wrong URL, a login.
    """
    return web_page()


@misbehaviour("D9", "F8")
@at_the_third_page
def forbidden_in_mid_list(_asked: Asked, _answer: Answer) -> Response:
    """Refuse access from the third page on, with status 403 and an empty body.

    Seen: Unglue.it (regluit issue 1154).
    """
    return unavailable(HTTPStatus.FORBIDDEN)


@misbehaviour("D9", "F8")
def forbidden(_asked: Asked, _answer: Answer) -> Response:
    """Refuse access to everything, with status 403.

    Seen: Unglue.it (regluit issue 1154).
    """
    return web_page(HTTPStatus.FORBIDDEN)


@misbehaviour("D9", "F7", "F8")
@at_the_third_page
def challenge_with_status_200(_asked: Asked, _answer: Answer) -> Response:
    """Ask, from the third page on, for proof that no robot is asking, with the status of success.

    Seen: DSpace (dspace-angular issue 5478), Unglue.it (regluit issue 1154).
    """
    return web_page(body=_CHALLENGE)


@misbehaviour("D9", "F8")
@at_the_third_page
def challenge_with_status_503(_asked: Asked, _answer: Answer) -> Response:
    """Ask, from the third page on, for proof that no robot is asking, with status 503.

    Seen: DSpace (dspace-angular issue 5478).
    """
    return web_page(HTTPStatus.SERVICE_UNAVAILABLE, _CHALLENGE, {"Server": "cloudflare", "CF-Mitigated": "challenge"})


@misbehaviour("D9", "F8")
@at_the_third_page
def challenge_with_status_403(_asked: Asked, _answer: Answer) -> Response:
    """Ask, from the third page on, for proof that no robot is asking, with status 403.

    Seen: DSpace (dspace-angular issue 5478).
    """
    return web_page(HTTPStatus.FORBIDDEN, _CHALLENGE, {"Server": "cloudflare", "CF-Mitigated": "challenge"})
