"""Theses in ETD-MS and UKETD_DC: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

ETDMS = '<thesis xmlns="http://www.ndltd.org/standards/metadata/etdms/1.0/">{}</thesis>'


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ('<title xml:lang="fr">Phares</title>', "titles", Value(text="Phares", lang="fr", element="dc:title")),
        (
            '<alternativeTitle xml:lang="en">Lights</alternativeTitle>',
            "titles",
            Value(text="Lights", lang="en", element="dc:alternativeTitle", role="alternative"),
        ),
        (
            '<creator resource="https://example.org/p">Tremblay, Luc</creator>',
            "creators",
            Value(text="Tremblay, Luc", element="dc:creator", parts=(("identifier", "https://example.org/p"),)),
        ),
        (
            '<contributor role="advisor">Roy, Anne</contributor>',
            "contributors",
            Value(text="Roy, Anne", element="dc:contributor", role="advisor"),
        ),
        (
            '<contributor role="Funder">Fonds</contributor>',
            "donors",
            Value(text="Fonds", element="dc:contributor", role="funder"),
        ),
        (
            '<description role="abstract">Words</description>',
            "descriptions",
            Value(text="Words", element="dc:description", role="abstract"),
        ),
        (
            '<subject scheme="LCSH">Lighthouses</subject>',
            "subjects",
            Value(text="Lighthouses", element="dc:subject", role="LCSH"),
        ),
        ("<rights>© 2004</rights>", "rights", Value(text="© 2004", element="dc:rights")),
        ("<date.created>2004</date.created>", "dates", Value(text="2004", element="dc:date.created", role="created")),
        (
            "<degree><name>Ph.D.</name></degree>",
            "types",
            Value(text="Ph.D.", element="thesis:degree.name", role="degree.name"),
        ),
        (
            "<degree><level>2</level></degree>",
            "types",
            Value(text="2", element="thesis:degree.level", role="degree.level"),
        ),
        (
            '<degree><discipline xml:lang="fr">Physique</discipline></degree>',
            "subjects",
            Value(text="Physique", lang="fr", element="thesis:degree.discipline", role="degree.discipline"),
        ),
        (
            "<degree><grantor>Université</grantor></degree>",
            "contributors",
            Value(text="Université", element="thesis:degree.grantor", role="degree.grantor"),
        ),
        (
            "<degree><honours>cum laude</honours></degree>",
            "relations",
            Value(text="cum laude", element="thesis:degree.honours", role="degree.honours"),
        ),
    ],
)
def test_etdms(element: str, field: str, value: Value) -> None:
    """The elements are Dublin Core's; roles are kept, and who paid is a donor."""
    name, description = crosswalk(ETDMS.format(element).encode(), metadata_prefix="oai_dc")
    assert (name, description) == ("etdms", Description(**{field: (value,)}))


@pytest.mark.parametrize(
    "root",
    [
        '<t:thesis xmlns:t="http://www.ndltd.org/standards/metadata/etdms/1.1" xmlns="http://purl.org/dc/elements/1.1/">{}</t:thesis>',
        '<thesis xmlns="https://example.org/thesis">{}</thesis>',
        "<thesis>{}</thesis>",
    ],
    ids=["without the last stroke", "another namespace", "no namespace"],
)
def test_etdms_under_other_namespaces(root: str) -> None:
    """The name of the root and Dublin Core in it are enough."""
    name, description = crosswalk(root.format("<title>T</title>").encode(), metadata_prefix="other")
    assert (name, description) == ("etdms", Description(titles=(Value(text="T", element="dc:title"),)))


UKETD_DC = (
    '<uketd_dc:uketddc xmlns:uketd_dc="http://naca.central.cranfield.ac.uk/ethos-oai/2.0/"'
    ' xmlns:uketdterms="http://naca.central.cranfield.ac.uk/ethos-oai/terms/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">{}</uketd_dc:uketddc>'
)


@pytest.mark.parametrize(
    ("element", "field", "role"),
    [
        ("advisor", "contributors", "advisor"),
        ("institution", "contributors", "institution"),
        ("department", "contributors", "department"),
        ("commercial", "contributors", "commercial"),
        ("sponsor", "donors", "funder"),
        ("grantnumber", "relations", "grantnumber"),
        ("qualificationname", "types", "qualificationname"),
        ("embargodate", "rights", "embargoEnd"),
        ("checksum", "relations", "checksum"),
    ],
)
def test_uketd_dc(element: str, field: str, role: str) -> None:
    """What the format adds to Dublin Core; a sponsor pays for the research."""
    document = UKETD_DC.format(f"<uketdterms:{element}>Words</uketdterms:{element}>")
    assert crosswalk(document.encode(), metadata_prefix="oai_dc") == (
        "uketd_dc",
        Description(**{field: (Value(text="Words", element=f"uketdterms:{element}", role=role),)}),
    )


def test_uketd_dc_gives_grants_to_their_sponsors() -> None:
    """One number each, in order."""
    elements = "".join(
        f"<uketdterms:{name}>{text}</uketdterms:{name}>"
        for name, text in (("sponsor", "A"), ("sponsor", "B"), ("grantnumber", "1"), ("grantnumber", "2"))
    )
    _, description = crosswalk(UKETD_DC.format(elements).encode(), metadata_prefix="oai_dc")
    assert description is not None
    assert [(donor.text, donor.parts) for donor in description.donors] == [
        ("A", (("award_number", "1"),)),
        ("B", (("award_number", "2"),)),
    ]
