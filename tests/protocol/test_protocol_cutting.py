"""Records cut out of a page that no repair makes well-formed, and what is saved of a page that breaks off."""

import pytest

from ingest import errors
from ingest.protocol import pages
from ingest.protocol.assembling import MOST_TAGS
from ingest.protocol.cutting import salvage
from ingest.protocol.envelope import NotWellFormed, parse
from ingest.records import Page, Record, Rejection, ResumptionToken

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
ROOT = f'<?xml version="1.0"?><OAI-PMH xmlns="{NAMESPACE}" xmlns:q="urn:q">'
MORE = '<resumptionToken completeListSize="9">more</resumptionToken>'


def header(number: int) -> str:
    """Build a header."""
    return f"<header><identifier>oai:a:{number}</identifier><datestamp>2024-01-02</datestamp></header>"


def record(number: int, inside: str = "<q:d>x</q:d>") -> str:
    """Build a record with something in its metadata."""
    return f"<record>{header(number)}<metadata>{inside}</metadata></record>"


def answer(*inside: str, verb: str = "ListRecords", end: str = MORE, root: str = ROOT, behind: str = "") -> bytes:
    """Build an answer that holds a list."""
    return f"{root}<{verb}>{''.join(inside)}{end}</{verb}></OAI-PMH>{behind}".encode()


def read(body: bytes, verb: str = "ListRecords") -> Page:
    """Read an answer to a list request."""
    return pages.page(parse(body), verb)


def saved(body: bytes, verb: str = "ListRecords") -> Page:
    """Read what is saved of an answer."""
    return pages.page(salvage(body), verb)


def outline(page: Page) -> list[str]:
    """Give the identifiers of a page's elements; those of rejections in brackets."""
    return [
        element.header.identifier if isinstance(element, Record) else f"({element.identifier})"
        for element in page.elements
    ]


def rejection(page: Page) -> Rejection:
    """Give the only rejection of a page."""
    (found,) = (element for element in page.elements if isinstance(element, Rejection))
    return found


AROUND = ["oai:a:1", "(oai:a:2)", "oai:a:3"]

# --- one record can not be read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        "<b>",
        "</b>",
        "</p:record>",
        "<b><i></b></i>",
        "<b>one <i>two</b>",
        "one ]]> two",
        "one < two",
        "<b c=d/>",
        "<b c/>",
        "<b c='1' c='2'/>",
        "<b c='<'/>",
        "<1/>",
        "<b:c:d/>",
        "<![CDATA[ </record> ]]></b>",
        "<!-- </record> --></b>",
        "<!-- -- --></b>",
        "<?x </record> ?></b>",
        "</metadata><b>",
        "<metadata>",
        "<a>" * 3000 + "</a>" * 3000,
        "<!DOCTYPE a>",
        "<b>&nbsp; & \x0b",
    ],
)
def test_a_record_that_can_not_be_read_is_cut_out_with_its_bytes(inside: str) -> None:
    """Its neighbours come whole, and the list goes on as it says."""
    spoilt = record(2, inside)
    page = read(answer(record(1), spoilt, record(3)))
    assert outline(page) == AROUND
    assert page.token == ResumptionToken(value="more", complete_list_size=9)
    assert not page.damaged
    assert [(repair.name, repair.identifier) for repair in page.repairs] == [("records-cut-out", "oai:a:2")]
    kept = rejection(page)
    assert (kept.stage, kept.reason, kept.content) == ("protocol", "unparsable-record", spoilt.encode())
    assert kept.message.startswith("the record can not be read: ")
    assert "line" not in kept.message


@pytest.mark.parametrize(("elements", "outlined"), [(MOST_TAGS // 2 - 20, "oai:a:1"), (MOST_TAGS // 2, "(oai:a:1)")])
def test_a_record_of_very_many_elements_is_not_put_together(elements: int, outlined: str) -> None:
    """It would take quadratic time; its bytes are kept, and it may come by itself."""
    page = read(answer(record(1, f"<q:all>{'<q:d>x</q:d>' * elements}</q:all>"), record(2, "<b>")))
    assert outline(page) == [outlined, "(oai:a:2)"]


@pytest.mark.parametrize(
    ("inside", "elements"),
    [
        # Without its own end tag a record ends where the next begins, or the list.
        ([record(1), f"<record>{header(2)}<metadata><q:d/></metadata>", record(3)], AROUND),
        ([record(1), record(3), f"<record>{header(2)}"], ["oai:a:1", "oai:a:3", "(oai:a:2)"]),
        ([record(1), f"<record>{header(2)}<metadata>", record(3)], AROUND),
        ([record(1), "<record>", record(3)], ["oai:a:1", "(None)", "oai:a:3"]),
        ([record(1), "<record><b></record>", record(3)], ["oai:a:1", "(None)", "oai:a:3"]),
        # Every record may be spoilt.
        ([record(1, "<b>"), record(2, "</b>")], ["(oai:a:1)", "(oai:a:2)"]),
        # Named repairs are made for each record by itself, whatever its neighbours open and do not close.
        ([record(1, "<![CDATA["), record(2, "<q:d>one & two</q:d>")], ["(oai:a:1)", "oai:a:2"]),
        ([record(1, "<!-- one"), record(2, "<x:y/>")], ["(oai:a:1)", "oai:a:2"]),
        # What lies in a payload is no record of the list, whatever it is called.
        ([record(1, f'<record xmlns="urn:r">{header(7)}</record>'), record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        ([record(1, f"<p:record>{header(7)}</p:record>"), record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        ([record(1, "<record><leader/></record>"), record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        ([record(1, "<resumptionToken>no</resumptionToken>"), record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        ([record(1, "<ListRecords></ListRecords>"), record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        # What stands between records and is none may be as broken as it likes.
        (["<br>Warning: <b>one", record(1), "<hr>&nbsp;", record(2, "<b>")], ["oai:a:1", "(oai:a:2)"]),
        ([record(1), "</b>", record(2)], ["oai:a:1", "oai:a:2"]),
    ],
)
def test_where_one_record_ends_and_the_next_begins(inside: list[str], elements: list[str]) -> None:
    """Tags are matched like brackets, and the list keeps its token."""
    page = read(answer(*inside))
    assert outline(page) == elements
    assert page.token == ResumptionToken(value="more", complete_list_size=9)
    assert "records-cut-out" in {repair.name for repair in page.repairs}


def test_each_record_keeps_the_declarations_of_root_and_list() -> None:
    """Also where it is read by itself."""
    body = answer(record(1, "<q:d><r:e/></q:d>"), record(2, "<b>")).replace(
        b"<ListRecords>", b'<ListRecords xmlns:r="urn:r">'
    )
    first = read(body).elements[0]
    assert isinstance(first, Record)
    assert b'xmlns:q="urn:q"' in (first.metadata or b"")
    assert b'xmlns:r="urn:r"' in (first.metadata or b"")


def test_prefixes_are_free_and_a_missing_namespace_is_mended_first() -> None:
    """Records are found by the prefixes of root and list."""
    body = answer(record(1), record(2, "<b>"))
    for name in (b"OAI-PMH", b"ListRecords", b"record", b"header", b"identifier", b"metadata", b"resumptionToken"):
        body = body.replace(b"<" + name, b"<o:" + name).replace(b"</" + name, b"</o:" + name)
    assert outline(read(body.replace(b"xmlns=", b"xmlns:o="))) == ["oai:a:1", "(oai:a:2)"]
    bare = read(answer(record(1), record(2, "<b>"), root='<OAI-PMH xmlns:q="urn:q">'))
    assert outline(bare) == ["oai:a:1", "(oai:a:2)"]
    assert {repair.name for repair in bare.repairs} == {"records-cut-out", "missing-namespace"}


@pytest.mark.parametrize("verb", ["ListIdentifiers", "GetRecord"])
def test_headers_and_single_records_are_cut_out_likewise(verb: str) -> None:
    """The same page whatever was asked for."""
    build = header if verb == "ListIdentifiers" else record
    spoilt = build(2).replace("</identifier>", "</identifier><b>")
    page = read(answer(build(1), spoilt, build(3), verb=verb), verb)
    assert outline(page) == AROUND
    assert rejection(page).content == spoilt.encode()


@pytest.mark.parametrize(
    "body",
    [
        # The list's own end is not there.
        answer(record(1), record(2, "<b>")).replace(b"</ListRecords>", b""),
        answer(record(1), record(2, "<b>")).replace(b"</OAI-PMH>", b""),
        answer(record(1), record(2, "<b>"))[:-20],
        # Something of the list stands behind it.
        answer(record(1), record(2, "<b>"), behind=record(3)),
        answer(record(1), record(2, "<b>")) + answer(record(3)),
        # What stands beside the list can not be read either.
        answer(record(1), record(2, "<b>"), end="<resumptionToken>a<b></resumptionToken>"),
        answer(record(1), record(2, "<b>")).replace(b"<ListRecords>", b"<error></b><ListRecords>"),
    ],
)
def test_a_list_whose_end_can_not_be_trusted_is_refused(body: bytes) -> None:
    """It may come whole when it is asked for again; what it holds is saved as damaged if not."""
    with pytest.raises(NotWellFormed) as raised:
        parse(body)
    page = saved(raised.value.body)
    assert outline(page)[:2] == ["oai:a:1", "(oai:a:2)"]
    assert page.damaged
    assert page.token is None


# --- pages that break off -----------------------------------------------------------------------------

PLAIN = answer(record(1), record(2), record(3))
TRICKY = answer(
    record(1, f"<q:d><![CDATA[</record>{record(8)}]]></q:d>"),
    record(2, f'<!-- </metadata></record> --><record xmlns="urn:r">{header(7)}</record>'),
    record(3, "<q:d a='>'>é &amp; </q:d>"),
)
HEADERS = answer(header(1), header(2), header(3), verb="ListIdentifiers")


@pytest.mark.parametrize(
    ("body", "verb"), [(PLAIN, "ListRecords"), (TRICKY, "ListRecords"), (HEADERS, "ListIdentifiers")]
)
def test_a_page_cut_at_any_byte_gives_its_whole_records_and_never_a_token(body: bytes, verb: str) -> None:
    """Each as it is on the whole page, in order; none half, and none before it has ended."""
    whole = read(body, verb).elements
    begins = b"<header><identifier>oai:a:" if verb == "ListIdentifiers" else b"<record><header><identifier>oai:a:"
    ends = [body.index(begins + b"2"), body.index(begins + b"3"), body.index(MORE.encode())]
    for cut in range(len(body)):
        expected = whole[: sum(place <= cut for place in ends)]
        with pytest.raises(errors.FatalProtocolError):
            parse(body[:cut])
        if not expected:
            with pytest.raises(NotWellFormed):
                salvage(body[:cut])
            continue
        page = saved(body[:cut], verb)
        assert page.elements == expected, body[:cut]
        assert (page.damaged, page.token) == (True, None)
        assert "records-cut-out" in {repair.name for repair in page.repairs}


def test_what_is_saved_never_has_a_token_even_of_a_page_with_its_end() -> None:
    """Whoever saves does not trust the end."""
    page = saved(PLAIN)
    assert outline(page) == ["oai:a:1", "oai:a:2", "oai:a:3"]
    assert (page.damaged, page.token) == (True, None)


def test_of_a_page_that_breaks_off_records_are_mended_and_rejected_too() -> None:
    """What is whole in bytes is read as on any page, and what is not is left for the next time."""
    body = answer(record(1, "<q:d>one & two</q:d>"), record(2, "<b>"), record(3))
    page = saved(body[: body.rindex(b"</record>")])
    assert outline(page) == ["oai:a:1", "(oai:a:2)"]
    assert [repair.name for repair in page.repairs] == ["records-cut-out", "bare-ampersand"]


def test_a_list_of_another_namespace_is_not_saved() -> None:
    """What its records are nobody knows."""
    body = answer(record(1), record(2)).replace(b"<ListRecords>", b'<ListRecords xmlns="urn:x">')
    with pytest.raises(NotWellFormed, match="another namespace"):
        salvage(body[: body.index(b"oai:a:2")])


def test_a_page_that_breaks_off_in_another_encoding_is_read_in_it() -> None:
    """Also where the break splits a character."""
    body = answer(record(1, "<q:d>é</q:d>"), record(2)).decode().encode("utf-16")
    (first,) = saved(body[: len(body) * 2 // 3 + 1]).elements
    assert isinstance(first, Record)
    assert "é".encode() in (first.metadata or b"")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", NotWellFormed),
        (b"<html><body>no", NotWellFormed),
        (ROOT.encode() + b'<error code="badVerb">', NotWellFormed),
        (ROOT.encode() + b"<Identify><repositoryName>a", NotWellFormed),
        (ROOT.encode() + b"<ListRecords/>", NotWellFormed),
        (b"<!DOCTYPE a>" + PLAIN[21:-20], NotWellFormed),
        (PLAIN[:-20].replace(b"OAI/2.0/", b"OAI/1.1/"), errors.MalformedResponse),
        # So long a root that to read it again with each record would take long.
        (answer(record(1) * 200, root=f"<OAI-PMH a='{'b' * 200_000}'>")[:-20], NotWellFormed),
    ],
)
def test_where_nothing_can_be_saved_that_is_said(body: bytes, error: type[errors.IngestError]) -> None:
    """The bytes are kept with the error."""
    with pytest.raises(error) as raised:
        salvage(body)
    if isinstance(raised.value, NotWellFormed):
        assert raised.value.body == body
