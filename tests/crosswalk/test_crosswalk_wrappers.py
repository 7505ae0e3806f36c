"""Formats that hold others, and XML that is only named like Dublin Core."""

import pytest

from ingest.crosswalk.registry import crosswalk

MODS = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Atlas</title></titleInfo></mods>'


def _wrapped(levels: int) -> bytes:
    document = MODS
    for _ in range(levels):
        document = f'<mets xmlns="http://www.loc.gov/METS/"><dmdSec><mdWrap><xmlData>{document}</xmlData></mdWrap></dmdSec></mets>'
    return document.encode()


def test_wrappers_may_hold_wrappers_a_few_deep() -> None:
    """Deeper down nothing is looked for: no repository means that."""
    name, description = crosswalk(_wrapped(3), metadata_prefix="x")
    assert name == "mets"
    assert description is not None
    assert [title.text for title in description.titles] == ["Atlas"]
    assert crosswalk(_wrapped(4), metadata_prefix="x") == ("mets", None)
    assert crosswalk(_wrapped(60), metadata_prefix="x") == ("mets", None)


def test_of_a_collection_the_first_record_is_read() -> None:
    """A repository sends one; an empty collection says nothing."""
    collection = '<modsCollection xmlns="http://www.loc.gov/mods/v3">{}</modsCollection>'
    name, description = crosswalk(
        collection.format(MODS + MODS.replace("Atlas", "Other")).encode(), metadata_prefix="x"
    )
    assert name == "mods_collection"
    assert description is not None
    assert [title.text for title in description.titles] == ["Atlas"]


@pytest.mark.parametrize("namespace", ["", "http://www.openarchives.org/OAI/2.0/"])
def test_the_protocols_own_element_may_stand_around_a_record(namespace: str) -> None:
    """One record of any format; Dublin Core directly inside is read as before."""
    name, description = crosswalk(f'<metadata xmlns="{namespace}">{MODS}</metadata>'.encode(), metadata_prefix="x")
    assert name == "metadata"
    assert description is not None
    assert [title.text for title in description.titles] == ["Atlas"]
    assert crosswalk(f"<metadata>{MODS}{MODS}</metadata>".encode(), metadata_prefix="x") == ("metadata", None)
    assert crosswalk(b"<metadata><title>Atlas</title></metadata>", metadata_prefix="x")[0] == "oai_dc"


@pytest.mark.parametrize(
    "document",
    [
        "<item><title>Atlas</title><creator>Ida Berg</creator><date>1901</date></item>",
        "<item><identifier>1</identifier><subject>Locks</subject><rights>CC0</rights></item>",
        "<item><Title>Atlas</Title><Creator>Ida Berg</Creator><Date>1901</Date></item>",
        "<page><item><title>Atlas</title><creator>Ida Berg</creator><date>1901</date></item></page>",
        '<item xmlns="https://example.org/i"><title>Atlas</title><type>map</type><date>1901</date><shelf>4</shelf></item>',
        (
            '<item xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Atlas</dc:title><dc:type>map</dc:type>'
            "<dc:date>1901</dc:date></item>"
        ),
    ],
)
def test_xml_named_like_dublin_core_is_read_as_such(document: str) -> None:
    """A title or an identifier and two further elements, under any root or its only child."""
    name, description = crosswalk(document.encode(), metadata_prefix="x")
    assert name == "dublin_core_names"
    assert description is not None
    assert description.titles or description.identifiers


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("<item><title>Atlas</title></item>", "item"),
        ("<item><title>Atlas</title><date>1901</date></item>", "item"),
        ("<item><title>Atlas</title><title>B</title><title>C</title></item>", "item"),
        ("<item><creator>Ida</creator><date>1901</date><type>map</type></item>", "item"),
        ("<item><title/><creator/><date/></item>", "item"),
        ("<item><title>A</title><abstract>B</abstract><created>1901</created><license>C</license></item>", "item"),
        (
            "<item><title>A</title><date>1</date><type>m</type><a>1</a><b>1</b><c>1</c><d>1</d></item>",
            "item",
        ),
        (
            "<item><title><main>A</main></title><date><year>1</year></date><type><code>m</code></type></item>",
            "item",
        ),
        (
            (
                '<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>A</title><updated>1</updated><author><name>I</name>'
                "</author><link/><summary>S</summary><rights>R</rights><contributor><name>J</name></contributor></entry>"
            ),
            "entry http://www.w3.org/2005/Atom",
        ),
        (
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Error</title></head><body><p>Sorry</p></body></html>',
            "html http://www.w3.org/1999/xhtml",
        ),
        (
            (
                "<rss><item><title>A</title><link>l</link><description>d</description><guid>g</guid><source>s</source>"
                "<pubDate>p</pubDate><comments>c</comments></item></rss>"
            ),
            "rss",
        ),
        ("<error>No title</error>", "error"),
    ],
)
def test_a_few_such_names_prove_nothing(document: str, name: str) -> None:
    """Feeds, pages, refinements alone, elements with a structure of their own."""
    assert crosswalk(document.encode(), metadata_prefix="oai_dc") == (name, None)
