"""Real answers of many repositories, where they are at hand: each is read, or refused with the right word."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.protocol import datestamps, pages
from ingest.protocol.envelope import parse
from ingest.records import Rejection

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LISTS = {"ListRecords", "ListIdentifiers", "GetRecord"}

# Fixtures that their authors cut down to records without the verb's element, or without a header.
TRIMMED = {"oai.base-search.net/ListRecords-base_dc", "example.com/GetRecord-oai_dc-01"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real answers is not at hand")


def _lists() -> Iterator[tuple[str, dict[str, str]]]:
    if not CORPUS.is_dir():
        return
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            name = row["file"].removeprefix("open/")
            if row["verb"] in LISTS and (CORPUS / row["file"]).exists() and not name.startswith(tuple(TRIMMED)):
                yield row["file"], row


ROWS = dict(_lists())


@pytest.mark.parametrize("name", ROWS)
def test_a_real_answer_gives_every_record_or_the_reason(name: str) -> None:
    """As many elements as were counted by hand, each with a readable datestamp; or an error of this package."""
    row, body = ROWS[name], (CORPUS / name).read_bytes()
    try:
        page = pages.page(parse(body), row["verb"])
    except IngestError:
        # Only errors, web pages and broken XML are refused: nothing that holds records is.
        assert row["well_formed"] == "no" or not int(row["record_or_header_count"] or 0)
        return
    assert len(page.elements) == int(row["record_or_header_count"])
    assert not [element for element in page.elements if isinstance(element, Rejection)]
    assert page.response_date is not None
    assert all(datestamps.sort_key(element.header.datestamp) for element in page.elements)  # type: ignore[union-attr]  # No rejections.
