"""What goes wrong with what is asked for: dates, sets, formats and the errors that answer them."""

import re
from collections.abc import Callable

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import (
    altered,
    at_the_third_page,
    document,
    error,
    in_lists,
    token,
    with_argument,
)
from workers.demo import answers
from workers.demo.exchange import Answer, Response

ODD_SET = "Fotos & Karten+1??:Zürich"
"""A setSpec with characters that none may have, and that have to be encoded to be sent."""
_DAY = len("YYYY-MM-DD")
_RESPONSE_DATE = re.compile(rb"<responseDate>([^<]*)</responseDate>")
_EARLIEST = re.compile(rb"<earliestDatestamp>[^<]*</earliestDatestamp>")
_REQUEST = re.compile(rb"<request[^>]*>([^<]*)</request>")
_SET_SPEC = re.compile(rb"<setSpec>[^<]*</setSpec>")


# --- dates that are sent --------------------------------------------------------------------------


def _dates(asked: Asked) -> list[str]:
    return [asked.request.argument(name) or "" for name in ("from", "until")]


@misbehaviour("D35", "F17")
def seconds_refused(asked: Asked, answer: Answer) -> Response:
    """Announce a granularity of seconds, and call dates with seconds a bad argument.

    Seen: Dataverse (issue 11020), DSpace (issue 13092).
    """
    if any(len(date) > _DAY for date in _dates(asked)):
        return error(asked, "badArgument", "The argument from is no valid date.")
    return answer(asked.request)


@misbehaviour("D35", "F17")
def days_refused(asked: Asked, answer: Answer) -> Response:
    """Call dates without seconds a bad argument, which the protocol obliges all repositories to take.

    Seen: XOAI (issue 34).
    """
    if any(len(date) == _DAY for date in _dates(asked)):
        return error(asked, "badArgument", "The argument from is no valid date.")
    return answer(asked.request)


@misbehaviour("D37")
def dates_ignored(asked: Asked, answer: Answer) -> Response:
    """Pay no heed to ``from`` and ``until``: send everything.

    Seen: POD aggregator (issue 873), Nabu (issue 422).
    """
    return answer(with_argument(with_argument(asked.request, "from", None), "until", None))


# --- dates that come ------------------------------------------------------------------------------


def _dated(response: Response, change: Callable[[bytes], bytes]) -> Response:
    return altered(response, lambda body: _RESPONSE_DATE.sub(lambda found: change(found[1]), body))


@misbehaviour("D33")
def odd_response_dates(asked: Asked, answer: Answer) -> Response:
    """Write responseDate with an offset, a fraction, microseconds, a blank, or without a zone, in turn.

    Seen: BASE.
    """
    forms = (b"%b+00:00", b"%b.5Z", b"%b.123456+0000", b"%b", b"%b UTC")
    form = b"<responseDate>" + forms[asked.page % len(forms)] + b"</responseDate>"
    return _dated(answer(asked.request), lambda date: form % date.removesuffix(b"Z"))


@misbehaviour("D33")
def no_response_date(asked: Asked, answer: Answer) -> Response:
    """Leave responseDate out of every answer.

    Seen: servers written by hand; BASE writes it in a form of its own.
    """
    return _dated(answer(asked.request), lambda _date: b"")


@misbehaviour("D33")
def unreadable_response_date(asked: Asked, answer: Answer) -> Response:
    """Write the same word for people into every responseDate.

    Seen: servers written by hand; BASE writes it in a form of its own.
    """
    return _dated(answer(asked.request), lambda _date: b"<responseDate>today, about noon</responseDate>")


def _earliest(asked: Asked, answer: Answer, said: bytes) -> Response:
    return altered(answer(asked.request), lambda body: _EARLIEST.sub(said, body))


@misbehaviour("D36")
def no_earliest_datestamp(asked: Asked, answer: Answer) -> Response:
    """Leave earliestDatestamp out of Identify.

    Seen: Erasmus University Rotterdam.
    """
    return _earliest(asked, answer, b"")


@misbehaviour("D36")
def empty_earliest_datestamp(asked: Asked, answer: Answer) -> Response:
    """Leave earliestDatestamp empty.

    Seen: Erasmus University Rotterdam.
    """
    return _earliest(asked, answer, b"<earliestDatestamp/>")


@misbehaviour("D36")
def unreadable_earliest_datestamp(asked: Asked, answer: Answer) -> Response:
    """Write ``aaaa-bb-cc`` as earliestDatestamp.

    Seen: Erasmus University Rotterdam, metha issue 38.
    """
    return _earliest(asked, answer, b"<earliestDatestamp>aaaa-bb-cc</earliestDatestamp>")


@misbehaviour("D36")
def earliest_datestamp_in_the_year_one(asked: Asked, answer: Answer) -> Response:
    """Say that the oldest record is of the first day of the calendar.

    Seen: EPrints (eprints3.4 issue 526).
    """
    return _earliest(asked, answer, b"<earliestDatestamp>0001-01-01T00:00:00Z</earliestDatestamp>")


@misbehaviour("D36")
def earliest_datestamp_too_late(asked: Asked, answer: Answer) -> Response:
    """Say that the oldest record is of yesterday, in days where seconds are announced.

    Seen: DOAJ (issue 786).
    """
    return _earliest(asked, answer, b"<earliestDatestamp>2026-01-01</earliestDatestamp>")


# --- sets -----------------------------------------------------------------------------------------


@misbehaviour("D58", "F24")
def unknown_set(asked: Asked, answer: Answer) -> Response:
    """Call a set that is not there a bad argument; others say that no record matches.

    Seen: Dataverse (issue 3284), InvenioRDM (invenio issue 543).
    """
    if asked.page and asked.set_spec == "nowhere":
        return error(asked, "badArgument", "The set does not exist.")
    return answer(asked.request)


@misbehaviour("D58", "F24")
@in_lists
def sets_ignored(asked: Asked, answer: Answer) -> Response:
    """Pay no heed to ``set``, known or not: send everything, half of which is in another set.

    Seen: Public Knowledge Project (pkp-lib issue 724), Dataverse (issue 3284).
    """
    turn = iter(range(1_000_000))
    response = answer(with_argument(asked.request, "set", None))

    def other(found: re.Match[bytes]) -> bytes:
        return b"<setSpec>minutes</setSpec>" if next(turn) % 2 else found[0]

    return altered(response, lambda body: _SET_SPEC.sub(other, body))


@misbehaviour("D57", "F25")
def odd_set_specs(asked: Asked, answer: Answer) -> Response:
    """Name the one set with blanks, ``&``, ``+``, ``?`` and a letter beyond ASCII.

    Seen: Lafayette College, Erudit; Public Knowledge Project (pkp-lib issue 10006), Dataverse (issue 7009), PA Digital.
    """
    plain = "letters" if asked.request.argument("set") == ODD_SET else None
    request = with_argument(asked.request, "set", plain) if plain else asked.request
    if plain is None and asked.request.argument("set") is not None:
        return error(asked, "noRecordsMatch", "There is no such set.")
    named = answers.element("setSpec", ODD_SET)
    return altered(answer(request), lambda body: _SET_SPEC.sub(named, body))


@misbehaviour("D58")
def no_sets(asked: Asked, answer: Answer) -> Response:
    """Have no sets, and say so by noSetHierarchy to ListSets and to whoever asks for a set.

    Seen: small repositories; the protocol allows it.
    """
    if asked.verb == "ListSets" or asked.set_spec:
        return error(asked, "noSetHierarchy", "This repository has no sets.")
    return answer(asked.request)


@misbehaviour("D42", "D58")
def sets_in_a_circle(asked: Asked, answer: Answer) -> Response:
    """Hand out one and the same token with each page of ListSets.

    Seen: ConedaKOR issue 55, there with records.
    """
    if asked.verb != "ListSets":
        return answer(asked.request)
    listed = answers.element("set", answers.element("setSpec", "letters") + answers.element("setName", "Letters"))
    return Response(body=document(asked, answers.element("ListSets", listed + token("again"))))


# --- formats and errors ---------------------------------------------------------------------------


@misbehaviour("D60")
def unknown_prefix(asked: Asked, answer: Answer) -> Response:
    """Refuse a format that ListMetadataFormats offers when records are asked for in it.

    Seen: Learning Registry (issue 49).
    """
    if asked.page:
        return error(asked, "cannotDisseminateFormat", "The format is not offered.")
    return answer(asked.request)


@misbehaviour("D59")
@at_the_third_page
def unknown_error_code(asked: Asked, _answer: Answer) -> Response:
    """Answer the third page with an error code that the protocol does not know.

    Seen: Earth System Grid.
    """
    return error(asked, "typeMismatch", "Failed to convert the resumption token.")


@misbehaviour("D59")
@at_the_third_page
def empty_error_code(asked: Asked, _answer: Answer) -> Response:
    """Answer the third page with an error without a code.

    Seen: OpenSKOS (issue 9).
    """
    return error(asked, "", "An internal error has occurred.")


@misbehaviour("D60")
def bad_verb_to_everything(asked: Asked, _answer: Answer) -> Response:
    """Call every verb a bad one.

    Seen: base URLs with a query of their own that a proxy cuts off.
    """
    return error(asked, "badVerb", "The verb is illegal or missing.")


# --- the request element --------------------------------------------------------------------------


@misbehaviour("D61")
def request_without_attributes(asked: Asked, answer: Answer) -> Response:
    """Leave the attributes of the request element out.

    Seen: Columbia University Academic Commons.
    """
    return altered(answer(asked.request), lambda body: _REQUEST.sub(rb"<request>\1</request>", body))


@misbehaviour("D13", "D61")
def mangled_request_element(asked: Asked, answer: Answer) -> Response:
    """Echo the arguments as one, joined with semicolons, a date with a brace at its end, and a relative URL.

    Seen: Earth System Grid.
    """
    mangled = b'<request verb="ListRecords;metadataPrefix=oai_dc" from="2015-01-01T00:00:00Z}">/oai</request>'
    return altered(answer(asked.request), lambda body: _REQUEST.sub(mangled, body))
