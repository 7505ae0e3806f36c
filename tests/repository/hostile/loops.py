"""Lists that run in a circle or never end, and empty pages before, between and behind the records."""

import re
from dataclasses import replace

from watching import PAGE_SIZE, Asked

from hostile.naming import misbehaviour
from hostile.shaping import FROM_THE_START, STRUCK, TOKEN, altered, document, following, in_lists, token
from workers.demo import answers
from workers.demo.exchange import Answer, Response

EMPTY = 35
"""Empty pages that come before the first record."""


@misbehaviour("D42", "F2")
def same_token_forever(asked: Asked, answer: Answer) -> Response:
    """Hand out, with the second page, the token by which it was asked for.

    Seen: oaipmh-scythe issue 411, ConedaKOR issue 55.
    """
    response = answer(asked.request)
    if asked.token is None:
        return response
    return altered(response, lambda body: TOKEN.sub(lambda _: token(asked.token or ""), body))


@misbehaviour("D42", "F2")
def same_elements_under_new_tokens(asked: Asked, answer: Answer) -> Response:
    """Send the first page whatever is asked for, each time with a token never seen before.

    Seen: Geoportal Server Harvester issue 79, OpenSKOS issue 8.
    """
    if not asked.page:
        return answer(asked.request)
    number = int((asked.token or "again-0").rpartition("-")[2]) + 1
    response = answer(replace(asked.request, arguments=FROM_THE_START))
    return altered(response, lambda body: TOKEN.sub(lambda _: token(f"again-{number}"), body))


@misbehaviour("D42", "F2")
def last_page_under_new_tokens(asked: Asked, answer: Answer) -> Response:
    """Send the last page for ever, each time with a token never seen before.

    Seen: OpenSKOS issue 8.
    """
    number = int((asked.token or "").partition("&again=")[2] or 0)
    old = tuple((name, value.partition("&again=")[0]) for name, value in asked.request.arguments)
    response = answer(replace(asked.request, arguments=old))
    ended = re.compile(rb"<resumptionToken([^>]*)/>")
    last = (asked.token or "").partition("&again=")[0]
    return altered(response, lambda body: ended.sub(lambda _: token(f"{last}&again={number + 1}"), body))


@misbehaviour("D42")
def same_token_and_nothing_that_can_be_taken_in(asked: Asked, answer: Answer) -> Response:
    """Send records without an identifier, and one token, for ever.

    Seen: ConedaKOR issue 55, with records of our own making.
    """
    if not asked.page:
        return answer(asked.request)
    response = answer(replace(asked.request, arguments=FROM_THE_START))
    nameless = re.sub(rb"<identifier>oai:[^<]*</identifier>", b"", response.body)
    return Response(body=TOKEN.sub(lambda _: token("again"), nameless))


@misbehaviour("D42", "F2")
def same_page_forever(asked: Asked, answer: Answer) -> Response:
    """Understand no token: send the first page whatever is asked for.

    Seen: oaipmh-scythe issue 411.
    """
    if asked.token is None:
        return answer(asked.request)
    return answer(replace(asked.request, arguments=FROM_THE_START))


@misbehaviour("D42")
def pages_in_a_circle(asked: Asked, answer: Answer) -> Response:
    """Lead from the third page back to the second.

    Seen: Geoportal Server Harvester issue 79.
    """
    response = answer(asked.request)
    if asked.page != STRUCK:
        return response
    start = replace(asked.request, arguments=(("verb", asked.verb), ("metadataPrefix", "oai_dc")))
    back = following(answer(start)) or ""
    return altered(response, lambda body: TOKEN.sub(token(back, {"completeListSize": "45"}), body))


@misbehaviour("D42")
def new_records_for_ever(asked: Asked, answer: Answer) -> Response:
    """Send ten records that nobody has seen before with each token, and always one more token.

    Seen: OpenSKOS issue 8, where pages had no end.
    """
    if not asked.page:
        return answer(asked.request)
    number = int((asked.token or "on-1").rpartition("-")[2])
    response = answer(replace(asked.request, arguments=FROM_THE_START))
    fresh = re.compile(rb"(<identifier>oai:[^<]*)(</identifier>)")
    more = b"" if number == 1 else b"-%d" % number
    onward = token(f"on-{number + 1}")
    return altered(response, lambda body: TOKEN.sub(lambda _: onward, fresh.sub(rb"\g<1>%b\2" % more, body)))


@misbehaviour("D43", "F3")
@in_lists
def empty_pages_before_the_first_record(asked: Asked, answer: Answer) -> Response:
    """Send 35 empty pages, each with a new token, before the first record.

    Seen: Libris XL (pull request 1812), pyoai pull request 8.
    """
    number = int(asked.token.removeprefix("empty-")) if (asked.token or "").startswith("empty-") else 0
    if asked.token and not number:
        return answer(asked.request)
    if number < EMPTY:
        listed = answers.element(asked.verb, token(f"empty-{number + 1}"))
        return Response(body=document(asked, listed))
    return answer(replace(asked.request, arguments=(("verb", asked.verb), ("metadataPrefix", "oai_dc"))))


@misbehaviour("D42", "D43", "F3")
def endless_empty_pages(asked: Asked, answer: Answer) -> Response:
    """Send no record any more from the third page on, and always one more token.

    Seen: pyoai pull request 8.
    """
    if asked.page < STRUCK:
        return answer(asked.request)
    cursor = str(asked.page * PAGE_SIZE)
    return Response(body=document(asked, answers.element(asked.verb, token(f"cursor={cursor}"))))
