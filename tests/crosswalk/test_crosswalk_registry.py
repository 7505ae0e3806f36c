"""How the format of a record is recognised, and what can not be read."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.crosswalk.registry import FORMATS, Format, crosswalk
from ingest.errors import CrosswalkError

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_root_of_the_registry_is_recognised_even_when_empty(known: Format) -> None:
    """Namespace and name of the root are enough."""
    for namespace, root in known.roots:
        name, description = crosswalk(f'<{root} xmlns="{namespace}"/>'.encode(), metadata_prefix="other")
        assert name == known.name
        assert description is not None


@pytest.mark.parametrize(
    ("root", "name"),
    [
        (f"<dc {DC}>{{}}</dc>", "oai_dc"),
        (f'<x:dc xmlns:x="https://example.org/own/" {DC}>{{}}</x:dc>', "oai_dc"),
        (f"<metadata {DC}>{{}}</metadata>", "oai_dc"),
        (f"<qualifieddc {DC}>{{}}</qualifieddc>", "qualified_dc"),
        (f'<x:qualifieddc xmlns:x="https://example.org/own/" {DC}>{{}}</x:qualifieddc>', "qualified_dc"),
        (f"<oai_qdc {DC}>{{}}</oai_qdc>", "qualified_dc"),
        (f"<qdc {DC}>{{}}</qdc>", "qualified_dc"),
        (f"<dcterms {DC}>{{}}</dcterms>", "qualified_dc"),
        (f"<dcterms:dcterms {DC}>{{}}</dcterms:dcterms>", "qualified_dc"),
        (f"<oai_dcq {DC}>{{}}</oai_dcq>", "qualified_dc"),
    ],
)
@pytest.mark.parametrize("child", ["<dc:title>T</dc:title>", "<dcterms:title>T</dcterms:title>", "<title>T</title>"])
def test_a_root_in_an_unusual_namespace_is_known_by_its_children(root: str, name: str, child: str) -> None:
    """The root's name and Dublin Core inside it are enough; the metadataPrefix does not matter."""
    found, description = crosswalk(root.format(child).encode(), metadata_prefix="marc21")
    assert found == name
    assert description is not None
    assert [title.text for title in description.titles] == ["T"]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ('<own xmlns="https://example.org/own/"><title>T</title></own>', "own https://example.org/own/"),
        ("<thing><dc>T</dc></thing>", "thing"),
        ("<dc/>", "dc"),
        ('<dc xmlns="https://example.org/direct-current"><volt>4</volt></dc>', "dc https://example.org/direct-current"),
        ("<metadata><idinfo/></metadata>", "metadata"),
    ],
)
def test_an_unknown_format_is_named_by_its_root_element(document: str, name: str) -> None:
    """It has no description, and a name under which it can be counted."""
    assert crosswalk(document.encode(), metadata_prefix="oai_dc") == (name, None)


@pytest.mark.parametrize(
    "metadata", [b"", b"   ", b"no XML", b"<dc><title></dc>", b"<dc/><dc/>", b"<dc>\xff</dc>", "<dc/>".encode("utf-16")]
)
def test_what_is_no_xml_is_a_crosswalk_error_of_one_line(metadata: bytes) -> None:
    """The error says what the parser stumbled over."""
    with pytest.raises(CrosswalkError, match=r"^The metadata is no well-formed XML: .*\.$"):
        crosswalk(metadata, metadata_prefix="oai_dc")


def test_entities_of_a_document_type_are_not_expanded() -> None:
    """A value that refers to one keeps the reference; a file is never read."""
    document = (
        '<!DOCTYPE dc [<!ENTITY one "1111111111"><!ENTITY file SYSTEM "file:///etc/hostname">]>'
        f"<dc {DC}><dc:title>&one;</dc:title><dc:title>&file;</dc:title></dc>"
    )
    _, description = crosswalk(document.encode(), metadata_prefix="oai_dc")
    assert description is not None
    assert [title.text for title in description.titles] == ["&one;", "&file;"]


def test_entities_that_grow_inside_an_attribute_are_refused() -> None:
    """Ten levels of ten would be ten thousand million characters."""
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 11))
    document = f'<!DOCTYPE dc [<!ENTITY e0 "0123456789">{levels}]><dc><title resource="&e10;"/></dc>'
    with pytest.raises(CrosswalkError):
        crosswalk(document.encode(), metadata_prefix="oai_dc")


def test_a_value_above_the_parsers_usual_limit_is_read() -> None:
    """One text node may be longer than ten million bytes."""
    text = "x" * 10_000_001
    _, description = crosswalk(f"<dc {DC}><dc:title>{text}</dc:title></dc>".encode(), metadata_prefix="oai_dc")
    assert description is not None
    assert len(description.titles[0].text) == len(text)


@given(
    start=st.integers(0, 120),
    junk=st.one_of(
        st.binary(max_size=12), st.sampled_from([b"&x;", b"<!--", b"<?a?>", b"]]>", b"<dc:date/>", b"\x00"])
    ),
)
def test_damaged_metadata_is_read_or_refused_and_nothing_else(start: int, junk: bytes) -> None:
    """Whatever stands in the bytes, the caller has to expect one error only."""
    document = f"<dc {DC}><dc:title>T</dc:title><dc:rights/></dc>".encode()
    with suppress(CrosswalkError):
        crosswalk(document[:start] + junk + document[start + 1 :], metadata_prefix="oai_dc")


def test_the_documents_name_every_format() -> None:
    """What operators read of formats is what there is."""
    page = (Path(__file__).parents[2] / "docs" / "describing.md").read_text(encoding="utf-8")
    table = page.partition("## Formats")[2].partition("##")[0]
    named = {name for row in table.splitlines() if row.startswith("|") for name in re.findall(r"`(\w+)`", row)}
    assert named == {known.name for known in FORMATS}
