"""What a record says, described: from the values a crosswalk reads to the content that catalogues are given.

All are frozen; sequences are tuples. What is written as JSON has no slots, so that its fields are at hand as a
dictionary. Nothing here does I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = Any
"""A value that the json module writes: dict, list, str, int, float, bool or None."""


class Value(NamedTuple):
    """One value of a description, as written, blanks folded at the ends.

    What every record has is a named tuple, as this is: a frozen dataclass takes twice as long to make, or longer.
    """

    text: str
    lang: str | None = None
    """``xml:lang`` as written."""
    element: str = ""
    """Where it stood, as a catalogue person names it: ``dc:rights``, ``dcterms:license``."""
    role: str | None = None
    """What the format itself says of it: a donor's role term, a date's kind, the type of an identifier or a title."""
    parts: tuple[tuple[str, str], ...] = ()
    """What the format keeps apart beside or within the text, as (name, value) in document order.

    Of a donor: ``identifier``, ``award_number``, ``award_title``, ``award_uri``, ``programme``, ``method``, ``date``,
    ``accession_number``. Of a source: names of ``SourceStatement`` and its ``parts``, such as ``repository``, ``ref``,
    ``container_title``, ``volume``, ``issn``. Of rights: ``access``, ``applies_to``, ``start_date``, ``year``. Of a
    date: ``normal`` (the form for machines), ``encoding``, ``qualifier``. Of a creator or a subject: ``identifier`` (a
    URI, or as written), ``affiliation``. Of a publisher: ``place``.
    """


class Description(NamedTuple):
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


@dataclass(frozen=True, kw_only=True)
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
    details: Mapping[str, Json] = field(default_factory=dict)
    """Where known: ``scheme``, ``version``, ``port``, ``terms`` (list), ``applies_to`` (``metadata``, ``part: TEXT``),
    ``exception``, ``embargo_start``, ``year``, ``element``, ``lang``, ``characters_read`` (of a value too long to be
    read whole)."""
    span: tuple[int, int] | None = None
    """Where in ``statement`` the words stand that were read: start and end in characters. None: the whole of it."""
    rule: str
    """``rights/name@number``."""
    confidence: str
    """``exact``, ``repaired``, ``named``, ``inferred`` or ``none``."""


@dataclass(frozen=True, kw_only=True)
class Rights:
    """A record's rights: the decision, and every statement it rests on, in order."""

    uri: str | None = None
    category: str = "unknown"
    conflict: bool = False
    statements: tuple[RightsStatement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where a donor was named: element, the statement there, and the words that led in ("gift of")."""

    element: str
    statement: str
    lead_in: str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    """Where found: ``identifiers`` and ``suggestions`` (lists of ``{scheme, id, method}``; a suggestion also has
    ``name`` and ``score``), ``awards`` (list of ``{number, uri, title, programme}``), ``acronym``, ``preferred_name``,
    ``in_memory_of``, ``in_honour_of``, ``characters_read``."""


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class SourceStatement:
    """One typed reading of one source value."""

    statement: str
    type: str
    """``archival``, ``book``, ``collection``, ``file`` (the name of one), ``holder``, ``identifier``, ``journal``,
    ``newspaper``, ``paper-series``, ``url`` or ``unknown``."""
    repository: str | None = None
    """The archive that holds the original, as the statement names it."""
    ref: str | None = None
    pages: str | None = None
    collection: str | None = None
    parts: Mapping[str, Json] = field(default_factory=dict)
    """Where found, text unless told otherwise:

    - of an archive: ``folio_side`` (``recto`` or ``verso``), ``isil``, ``levels`` (list of ``{kind, value}``, in the
      order of the reference), ``pages_unit`` (``frame``, ``leaf`` or ``page``), ``repository_id``, ``repository_name``,
      ``repository_place``, ``title``;
    - of a holder: ``depositor``, ``via``;
    - of a printed host: ``article_title``, ``author``, ``container_title``, ``container_title_translated``, ``date``,
      ``host_pages``, ``issue``, ``issue_title``, ``place``, ``publisher``, ``volume``, ``year``;
    - identifiers: ``ark``, ``control_number``, ``doi``, ``handle``, ``isbn`` and ``issn`` (lists), ``url``, ``urn``;
    - people: ``affiliations`` (list), ``editor``, ``introduced_by``, ``obtained_by``, ``transcriber``, ``translator``
      (lists of names), ``people`` (list of ``{name, role}``), ``programme``, ``translated_from``;
    - of the value: ``characters_read`` (of one too long to be read whole), ``remainder`` (what no rule read),
      ``statements`` (list; of several values that were merged).

    What may be there once has an ``s`` more where several differ, and is a list of all: ``urls``,
    ``container_titles``."""
    rule: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
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
    """Field name -> list of ``{"value": text, "lang": text or None}``, fields without values left out.

    Where the format gives them also ``type``, its own word for what the value is, and ``identifier``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One repository that had the item before, as ``about/provenance`` tells it (``originDescription``)."""

    base_url: str
    identifier: str
    datestamp: str | None = None
    """The item's datestamp there, as written."""
    metadata_namespace: str | None = None
    """The format in which it was harvested there, by its namespace."""
    harvest_date: str | None = None
    """When it was harvested there, as written."""
    altered: bool | None = None
    """Whether its metadata was altered after that; None where that is not told."""


class Described(NamedTuple):
    """One item, described: which record it belongs to and what it would say of it."""

    namespace: str
    record_id: str | None
    """None for a tombstone whose record ID only its metadata could tell."""
    content: Content
    understood: bool
    """False where no crosswalk knows the format, or there was no metadata: kept raw, speaks last."""
    format: str | None = None
    """The crosswalk's name of the format, or the root element's name where none knows it."""
    origins: tuple[Origin, ...] = ()
    """The nested origins that its provenance names, the outermost first; ``origin`` is the last."""

    @property
    def origin(self) -> Origin | None:
        """The first repository that had the item: the innermost that its provenance names."""
        return self.origins[-1] if self.origins else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyEntry:
    """One controlled rights statement or licence, as catalogues join it."""

    uri: str
    label: str
    scheme: str
    """``rightsstatements`` or ``creative-commons``."""
    category: str
