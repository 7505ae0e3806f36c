"""What is wrong with resumptionTokens: their text, how long they live, where they lead."""

import base64
import binascii
import re
from dataclasses import replace
from urllib.parse import parse_qsl

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import (
    LISTS,
    STRUCK,
    TOKEN,
    altered,
    at_the_third_page,
    error,
    following,
    in_lists,
    retokened,
    token,
    with_argument,
    without_token,
)
from workers.demo import answers
from workers.demo.exchange import Answer, Response

_ODD = ".a+b c|d@e^f/g%3Dh%253Ai&j=k;l?m#n:"
_IMPLIED = "0001-01-01T00:00:00Z/9999-12-31T23:59:59Z//oai_dc/"
_LONG = 8_000


# --- what a token is made of ----------------------------------------------------------------------


def _disguised(asked: Asked, answer: Answer, before: str, after: str = "") -> Response:
    """Hand out tokens that hold the given text, and take none that has lost or changed a character."""

    def write(plain: str) -> str:
        return before + base64.urlsafe_b64encode(plain.encode()).decode() + after

    def read(odd: str) -> str | None:
        if not (odd.startswith(before) and odd.endswith(after)):
            return None
        try:
            return base64.urlsafe_b64decode(odd.removeprefix(before).removesuffix(after)).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None

    return retokened(asked, answer, write, read)


@misbehaviour("D44", "F25")
def tokens_with_odd_characters(asked: Asked, answer: Answer) -> Response:
    """Hand out tokens with a leading dot, blanks, ``+ | @ ^ / & = ; ? # :`` and what looks encoded once or twice.

    Seen: Arizona State University, Greenport, Alma, Zenodo; metha issue 23, GeoNetwork issue 6435, Janeway issue 5006.
    """
    return _disguised(asked, answer, _ODD)


@misbehaviour("D44")
def tokens_of_eight_kilobytes(asked: Asked, answer: Answer) -> Response:
    """Hand out tokens of eight thousand characters.

    Seen: repositories that keep a whole search in the token.
    """
    return _disguised(asked, answer, "x" * _LONG)


@misbehaviour("D67")
def tokens_with_implied_dates(asked: Asked, answer: Answer) -> Response:
    """Hand out tokens that hold the first and the last day of the calendar.

    Seen: Harvard (DASH).
    """
    return _disguised(asked, answer, _IMPLIED)


@misbehaviour("D44")
def tokens_with_blanks_around(asked: Asked, answer: Answer) -> Response:
    """Put line breaks and blanks around each token, which are no part of it.

    Seen: repositories that pretty-print what they send.
    """
    spaced = rb"<resumptionToken\1>\n      \2\n    </resumptionToken>"
    return altered(answer(asked.request), lambda body: re.sub(TOKEN.pattern.split(rb"|")[0], spaced, body))


# --- how long a token lives -----------------------------------------------------------------------


@misbehaviour("D46", "F1")
@at_the_third_page
def expired_token(asked: Asked, _answer: Answer) -> Response:
    """Refuse the token of every third page, however soon it is used.

    Seen: sickle issue 19, Science History Institute (scihist_digicoll issue 572), arXiv public datasets issue 26.
    """
    return error(asked, "badResumptionToken", "The token has expired.")


@misbehaviour("D46", "F1")
def expired_once(asked: Asked, answer: Answer) -> Response:
    """Refuse the token of the third page the first time that it is used.

    Seen: sickle issue 19.
    """
    if asked.page == STRUCK and asked.times == 1:
        return error(asked, "badResumptionToken", "The token has expired.")
    return answer(asked.request)


@misbehaviour("D46", "F1")
def single_use_tokens(asked: Asked, answer: Answer) -> Response:
    """Honour a token once: who asks a second time has to begin again.

    Seen: ConedaKOR (issue 110).
    """
    # Each beginning of a list hands out tokens of its own, so that one which was used up does not spoil the next.
    plain, _, issue = (asked.token or "").partition("&issue=")
    if asked.token and asked.times > 1:
        return error(asked, "badResumptionToken", "The token has been used.")
    issue = issue or str(asked.times)
    request = with_argument(asked.request, "resumptionToken", plain)
    issued = rb"<resumptionToken\1>\2&amp;issue=%b</resumptionToken>" % issue.encode()
    return altered(answer(request), lambda body: re.sub(TOKEN.pattern.split(rb"|")[0], issued, body))


@misbehaviour("D46")
def expiration_date_in_the_past(asked: Asked, answer: Answer) -> Response:
    """Say of each token that it has expired long ago, and honour it all the same.

    Seen: servers whose clock or time zone is wrong.
    """
    dated = re.compile(rb'expirationDate="[^"]*"')
    return altered(answer(asked.request), lambda body: dated.sub(b'expirationDate="2001-01-01T00:00:00Z"', body))


# --- where a token leads --------------------------------------------------------------------------


@misbehaviour("F2")
@in_lists
def one_token_for_every_page(asked: Asked, answer: Answer) -> Response:
    """Hand out one and the same token with every page, and lead further each time that it is used.

    Seen: repositories that keep the place of a list in a session, which the protocol does not forbid.
    """
    times = asked.times if asked.token else 0
    rest = [(name, value) for name, value in asked.request.arguments if name != "resumptionToken"]
    begun = replace(asked.request, arguments=tuple(rest) if not asked.token else _begun(asked))
    response = answer(begun)
    for _page in range(times):
        onward = following(response)
        if onward is None:
            return error(asked, "badResumptionToken", "The list has ended.")
        onwards = (("verb", asked.verb), ("resumptionToken", onward))
        response = answer(replace(asked.request, arguments=onwards))
    if following(response) is None:
        return response
    onward = "&".join(f"{name}={value}" for name, value in begun.arguments if name != "verb")
    return altered(response, lambda body: TOKEN.sub(token(onward, {"completeListSize": "45"}), body))


def _begun(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Give the arguments of the list's first request, which its one token names."""
    return (("verb", asked.verb), *parse_qsl(asked.token or ""))


@misbehaviour("D45", "F25")
def tokens_beside_the_prefix_alone(asked: Asked, answer: Answer) -> Response:
    """Refuse a token that stands without metadataPrefix, although the protocol wants it to stand alone.

    Seen: pycsw issue 317, XOAI issue 28, paperhive oai-pmh issue 12; OSTI.
    """
    if asked.token is None or asked.verb not in LISTS:
        return answer(asked.request)
    if asked.request.argument("metadataPrefix") is None:
        return error(asked, "badArgument", "The argument metadataPrefix is missing.")
    alone = (("verb", asked.verb), ("resumptionToken", asked.token))
    return answer(replace(asked.request, arguments=alone))


@misbehaviour("D47")
@in_lists
def token_in_the_request_element(asked: Asked, answer: Answer) -> Response:
    """Put the next token into an attribute of the request element, and none into the list.

    Seen: HydraNorth (issue 954).
    """
    response = answer(asked.request)
    onward = following(response)
    if onward is None:
        return response
    named = b'<request resumptionToken="%b" ' % answers.text(onward)
    without = re.compile(rb'<request( resumptionToken="[^"]*")? ?')
    return altered(without_token(response), lambda body: without.sub(named, body, count=1))


# --- no list at all -------------------------------------------------------------------------------


@misbehaviour("D60")
def bad_token_to_identify(asked: Asked, answer: Answer) -> Response:
    """Answer Identify as if it were a list that has died.

    Seen: gateways that answer everything alike.
    """
    if asked.verb != "Identify":
        return answer(asked.request)
    return error(asked, "badResumptionToken", "what token?")
