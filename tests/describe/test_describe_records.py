"""One harvested record in, what the catalogue says of it out."""

from dataclasses import replace

import pytest

from ingest.bundled import bundled_digest
from ingest.describe import describe
from ingest.descriptions import Content, Described, Origin
from ingest.endpoints import Defaults, Endpoint, FieldRule, Fields, Profile, RecordIdRule, TrustedOrigin
from ingest.profiles import RULES, profile_of
from ingest.records import Header, Record, Rejection

OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/">{}</oai_dc:dc>'
)
SEED = OAI_DC.format(
    """
  <dc:title>Cable from the Chinese Embassy in Albania to the CCPCC International Liaison Department and Ministry of
Foreign Affairs, 'Albania&#8217;s Reactions to Khrushchev&#8217;s Removal'</dc:title>
  <dc:date>October 16, 1964</dc:date>
  <dc:description>The Chinese Embassy conveys Mehmet Shehu's comments on the removal of Khrushchev.</dc:description>
  <dc:description>This document was made possible with support from MacArthur Foundation</dc:description>
  <dc:contributor>Donor: MacArthur Foundation and Leon Levy Foundation</dc:contributor>
  <dc:source>PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao.</dc:source>
  <dc:rights>The History and Public Policy Program welcomes reuse of Digital Archive materials for research and
educational purposes. Some documents may be subject to copyright, which is retained by the rights holders in accordance
with US and international copyright laws.</dc:rights>
  <dc:language> </dc:language>
  <dc:identifier>https://digitalarchive.example.org/document/119198</dc:identifier>
  <dc:identifier>Record ID 119198</dc:identifier>
"""
)
SEED_PROFILE = Profile(
    rules=RULES,
    namespace="wilson",
    record_id=RecordIdRule(element="identifier", pattern=r"^Record ID (\d+)$"),
    fields=Fields(donor=FieldRule(element="contributor", pattern="^Donor: (.+)$")),
)
PLAIN = Profile(rules=RULES, namespace="archive")
NUMBER = RecordIdRule(pattern=r"^oai:[^:]+:(\d+)$")
TITLE = "<dc:title>T</dc:title>"


def _record(metadata: str | None, *, identifier: str = "oai:archive:1", deleted: bool = False) -> Record:
    header = Header(identifier=identifier, datestamp="2013-12-09", deleted=deleted)
    return Record(header=header, metadata=None if metadata is None else metadata.encode())


def _outcome(record: Record, profile: Profile) -> Described | Rejection:
    return describe(record, metadata_prefix="oai_dc", profile=profile)


def _described(record: Record, profile: Profile) -> Described:
    outcome = _outcome(record, profile)
    assert isinstance(outcome, Described), outcome
    return outcome


def _content(elements: str, profile: Profile = PLAIN) -> Content:
    return _described(_record(OAI_DC.format(elements)), profile).content


def test_the_seed_record_is_described() -> None:
    """The record that the project began with: its record ID, date, donors in order, source, and no language."""
    described = _described(_record(SEED), SEED_PROFILE)
    content = described.content
    assert (described.namespace, described.record_id) == ("wilson", "119198")
    assert (described.understood, described.format, described.origin) == (True, "oai_dc", None)
    assert content.title is not None
    assert content.title.startswith("Cable from the Chinese Embassy in Albania")
    assert content.date == "1964-10-16"
    assert content.languages == ()
    assert content.rights.category == "unknown"
    assert [donor.name for donor in content.donors] == ["MacArthur Foundation", "Leon Levy Foundation"]
    assert [each.element for each in content.donors[0].evidence] == ["dc:contributor", "dc:description"]
    assert [(each.repository, each.ref, each.pages) for each in content.sources] == [
        ("PRC FMA", "109-02809-01", "37-38")
    ]


def test_the_seed_records_fields_are_kept_as_written() -> None:
    """The donor has left the contributors; a field without values is left out."""
    metadata = _content(SEED.partition(">")[2].rpartition("<")[0], SEED_PROFILE).metadata
    assert metadata["donors"] == [{"value": "MacArthur Foundation and Leon Levy Foundation", "lang": None}]
    assert metadata["dates"] == [{"value": "October 16, 1964", "lang": None}]
    assert [each["value"] for each in metadata["identifiers"]][1] == "Record ID 119198"
    assert not {"contributors", "languages"} & set(metadata)


@pytest.mark.parametrize(
    ("elements", "title"),
    [
        ("", None),
        ("<dc:title>One</dc:title><dc:title>Two</dc:title>", "One"),
        ("<dcterms:alternative>Other</dcterms:alternative><dc:title>Proper</dc:title>", "Proper"),
        ("<dcterms:alternative>Other</dcterms:alternative>", "Other"),
    ],
)
def test_the_title_is_the_first_proper_one(elements: str, title: str | None) -> None:
    """An alternative title stands in only where there is no other."""
    assert _content(elements).title == title


def test_content_keeps_languages_of_values_and_creators_in_order() -> None:
    """The catalogue reads both from JSON."""
    content = _content('<dc:creator>B</dc:creator><dc:creator xml:lang="fr">A</dc:creator>')
    assert content.creators == ("B", "A")
    assert content.metadata == {"creators": [{"value": "B", "lang": None}, {"value": "A", "lang": "fr"}]}


# --- fields that the endpoint declares --------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "pattern", "moved", "kept"),
    [
        ("contributor", "^Donor: (.+)$", ["Ann", "Ben"], ["Cid"]),
        ("contributors", "^Donor: (.+)$", ["Ann", "Ben"], ["Cid"]),
        ("dc:contributor", "^Donor: (.+)$", ["Ann", "Ben"], ["Cid"]),
        ("dc:contributor", "^Donor: .+$", ["Donor: Ann", "Donor: Ben"], ["Cid"]),
        ("dc:contributor", "^Donor:()", None, ["Donor: Ann", "Donor: Ben", "Cid"]),
        ("dc:creator", "^Donor: (.+)$", None, ["Donor: Ann", "Donor: Ben", "Cid"]),
    ],
)
def test_a_declared_field_moves_what_its_pattern_takes(
    element: str, pattern: str, moved: list[str] | None, kept: list[str]
) -> None:
    """Group 1, or the whole match of a pattern without groups, from the element or field that is named."""
    profile = PLAIN.model_copy(update={"fields": Fields(donor=FieldRule(element=element, pattern=pattern))})
    metadata = _content(
        "<dc:contributor>Donor: Ann</dc:contributor><dcterms:contributor>Donor: Ben</dcterms:contributor>"
        "<dc:contributor>Cid</dc:contributor>",
        profile,
    ).metadata
    assert [each["value"] for each in metadata.get("donors", [])] == (moved or [])
    assert [each["value"] for each in metadata["contributors"]] == kept


def test_an_element_that_is_no_field_may_be_named() -> None:
    """A refinement is named with or without its prefix."""
    elements = "<dc:description>Gift of Ann</dc:description><dcterms:provenance>Gift of Ben</dcterms:provenance>"
    for element in ("provenance", "dcterms:provenance"):
        fields = Fields(donor=FieldRule(element=element, pattern="^Gift of (.+)$"))
        metadata = _content(elements, PLAIN.model_copy(update={"fields": fields})).metadata
        assert [each["value"] for each in metadata["donors"]] == ["Ben"]


def test_a_declared_field_that_reads_its_own_field_keeps_the_order() -> None:
    """A label is cut off where it stands."""
    fields = Fields(source=FieldRule(element="source", pattern="^Source: (.+)$"))
    content = _content(
        "<dc:source>Source: One</dc:source><dc:source>Two</dc:source>", PLAIN.model_copy(update={"fields": fields})
    )
    assert [source.statement for source in content.sources] == ["One", "Two"]


def test_defaults_speak_only_where_the_record_is_silent() -> None:
    """They are read like the record's own words, and stay out of the metadata as written."""
    defaults = Defaults(
        rights="http://rightsstatements.org/vocab/InC/1.0/", donor="Ann Baker", source="Box 1, Folder 2"
    )
    profile = PLAIN.model_copy(update={"defaults": defaults})
    silent = _content(TITLE, profile)
    assert [each.statement for each in silent.rights.statements] == [defaults.rights]
    assert [donor.statement for donor in silent.donors] == [defaults.donor]
    assert [source.statement for source in silent.sources] == [defaults.source]
    assert set(silent.metadata) == {"titles"}
    speaking = _content(
        "<dc:rights>Public domain</dc:rights><dc:description>Gift of Leon Levy Foundation.</dc:description>"
        "<dc:source>Box 9</dc:source>",
        profile,
    )
    assert [each.statement for each in speaking.rights.statements] == ["Public domain"]
    assert [donor.name for donor in speaking.donors] == ["Leon Levy Foundation"]
    assert [source.statement for source in speaking.sources] == ["Box 9"]


# --- record ID ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "identifier", "expected"),
    [
        (None, "oai:archive:1", "oai:archive:1"),
        (NUMBER, "oai:archive:0815", "0815"),
        (RecordIdRule(pattern=r"\d+"), "oai:archive:0815", "0815"),
        (RecordIdRule(pattern="archive:(.*)$"), "oai:archive: 0815 ", "0815"),
        (RecordIdRule(element="identifier", pattern=r"^No\. (\d+)$"), "oai:archive:1", "7"),
        (RecordIdRule(element="dc:title", pattern="^(.)"), "oai:archive:1", "T"),
        (RecordIdRule(element="identifiers", pattern="^(No|Nr)"), "oai:archive:1", "Nr"),
    ],
)
def test_record_id_follows_the_declaration(rule: RecordIdRule | None, identifier: str, expected: str) -> None:
    """From the OAI identifier, or from the first value in document order that matches."""
    metadata = OAI_DC.format(
        TITLE + "<dc:identifier>Nr. 6</dc:identifier><dc:identifier>No. 7</dc:identifier>"
        "<dc:identifier>No. 8</dc:identifier>"
    )
    profile = PLAIN.model_copy(update={"record_id": rule})
    described = _described(_record(metadata, identifier=identifier), profile)
    assert (described.namespace, described.record_id) == ("archive", expected)


def test_record_id_is_read_before_declared_fields_move_values() -> None:
    """A value may tell both the record ID and the source."""
    fields = Fields(source=FieldRule(element="identifier", pattern="^(Box .+)$"))
    rule = RecordIdRule(element="identifier", pattern=r"^Box (\d+)$")
    profile = PLAIN.model_copy(update={"fields": fields, "record_id": rule})
    described = _described(_record(OAI_DC.format("<dc:identifier>Box 12</dc:identifier>")), profile)
    assert described.record_id == "12"
    assert [source.statement for source in described.content.sources] == ["Box 12"]


BY_ELEMENT = RecordIdRule(element="identifier", pattern=r"^Record ID (\d+)$")
UNKNOWN_FORMAT = '<own xmlns="https://example.org/own/"/>'


def test_an_embargo_among_the_dates_is_read_as_rights_and_not_as_the_items_date() -> None:
    """Repositories keep the end of an embargo in ``dc:date``."""
    content = _content(
        "<dc:date>2019-05-02</dc:date><dc:date>info:eu-repo/date/embargoEnd/2031-01-01</dc:date>"
        "<dc:rights>info:eu-repo/semantics/embargoedAccess</dc:rights>"
    )

    assert content.date == "2019-05-02"
    assert content.rights.category == "embargoed"
    assert [statement.embargo_end for statement in content.rights.statements] == [None, "2031-01-01"]


@pytest.mark.parametrize(
    ("metadata", "deleted", "rule", "record_id", "format_name"),
    [
        (None, True, None, "oai:archive:1", None),
        (None, True, NUMBER, "1", None),
        (None, True, RecordIdRule(pattern="^(x)"), None, None),
        (None, True, BY_ELEMENT, None, None),
        (OAI_DC.format(TITLE), True, BY_ELEMENT, None, None),
        (None, False, NUMBER, "1", None),
        (None, False, BY_ELEMENT, None, None),
        (UNKNOWN_FORMAT, False, NUMBER, "1", "own https://example.org/own/"),
        (UNKNOWN_FORMAT, False, BY_ELEMENT, None, "own https://example.org/own/"),
    ],
)
def test_what_has_no_description_is_kept_without_content(
    metadata: str | None, *, deleted: bool, rule: RecordIdRule | None, record_id: str | None, format_name: str | None
) -> None:
    """A tombstone, a live record without metadata, an unknown format: no record ID where only metadata could tell."""
    profile = PLAIN.model_copy(update={"record_id": rule})
    assert _described(_record(metadata, deleted=deleted), profile) == Described(
        namespace="archive", record_id=record_id, content=Content(), understood=False, format=format_name
    )


@pytest.mark.parametrize(
    ("metadata", "rule", "content"),
    [
        (OAI_DC.format(TITLE), BY_ELEMENT, OAI_DC.format(TITLE).encode()),
        (OAI_DC.format(TITLE), RecordIdRule(pattern="^x"), OAI_DC.format(TITLE).encode()),
        (OAI_DC.format(TITLE), RecordIdRule(pattern="(x)?$"), OAI_DC.format(TITLE).encode()),
        (UNKNOWN_FORMAT, RecordIdRule(pattern="^x"), UNKNOWN_FORMAT.encode()),
        (None, RecordIdRule(pattern="^x"), b"oai:archive:1"),
    ],
)
def test_a_live_record_without_its_record_id_is_rejected(
    metadata: str | None, rule: RecordIdRule, content: bytes
) -> None:
    """With its bytes, or the OAI identifier where it brought none."""
    rejection = _outcome(_record(metadata), PLAIN.model_copy(update={"record_id": rule}))
    assert isinstance(rejection, Rejection)
    assert (rejection.stage, rejection.reason) == ("identity", "no-record-id")
    assert (rejection.content, rejection.identifier) == (content, "oai:archive:1")
    assert rule.pattern in rejection.message


def test_metadata_that_is_no_xml_is_rejected_with_its_bytes() -> None:
    """The message is one line."""
    rejection = _outcome(_record("<dc>\n<title>"), PLAIN)
    assert isinstance(rejection, Rejection)
    assert (rejection.stage, rejection.reason) == ("crosswalk", "crosswalk-error")
    assert rejection.content == b"<dc>\n<title>"
    assert "\n" not in rejection.message


# --- origin ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "namespace", "record_id"),
    [
        ((), "archive", "oai:archive:1"),
        ((TrustedOrigin(base_url="HTTP://First.example.org/oai/", namespace="first"),), "first", "oai:first:9"),
        ((TrustedOrigin(base_url="http://first.example.org/oai", namespace="first", record_id=NUMBER),), "first", "9"),
        ((TrustedOrigin(base_url="http://first.example.org/OAI", namespace="first"),), "archive", "oai:archive:1"),
        ((TrustedOrigin(base_url="http://other.example.org/oai", namespace="other"),), "archive", "oai:archive:1"),
    ],
)
def test_identity_comes_from_an_origin_that_is_trusted(
    trusted: tuple[TrustedOrigin, ...], namespace: str, record_id: str
) -> None:
    """The origin is told in any case; it decides the identity only where it is declared."""
    about = (
        b'<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription>'
        b"<baseURL>http://first.example.org/oai</baseURL><identifier>oai:first:9</identifier>"
        b"</originDescription></provenance></about>"
    )
    record = replace(_record(OAI_DC.format(TITLE)), about=(about,))
    described = _described(record, PLAIN.model_copy(update={"trusted_origins": trusted}))
    assert (described.namespace, described.record_id) == (namespace, record_id)
    assert described.origin == Origin(base_url="http://first.example.org/oai", identifier="oai:first:9")


def test_a_profile_holds_what_a_description_depends_on() -> None:
    """Trusted origins belong to it only where the endpoint trusts them."""
    trusted = (TrustedOrigin(base_url="http://first.example.org/oai", namespace="first"),)
    endpoint = Endpoint(
        name="archive",
        url="http://archive.example.org/oai",
        namespace="shared",
        metadata_prefix=("oai_dc", "marc21"),
        record_id=NUMBER,
        priority=5,
        trusted_origins=trusted,
        defaults=Defaults(rights="r"),
        fields=Fields(rights=FieldRule(element="description", pattern="x")),
        tables="a0",
    )
    profile = profile_of(endpoint)
    assert profile == Profile(
        rules=RULES,
        vocabularies=bundled_digest(),
        tables="a0",
        namespace="shared",
        record_id=NUMBER,
        fields=endpoint.fields,
        defaults=endpoint.defaults,
        priority=5,
        prefixes=("oai_dc", "marc21"),
    )
    assert profile_of(endpoint.model_copy(update={"origin": "trust"})).trusted_origins == trusted
