"""A record is read where it stands in its page only if its own XML, which is what is kept, says the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.errors import IngestError
from ingest.protocol import pages
from ingest.protocol.envelope import parse
from ingest.records import Record

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "open"
PAGE = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:x="urn:x"{page}><responseDate>2024-05-06T07:08:09Z</responseDate><ListRecords{listed}>'
    "<record{record}><header><identifier>oai:a:1</identifier></header><metadata{around}>{metadata}</metadata></record>"
    "</ListRecords></OAI-PMH>"
)
DC = '<d:dc xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/"{root}>{inside}</d:dc>'
ELEMENTS = (
    "<dc:title>Words &amp; more\r\n &#13; &#x1F600; é</dc:title><dc:title xml:lang='de'>Worte</dc:title>"
    "<dc:rights resource='urn:r'>free</dc:rights><x:thing/><x:thing>y <b>bold</b> z</x:thing><title xmlns=''>t</title>"
    "<y:thing xmlns:y='urn:x'>two prefixes, one namespace</y:thing><dc:date> </dc:date>"
    "<dc:source xml:lang=''>s</dc:source>"
)


def _record(metadata: str, **places: str) -> Record:
    names = ("page", "listed", "record", "around")
    body = PAGE.format(metadata=metadata, **{name: places.get(name, "") for name in names})
    (record,) = pages.page(parse(body.encode()), "ListRecords").elements
    assert isinstance(record, Record)
    return record


def _said(record: Record) -> object:
    assert record.metadata is not None
    return crosswalk(record.metadata, metadata_prefix="oai_dc", tree=record.tree)


def _as_kept(record: Record) -> Record:
    return replace(record, tree=None)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(_record(DC.format(root="", inside=ELEMENTS)), id="plain"),
        pytest.param(_record(DC.format(root=" xml:lang='en'", inside=ELEMENTS)), id="its own language"),
        pytest.param(_record(DC.format(root="", inside="")), id="empty"),
        pytest.param(_record(DC.format(root="", inside="<dc:title>a<![CDATA[<b>]]>c</dc:title>")), id="section"),
        pytest.param(_record(f"<!-- before -->{DC.format(root='', inside=ELEMENTS)}<?after?>"), id="comments around"),
        pytest.param(_record(DC.format(root=" xmlns:x='urn:other'", inside=ELEMENTS)), id="a prefix declared anew"),
        pytest.param(_record("<d xmlns='http://www.openarchives.org/OAI/2.0/oai_dc/'/>"), id="another root"),
        pytest.param(
            _record(f"<dc xmlns='http://purl.org/dc/elements/1.1/'>{ELEMENTS}</dc>"),
            id="loose root",
        ),
        pytest.param(_record(f"<mods xmlns='http://www.loc.gov/mods/v3'>{ELEMENTS}</mods>"), id="another format"),
    ],
)
def test_a_record_that_stands_by_itself_is_read_without_being_parsed_again(record: Record) -> None:
    """The element of the page's tree is handed on with the bytes, and says what they say."""
    assert record.tree is not None
    assert _said(record) == _said(_as_kept(record))


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(_record(DC.format(root="", inside=ELEMENTS), page=" xml:lang='fr'"), id="language of the page"),
        pytest.param(_record(DC.format(root="", inside=ELEMENTS), listed=" xml:lang='fr'"), id="of the list"),
        pytest.param(_record(DC.format(root="", inside=ELEMENTS), record=" xml:lang='fr'"), id="of the record"),
        pytest.param(_record(DC.format(root="", inside=ELEMENTS), around=" xml:lang=''"), id="no language around it"),
        pytest.param(_record(DC.format(root="", inside="<dc:title>a<!-- b -->c</dc:title>")), id="comment"),
        pytest.param(_record(DC.format(root="", inside="<dc:title>a<?b?>c</dc:title>")), id="instruction"),
        pytest.param(_record("<dc:title>a</dc:title><dc:date>1990</dc:date>"), id="wrapped by a repair"),
    ],
)
def test_a_record_that_reads_otherwise_in_its_page_is_parsed_from_its_own_xml(record: Record) -> None:
    """What is kept decides: described again, it says the same as when it came."""
    assert record.tree is None


def test_the_tree_of_a_huge_page_is_not_kept() -> None:
    """Memory is bounded by a page, and a tree is many times as large as its text."""
    record = _record(DC.format(root="", inside=f"<dc:title>{'x' * 8_000_000}</dc:title>"))
    assert record.tree is None


def test_a_tree_is_no_part_of_what_a_record_says() -> None:
    """Two pages with the same records are the same, and no log shows a tree."""
    one, other = (_record(DC.format(root="", inside=ELEMENTS)) for _ in range(2))
    assert one == other == _as_kept(one)
    assert "tree" not in repr(one)


def _records_of_corpus() -> Iterator[Record]:
    for path in sorted(path for path in CORPUS.rglob("*.*") if path.is_file()):
        try:
            envelope = parse(path.read_bytes())
            verb = next(verb for verb in ("ListRecords", "GetRecord") if envelope.verb_element(verb) is not None)
            page = pages.page(envelope, verb)
        except (IngestError, StopIteration):
            continue
        yield from (element for element in page.elements if isinstance(element, Record) and element.metadata)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real answers is not at hand")
def test_real_records_say_the_same_in_their_pages_as_alone() -> None:
    """Whatever repositories send; and nearly all of it need not be parsed again."""
    in_place = [record for record in _records_of_corpus() if record.tree is not None]
    assert len(in_place) > 5000
    for record in in_place:
        assert _said(record) == _said(_as_kept(record)), record.header.identifier
