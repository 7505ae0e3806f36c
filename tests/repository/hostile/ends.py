"""What is wrong with how lists end, with what is said of their size, and with what stands on their pages together."""

import re
from collections.abc import Callable
from dataclasses import replace

from watching import PAGE_SIZE, Asked

from hostile.naming import misbehaviour
from hostile.shaping import (
    RECORD,
    TOKEN,
    altered,
    at_the_third_page,
    document,
    error,
    following,
    in_lists,
    token,
    without_token,
)
from ingest.records import OaiError
from workers.demo import answers
from workers.demo.exchange import Answer, Response

_NEVER_ISSUED = "oai:never:issued"
_ENDED = re.compile(rb"<resumptionToken([^>]*)/>")
_SIZE = re.compile(rb' completeListSize="(\d+)"')
_CURSOR = re.compile(rb' cursor="(\d+)"')


# --- no end where one should be -------------------------------------------------------------------


@misbehaviour("D60", "F4")
@at_the_third_page
def no_records_match_in_mid_list(asked: Asked, _answer: Answer) -> Response:
    """Answer the token of every third page with noRecordsMatch although more was announced.

    Seen: RecordManager keeps a switch for such sources.
    """
    return error(asked, "noRecordsMatch", "Nothing matches.")


@misbehaviour("D60")
@at_the_third_page
def cannot_disseminate_in_mid_list(asked: Asked, _answer: Answer) -> Response:
    """Answer the token of every third page with cannotDisseminateFormat although more was announced.

    Seen: Learning Registry (issue 49), Kitodo Presentation (issue 1428).
    """
    return error(asked, "cannotDisseminateFormat", "The format is not offered.")


@misbehaviour("D41")
@at_the_third_page
def lost_token(asked: Asked, answer: Answer) -> Response:
    """Send, as the third page, a full one without a token although more was announced.

    Seen: sickle issue 25, metha issue 43.
    """
    return without_token(answer(asked.request))


@misbehaviour("D60", "F4")
def empty_list(asked: Asked, answer: Answer) -> Response:
    """Hold nothing: answer lists with noRecordsMatch.

    Seen: repositories between two imports; DOAJ issue 1432.
    """
    return error(asked, "noRecordsMatch", "Nothing matches.") if asked.page else answer(asked.request)


@misbehaviour("D60")
def empty_element_where_nothing_matches(asked: Asked, answer: Answer) -> Response:
    """Hold nothing, and say so by a list element without content in place of noRecordsMatch.

    Seen: Kitodo Presentation (issue 1428).
    """
    return Response(body=document(asked, answers.element(asked.verb))) if asked.page else answer(asked.request)


@misbehaviour("F21")
def list_that_shrank(asked: Asked, answer: Answer) -> Response:
    """End the list with its first page by the protocol's sign, and say that this was all.

    Seen: GeoNetwork issue 419; DOAJ issue 1432, where a third of the records came.
    """
    ended = token("", {"completeListSize": str(PAGE_SIZE)})
    response = answer(asked.request)
    return altered(response, lambda body: TOKEN.sub(ended, body)) if asked.page else response


# --- something after the end ----------------------------------------------------------------------


def _one_more(asked: Asked, answer: Answer, last: Callable[[Asked], Response]) -> Response:
    """Hand out a token with the last page too, and answer only that one as ``last`` does."""
    if asked.token and _NEVER_ISSUED in asked.token:
        return last(asked)
    one_more = rb"<resumptionToken\1>cursor=0&amp;" + _NEVER_ISSUED.encode() + rb"</resumptionToken>"
    return altered(answer(asked.request), lambda body: _ENDED.sub(one_more, body))


@misbehaviour("D43", "F3", "F4")
def no_records_match_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out a token with the last page too, and answer only that one with noRecordsMatch.

    Seen: Zenodo; pyoai pull request 8.
    """
    return _one_more(asked, answer, lambda late: error(late, "noRecordsMatch", "Nothing matches."))


@misbehaviour("D43", "F3")
def empty_page_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out a token with the last page too, and answer it with a list element without content.

    Seen: pyoai pull request 8.
    """
    return _one_more(asked, answer, lambda late: Response(body=document(late, answers.element(late.verb))))


@misbehaviour("D43", "F1")
def bad_token_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out a token with the last page too, and refuse it with badResumptionToken.

    Seen: repositories that check a token's place against the list's length.
    """
    return _one_more(asked, answer, lambda late: error(late, "badResumptionToken", "The list has ended."))


@misbehaviour("D60")
def cannot_disseminate_after_the_last(asked: Asked, answer: Answer) -> Response:
    """Hand out a token with the last page too, and answer it with cannotDisseminateFormat.

    Seen: Learning Registry (issue 49).
    """
    return _one_more(asked, answer, lambda late: error(late, "cannotDisseminateFormat", "Nothing in this format."))


@misbehaviour("D41")
def no_token_on_the_last_page(asked: Asked, answer: Answer) -> Response:
    """Leave out the empty token that the last page of a list should carry.

    Seen: CiteSeerX; sickle issue 25, ConedaKOR issue 110, metha issue 43.
    """
    return altered(answer(asked.request), lambda body: _ENDED.sub(b"", body))


@misbehaviour("D41")
@in_lists
def empty_token_on_the_only_page(asked: Asked, answer: Answer) -> Response:
    """Send the whole list on one page, and an empty token behind it.

    Seen: CiteSeerX; metha issue 43.
    """
    response = page = answer(asked.request)
    listed = [RECORD.findall(page.body)]
    while onward := following(page):
        page = answer(replace(asked.request, arguments=(("verb", asked.verb), ("resumptionToken", onward))))
        listed.append(RECORD.findall(page.body))
    records = b"".join(record for records in listed[1:] for record in records)
    return altered(response, lambda body: TOKEN.sub(records + b"<resumptionToken/>", body))


# --- what is said of the list ---------------------------------------------------------------------


def _announcing(answer: Response, size: Callable[[int], bytes]) -> Response:
    return altered(answer, lambda body: _SIZE.sub(lambda found: size(int(found[1])), body))


@misbehaviour("D40", "F23")
def always_announces_wrongly(asked: Asked, answer: Answer) -> Response:
    """Announce twice as many records as come.

    Seen: Combine (issue 240), GBIF registry (issue 286).
    """
    return _announcing(answer(asked.request), lambda size: b' completeListSize="%d"' % (2 * size))


@misbehaviour("D40", "F23")
def announces_too_few(asked: Asked, answer: Answer) -> Response:
    """Announce fewer records than come.

    Seen: OpenSKOS issue 8, where it is the length of the page.
    """
    return _announcing(answer(asked.request), lambda _size: b' completeListSize="%d"' % PAGE_SIZE)


@misbehaviour("D40", "F23")
def announces_an_estimate(asked: Asked, answer: Answer) -> Response:
    """Announce a few records more than come, and another number on each page.

    Seen: DOAJ issue 235; the protocol allows estimates.
    """
    return _announcing(answer(asked.request), lambda size: b' completeListSize="%d"' % (size + asked.page % 3))


@misbehaviour("D40")
def announces_no_number(asked: Asked, answer: Answer) -> Response:
    """Announce a size that is no number.

    Seen: Combine (issue 240).
    """
    return _announcing(answer(asked.request), lambda _size: b' completeListSize="unknown"')


@misbehaviour("D40")
def announces_nothing(asked: Asked, answer: Answer) -> Response:
    """Announce no size at all.

    Seen: many repositories; the protocol allows it.
    """
    return _announcing(answer(asked.request), lambda _size: b"")


@misbehaviour("D39")
def cursor_counts_pages(asked: Asked, answer: Answer) -> Response:
    """Count pages in the token's cursor, and not records.

    Seen: MIT, University of Delaware; fairchive issue 2888.
    """
    paged = b' cursor="%d"' % max(asked.page - 1, 0)
    return altered(answer(asked.request), lambda body: _CURSOR.sub(paged, body))


@misbehaviour("D60")
@at_the_third_page
def error_beside_records(asked: Asked, answer: Answer) -> Response:
    """Put an error element beside the records of the third page, which the protocol forbids (section 3.6).

    Seen: repositories that fail in the middle of writing a page.
    """
    wrong = answers.error(OaiError(code="badArgument", message="Something went wrong after ten records."))
    return altered(answer(asked.request), lambda body: body.replace(b"<ListRecords>", wrong + b"<ListRecords>"))


# --- records twice, and records missing -----------------------------------------------------------


def _before(asked: Asked, answer: Answer, how_many: int) -> bytes:
    """Give the last records of the second page."""
    first = answer(replace(asked.request, arguments=(("verb", asked.verb), ("metadataPrefix", "oai_dc"))))
    onward = (("verb", asked.verb), ("resumptionToken", following(first) or ""))
    return b"".join(RECORD.findall(answer(replace(asked.request, arguments=onward)).body)[-how_many:])


@misbehaviour("D48", "F22")
@at_the_third_page
def unstable_sorting(asked: Asked, answer: Answer) -> Response:
    """Send, on the third page, three records of the second again, in place of three that never come.

    Seen: AtoM issue 1581, DSpace issue 11201, DOAJ issue 712, Public Knowledge Project (pkp-lib issue 10296).
    """
    again, response = _before(asked, answer, 3), answer(asked.request)
    kept = b"".join(RECORD.findall(response.body)[3:])
    listed = re.compile(rb"<ListRecords>.*</record>\n", re.DOTALL)
    return altered(response, lambda body: listed.sub(lambda _: b"<ListRecords>" + again + kept, body))


@misbehaviour("D48", "F22")
@at_the_third_page
def records_twice(asked: Asked, answer: Answer) -> Response:
    """Send, on the third page, three records of the second again, and all that belongs there.

    Seen: CDS (cds-rdm pull request 886): records that were changed while the list was read.
    """
    again = _before(asked, answer, 3)
    return altered(answer(asked.request), lambda body: body.replace(b"<ListRecords>", b"<ListRecords>" + again, 1))


@misbehaviour("D48")
@at_the_third_page
def record_twice_on_one_page(asked: Asked, answer: Answer) -> Response:
    """Send the last record of the third page twice.

    Seen: Public Knowledge Project (pkp-lib issue 10296).
    """
    response = answer(asked.request)
    last = RECORD.findall(response.body)[-1]
    return altered(response, lambda body: body.replace(last, last + last, 1))


@misbehaviour("D38")
def newest_first(asked: Asked, answer: Answer) -> Response:
    """Send the records of each page in the reverse order.

    Seen: vufindharvest issues 7 and 8: lists that are in no order of dates.
    """
    response = answer(asked.request)
    records = iter(RECORD.findall(response.body)[::-1])
    return altered(response, lambda body: RECORD.sub(lambda _: next(records), body))
