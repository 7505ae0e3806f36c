"""Real answers of many repositories, served over HTTP and harvested, where they are at hand: no record is lost."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from database_rows import rows
from harvesting import OUTCOMES, endpoint_at, harvest_here
from lxml import etree

from ingest.errors import IngestError
from ingest.ledger import Run, Verdict
from ingest.protocol.client import Repository
from ingest.records import ListRequest, MetadataFormat, Record
from workers.demo import answers
from workers.demo.exchange import Answer, Request, Response
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DATE = "2026-01-01T00:00:00Z"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real answers is not at hand")


def _answers_to(verb: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the index's rows of the well-formed answers to a verb whose root is the protocol's, by file."""
    if not CORPUS.is_dir():
        return
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            file = row["file"]
            wanted = row["verb"] == verb and row["well_formed"] == "yes" and (CORPUS / file).exists()
            if wanted and _root(CORPUS / file).tag == f"{OAI}OAI-PMH":
                yield file, row


def _root(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes(), etree.XMLParser(huge_tree=True, resolve_entities=False))


def _is_cut_out(file: str) -> bool:
    """Tell a file that was cut down to records without the verb's element: no repository answers so."""
    return not {f"{OAI}ListRecords", f"{OAI}error"}.intersection(child.tag for child in _root(CORPUS / file))


def _is_a_last_page(file: str) -> bool:
    """Tell a list's last page that names the token it was asked with, and would be no first page of any list."""
    root = _root(CORPUS / file)
    return root.find(f"{OAI}request[@resumptionToken]") is not None and root.find(f".//{OAI}resumptionToken") is None


RECORDS, HEADERS, SINGLE = map(dict, map(_answers_to, ("ListRecords", "ListIdentifiers", "GetRecord")))
CUT_OUT = [file for file in RECORDS if _is_cut_out(file)]


def _answer(request: Request, _behind: Answer) -> Response:
    """Be a repository whose address names a file and whose first page that file is."""
    verb, prefix = request.argument("verb") or "", request.path.partition("/oai/")[2].partition("/")[0]
    if request.argument("resumptionToken"):
        return _document(answers.element(verb, answers.element("resumptionToken")))
    if verb == "Identify":
        return _document(answers.element("Identify", _identification()))
    if verb == "ListMetadataFormats":
        offered = MetadataFormat(metadata_prefix=prefix, schema="", namespace="")
        return _document(answers.element(verb, answers.metadata_format(offered)))
    file = CORPUS / request.path.partition(f"/{prefix}/")[2]
    return Response(body=file.read_bytes())


def _document(body: bytes) -> Response:
    return Response(body=answers.document(response_date=DATE, base_url="http://127.0.0.1/oai", echo={}, body=body))


def _identification() -> bytes:
    told = {"repositoryName": "A file", "protocolVersion": "2.0", "granularity": "YYYY-MM-DDThh:mm:ssZ"}
    return b"".join(answers.element(name, value) for name, value in told.items())


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve every file of the corpus at an address of its own."""
    with serve(DemoRepository(items=()), middleware=_answer) as url:
        yield url


@pytest.fixture(scope="module")
def corpus_database(new_database: Callable[[], str]) -> str:
    """Return one database for all files."""
    return new_database()


@pytest.mark.parametrize("file", [file for file in RECORDS if file not in CUT_OUT])
def test_every_record_of_a_real_answer_is_an_item_or_a_rejection(
    file: str, base_url: str, corpus_database: str
) -> None:
    """In every format, understood or not; an identifier that a page repeats is one item."""
    run = harvest_file(corpus_database, base_url, file)
    expected, repeated = int(RECORDS[file]["record_or_header_count"]), _repeated(CORPUS / file)
    assert stored(corpus_database, "items", file) + stored(corpus_database, "rejections", file) == expected - repeated
    if expected:
        assert run.verdict in ({Verdict.PARTIAL} if _is_a_last_page(file) else {Verdict.COMPLETE, Verdict.SUSPECT})
        assert run.total("seen") == sum(run.total(name) for name in OUTCOMES) == expected
        assert stored(corpus_database, "rejections", file) == 0


@pytest.mark.parametrize("file", CUT_OUT)
def test_records_outside_of_any_list_are_refused_and_said_to_be(file: str, base_url: str, corpus_database: str) -> None:
    """They are no answer to what was asked; the verdict never calls that complete."""
    run = harvest_file(corpus_database, base_url, file)
    assert (run.verdict, [reason.code for reason in run.reasons]) == (Verdict.FAILED, ["malformed-response"])


def harvest_file(database_url: str, base_url: str, file: str) -> Run:
    """Harvest the repository that a file stands for, in the format that it is known to be in."""
    prefix = RECORDS[file]["metadataPrefix"] or "oai_dc"
    endpoint = endpoint_at(f"{base_url}/{prefix}/{file}", name=file, namespace=file, metadata_prefix=(prefix,))
    return harvest_here(database_url, endpoint, wait=lambda _seconds: None)


def stored(database_url: str, table: str, endpoint: str) -> int:
    """Count an endpoint's rows in a table."""
    counted = rows(
        database_url,
        f"SELECT count(*) AS number FROM {table} JOIN endpoints ON endpoints.id = endpoint_id WHERE name = :name",
        name=endpoint,
    )
    return int(counted[0]["number"])


def _repeated(path: Path) -> int:
    """Count the record elements whose identifier the page has brought before."""
    found = [element.findtext(f"{OAI}header/{OAI}identifier") for element in _root(path).iter(f"{OAI}record")]
    identifiers = [identifier.strip() for identifier in found if identifier]
    return len(identifiers) - len(set(identifiers))


def test_all_that_was_harvested_is_in_the_catalogue(base_url: str, corpus_database: str) -> None:
    """Each live item has its record, and every record says something of itself."""
    file = next(iter(RECORDS))
    harvest_file(corpus_database, base_url, file)
    lost = rows(corpus_database, "SELECT oai_identifier FROM items WHERE record_key IS NULL AND NOT deleted")
    assert lost == []
    silent = rows(corpus_database, "SELECT record_id FROM catalogue_records WHERE NOT deleted AND endpoint IS NULL")
    assert silent == []


# --- the other verbs ------------------------------------------------------------------------------


def ask(base_url: str, file: str, call: Callable[[Repository], Any]) -> Any:
    """Ask the repository that a file stands for; errors of the protocol are answers too."""
    with Repository(
        f"{base_url}/oai_dc/{file}", user_agent="oai-ingest-tests", wait=lambda _seconds: None
    ) as repository:
        try:
            return call(repository)
        except IngestError as error:
            return error


@pytest.mark.parametrize("file", HEADERS)
def test_every_header_of_a_real_list_is_read(file: str, base_url: str) -> None:
    """A list of headers gives records without metadata."""
    page = ask(base_url, file, lambda it: it.list_identifiers(ListRequest(metadata_prefix="oai_dc")))
    assert_brings(page, int(HEADERS[file]["record_or_header_count"]))


@pytest.mark.parametrize("file", SINGLE)
def test_every_single_record_is_read(file: str, base_url: str) -> None:
    """GetRecord gives a page of one, or the error that stands there instead."""
    page = ask(base_url, file, lambda it: it.get_record("oai:example.org:1", "oai_dc"))
    assert_brings(page, int(SINGLE[file]["record_or_header_count"]))


def assert_brings(page: Any, number: int) -> None:
    """Assert that a page has so many records; a record without a header is a rejection, and not counted."""
    if number == 0 and isinstance(page, IngestError):
        return
    records = [element for element in page.elements if isinstance(element, Record)]
    others = [element for element in page.elements if not isinstance(element, Record)]
    assert len(records) == number
    assert {other.reason for other in others} <= {"no-identifier"}
