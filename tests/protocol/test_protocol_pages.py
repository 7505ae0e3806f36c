"""What answers say, as values."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from lxml import etree

from ingest import errors
from ingest.identify_values import DeletedRecord, Granularity
from ingest.protocol import pages
from ingest.protocol.envelope import parse
from ingest.records import OaiError, Page, Record, Rejection, ResumptionToken, Set

Document = Callable[..., bytes]
Build = Callable[..., str]


@pytest.fixture
def read(document: Document) -> Callable[..., Page]:
    """Read what stands inside ListRecords."""

    def read_list(inside: str, verb: str = "ListRecords", **options: str) -> Page:
        return pages.page(parse(document(verb, inside, **options)), verb)

    return read_list


def _only(page: Page) -> Record:
    (element,) = page.elements
    assert isinstance(element, Record)
    return element


def test_a_page_tells_records_token_date_and_size(document: Document, record: Build) -> None:
    """The usual case, with everything the page announces."""
    inside = (
        record() + '<resumptionToken cursor="0" completeListSize="12" expirationDate="x"> t+/%3D </resumptionToken>'
    )
    body = document("ListRecords", inside)
    page = pages.page(parse(body), "ListRecords")
    assert _only(page).header.identifier == "oai:a:1"
    assert _only(page).header.datestamp == "2024-01-02"
    assert page.token == ResumptionToken(value="t+/%3D", cursor=0, complete_list_size=12, expiration_date="x")
    assert page.response_date == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert page.size == len(body)
    assert (page.errors, page.repairs, page.damaged) == ((), (), False)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("", None),
        ("<resumptionToken/>", ResumptionToken(value="")),
        ("<resumptionToken> \n </resumptionToken>", ResumptionToken(value="")),
        ("<resumptionToken>a<!-- c -->b</resumptionToken>", ResumptionToken(value="ab")),
        ("<resumptionToken>a  b</resumptionToken>", ResumptionToken(value="a  b")),
        ('<resumptionToken cursor="-1" completeListSize="many">t</resumptionToken>', ResumptionToken(value="t")),
        (f'<resumptionToken completeListSize="{"9" * 30}">t</resumptionToken>', ResumptionToken(value="t")),
    ],
)
def test_a_token_is_opaque_and_its_hints_are_hints(
    read: Callable[..., Page], record: Build, element: str, expected: ResumptionToken | None
) -> None:
    """Only blanks around the value are dropped; a hint that is no whole number is none."""
    assert read(record() + element).token == expected


def test_an_empty_page_with_a_token_is_no_error(read: Callable[..., Page]) -> None:
    """The list goes on."""
    page = read("<resumptionToken>on</resumptionToken>")
    assert page.elements == ()
    assert page.token == ResumptionToken(value="on")


def test_a_payload_can_not_pose_as_the_protocol(read: Callable[..., Page], record: Build) -> None:
    """Errors, tokens and headers of the protocol's namespace inside metadata are content."""
    payload = (
        '<OAI-PMH><error code="badArgument">no</error><header status="deleted"/>'
        "<ListRecords><resumptionToken>loop</resumptionToken></ListRecords></OAI-PMH>"
    )
    page = read(record(metadata=payload))
    assert page.errors == ()
    assert page.token is None
    assert b"badArgument" in (_only(page).metadata or b"")


def test_metadata_keeps_every_declaration_it_needs(read: Callable[..., Page], record: Build) -> None:
    """Also those of ancestors, and those that only a value uses; the XML stands alone."""
    payload = '<d:dc><d:rights xsi:type="t:URI" xml:lang="de">ä &lt; <![CDATA[<b>]]></d:rights></d:dc> \n '
    page = read(
        record(metadata=payload),
        declarations='xmlns:d="urn:d" xmlns:t="urn:t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    )
    metadata = _only(page).metadata
    assert metadata is not None
    root = etree.fromstring(metadata)
    assert root.tag == "{urn:d}dc"
    assert root[0].nsmap["t"] == "urn:t"
    assert root[0].text == "ä < <b>"
    assert metadata.endswith(b"</d:dc>")


def test_comments_and_instructions_before_the_metadata_root_are_skipped(
    read: Callable[..., Page], record: Build
) -> None:
    """The one element is what counts."""
    metadata = _only(read(record(metadata="<!-- made by hand --><?x y?><d xmlns='urn:d'/><!-- end -->"))).metadata
    assert metadata is not None
    assert etree.fromstring(metadata).tag == "{urn:d}d"
    assert b"hand" not in metadata


def test_a_text_of_twelve_million_characters_is_kept_whole(read: Callable[..., Page], record: Build) -> None:
    """Parsers that recover cut such a text and lose what follows."""
    page = read(
        record(metadata=f"<d>{'x' * 12_000_000}</d>") + record("oai:a:2") + "<resumptionToken>t</resumptionToken>"
    )
    first, second = page.elements
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert len(first.metadata or b"") > 12_000_000
    assert page.token == ResumptionToken(value="t")


def test_a_page_cut_in_half_is_never_a_page(document: Document, record: Build) -> None:
    """No record before the cut is given out as the whole."""
    body = document("ListRecords", "".join(record(f"oai:a:{n}") for n in range(50)))
    with pytest.raises(errors.MalformedResponse):
        pages.page(parse(body[: len(body) // 2]), "ListRecords")


@pytest.mark.parametrize(
    "metadata", ["", "<metadata/>", "<metadata> </metadata>", "<metadata><!-- none --></metadata>"]
)
def test_a_live_record_without_metadata_is_a_record(read: Callable[..., Page], metadata: str) -> None:
    """It has a header and says nothing more."""
    header = "<header><identifier>oai:a:1</identifier><datestamp>2024-01-02</datestamp></header>"
    assert _only(read(f"<record>{header}{metadata}</record>")).metadata is None


def test_deletion_wins_over_metadata(read: Callable[..., Page]) -> None:
    """A tombstone that still carries what it was is a tombstone."""
    inside = '<record><header status="deleted"><identifier>a</identifier></header><metadata><d/></metadata></record>'
    found = _only(read(inside))
    assert found.header.deleted
    assert found.metadata is None
    assert found.header.datestamp is None


def test_header_values_lose_outer_blanks_and_nothing_else(read: Callable[..., Page]) -> None:
    """Children are found by name in any order; identifiers keep their case."""
    inside = (
        "<record><header x='y'><setSpec> a:b </setSpec><datestamp> 2024 </datestamp>"
        "<identifier>\n\t oai:A:b  C\u00a0 </identifier><setSpec/><setSpec>c d</setSpec></header></record>"
    )
    header = _only(read(inside)).header
    assert header.identifier == "oai:A:b  C\u00a0"
    assert header.datestamp == "2024"
    assert header.set_specs == ("a:b", "c d")


def test_about_elements_are_kept_with_their_declarations(read: Callable[..., Page]) -> None:
    """Each as XML that stands alone; empty ones say nothing."""
    inside = (
        "<record><header><identifier>a</identifier></header><metadata><d/></metadata>"
        "<about><p:provenance/></about><about/><about><r/></about></record>"
    )
    about = _only(read(inside, declarations='xmlns:p="urn:p"')).about
    assert len(about) == 2
    assert etree.fromstring(about[0])[0].tag == "{urn:p}provenance"


@pytest.mark.parametrize(
    "element",
    [
        "<record><metadata><d/></metadata></record>",
        "<record><header><datestamp>2024-01-02</datestamp></header></record>",
        "<record><header><identifier> </identifier></header></record>",
    ],
)
def test_a_record_without_identifier_is_rejected_alone(read: Callable[..., Page], record: Build, element: str) -> None:
    """Its bytes are kept and its neighbours are read."""
    rejected, good = read(element + record()).elements
    assert isinstance(rejected, Rejection)
    assert (rejected.stage, rejected.reason, rejected.identifier) == ("protocol", "no-identifier", None)
    assert etree.QName(etree.fromstring(rejected.content)).localname == "record"
    assert isinstance(good, Record)


@pytest.mark.parametrize("metadata", ["<d/><e/>", "text &lt;d/&gt;", "<d/> text"])
def test_metadata_that_is_not_one_element_is_rejected(read: Callable[..., Page], record: Build, metadata: str) -> None:
    """Nothing of it is dropped in silence."""
    (rejected,) = read(record(metadata=metadata)).elements
    assert isinstance(rejected, Rejection)
    assert (rejected.reason, rejected.identifier) == ("unparsable-record", "oai:a:1")


@pytest.mark.parametrize(("number", "length", "most"), [(300, 1, 0), (200, 5000, 10)])
def test_records_do_not_multiply_the_declarations_of_the_root(
    read: Callable[..., Page], record: Build, *, number: int, length: int, most: int
) -> None:
    """Each repeats them, so that a small answer could become a large one, slowly."""
    declarations = " ".join(f'xmlns:p{each}="urn:example:{"x" * length}"' for each in range(number))
    assert len(read(record() * most, declarations=declarations).elements) == most
    with pytest.raises(errors.MalformedResponse, match="namespace"):
        read(record() * max(1, 50 * most), declarations=declarations)


def test_headers_alone_are_records_without_metadata(read: Callable[..., Page]) -> None:
    """ListIdentifiers gives the same kind of page."""
    inside = (
        '<header status="deleted"><identifier>a</identifier></header><header><identifier>b</identifier></header>'
        "<header><datestamp>2024</datestamp></header>"
    )
    gone, live, rejected = read(inside, "ListIdentifiers").elements
    assert isinstance(gone, Record)
    assert gone.header.deleted
    assert isinstance(live, Record)
    assert live.metadata is None
    assert isinstance(rejected, Rejection)


def test_get_record_is_a_page_with_one_element(read: Callable[..., Page], record: Build) -> None:
    """The same reader, the same value."""
    assert _only(read(record(), "GetRecord")).header.identifier == "oai:a:1"


def test_errors_beside_records_are_kept_with_them(read: Callable[..., Page], record: Build) -> None:
    """Neither is lost."""
    page = read(record() + "<resumptionToken>t</resumptionToken>", errors='<error code="x">y</error>')
    assert _only(page)
    assert page.errors == (OaiError(code="x", message="y"),)
    assert page.token == ResumptionToken(value="t")


def test_errors_without_records_are_raised(document: Document) -> None:
    """Also beside an empty list."""
    body = document("ListRecords", "<resumptionToken>t</resumptionToken>", errors='<error code="badArgument"/>')
    with pytest.raises(errors.BadArgument):
        pages.page(parse(body), "ListRecords")


def test_no_records_match_is_an_empty_page_that_says_so(document: Document) -> None:
    """What it means for a token request is for the caller to decide."""
    page = pages.page(parse(document(errors='<error code="noRecordsMatch">none</error>')), "ListRecords")
    assert (page.elements, page.token) == ((), None)
    assert page.errors == (OaiError(code="noRecordsMatch", message="none"),)


@pytest.mark.parametrize("body_verb", ["", "ListIdentifiers"])
def test_neither_verb_element_nor_error_is_malformed(document: Document, body_verb: str) -> None:
    """An answer to another question is no empty list."""
    with pytest.raises(errors.MalformedResponse, match="neither a ListRecords element nor an error"):
        pages.page(parse(document(body_verb)), "ListRecords")


def test_identify_is_read_as_the_repository_says(document: Document) -> None:
    """Every value, repeated ones included."""
    inside = (
        "<repositoryName> A &amp; B </repositoryName><baseURL>http://a/oai</baseURL><protocolVersion>2.0</protocolVersion>"
        "<adminEmail>x</adminEmail><earliestDatestamp>1900</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression><compression>deflate</compression>"
    )
    found = pages.identification(parse(document("Identify", inside)))
    assert (found.repository_name, found.base_url, found.protocol_version) == ("A & B", "http://a/oai", "2.0")
    assert (found.earliest_datestamp, found.deleted_record) == ("1900", DeletedRecord.PERSISTENT)
    assert (found.granularity, found.compressions) == (Granularity.SECOND, ("gzip", "deflate"))
    assert found.response_date == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_what_identify_leaves_out_promises_least(document: Document) -> None:
    """Days, no deletions; the date of the HTTP answer where the document's can not be read."""
    clock = datetime(2024, 1, 1, tzinfo=UTC)
    found = pages.identification(
        parse(document("Identify", "<deletedRecord>maybe</deletedRecord>", date="?")), clock=clock
    )
    assert (found.granularity, found.deleted_record) == (Granularity.DAY, DeletedRecord.NO)
    assert (found.earliest_datestamp, found.response_date) == (None, clock)


def test_identify_without_any_clock_is_refused(document: Document) -> None:
    """No harvest may be dated by our own clock."""
    with pytest.raises(errors.MalformedResponse, match="responseDate"):
        pages.identification(parse(document("Identify", date="")))


def test_formats_and_sets_are_read(document: Document) -> None:
    """With their own direct children only."""
    formats = pages.metadata_formats(
        parse(
            document(
                "ListMetadataFormats",
                "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>s</schema>"
                "<metadataNamespace>n</metadataNamespace></metadataFormat>",
            )
        )
    )
    assert [(f.metadata_prefix, f.schema, f.namespace) for f in formats] == [("oai_dc", "s", "n")]
    inside = "<set><setSpec>a:b</setSpec><setName>N</setName></set><resumptionToken>t</resumptionToken>"
    assert pages.sets(parse(document("ListSets", inside))) == ((Set(spec="a:b", name="N"),), ResumptionToken(value="t"))
    with pytest.raises(errors.NoSetHierarchy):
        pages.sets(parse(document(errors='<error code="noSetHierarchy"/>')))
