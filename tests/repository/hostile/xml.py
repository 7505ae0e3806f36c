"""What is wrong with the XML of a whole answer: what stands around the root, tags, cut pages, document types."""

import re

from watching import Asked

from hostile.characters import described
from hostile.naming import misbehaviour
from hostile.shaping import RECORD, STRUCK, VICTIM, altered, at_the_third_page, each_record, in_lists, one_record
from workers.demo.exchange import Answer, Response

DEEP = 10_000
"""Elements inside each other."""
_ROOT = b"<OAI-PMH "
_NOTICE = b"<br />\n<b>Notice</b>:  Undefined index: set in <b>/var/www/oai/index.php</b> on line <b>42</b><br />\n"
_ON_THE_THIRD_PAGE = re.compile(rb"generated/2\d<")
_PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>'
_END = {"ListRecords": re.compile(rb"</record>\n"), "ListIdentifiers": re.compile(rb"</header>")}


def _unclosed(record: bytes) -> bytes:
    return record.replace(b"</dc:title>", b"", 1)


def _crossed(record: bytes) -> bytes:
    return described(record, b"<b>one <i>two</b> three</i> ")


# --- around the root ------------------------------------------------------------------------------


@misbehaviour("D22")
@in_lists
def declarations_inside_records(asked: Asked, answer: Answer) -> Response:
    """Begin the metadata of every record with an XML declaration of its own.

    Seen: Dataverse (issue 7974).
    """
    opening = b"<metadata>"
    return altered(answer(asked.request), lambda body: body.replace(opening, opening + _PROLOGUE + b"\n"))


@misbehaviour("D19")
def blank_lines_before(asked: Asked, answer: Answer) -> Response:
    """Send blank lines before the XML declaration of every answer.

    Seen: Kitodo (kitodo-presentation issue 1428).
    """
    return altered(answer(asked.request), lambda body: b"\r\n\n  " + body)


@misbehaviour("D19", "F12")
def notice_before(asked: Asked, answer: Answer) -> Response:
    """Send a notice of PHP before the XML declaration of every answer.

    Seen: repositories in PHP whose server shows errors.
    """
    return altered(answer(asked.request), lambda body: _NOTICE + body)


@misbehaviour("D20", "F12")
def notice_after(asked: Asked, answer: Answer) -> Response:
    """Send a notice of PHP after the end of every answer.

    Seen: findsorguk (issue 843).
    """
    return altered(answer(asked.request), lambda body: body + _NOTICE)


# --- tags -----------------------------------------------------------------------------------------


@misbehaviour("D24", "D63", "F11")
def unclosed_tag(asked: Asked, answer: Answer) -> Response:
    """Leave one element of one record without its end tag, in lists and alone.

    Seen: BASE, misanthropy.kapsi.fi.
    """
    return one_record(answer(asked.request), _unclosed)


@misbehaviour("D24", "D63", "F11")
def crossed_tags(asked: Asked, answer: Answer) -> Response:
    """Cross two tags in one record, in lists and alone.

    Seen: BASE, misanthropy.kapsi.fi.
    """
    return one_record(answer(asked.request), _crossed)


@misbehaviour("D24", "F11")
def crossed_in_lists_only(asked: Asked, answer: Answer) -> Response:
    """Cross two tags of one record in lists, and send it well when it is asked for alone.

    Seen: repositories that write lists and single records by different programs.
    """
    response = answer(asked.request)
    return one_record(response, _crossed) if asked.page else response


@misbehaviour("D24", "F11")
def every_record_of_a_page_crossed(asked: Asked, answer: Answer) -> Response:
    """Cross two tags in each record of the third page, in lists and alone.

    Seen: a change of a template that spoilt what was added on one day.
    """
    return each_record(
        answer(asked.request),
        lambda _position, record: _crossed(record) if _ON_THE_THIRD_PAGE.search(record) else record,
    )


@misbehaviour("D24")
def end_of_cdata_in_text(asked: Asked, answer: Answer) -> Response:
    """Write ``]]>`` into the text of one record, which XML allows only as the end of a CDATA section.

    Seen: metadata that was wrapped in CDATA once more than it was unwrapped.
    """
    return one_record(answer(asked.request), lambda record: described(record, b"one ]]> two "))


@misbehaviour("D24")
@in_lists
def cdata_of_many_kinds(asked: Asked, answer: Answer) -> Response:
    """Write descriptions as CDATA: with markup, with an end tag of a record, split where the text holds ``]]>``.

    Seen: repositories that wrap what a person typed.
    """
    wrapped = b"<![CDATA[Fish & chips <b> </record><record> ]]]]><![CDATA[> end ]]>"
    return each_record(answer(asked.request), lambda _position, record: described(record, wrapped))


@misbehaviour("D24")
@in_lists
def end_tags_in_comments(asked: Asked, answer: Answer) -> Response:
    """Put comments into every record that hold end tags and start tags of records.

    Seen: templates of which a part was commented out.
    """
    comment = b"<!-- </metadata></record><record><header> -->"
    return each_record(answer(asked.request), lambda _position, record: described(record, comment))


@misbehaviour("D25")
def deep_nesting(asked: Asked, answer: Answer) -> Response:
    """Put ten thousand elements inside each other into one record, in lists and alone.

    Seen: as an attack on parsers that call themselves for each level.
    """
    nested = b"<a>" * DEEP + b"</a>" * DEEP
    return one_record(answer(asked.request), lambda record: described(record, nested))


# --- pages that break off -------------------------------------------------------------------------


@misbehaviour("D21", "F13")
def cut_in_mid_record_once(asked: Asked, answer: Answer) -> Response:
    """Break the third page off in the middle of a record the first time, while HTTP says that it is whole.

    Seen: eScholarship (jschol issue 898).
    """
    response = answer(asked.request)
    if asked.page != STRUCK or asked.times > 1:
        return response
    return altered(response, lambda body: body[: len(body) // 2])


@misbehaviour("D21", "F13")
@at_the_third_page
def cut_between_records(asked: Asked, answer: Answer) -> Response:
    """Break the third page off after five records, every time, without a word, in lists of headers too.

    Seen: servers whose memory ends while they write.
    """
    return altered(answer(asked.request), lambda body: body[: list(_END[asked.verb].finditer(body))[4].end()])


@misbehaviour("D21", "F13")
@at_the_third_page
def cut_between_records_only(asked: Asked, answer: Answer) -> Response:
    """Break the third page of records off after five of them, every time; lists of headers come whole.

    Seen: servers whose time ends while they write.
    """
    response = answer(asked.request)
    if asked.verb != "ListRecords":
        return response
    return altered(response, lambda body: body[: list(RECORD.finditer(body))[4].end()])


@misbehaviour("D21", "F13")
@at_the_third_page
def cut_after_the_last_record(asked: Asked, answer: Answer) -> Response:
    """Break the third page of records off after the last of them, so that token and end tags are missing.

    Seen: servers that fail when they write the token.
    """
    response = answer(asked.request)
    if asked.verb != "ListRecords":
        return response
    return altered(response, lambda body: body[: list(RECORD.finditer(body))[-1].end()])


@misbehaviour("D21", "F13")
@in_lists
def last_page_cut_after_the_last_record(asked: Asked, answer: Answer) -> Response:
    """Break the very last page of records off after the last of them, so that nothing says that the list ends.

    Seen: servers that fail when they write the empty token.
    """
    response = answer(asked.request)
    if asked.verb != "ListRecords" or b"<resumptionToken" not in response.body or b"</resumptionToken" in response.body:
        return response
    return altered(response, lambda body: body[: list(RECORD.finditer(body))[-1].end()])


# --- bodies that are no XML -----------------------------------------------------------------------


@misbehaviour("D8", "F7")
@at_the_third_page
def json_with_status_200(_asked: Asked, _answer: Answer) -> Response:
    """Send, as the third page, an error in JSON with the status of success.

    Seen: gateways in front of repositories.
    """
    return Response(body=b'{"status": "error", "message": "upstream timed out"}', content_type="application/json")


# --- document types -------------------------------------------------------------------------------


def _with_document_type(response: Response, declared: bytes, text: bytes) -> Response:
    """Put a document type before the root of each answer that holds the victim, and text into the victim."""
    if VICTIM not in response.body or not RECORD.search(response.body):
        return response
    struck = one_record(response, lambda record: described(record, text))
    return altered(struck, lambda body: body.replace(_ROOT, b"<!DOCTYPE OAI-PMH [" + declared + b"]>\n" + _ROOT, 1))


@misbehaviour("D16")
def billion_laughs(asked: Asked, answer: Answer) -> Response:
    """Declare entities that unfold to a billion words, and use them in one record, in lists and alone.

    Seen: as an attack on whatever expands entities.
    """
    levels = (b'<!ENTITY l%d "%b">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    return _with_document_type(answer(asked.request), b'<!ENTITY l0 "ha ">' + b"".join(levels), b"&l9;")


@misbehaviour("D16")
def external_entity(asked: Asked, answer: Answer) -> Response:
    """Declare an entity that would have to be fetched from this very server, and use it in one record.

    Seen: as an attack on whatever fetches what it is told to.
    """
    address = f"{asked.request.base_url}?verb=Secret".encode()
    declared = b'<!ENTITY secret SYSTEM "%b">' % address
    return _with_document_type(answer(asked.request), declared, b"&secret;")


@misbehaviour("D16")
def document_type_everywhere(asked: Asked, answer: Answer) -> Response:
    """Put a document type before the root of every answer, which the protocol knows none of.

    Seen: web frameworks that write one before whatever they send.
    """
    return altered(answer(asked.request), lambda body: body.replace(_ROOT, b"<!DOCTYPE OAI-PMH>\n" + _ROOT, 1))
