"""What is wrong with single records: headers, identifiers, datestamps, deletions, metadata."""

import re
from collections.abc import Callable

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import (
    STRUCK,
    altered,
    at_the_third_page,
    each_record,
    in_lists,
    one_record,
)
from workers.demo.exchange import Answer, Response

_IDENTIFIER = re.compile(rb"<identifier>([^<]*)</identifier>")
_DATESTAMP = re.compile(rb"<datestamp>([^<]*)</datestamp>")
_METADATA = re.compile(rb"<metadata>.*</metadata>", re.DOTALL)
_DC = re.compile(rb"<(/?)(?:oai_dc|dc):")
_NAMELESS = b"<record><header><datestamp>2020-01-01T00:00:00Z</datestamp></header></record>\n"


def _substituted(pattern: re.Pattern[bytes], by: bytes) -> Callable[[bytes], bytes]:
    return lambda record: pattern.sub(by, record, count=1)


# --- headers --------------------------------------------------------------------------------------


@misbehaviour("D53")
@at_the_third_page
def headers_without_datestamp(asked: Asked, answer: Answer) -> Response:
    """Leave the datestamp out of every header of the third page.

    Seen: single records in several aggregators' collections.
    """
    return each_record(answer(asked.request), lambda _position, record: _DATESTAMP.sub(b"", record))


@misbehaviour("D54")
@at_the_third_page
def records_without_identifier(asked: Asked, answer: Answer) -> Response:
    """Send, on the third page, a record whose header has no identifier, and one that has no header.

    Seen: example data that found its way into a repository.
    """
    header = re.compile(rb"<header>.*</header>", re.DOTALL)

    def change(position: int, record: bytes) -> bytes:
        return {0: _IDENTIFIER.sub(b"", record, count=1), 1: header.sub(b"", record)}.get(position, record)

    return each_record(answer(asked.request), change)


@misbehaviour("D66")
@in_lists
def header_in_another_order(asked: Asked, answer: Answer) -> Response:
    """Put the set before the datestamp and the identifier last, with attributes that no schema knows.

    Seen: single records in several aggregators' collections.
    """
    straight = re.compile(rb"<header>(<identifier>.*?</identifier>)(<datestamp>.*?</datestamp>)(.*?)</header>")
    turned = rb'<header id="h" xml:lang="en">\3\2\1</header>'
    return altered(answer(asked.request), lambda body: straight.sub(turned, body))


@misbehaviour("D55")
@in_lists
def identifiers_with_blanks_around(asked: Asked, answer: Answer) -> Response:
    """Put blanks and line breaks around each identifier.

    Seen: Dataverse at Harvard, B2FIND.
    """
    spaced = rb"<header><identifier>\n   \1 \t</identifier>"
    bare = re.compile(rb"<header><identifier>([^<]*)</identifier>")
    return altered(answer(asked.request), lambda body: bare.sub(spaced, body))


@misbehaviour("D55")
@at_the_third_page
def identifiers_of_many_kinds(asked: Asked, answer: Answer) -> Response:
    """Name the records of the third page by bare numbers, DOIs, URLs, handles and ``ivo://`` addresses.

    Seen: Dataverse at Harvard, B2FIND with the Virtual Observatory.
    """
    kinds = (b"4711%d", b"10.7910/DVN/%d", b"https://example.org/id?n=%d&amp;x=1", b"hdl:1902.1/%d", b"ivo://x.y/%d#z")

    def change(position: int, record: bytes) -> bytes:
        named = b"<identifier>" + kinds[position % len(kinds)] % position + b"</identifier>"
        return _IDENTIFIER.sub(named, record, count=1)

    return each_record(answer(asked.request), change)


@misbehaviour("D56")
@at_the_third_page
def private_addresses_in_identifiers(asked: Asked, answer: Answer) -> Response:
    """Build the identifiers of the third page from a private address and from ``localhost``.

    Seen: Addis Ababa University; SobekCM (issue 13), B2SHARE (issue 1586).
    """
    hosts = (b"10.6.20.92", b"localhost")

    def change(position: int, record: bytes) -> bytes:
        return _IDENTIFIER.sub(b"<identifier>oai:%b:%d</identifier>" % (hosts[position % 2], position), record, count=1)

    return each_record(answer(asked.request), change)


# --- datestamps -----------------------------------------------------------------------------------


@misbehaviour("D34", "F17")
@in_lists
def datestamps_in_many_forms(asked: Asked, answer: Answer) -> Response:
    """Write datestamps as days, without dashes, without zone, with offsets and with seven decimals, in turn.

    Seen: NOAA (NODC), CESSDA; pyoai issue 30, DOAJ issue 507.
    """
    forms = (
        b"20210311",
        b"2015-01-12",
        b"2015-01-12T13:39:50",
        b"2015-01-12T13:39:50+0000",
        b"2015-01-12T13:39:50+01:00",
        b"2015-01-12T13:39:50.1234567Z",
        b"2015-01-12 13:39:50",
        b"2015",
    )

    def change(position: int, record: bytes) -> bytes:
        return _DATESTAMP.sub(b"<datestamp>%b</datestamp>" % forms[position % len(forms)], record)

    return each_record(answer(asked.request), change)


@misbehaviour("D34")
@in_lists
def unreadable_datestamps(asked: Asked, answer: Answer) -> Response:
    """Write datestamps that nobody can read: words, the thirteenth month, nothing.

    Seen: CESSDA, NOAA (NODC), in milder forms.
    """
    forms = (b"yesterday", b"2015-13-41T25:61:61Z", b"", b"0000-00-00")

    def change(position: int, record: bytes) -> bytes:
        return _DATESTAMP.sub(b"<datestamp>%b</datestamp>" % forms[position % len(forms)], record)

    return each_record(answer(asked.request), change)


# --- deletions ------------------------------------------------------------------------------------


@misbehaviour("D49", "F20")
def deletions_where_none_are_tracked(asked: Asked, answer: Answer) -> Response:
    """Say in Identify that deletions are not tracked, and send the third page's records as deleted.

    Seen: Zenodo (issue 2447), DOAJ (issue 1408), InvenioRDM (invenio issue 778).
    """
    response = answer(asked.request)
    if asked.verb == "Identify":
        said = b"<deletedRecord>persistent</deletedRecord>"
        return altered(response, lambda body: body.replace(said, b"<deletedRecord>no</deletedRecord>"))
    if asked.page != STRUCK:
        return response
    bare = each_record(response, lambda _position, record: _METADATA.sub(b"", record))
    return altered(bare, lambda body: body.replace(b"<header>", b'<header status="deleted">'))


@misbehaviour("D50")
@in_lists
def deleted_with_metadata(asked: Asked, answer: Answer) -> Response:
    """Send one record as deleted and with its metadata.

    Seen: Zenodo.
    """
    dead = b'<header status="deleted">'
    return one_record(answer(asked.request), lambda record: record.replace(b"<header>", dead))


# --- metadata -------------------------------------------------------------------------------------


@misbehaviour("D51", "F16")
@at_the_third_page
def live_without_metadata(asked: Asked, answer: Answer) -> Response:
    """Send, on the third page, a live record without metadata and one whose metadata is empty.

    Seen: University of Missouri, MIT (ArchivesSpace); sickle issues 37 and 47, B2SHARE issue 812.
    """

    def change(position: int, record: bytes) -> bytes:
        by = {0: b"", 1: b"<metadata/>"}.get(position)
        return record if by is None else _METADATA.sub(by, record)

    return each_record(answer(asked.request), change)


@misbehaviour("D52")
@in_lists
def one_record_spoilt(asked: Asked, answer: Answer) -> Response:
    """Put a second element inside the metadata of each page's first record.

    Seen: single records in several aggregators' collections.
    """
    return altered(
        answer(asked.request), lambda body: body.replace(b"<metadata>", b'<metadata><more xmlns="urn:more"/>', 1)
    )


@misbehaviour("D52")
@in_lists
def dublin_core_without_a_root(asked: Asked, answer: Answer) -> Response:
    """Put the Dublin Core elements of one record directly into metadata, without the element that should hold them.

    Seen: single records in several aggregators' collections.
    """
    rooted = re.compile(rb"<oai_dc:dc[^>]*>(.*)</oai_dc:dc>", re.DOTALL)
    declared = b'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'

    def change(record: bytes) -> bytes:
        return rooted.sub(rb"\1", record).replace(b"<metadata>", declared)

    return one_record(answer(asked.request), change)


@misbehaviour("D62")
@in_lists
def dublin_core_without_namespaces(asked: Asked, answer: Answer) -> Response:
    """Send one record whose ``dc`` and all that it holds are in no namespace.

    Seen: Dataverse (issue 3368).
    """

    def change(record: bytes) -> bytes:
        bare = re.sub(rb"<oai_dc:dc[^>]*>", b'<dc xmlns="">', record)
        return _DC.sub(rb"<\1", bare)

    return one_record(answer(asked.request), change)


@misbehaviour("D62")
@in_lists
def qualified_terms_in_plain_dublin_core(asked: Asked, answer: Answer) -> Response:
    """Put a term of qualified Dublin Core into a record that is announced as plain.

    Seen: DOAJ (issue 2200).
    """
    term = b'<dcterms:created xmlns:dcterms="http://purl.org/dc/terms/">1912</dcterms:created></oai_dc:dc>'
    return one_record(answer(asked.request), lambda record: record.replace(b"</oai_dc:dc>", term))


@misbehaviour("D65")
@in_lists
def marked_not_to_be_harvested(asked: Asked, answer: Answer) -> Response:
    """Mark one record, by a word in its rights, as one that others shall not harvest, and send it all the same.

    Seen: Temple University.
    """
    mark = b"<dc:rights>pdcp_noharvest</dc:rights></oai_dc:dc>"
    return one_record(answer(asked.request), lambda record: record.replace(b"</oai_dc:dc>", mark))


@misbehaviour("F11")
@in_lists
def many_rejections(asked: Asked, answer: Answer) -> Response:
    """Put 30 more records without an identifier on every page.

    Seen: repositories after a migration that went wrong.
    """
    return altered(
        answer(asked.request), lambda body: body.replace(b"<ListRecords>", b"<ListRecords>" + _NAMELESS * 30, 1)
    )


@misbehaviour("D27")
def prefixes_on_the_protocol(asked: Asked, answer: Answer) -> Response:
    """Write the protocol's own elements with the prefix ``oai``.

    Seen: CESSDA; pyoaiharvester issue 2, Invenio issue 2300, Dataverse issue 6242.
    """
    plain = re.compile(rb"<(/?)([A-Za-z-]+)(?=[ />])")
    default = b'xmlns="http://www.openarchives.org/OAI/2.0/"'
    return altered(
        answer(asked.request),
        lambda body: plain.sub(rb"<\1oai:\2", body).replace(default, default.replace(b"xmlns=", b"xmlns:oai="), 1),
    )
