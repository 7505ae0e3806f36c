"""The values that flow from a repository to the catalogue, in the protocol's own words.

All are frozen; sequences are tuples; instants are aware and in UTC. Nothing here does I/O.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ingest.identify_values import DeletedRecord, Granularity

if TYPE_CHECKING:
    from lxml.etree import _Element

# --- what a repository says of itself -------------------------------------------------------------


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


class Header(NamedTuple):
    """A record's header (protocol section 2.5); the datestamp is the text that the repository wrote.

    A named tuple, since every record has one and a frozen dataclass takes twice as long to make.
    """

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
    tree: "_Element | None" = field(default=None, compare=False, repr=False)
    """The element of ``metadata`` in the tree of its page, if reading it there is reading the same: so that it need not
    be parsed again. It keeps the page's tree in memory; what is kept has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Something that could not be taken in, with its bytes and why."""

    stage: str
    """``protocol``, ``crosswalk`` or ``identity``."""
    reason: str
    """What groups rejections: ``no-identifier``, ``unparsable-record``, ``unavailable-record`` (the repository lists it
    and fails to give it), ``no-record-id``, ``crosswalk-error``."""
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
    """The answer broke off: what stood before the break is here, and how the list goes on is not known."""
    misplaced_token: bool = False
    """There is no resumptionToken element, but the ``request`` element names a token that nobody sent."""
    size: int = 0
    """Decoded bytes."""
