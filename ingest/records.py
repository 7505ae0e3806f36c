"""The values that flow from a repository to the catalogue, in the protocol's own words.

All are frozen; sequences are tuples; instants are aware and in UTC. Nothing here does I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A value that the json module writes: dict, list, str, int, float, bool or None."""


# --- what a repository says of itself -------------------------------------------------------------


class Granularity(StrEnum):
    """The finest datestamp a repository takes (protocol section 3.3)."""

    DAY = "YYYY-MM-DD"
    SECOND = "YYYY-MM-DDThh:mm:ssZ"


class DeletedRecord(StrEnum):
    """How far a repository keeps track of deletions (protocol section 2.5.1)."""

    NO = "no"
    TRANSIENT = "transient"
    PERSISTENT = "persistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """The answer to Identify (protocol section 4.2)."""

    repository_name: str
    base_url: str
    protocol_version: str
    earliest_datestamp: str | None
    deleted_record: DeletedRecord
    granularity: Granularity
    compressions: tuple[str, ...] = ()
    response_date: datetime
    """The server's clock at the start of the run: the only clock that coverage trusts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataFormat:
    """One format of ListMetadataFormats (protocol section 4.4)."""

    metadata_prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """One set of ListSets (protocol section 4.6)."""

    spec: str
    name: str


# --- what a list request says and gets ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """The arguments of a ListRecords or ListIdentifiers request that carries no token.

    ``from_`` and ``until`` are inclusive and already written in the repository's granularity.
    """

    metadata_prefix: str
    set_spec: str | None = None
    from_: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A record's header (protocol section 2.5); the datestamp is the text that the repository wrote."""

    identifier: str
    datestamp: str | None
    set_specs: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record element that could be read.

    ``metadata`` is the exact XML (UTF-8) of the one element inside ``metadata``, with every namespace
    declaration it needs; None for a deleted record and for a live one that brought none. ``about``
    holds the XML of each ``about`` element, likewise.
    """

    header: Header
    metadata: bytes | None
    about: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Something that could not be taken in, with its bytes and why."""

    stage: str
    """``protocol``, ``crosswalk`` or ``identity``."""
    reason: str
    """What groups rejections: ``no-identifier``, ``unparsable-record``, ``no-record-id``, ``crosswalk-error``."""
    message: str
    """One line for a person."""
    content: bytes
    """The record element as XML, as far as it is known."""
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumptionToken:
    """A resumptionToken element (protocol section 3.5); an empty ``value`` ends the list."""

    value: str
    cursor: int | None = None
    complete_list_size: int | None = None
    """A hint; may be an estimate. None where missing or no whole number."""
    expiration_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiError:
    """An ``error`` element: the code and the text as the repository wrote them."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A named repair that made a page readable, and at which record, where known."""

    name: str
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to a list request, parsed once.

    A first request that matches nothing (``noRecordsMatch``) is a page without elements and without token.
    ``errors`` holds what stood beside records against the protocol: the records are kept, the list is not complete.
    """

    response_date: datetime | None
    elements: tuple[Record | Rejection, ...]
    token: ResumptionToken | None
    errors: tuple[OaiError, ...] = ()
    repairs: tuple[Repair, ...] = ()
    damaged: bool = False
    size: int = 0
    """Decoded bytes."""


# --- what a record says, described ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a description, as written, blanks folded at the ends."""

    text: str
    lang: str | None = None
    """``xml:lang`` as written."""
    element: str = ""
    """Where it stood, as a catalogue person names it: ``dc:rights``, ``dcterms:license``."""
    role: str | None = None
    """What the format itself says of it: a donor's role term, a date's kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a crosswalk reads: every field multi-valued and in document order. Empty values are left out."""

    identifiers: tuple[Value, ...] = ()
    titles: tuple[Value, ...] = ()
    creators: tuple[Value, ...] = ()
    contributors: tuple[Value, ...] = ()
    subjects: tuple[Value, ...] = ()
    descriptions: tuple[Value, ...] = ()
    publishers: tuple[Value, ...] = ()
    dates: tuple[Value, ...] = ()
    types: tuple[Value, ...] = ()
    formats: tuple[Value, ...] = ()
    languages: tuple[Value, ...] = ()
    relations: tuple[Value, ...] = ()
    coverage: tuple[Value, ...] = ()
    rights: tuple[Value, ...] = ()
    donors: tuple[Value, ...] = ()
    """Statements that the format, or the endpoint's declaration, says name a donor, funder or sponsor."""
    sources: tuple[Value, ...] = ()
    """``dc:source`` and archival references of the described thing; never where it was harvested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    """One typed reading of one rights value."""

    statement: str
    """The original text, letter for letter."""
    uri: str | None = None
    code: str | None = None
    label: str | None = None
    category: str = "unknown"
    access: str | None = None
    embargo_end: str | None = None
    holder: str | None = None
    permits: tuple[str, ...] = ()
    contact: str | None = None
    rule: str
    """``rights/name@number``."""
    confidence: str
    """``exact``, ``repaired``, ``named``, ``inferred`` or ``none``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """A record's rights: the decision, and every statement it rests on, in order."""

    uri: str | None = None
    category: str = "unknown"
    conflict: bool = False
    statements: tuple[RightsStatement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a donor was named: element, the statement there, and the words that led in ("gift of")."""

    element: str
    statement: str
    lead_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor:
    """One party that gave or paid."""

    name: str
    kind: str
    """``person``, ``organisation``, ``family`` or ``anonymous``."""
    role: str
    """``donor``, ``donor-estate``, ``intermediary``, ``funder`` or ``sponsor``."""
    identifier: str | None = None
    statement: str
    """The original text of the first place that names the party."""
    evidence: tuple[Evidence, ...] = ()
    rule: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatement:
    """One typed reading of one source value."""

    statement: str
    type: str
    """``archival``, ``journal``, ``book``, ``identifier``, ``collection``, ``holder``, ``url`` or ``unknown``."""
    repository: str | None = None
    """The archive that holds the original, as the statement names it."""
    ref: str | None = None
    pages: str | None = None
    collection: str | None = None
    parts: Mapping[str, Json] = field(default_factory=dict)
    """Where found: ``translator``, ``obtained_by``, ``issn``, ``isbn`` (lists), ``doi``, ``url``, ``container_title``,
    ``volume``, ``issue``, ``year``, ``repository_name``, ``remainder`` (text)."""
    rule: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the catalogue says of a record: a pure function of its speaking item and that item's profile."""

    title: str | None = None
    creators: tuple[str, ...] = ()
    date: str | None = None
    """EDTF where certain, else as written."""
    languages: tuple[str, ...] = ()
    """BCP 47 where certain, else as written."""
    rights: Rights = Rights()
    donors: tuple[Donor, ...] = ()
    sources: tuple[SourceStatement, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    """Field name -> list of ``{"value": text, "lang": text or None}``, fields without values left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The innermost or outermost origin an aggregator names in ``about/provenance`` (``originDescription``)."""

    base_url: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One item, described: which record it belongs to and what it would say of it."""

    namespace: str
    record_id: str | None
    """None for a tombstone whose record ID only its metadata could tell."""
    content: Content
    understood: bool
    """False where no crosswalk knows the format, or there was no metadata: kept raw, speaks last."""
    format: str | None = None
    """The crosswalk's name of the format, or the root element's name where none knows it."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyEntry:
    """One controlled rights statement or licence, as catalogues join it."""

    uri: str
    label: str
    scheme: str
    """``rightsstatements`` or ``creative-commons``."""
    category: str
