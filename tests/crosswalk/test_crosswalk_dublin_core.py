"""Dublin Core, unqualified and qualified: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:ali="http://www.niso.org/schemas/ali/1.0" xmlns:foaf="http://xmlns.com/foaf/0.1/">{}</oai_dc:dc>'
)
OAI_QDC = (
    '<qdc:qualifieddc xmlns:qdc="http://worldcat.org/xmlschemas/qdc-1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/">{}</qdc:qualifieddc>'
)


def _described(document: str) -> Description:
    _, description = crosswalk(document.encode(), metadata_prefix="oai_dc")
    assert description is not None
    return description


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("title", "titles"),
        ("creator", "creators"),
        ("subject", "subjects"),
        ("description", "descriptions"),
        ("publisher", "publishers"),
        ("contributor", "contributors"),
        ("date", "dates"),
        ("type", "types"),
        ("format", "formats"),
        ("identifier", "identifiers"),
        ("source", "sources"),
        ("language", "languages"),
        ("relation", "relations"),
        ("coverage", "coverage"),
        ("rights", "rights"),
    ],
)
@pytest.mark.parametrize("prefix", ["dc", "dcterms"])
def test_each_element_has_its_field_in_both_namespaces(element: str, field: str, prefix: str) -> None:
    """The fifteen elements stand in dc/elements/1.1 and again in dc/terms."""
    name = f"{prefix}:{element}"
    assert _described(OAI_DC.format(f"<{name}>Words</{name}>")) == Description(
        **{field: (Value(text="Words", element=name),)}
    )


@pytest.mark.parametrize(
    ("term", "field", "role"),
    [
        ("alternative", "titles", "alternative"),
        ("created", "dates", "created"),
        ("issued", "dates", "issued"),
        ("valid", "dates", "valid"),
        ("available", "dates", "available"),
        ("dateCopyrighted", "dates", "dateCopyrighted"),
        ("dateAccepted", "dates", "dateAccepted"),
        ("dateSubmitted", "dates", "dateSubmitted"),
        ("modified", "dates", "modified"),
        ("abstract", "descriptions", "abstract"),
        ("tableOfContents", "descriptions", "tableOfContents"),
        ("provenance", "descriptions", "provenance"),
        ("extent", "formats", "extent"),
        ("medium", "formats", "medium"),
        ("isPartOf", "relations", "isPartOf"),
        ("isVersionOf", "relations", "isVersionOf"),
        ("references", "relations", "references"),
        ("bibliographicCitation", "relations", "bibliographicCitation"),
        ("conformsTo", "relations", "conformsTo"),
        ("audience", "relations", "audience"),
        ("mediator", "relations", "mediator"),
        ("instructionalMethod", "relations", "instructionalMethod"),
        ("spatial", "coverage", "spatial"),
        ("temporal", "coverage", "temporal"),
        ("license", "rights", "license"),
        ("accessRights", "rights", "accessRights"),
        ("rightsHolder", "rights", "holder"),
    ],
)
@pytest.mark.parametrize("root", [OAI_DC, OAI_QDC], ids=["oai_dc", "qualified_dc"])
def test_a_refinement_goes_to_the_field_it_refines(root: str, term: str, field: str, role: str) -> None:
    """Its name is the role; the same under either root, because repositories put terms into oai_dc."""
    name = f"dcterms:{term}"
    assert _described(root.format(f"<{name}>Words</{name}>")) == Description(
        **{field: (Value(text="Words", element=name, role=role),)}
    )


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ("<dc:alternative>A</dc:alternative>", "titles", Value(text="A", element="dc:alternative", role="alternative")),
        ("<dc:Title>A</dc:Title>", "titles", Value(text="A", element="dc:Title")),
        ("<dc:date.issued>1964</dc:date.issued>", "dates", Value(text="1964", element="dc:date.issued", role="issued")),
        (
            "<dc:relation.ispartof>A</dc:relation.ispartof>",
            "relations",
            Value(text="A", element="dc:relation.ispartof", role="isPartOf"),
        ),
        (
            "<dc:identifier.isbn>A</dc:identifier.isbn>",
            "identifiers",
            Value(text="A", element="dc:identifier.isbn", role="isbn"),
        ),
        (
            "<dc:rights.holder>A</dc:rights.holder>",
            "rights",
            Value(text="A", element="dc:rights.holder", role="holder"),
        ),
        (
            "<dc:contributor.funder>A</dc:contributor.funder>",
            "donors",
            Value(text="A", element="dc:contributor.funder", role="funder"),
        ),
        ("<edm:rights>A</edm:rights>", "rights", Value(text="A", element="edm:rights")),
        (
            "<ali:license_ref>https://example.org/l</ali:license_ref>",
            "rights",
            Value(text="https://example.org/l", element="ali:license_ref", role="license"),
        ),
        (
            "<edm:dataProvider>A</edm:dataProvider>",
            "relations",
            Value(text="A", element="edm:dataProvider", role="dataProvider"),
        ),
        ("<title>A</title>", "titles", Value(text="A", element="dc:title")),
        ("<oai_dc:title>A</oai_dc:title>", "titles", Value(text="A", element="dc:title")),
    ],
)
def test_misplaced_and_foreign_elements_are_kept_where_they_mean_something(
    element: str, field: str, value: Value
) -> None:
    """Nothing of the metadata is lost: what no field knows is a relation, with its name as the role."""
    assert _described(OAI_DC.format(element)) == Description(**{field: (value,)})


@pytest.mark.parametrize(
    ("element", "texts"),
    [
        ("<dc:rights>  Free \n to use\n</dc:rights>", ["Free \n to use"]),
        ("<dc:rights>\u00a0</dc:rights><dc:rights/><dc:rights> </dc:rights>", []),
        ("<dc:rights>See <a href='https://example.org'>the <b>terms</b></a>.</dc:rights>", ["See the terms."]),
        ("<dc:rights>In<!-- not said --> copy<?skip it?>right</dc:rights>", ["In copyright"]),
        ("<dc:rights><![CDATA[A & B]]></dc:rights>", ["A & B"]),
        ("<dc:rights>&amp;lt;b&amp;gt; &amp;copy;</dc:rights>", ["&lt;b&gt; &copy;"]),
        ('<dc:rights rdf:resource="https://example.org/r"/>', ["https://example.org/r"]),
        ('<dc:rights xlink:href="https://example.org/r"> </dc:rights>', ["https://example.org/r"]),
        ('<dc:rights rdf:resource="https://example.org/r">Free</dc:rights>', ["Free", "https://example.org/r"]),
        (
            '<dc:rights xlink:href="https://example.org/r">https://example.org/r</dc:rights>',
            ["https://example.org/r"],
        ),
        ("<dc:rights>second</dc:rights><dcterms:license>first</dcterms:license>", ["second", "first"]),
    ],
    ids=[
        "blanks are taken from the ends only",
        "empty values are left out",
        "text of markup is joined",
        "comments and instructions are no text",
        "CDATA",
        "what was escaped twice stays escaped once",
        "rdf:resource without text",
        "xlink:href beside blanks",
        "an address beside words is a value of its own",
        "an address said twice is one value",
        "document order",
    ],
)
def test_values_are_read_as_written(element: str, texts: list[str]) -> None:
    """The text of each value, in document order."""
    assert [value.text for value in _described(OAI_DC.format(element)).rights] == texts


def test_an_address_beside_words_counts_for_rights_alone() -> None:
    """A creator is not also the address of an authority file."""
    creators = _described(OAI_DC.format('<dc:creator rdf:resource="https://example.org/1">Ann</dc:creator>')).creators
    assert [creator.text for creator in creators] == ["Ann"]


def test_an_address_inside_an_element_without_text_is_found() -> None:
    """A person may be described by nothing but what it is about."""
    person = '<dc:creator><foaf:Person rdf:about="https://example.org/1"/></dc:creator>'
    assert _described(OAI_DC.format(person)).creators[0].text == "https://example.org/1"


@pytest.mark.parametrize(
    ("attribute", "own", "expected"),
    [
        ("", "", None),
        (' xml:lang="fr"', "", "fr"),
        (' xml:lang="fr"', ' xml:lang="de-CH"', "de-CH"),
        ("", ' xml:lang="fr"', "fr"),
        (' xml:lang="fr"', ' xml:lang=""', None),
    ],
)
def test_language_is_the_nearest_xml_lang(attribute: str, own: str, expected: str | None) -> None:
    """An element without one inherits; an empty one takes the inherited language away."""
    document = f'<dc xmlns="http://purl.org/dc/elements/1.1/"{attribute}><title{own}>Titre</title></dc>'
    assert _described(document).titles == (Value(text="Titre", lang=expected, element="dc:title"),)


def test_a_whole_record_keeps_document_order() -> None:
    """Values of one field keep their order, whichever of its elements they stand in."""
    document = OAI_QDC.format(
        "<dcterms:alternative>Other</dcterms:alternative><dc:title>Proper</dc:title><dc:creator>A</dc:creator>"
        "<dcterms:created>1914/1918</dcterms:created><dc:date>1920</dc:date><dc:creator>B</dc:creator>"
    )
    assert _described(document) == Description(
        titles=(
            Value(text="Other", element="dcterms:alternative", role="alternative"),
            Value(text="Proper", element="dc:title"),
        ),
        creators=(Value(text="A", element="dc:creator"), Value(text="B", element="dc:creator")),
        dates=(
            Value(text="1914/1918", element="dcterms:created", role="created"),
            Value(text="1920", element="dc:date"),
        ),
    )
