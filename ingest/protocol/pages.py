"""What an answer says, as values: pages of records, the repository's identification, formats and sets.

Only direct children at the protocol's places are read (section 3.2). A defect of one record costs that record alone.
"""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import MalformedResponse
from ingest.protocol.envelope import NO_RECORDS_MATCH, OAI, Envelope, exception_for, text_of
from ingest.records import (
    DeletedRecord,
    Granularity,
    Header,
    Identification,
    MetadataFormat,
    Page,
    Record,
    Rejection,
    ResumptionToken,
    Set,
)

_LONGEST_NUMBER = 18
"""Digits; a longer completeListSize or cursor is no count and would not fit a database's integer."""


def page(envelope: Envelope, verb: str) -> Page:
    """Read the answer to ListRecords, ListIdentifiers or GetRecord.

    Errors beside records stand in the page. Without records they are raised (`envelope.exception_for`), except for
    ``noRecordsMatch`` alone: that is a page without elements and without token which names the error. Raises
    MalformedResponse where there is neither an error nor the verb's element.
    """
    listed = envelope.verb_element(verb)
    elements = () if listed is None else tuple(_elements(listed))
    nothing_matches = all(error.code == NO_RECORDS_MATCH for error in envelope.errors)
    if envelope.errors and not elements and not (nothing_matches and verb != "GetRecord"):
        raise exception_for(envelope.errors)
    if listed is None and not envelope.errors:
        raise _lacks(verb)
    return Page(
        response_date=envelope.response_date,
        elements=elements,
        token=None if listed is None or (not elements and envelope.errors) else token(listed),
        errors=envelope.errors,
        repairs=envelope.repairs,
        damaged=envelope.damaged,
        size=envelope.size,
    )


def identification(envelope: Envelope, *, clock: datetime | None = None) -> Identification:
    """Read the answer to Identify; what is missing gets the value that promises least.

    ``clock`` is what the HTTP answer says of the server's time, for a ``responseDate`` that can not be read; raises
    MalformedResponse where neither is known, for no harvest may be dated by any other clock.
    """
    identify = _required(envelope, "Identify")
    response_date = envelope.response_date or clock
    if response_date is None:
        raise MalformedResponse("Identify: the responseDate can not be read")
    return Identification(
        repository_name=_child_text(identify, "repositoryName"),
        base_url=_child_text(identify, "baseURL"),
        protocol_version=_child_text(identify, "protocolVersion"),
        earliest_datestamp=_child_text(identify, "earliestDatestamp") or None,
        deleted_record=_deleted_record(_child_text(identify, "deletedRecord")),
        granularity=Granularity.SECOND if "hh" in _child_text(identify, "granularity").lower() else Granularity.DAY,
        compressions=tuple(filter(None, map(text_of, identify.iterchildren(OAI + "compression")))),
        response_date=response_date,
    )


def metadata_formats(envelope: Envelope) -> tuple[MetadataFormat, ...]:
    """Read the answer to ListMetadataFormats."""
    return tuple(
        MetadataFormat(
            metadata_prefix=_child_text(element, "metadataPrefix"),
            schema=_child_text(element, "schema"),
            namespace=_child_text(element, "metadataNamespace"),
        )
        for element in _required(envelope, "ListMetadataFormats").iterchildren(OAI + "metadataFormat")
    )


def sets(envelope: Envelope) -> tuple[tuple[Set, ...], ResumptionToken | None]:
    """Read one page of ListSets and the token to the next."""
    listed = _required(envelope, "ListSets")
    found = tuple(
        Set(spec=_child_text(element, "setSpec"), name=_child_text(element, "setName"))
        for element in listed.iterchildren(OAI + "set")
    )
    return found, token(listed)


def token(listed: Element) -> ResumptionToken | None:
    """Read the resumptionToken of a list (section 3.5): an opaque value, which blanks around it are not part of."""
    element = listed.find(OAI + "resumptionToken")
    if element is None:
        return None
    return ResumptionToken(
        value=text_of(element),
        cursor=_count(element.get("cursor")),
        complete_list_size=_count(element.get("completeListSize")),
        expiration_date=element.get("expirationDate"),
    )


def _required(envelope: Envelope, verb: str) -> Element:
    if envelope.errors:
        raise exception_for(envelope.errors)
    element = envelope.verb_element(verb)
    if element is None:
        raise _lacks(verb)
    return element


def _lacks(verb: str) -> MalformedResponse:
    return MalformedResponse(f"the answer has neither a {verb} element nor an error")


def _elements(listed: Element) -> Iterator[Record | Rejection]:
    for element in listed.iterchildren(OAI + "record", OAI + "header"):
        yield _record(element) if element.tag == OAI + "record" else _bare_header(element)


def _bare_header(element: Element) -> Record | Rejection:
    header = _header(element)
    return _without_identifier(element) if header is None else Record(header=header, metadata=None)


def _record(element: Element) -> Record | Rejection:
    header = _header(element.find(OAI + "header"))
    if header is None:
        return _without_identifier(element)
    about = tuple(_xml(part) for part in element.iterchildren(OAI + "about") if len(part))
    containers = [] if header.deleted else list(element.iterchildren(OAI + "metadata"))
    roots = [root for container in containers for root in container.iterchildren("*")]
    loose_text = any(map(_has_loose_text, containers))
    if len(roots) > 1 or loose_text:
        found = "text beside elements" if loose_text else f"{len(roots)} elements"
        return _rejected(element, "unparsable-record", f"metadata holds {found}, not one element", header.identifier)
    return Record(header=header, metadata=_xml(roots[0]) if roots else None, about=about)


def _has_loose_text(container: Element) -> bool:
    pieces = (container.text, *(child.tail for child in container))
    return any(piece and piece.strip() for piece in pieces)


def _header(element: Element | None) -> Header | None:
    identifier = "" if element is None else _child_text(element, "identifier")
    if element is None or not identifier:
        return None
    return Header(
        identifier=identifier,
        datestamp=_child_text(element, "datestamp") or None,
        set_specs=tuple(filter(None, map(text_of, element.iterchildren(OAI + "setSpec")))),
        deleted=element.get("status", "").strip().lower() == "deleted",
    )


def _without_identifier(element: Element) -> Rejection:
    return _rejected(element, "no-identifier", "the record has no header with an identifier", None)


def _rejected(element: Element, reason: str, message: str, identifier: str | None) -> Rejection:
    return Rejection(stage="protocol", reason=reason, message=message, content=_xml(element), identifier=identifier)


def _xml(element: Element) -> bytes:
    # lxml adds all declarations that are in scope, so that values which need one, such as an xsi:type, keep it too.
    return etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)


def _child_text(element: Element, name: str) -> str:
    return text_of(element.find(OAI + name))


def _deleted_record(text: str) -> DeletedRecord:
    try:
        return DeletedRecord(text.lower())
    except ValueError:
        return DeletedRecord.NO


def _count(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
