"""DIDL: what it wraps, and what its descriptors say."""

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description

DIDL = (
    '<DIDL xmlns="urn:mpeg:mpeg21:2002:02-DIDL-NS" xmlns:dii="urn:mpeg:mpeg21:2002:01-DII-NS" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:mods="http://www.loc.gov/mods/v3" '
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><Item>{}</Item></DIDL>'
)
MODS = (
    "<Component><Resource><mods:mods><mods:titleInfo><mods:title>Dijken</mods:title></mods:titleInfo></mods:mods>"
    "</Resource></Component>"
)


def _said(element: str) -> str:
    return f"<Descriptor><Statement>{element}</Statement></Descriptor>"


def _item(kind: str, *said: str, address: str) -> str:
    kind = _said(f'<rdf:type rdf:resource="info:eu-repo/semantics/{kind}"/>') if kind else ""
    return f'<Item>{kind}{"".join(map(_said, said))}<Component><Resource ref="{address}"/></Component></Item>'


def _described(inside: str) -> Description:
    name, description = crosswalk(DIDL.format(inside).encode(), metadata_prefix="x")
    assert name == "didl"
    assert description is not None
    return description


def test_metadata_in_a_resource_or_a_statement_is_read() -> None:
    """MODS in a resource of an item, Dublin Core in a statement."""
    assert [title.text for title in _described(f"<Item>{MODS}</Item>").titles] == ["Dijken"]
    dublin_core = _said("<oai_dc:dc><dc:title>Dijken</dc:title></oai_dc:dc>")
    assert [title.text for title in _described(dublin_core).titles] == ["Dijken"]


def test_dublin_core_beside_mods_is_not_read() -> None:
    """It repeats the other in fewer words."""
    dublin_core = _said("<oai_dc:dc><dc:title>Short</dc:title></oai_dc:dc>")
    assert [title.text for title in _described(f"{dublin_core}<Item>{MODS}</Item>").titles] == ["Dijken"]


def test_the_item_says_its_identifier_and_dates() -> None:
    """Those of its parts are not the thing's."""
    own = _said("<dii:Identifier>urn:nbn:1</dii:Identifier>") + _said("<dcterms:modified>2019</dcterms:modified>")
    inner = _item(
        "objectFile",
        "<dii:Identifier>urn:nbn:1-1</dii:Identifier>",
        "<dcterms:modified>2020</dcterms:modified>",
        address="https://example.org/1.pdf",
    )
    description = _described(own + MODS + inner)
    assert [(value.text, value.role) for value in description.identifiers] == [("urn:nbn:1", "dii")]
    assert [(value.text, value.role) for value in description.dates] == [("2019", "modified")]
    assert [(value.text, value.role) for value in description.relations] == [
        ("urn:nbn:1-1", "dii"),
        ("https://example.org/1.pdf", "objectFile"),
    ]


def test_who_may_read_the_files_and_from_when_is_rights() -> None:
    """What several files say alike is said once; a date of availability is an embargo where it lies ahead."""
    restricted = "<dcterms:accessRights>http://purl.org/eprint/accessRights/RestrictedAccess</dcterms:accessRights>"
    files = [
        _item(
            "objectFile",
            restricted,
            "<dcterms:available>2031-05</dcterms:available>",
            address=f"https://example.org/{n}",
        )
        for n in (1, 2)
    ]
    description = _described(MODS + "".join(files))
    assert [(value.text, value.role, value.element) for value in description.rights] == [
        ("http://purl.org/eprint/accessRights/RestrictedAccess", "accessRights", "dcterms:accessRights"),
        ("2031-05", "available", "dcterms:available"),
    ]


def test_the_page_that_people_read_identifies_the_thing() -> None:
    """An address of no kind is a resource."""
    pages = _item("humanStartPage", address="https://example.org/p") + _item("", address="https://example.org/r")
    description = _described(MODS + pages)
    assert [value.text for value in description.identifiers] == ["https://example.org/p"]
    assert [(value.text, value.role) for value in description.relations] == [("https://example.org/r", "resource")]


def test_a_declaration_of_unknown_metadata_is_not_understood() -> None:
    """It is named all the same."""
    document = DIDL.format(_said('<own xmlns="https://example.org/own"><part>x</part></own>'))
    assert crosswalk(document.encode(), metadata_prefix="didl") == ("didl", None)
