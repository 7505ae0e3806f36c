"""OpenAIRE's guidelines 4: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

RECORD = (
    '<oaire:resource xmlns:oaire="http://namespace.openaire.eu/schema/oaire/"'
    ' xmlns:datacite="http://datacite.org/schema/kernel-4" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/">{}</oaire:resource>'
)
OPEN = "http://purl.org/coar/access_right/c_abf2"
BY = "https://creativecommons.org/licenses/by/4.0/"


def _described(elements: str) -> Description:
    name, description = crosswalk(RECORD.format(elements).encode(), metadata_prefix="oai_dc")
    assert name == "oai_openaire"
    assert description is not None
    return description


@pytest.mark.parametrize(
    ("element", "values"),
    [
        (
            f'<datacite:rights rightsURI="{OPEN}">open access</datacite:rights>',
            [("open access", "access"), (OPEN, "access")],
        ),
        (f'<datacite:rights rightsURI="{BY}">CC BY</datacite:rights>', [("CC BY", "access"), (BY, "access")]),
        ("<datacite:rights>embargoed access</datacite:rights>", [("embargoed access", "access")]),
        (
            f'<oaire:licenseCondition uri="{BY}">Attribution</oaire:licenseCondition>',
            [("Attribution", "license"), (BY, "license")],
        ),
        (f'<oaire:licenseCondition uri="{BY}">{BY}</oaire:licenseCondition>', [(BY, "license")]),
        ("<dc:rights>Some words</dc:rights>", [("Some words", None)]),
        (
            f'<oaire:file accessRightsURI="{OPEN}" mimeType="application/pdf">https://example.org/1.pdf</oaire:file>',
            [(OPEN, "access")],
        ),
        (f'<oaire:file rightsURI="{OPEN}">https://example.org/1.pdf</oaire:file>', [(OPEN, "access")]),
    ],
    ids=[
        "who may see it",
        "what is called a right is never a licence",
        "words alone",
        "the licence",
        "the licence's address twice",
        "Dublin Core decides nothing",
        "who may see the file",
        "who may see the file, as EPrints has it",
    ],
)
def test_access_and_licence_stand_apart(element: str, values: list[tuple[str, str | None]]) -> None:
    """The guidelines keep them in two elements: the role tells which."""
    assert [(value.text, value.role) for value in _described(element).rights] == values


def test_a_licence_keeps_the_day_from_which_it_holds() -> None:
    """A day to come is the end of an embargo."""
    (value,) = _described(f'<oaire:licenseCondition startDate="2031-02-01" uri="{BY}"/>').rights
    assert value == Value(
        text=BY, element="oaire:licenseCondition", role="license", parts=(("start_date", "2031-02-01"),)
    )


def test_a_funder_has_programme_and_award() -> None:
    """All of it beside the name, in document order."""
    donors = _described(
        "<oaire:fundingReferences><oaire:fundingReference><oaire:funderName>European Commission</oaire:funderName>"
        '<oaire:funderIdentifier funderIdentifierType="Crossref Funder ID">http://doi.org/10.13039/501100000780'
        "</oaire:funderIdentifier><oaire:fundingStream>Horizon 2020</oaire:fundingStream>"
        '<oaire:awardNumber awardURI="https://example.org/643410">643410</oaire:awardNumber>'
        "</oaire:fundingReference></oaire:fundingReferences>"
    ).donors
    assert donors == (
        Value(
            text="European Commission",
            element="oaire:fundingReference",
            role="funder",
            parts=(
                ("identifier", "http://doi.org/10.13039/501100000780"),
                ("programme", "Horizon 2020"),
                ("award_number", "643410"),
                ("award_uri", "https://example.org/643410"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("elements", "text", "parts"),
    [
        (
            (
                "<oaire:citationTitle>Old Wood</oaire:citationTitle><oaire:citationVolume>12</oaire:citationVolume>"
                "<oaire:citationIssue>3</oaire:citationIssue><oaire:citationStartPage>101</oaire:citationStartPage>"
                "<oaire:citationEndPage>115</oaire:citationEndPage>"
            ),
            "Old Wood, 12(3), 101-115",
            (("container_title", "Old Wood"), ("volume", "12"), ("issue", "3"), ("pages", "101-115")),
        ),
        (
            (
                "<oaire:citationTitle>Wood Days</oaire:citationTitle><oaire:citationEdition>2nd</oaire:citationEdition>"
                "<oaire:citationConferencePlace>Lund</oaire:citationConferencePlace>"
                "<oaire:citationConferenceDate>2019-06-01</oaire:citationConferenceDate>"
            ),
            "Wood Days, 2nd, Lund, 2019-06-01",
            (
                ("container_title", "Wood Days"),
                ("edition", "2nd"),
                ("conference_place", "Lund"),
                ("conference_date", "2019-06-01"),
            ),
        ),
        ("<oaire:citationStartPage>7</oaire:citationStartPage>", "7", (("pages", "7"),)),
        ("<oaire:citationIssue>3</oaire:citationIssue>", "(3)", (("issue", "3"),)),
    ],
    ids=["journal", "conference", "a page alone", "an issue alone"],
)
def test_the_citation_is_one_source(elements: str, text: str, parts: tuple[tuple[str, str], ...]) -> None:
    """Several elements tell of one thing: where it was published."""
    assert _described(elements) == Description(
        sources=(Value(text=text, element="oaire:citationTitle", role="citation", parts=parts),)
    )


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        (
            '<datacite:titles><datacite:title xml:lang="en">T</datacite:title></datacite:titles>',
            "titles",
            Value(text="T", lang="en", element="datacite:title"),
        ),
        ("<dc:description>D</dc:description>", "descriptions", Value(text="D", element="dc:description")),
        ("<dc:source>S</dc:source>", "sources", Value(text="S", element="dc:source")),
        (
            "<dcterms:audience>A</dcterms:audience>",
            "relations",
            Value(text="A", element="dcterms:audience", role="audience"),
        ),
        (
            '<datacite:dates><datacite:date dateType="Available">2031-01-01</datacite:date></datacite:dates>',
            "dates",
            Value(text="2031-01-01", element="datacite:date", role="Available"),
        ),
        (
            '<oaire:resourceType uri="http://purl.org/coar/resource_type/c_6501">journal article</oaire:resourceType>',
            "types",
            Value(
                text="journal article",
                element="oaire:resourceType",
                parts=(("identifier", "http://purl.org/coar/resource_type/c_6501"),),
            ),
        ),
        (
            '<oaire:version uri="http://purl.org/coar/version/c_970fb48d4fbd8a85"/>',
            "relations",
            Value(
                text="http://purl.org/coar/version/c_970fb48d4fbd8a85",
                element="oaire:version",
                role="version",
                parts=(("identifier", "http://purl.org/coar/version/c_970fb48d4fbd8a85"),),
            ),
        ),
    ],
)
def test_each_vocabulary_keeps_its_own_names(element: str, field: str, value: Value) -> None:
    """DataCite's, Dublin Core's and OpenAIRE's elements stand side by side."""
    assert _described(element) == Description(**{field: (value,)})


def test_it_is_known_by_its_own_elements_where_the_namespace_is_another() -> None:
    """All that it holds besides would pass for DataCite."""
    document = f'<resource><titles><title>T</title></titles><licenseCondition uri="{BY}"/></resource>'
    name, description = crosswalk(document.encode(), metadata_prefix="datacite")
    assert description is not None
    assert (name, description.rights[0].role) == ("oai_openaire", "license")
