"""What is wrong, or only unusual, with namespaces; and payloads that look like the protocol's own elements."""

import re

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import altered, in_lists, one_record
from workers.demo.exchange import Answer, Response

_OAI = b' xmlns="http://www.openarchives.org/OAI/2.0/"'
_XSI = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_DECLARATIONS = (
    b' xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"',
    b' xmlns:dc="http://purl.org/dc/elements/1.1/"',
    _XSI,
)
_METADATA = re.compile(rb"<metadata>.*</metadata>", re.DOTALL)
_MARC = (
    b'<metadata><record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    b'<controlfield tag="001">23</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">Letters'
    b"</subfield></datafield></record></metadata>"
)
_RFC_1807 = (
    b'<metadata><rfc1807 xmlns="http://info.internet.isi.edu:80/in-notes/rfc/files/rfc1807.txt"><bib-version>v2'
    b"</bib-version><id>tr//7</id><entry>May 1, 2024</entry></rfc1807></metadata>"
)


def _in_metadata(record: bytes, content: bytes) -> bytes:
    return record.replace(b"</oai_dc:dc>", content + b"</oai_dc:dc>", 1)


def _undeclared(body: bytes) -> bytes:
    for declaration in _DECLARATIONS:
        body = body.replace(declaration, b"")
    return body


# --- prefixes that nothing declares ---------------------------------------------------------------


@misbehaviour("D23")
@in_lists
def undeclared_xsi(asked: Asked, answer: Answer) -> Response:
    """Declare ``xsi`` nowhere on a page, and use it in one record.

    Seen: CARLI (GetRecord in qualified Dublin Core).
    """

    def change(body: bytes) -> bytes:
        return re.sub(rb' xsi:schemaLocation="[^"]*"', b"", body.replace(_XSI, b""))

    response = altered(answer(asked.request), change)
    return one_record(response, lambda record: record.replace(b"<dc:type>", b'<dc:type xsi:type="dcmitype:Text">', 1))


@misbehaviour("D23")
def undeclared_xlink(asked: Asked, answer: Answer) -> Response:
    """Use ``xlink`` in one record and declare it nowhere.

    Seen: repositories in MODS and METS.
    """
    return one_record(
        answer(asked.request), lambda record: record.replace(b"<dc:type>", b'<dc:type xlink:href="urn:text">', 1)
    )


@misbehaviour("D23")
def undeclared_prefix_of_their_own(asked: Asked, answer: Answer) -> Response:
    """Use, in one record, a prefix that nobody else uses, and declare it nowhere.

    Seen: plug-ins that add elements to a format that was not made for them.
    """
    return one_record(answer(asked.request), lambda record: _in_metadata(record, b"<local:shelf>B 7</local:shelf>"))


# --- the protocol's namespace ---------------------------------------------------------------------


@misbehaviour("D26")
def no_namespace(asked: Asked, answer: Answer) -> Response:
    """Leave the protocol's namespace out of every answer.

    Seen: PubMed Central.
    """
    return altered(answer(asked.request), lambda body: body.replace(_OAI, b"", 1))


@misbehaviour("D26")
def wrong_namespace(asked: Asked, answer: Answer) -> Response:
    """Write the protocol's namespace with ``https`` and without the slash at its end.

    Seen: servers that moved to HTTPS and replaced what looked like an address.
    """
    wrong = b' xmlns="https://www.openarchives.org/OAI/2.0"'
    return altered(answer(asked.request), lambda body: body.replace(_OAI, wrong, 1))


@misbehaviour("D26")
def namespace_of_the_first_version(asked: Asked, answer: Answer) -> Response:
    """Answer everything in a namespace of version 1.1 of the protocol.

    Seen: repositories that were never brought up to version 2.0.
    """
    old = b' xmlns="http://www.openarchives.org/OAI/1.1/OAI_ListRecords"'
    return altered(answer(asked.request), lambda body: body.replace(_OAI, old, 1))


@misbehaviour("D28")
@in_lists
def namespaces_declared_on_the_root(asked: Asked, answer: Answer) -> Response:
    """Declare all namespaces of the metadata on the root, and none in the records.

    Seen: vufindharvest (issue 17).
    """
    declared = b"<OAI-PMH" + b"".join(_DECLARATIONS)
    return altered(answer(asked.request), lambda body: _undeclared(body).replace(b"<OAI-PMH", declared, 1))


@misbehaviour("D28")
@in_lists
def namespaces_declared_on_the_record(asked: Asked, answer: Answer) -> Response:
    """Declare all namespaces of the metadata on each record element.

    Seen: vufindharvest (issue 17).
    """
    on_record = b"<record" + b"".join(_DECLARATIONS)

    def change(body: bytes) -> bytes:
        return _undeclared(body).replace(b"<OAI-PMH", b"<OAI-PMH" + _XSI, 1).replace(b"<record", on_record)

    return altered(answer(asked.request), change)


@misbehaviour("D32")
@in_lists
def blank_in_a_namespace(asked: Asked, answer: Answer) -> Response:
    """Declare, in one record, a namespace with a blank in its URI.

    Seen: metadata for which somebody typed a namespace by hand.
    """
    shelf = b'<l:shelf xmlns:l="http://archive.example/local terms">B 7</l:shelf>'
    return one_record(answer(asked.request), lambda record: _in_metadata(record, shelf))


# --- payloads that look like the protocol ---------------------------------------------------------


@misbehaviour("D62")
@in_lists
def record_inside_metadata(asked: Asked, answer: Answer) -> Response:
    """Send one record as MARC, whose own root is called ``record`` too, although Dublin Core was asked for.

    Seen: library catalogues; programs that search for ``record`` anywhere take it for another one.
    """
    return one_record(answer(asked.request), lambda record: _METADATA.sub(_MARC, record))


@misbehaviour("D62")
@in_lists
def format_that_nobody_knows(asked: Asked, answer: Answer) -> Response:
    """Send one record as an RFC 1807 bibliography, although Dublin Core was asked for.

    Seen: repositories of technical reports, whose harvesters lost such records without a word.
    """
    return one_record(answer(asked.request), lambda record: _METADATA.sub(_RFC_1807, record))


@misbehaviour("D62")
@in_lists
def error_inside_metadata(asked: Asked, answer: Answer) -> Response:
    """Put an ``error`` element of the protocol's namespace into the metadata of one record.

    Seen: aggregators that kept another repository's answer as a record.
    """
    error = b'<error%b code="badResumptionToken">The token has expired.</error>' % _OAI
    return one_record(answer(asked.request), lambda record: _in_metadata(record, error))


@misbehaviour("D62")
@in_lists
def token_inside_metadata(asked: Asked, answer: Answer) -> Response:
    """Put a resumptionToken of the protocol's namespace into the metadata of one record, before the page's own.

    Seen: aggregators that kept another repository's answer as a record.
    """
    token = b"<resumptionToken%b>not yours</resumptionToken>" % _OAI
    return one_record(answer(asked.request), lambda record: _in_metadata(record, token))
