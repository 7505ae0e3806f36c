"""The demo repository's records, and how it is declared as an endpoint.

The records stand as XML in ``data/``, in the order of the file names; all were written for the demo. The first is the
one that this project started from.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files

from lxml import etree

from ingest.endpoints import Endpoint, FieldRule, Fields, RecordIdRule
from ingest.records import MetadataFormat, Set
from workers.demo.items import Item
from workers.demo.repository import OAI_DC, DemoRepository

QDC = MetadataFormat(
    metadata_prefix="qdc",
    schema="http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd",
    namespace="http://worldcat.org/xmlschemas/qdc-1.0/",
)
SETS = (
    Set(spec="holdings", name="Everything that the archive and its library hold"),
    Set(spec="holdings:diplomacy", name="Diplomatic documents"),
    Set(spec="holdings:library", name="Articles, books and theses"),
    Set(spec="holdings:collections", name="Pictures, objects and papers that were given"),
    Set(spec="reading-list", name="Recommended reading, some of it from elsewhere"),
)
_FORMATS = {known.metadata_prefix: known for known in (OAI_DC, QDC)}
_PAGE_SIZE = 10
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA_LOCATION = f"{{{_SCHEMA_INSTANCE}}}schemaLocation"
_OAI_IDENTIFIER = (
    b'<oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier" '
    b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai-identifier '
    b'http://www.openarchives.org/OAI/2.0/oai-identifier.xsd">'
    b"<scheme>oai</scheme><repositoryIdentifier>demo.oai-ingest.example</repositoryIdentifier>"
    b"<delimiter>:</delimiter><sampleIdentifier>oai:demo.oai-ingest.example:119198</sampleIdentifier></oai-identifier>"
)


def demo_repository() -> DemoRepository:
    """Return the repository with the bundled records, in both formats, ten records a page."""
    return DemoRepository(
        items=demo_items(),
        formats=tuple(_FORMATS.values()),
        sets=SETS,
        descriptions=(_OAI_IDENTIFIER,),
        page_size=_PAGE_SIZE,
    )


def demo_endpoint(base_url: str) -> Endpoint:
    """Return the declaration of the demo repository that is served at this base URL."""
    return Endpoint(
        name="demo",
        namespace="demo",
        url=base_url,
        metadata_prefix=("oai_dc", "qdc"),
        sets=("holdings", "reading-list"),
        record_id=RecordIdRule(element="identifier", pattern=r"^Record ID (\d+)$"),
        fields=Fields(donor=FieldRule(element="contributor", pattern=r"^Donor: (.+)$")),
    )


@cache
def demo_items() -> tuple[Item, ...]:
    """Read the bundled items; raises ``ValueError`` or ``KeyError`` where a file is not as it should be."""
    sources = sorted((files("workers.demo") / "data").iterdir(), key=lambda source: source.name)
    return tuple(item for source in sources if source.name.endswith(".xml") for item in _items(source.read_bytes()))


def _items(content: bytes) -> Iterator[Item]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_blank_text=True)
    for element in etree.fromstring(content, parser).iterchildren("item"):
        yield _item(element)


def _item(element: etree._Element) -> Item:
    identifier, datestamp = element.attrib["identifier"], element.attrib["datestamp"]
    datetime.fromisoformat(datestamp)
    return Item(
        identifier=identifier,
        datestamp=datestamp,
        set_specs=tuple(element.get("sets", "").split()),
        deleted=element.get("status") == "deleted",
        formats=dict(_format(metadata) for metadata in element.iterchildren("metadata")),
        about=tuple(_serialised(about) for wrapper in element.iterchildren("about") for about in wrapper),
    )


def _format(metadata: etree._Element) -> tuple[str, bytes | None]:
    known = _FORMATS[metadata.attrib["prefix"]]
    if not len(metadata):
        return known.metadata_prefix, None
    (root,) = metadata
    root.set(_SCHEMA_LOCATION, f"{known.namespace} {known.schema}")
    return known.metadata_prefix, _serialised(root)


def _serialised(element: etree._Element) -> bytes:
    """Write the element with the namespace declarations that it needs, and none that the file has for others."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(alone)
    etree.indent(alone)
    return etree.tostring(alone, encoding="UTF-8", xml_declaration=False)
