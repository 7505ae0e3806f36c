"""What an answer says, as values: pages of records, the repository's identification, formats and sets.

Only direct children at the protocol's places are read (section 3.2).
"""

from datetime import datetime

from lxml.etree import _Element as Element

from ingest.errors import MalformedResponse
from ingest.identify_values import DeletedRecord, Granularity
from ingest.protocol.envelope import NO_RECORDS_MATCH, OAI, Envelope, exception_for, text_of
from ingest.protocol.listed import elements_of
from ingest.protocol.mending import distinct
from ingest.records import Identification, MetadataFormat, Page, Repair, ResumptionToken, Set

_LONGEST_NUMBER = 18
"""Digits; a longer completeListSize or cursor is no count and would not fit a database's integer."""


def page(envelope: Envelope, verb: str) -> Page:
    """Read the answer to ListRecords, ListIdentifiers or GetRecord.

    Errors beside records stand in the page. Without records they are raised (`envelope.exception_for`), except for
    ``noRecordsMatch`` alone: that is a page without elements and without token which names the error. Raises
    MalformedResponse where there is neither an error nor the verb's element, and where namespace declarations would
    make the records many times as long as the answer.
    """
    listed = envelope.verb_element(verb)
    repairs: list[Repair] = []
    elements = () if listed is None else tuple(elements_of(listed, envelope.rejections, repairs, size=envelope.size))
    nothing_matches = all(error.code == NO_RECORDS_MATCH for error in envelope.errors)
    if envelope.errors and not elements and not (nothing_matches and verb != "GetRecord"):
        raise exception_for(envelope.errors)
    if listed is None and not envelope.errors:
        raise _lacks(verb)
    # What is read of a damaged answer's end may be another record's.
    lists = listed is not None and (elements or not envelope.errors) and not envelope.damaged
    found = token(listed) if lists and listed is not None else None
    return Page(
        response_date=envelope.response_date,
        elements=elements,
        token=found,
        errors=envelope.errors,
        repairs=distinct((*envelope.repairs, *repairs)),
        damaged=envelope.damaged,
        misplaced_token=found is None and listed is not None and _names_token_elsewhere(envelope.root, listed),
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


def _names_token_elsewhere(root: Element, listed: Element) -> bool:
    """Tell an answer that names a token in another place than its own: it may be the one that was sent."""
    request = root.find(OAI + "request")
    said = [] if request is None else [request.get("resumptionToken")]
    said += [listed.get("resumptionToken"), text_of(root.find(OAI + "resumptionToken"))]
    return any(value and value.strip() for value in said)


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
