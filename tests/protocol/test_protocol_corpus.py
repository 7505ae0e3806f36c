"""Real answers of many repositories, where they are at hand: each is read, or refused with the right word."""

import csv
from pathlib import Path

import pytest

from ingest.errors import IngestError, MalformedResponse, NotOaiPmh
from ingest.protocol import datestamps, pages
from ingest.protocol.envelope import parse
from ingest.records import Record, Rejection

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LISTS = ("ListRecords", "ListIdentifiers", "GetRecord")

# Fixtures that their authors cut down to records without the verb's element, or without a header.
TRIMMED = {"oai.base-search.net/ListRecords-base_dc", "example.com/GetRecord-oai_dc-01"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real answers is not at hand")


# Pages and parts of pages that are not well-formed: whole records, rejections and the repairs that it took. What is no
# answer by itself, but a record or a metadata document that somebody kept, is read inside an answer.
BROKEN: dict[str, tuple[int, int, tuple[str, ...]] | type[IngestError]] = {
    "collections.carli.illinois.edu/record-qdc-notwf-01.xml": (1, 0, ("undeclared-prefix",)),
    "darchive.mblwhoilibrary.org/records-dim-notwf-01.xml": (1, 0, ("bare-ampersand",)),
    "dpla-hub-mwdl/metadata-DOC-notwf-01.xml": (1, 0, ("undeclared-prefix",)),
    "dpla-hub-orbis/metadata-Aggregation-notwf-01.xml": (1, 0, ("undeclared-prefix",)),
    "dpla-repox.carli.illinois.edu/GetRecord-qdc-notwf-01.xml": (1, 0, ("undeclared-prefix", "missing-namespace")),
    "dspace.mit.edu/GetRecord-oai_dc-notwf-01.html": NotOaiPmh,
    "ep.eur.nl/Identify--notwf-01.xml": MalformedResponse,
    "ep.eur.nl/Identify--notwf-02.xml": (0, 0, ("undefined-entity",)),
    "misanthropy.kapsi.fi/GetRecord-oai_dc-notwf-01.xml": (0, 1, ("records-cut-out",)),
    "mospace.umsystem.edu/record-record-notwf-01.xml": (0, 1, ("records-cut-out",)),
    # Cut down by their authors in the middle of one more record, of which only the start tag is left.
    "oai.base-search.net/ListRecords-base_dc-notwf-01.xml": (14, 1, ("records-cut-out",)),
    "oai.base-search.net/ListRecords-base_dc-notwf-02.xml": (8, 1, ("records-cut-out",)),
    "purr.purdue.edu/ListRecords-oai_dc-notwf-01.txt": NotOaiPmh,
    "scmemory-search.org/record-qdc-notwf-01.xml": (1, 0, ("undeclared-prefix",)),
}
BEFORE, BEHIND = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>', b"</ListRecords></OAI-PMH>"
HEADER = b"<header><identifier>oai:a:1</identifier></header>"


def _index() -> dict[str, dict[str, str]]:
    if not CORPUS.is_dir():
        return {}
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = {row["file"].removeprefix("open/"): row for row in csv.DictReader(index, delimiter="\t")}
    return {name: row for name, row in rows.items() if (CORPUS / "open" / name).exists()}


INDEX = _index()
LISTED = [
    name
    for name, row in INDEX.items()
    if row["verb"] in LISTS and row["well_formed"] == "yes" and not name.startswith(tuple(TRIMMED))
]


@pytest.mark.parametrize("name", LISTED)
def test_a_real_answer_gives_every_record_or_the_reason(name: str) -> None:
    """As many elements as were counted by hand, each with a readable datestamp, and nothing is mended; or an error."""
    row, body = INDEX[name], (CORPUS / "open" / name).read_bytes()
    count = int(row["record_or_header_count"] or 0)
    try:
        page = pages.page(parse(body), row["verb"])
    except IngestError:
        # Only errors and web pages are refused: nothing that holds records is.
        assert not count
        return
    assert len(page.elements) == count
    assert not [element for element in page.elements if isinstance(element, Rejection)]
    assert page.repairs == ()
    assert page.response_date is not None
    assert all(datestamps.sort_key(element.header.datestamp) for element in page.elements)  # type: ignore[union-attr]  # No rejections.


def test_every_page_that_is_not_well_formed_is_in_the_table() -> None:
    """The table says of each what is saved of it."""
    assert set(BROKEN) == {name for name, row in INDEX.items() if row["well_formed"] == "no"}


@pytest.mark.parametrize("name", BROKEN)
def test_of_a_malformed_page_every_whole_record_is_read_and_every_other_is_named(name: str) -> None:
    """As many whole records as were counted by hand, all of them where a repair is enough, and no more."""
    row, body = INDEX[name], _answer(name)
    expected = BROKEN[name]
    if isinstance(expected, type):
        with pytest.raises(expected):
            parse(body)
        return
    envelope = parse(body)
    verb = next(verb for verb in (*LISTS, "Identify") if envelope.verb_element(verb) is not None)
    found = pages.page(envelope, verb)
    records = [element for element in found.elements if isinstance(element, Record)]
    rejections = [element for element in found.elements if isinstance(element, Rejection)]
    repairs = tuple(dict.fromkeys(repair.name for repair in found.repairs))
    assert (len(records), len(rejections), repairs) == expected
    assert len(records) + sum(it.identifier is not None for it in rejections) == _counted(name, row)
    assert len({record.header.identifier for record in records}) == len(records)


def _answer(name: str) -> bytes:
    body = (CORPUS / "open" / name).read_bytes()
    kind = name.partition("/")[2].partition("-")[0]
    if kind == "metadata":
        body = b"<record>" + HEADER + b"<metadata>" + body + b"</metadata></record>"
    if kind in {"record", "records", "metadata"}:
        return BEFORE + body.replace(b"<records>", b"").replace(b"</records>", b"") + BEHIND
    return body


def _counted(name: str, row: dict[str, str]) -> int:
    """Give the records that were counted by hand; a document that stands alone is that of one."""
    return 1 if "/metadata-" in name else int(row["record_or_header_count"])
