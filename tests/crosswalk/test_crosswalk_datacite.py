"""DataCite, bare and in its envelope: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

KERNEL_3 = '<resource xmlns="http://datacite.org/schema/kernel-3">{}</resource>'
KERNEL_4 = '<resource xmlns="http://datacite.org/schema/kernel-4">{}</resource>'
BY = "https://creativecommons.org/licenses/by/4.0/"


def _described(document: str) -> Description:
    _, description = crosswalk(document.encode(), metadata_prefix="oai_dc")
    assert description is not None
    return description


def _value(text: str, element: str, role: str | None = None, lang: str | None = None, **parts: str) -> Value:
    return Value(text=text, element=f"datacite:{element}", role=role, lang=lang, parts=tuple(parts.items()))


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ('<identifier identifierType="DOI">10.1234/5</identifier>', "identifiers", ("10.1234/5", "identifier", "DOI")),
        (
            (
                '<alternateIdentifiers><alternateIdentifier alternateIdentifierType="ark">ark:/1'
                "</alternateIdentifier></alternateIdentifiers>"
            ),
            "identifiers",
            ("ark:/1", "alternateIdentifier", "ark"),
        ),
        ("<titles><title>Tides</title></titles>", "titles", ("Tides", "title")),
        (
            '<titles><title titleType="Subtitle" xml:lang="en">By the hour</title></titles>',
            "titles",
            ("By the hour", "title", "Subtitle", "en"),
        ),
        ("<publisher>Harbour Press</publisher>", "publishers", ("Harbour Press", "publisher")),
        ("<publicationYear>2021</publicationYear>", "dates", ("2021", "publicationYear", "issued")),
        (
            '<dates><date dateType="Collected">1987/2016</date></dates>',
            "dates",
            ("1987/2016", "date", "Collected"),
        ),
        (
            '<subjects><subject subjectScheme="DDC" xml:lang="en">551 Geology</subject></subjects>',
            "subjects",
            ("551 Geology", "subject", "DDC", "en"),
        ),
        ("<language>da</language>", "languages", ("da", "language")),
        ("<sizes><size>12 MB</size></sizes>", "formats", ("12 MB", "size", "size")),
        ("<formats><format>text/csv</format></formats>", "formats", ("text/csv", "format")),
        ("<version>1.1</version>", "relations", ("1.1", "version", "version")),
        (
            (
                '<relatedIdentifiers><relatedIdentifier relationType="IsPartOf" relatedIdentifierType="DOI">10.1234/6'
                "</relatedIdentifier></relatedIdentifiers>"
            ),
            "relations",
            ("10.1234/6", "relatedIdentifier", "IsPartOf"),
        ),
        (
            '<descriptions><description descriptionType="Methods">By <br/>gauge.</description></descriptions>',
            "descriptions",
            ("By gauge.", "description", "Methods"),
        ),
        (
            '<descriptions><description descriptionType="SeriesInformation">Reports, 5</description></descriptions>',
            "sources",
            ("Reports, 5", "description", "SeriesInformation"),
        ),
        (
            (
                '<contributors><contributor contributorType="Distributor"><contributorName>Depot</contributorName>'
                "</contributor></contributors>"
            ),
            "contributors",
            ("Depot", "contributor", "Distributor"),
        ),
        (
            (
                '<contributors><contributor contributorType="RightsHolder"><contributorName>Port</contributorName>'
                "</contributor></contributors>"
            ),
            "rights",
            ("Port", "contributor", "holder"),
        ),
        (
            (
                '<contributors><contributor contributorType="Sponsor"><contributorName>Lottery</contributorName>'
                "</contributor></contributors>"
            ),
            "donors",
            ("Lottery", "contributor", "sponsor"),
        ),
        (
            '<subjects><subject subjectScheme="ANZSRC" classificationCode="0405"/></subjects>',
            "subjects",
            ("0405", "subject", "ANZSRC"),
        ),
        (
            "<dates/><titles/><rightsList><rights>CC BY 4.0</rights></rightsList>",
            "rights",
            ("CC BY 4.0", "rights"),
        ),
        (
            '<unheardOf xml:lang="en">New in kernel 9</unheardOf>',
            "relations",
            ("New in kernel 9", "unheardOf", "unheardOf", "en"),
        ),
    ],
)
def test_each_element_goes_to_its_field(
    element: str, field: str, value: tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]
) -> None:
    """Its type attribute is the role, and its language is kept."""
    assert _described(KERNEL_4.format(element)) == Description(**{field: (_value(*value),)})


@pytest.mark.parametrize(
    ("creator", "value"),
    [
        (
            (
                '<creatorName>Lind, Ada</creatorName><nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097'
                "</nameIdentifier><affiliation>Port</affiliation>"
            ),
            _value("Lind, Ada", "creator", identifier="https://orcid.org/0000-0002-1825-0097"),
        ),
        (
            (
                '<creatorName>Lind, Ada</creatorName><nameIdentifier nameIdentifierScheme="ORCID">'
                "http://orcid.org/0000-0002-1825-0097</nameIdentifier>"
            ),
            _value("Lind, Ada", "creator", identifier="http://orcid.org/0000-0002-1825-0097"),
        ),
        (
            (
                '<creatorName>Port</creatorName><nameIdentifier nameIdentifierScheme="ISNI">0000 0001 2096 9829'
                "</nameIdentifier>"
            ),
            _value("Port", "creator", identifier="https://isni.org/isni/0000000120969829"),
        ),
        (
            '<creatorName>Port</creatorName><nameIdentifier nameIdentifierScheme="House list">P 7</nameIdentifier>',
            _value("Port", "creator", identifier="P 7"),
        ),
        (
            '<creatorName>Port</creatorName><nameIdentifier nameIdentifierScheme="GND">(DE-588)1-2</nameIdentifier>',
            _value("Port", "creator", identifier="https://d-nb.info/gnd/1-2"),
        ),
        ("<givenName>Ada</givenName><familyName>Lind</familyName>", _value("Lind, Ada", "creator")),
        ("Lind, Ada", _value("Lind, Ada", "creator")),
    ],
    ids=[
        "ORCID without its address",
        "ORCID as an address",
        "ISNI with blanks",
        "a scheme nobody knows",
        "GND with the library that gave it",
        "only the parts of the name",
        "the name without its element",
    ],
)
def test_creators_keep_their_identifiers(creator: str, value: Value) -> None:
    """An identifier with a known scheme becomes an address, any other stays as written."""
    document = KERNEL_4.format(f"<creators><creator>{creator}</creator></creators>")
    assert _described(document) == Description(creators=(value,))


@pytest.mark.parametrize(
    ("rights", "values"),
    [
        (f'<rights rightsURI="{BY}"/>', [(BY, "license")]),
        (f'<rights rightsURI="{BY}">CC BY</rights>', [("CC BY", None), (BY, "license")]),
        (f'<rights rightsURI="{BY}">{BY}</rights>', [(BY, None)]),
        ('<rights rightsIdentifier="MIT" rightsIdentifierScheme="SPDX"/>', [("MIT", "license")]),
        (
            '<rights rightsURI="info:eu-repo/semantics/openAccess">Open Access</rights>',
            [("Open Access", "access"), ("info:eu-repo/semantics/openAccess", "access")],
        ),
        ("<rights>info:eu-repo/semantics/closedAccess</rights>", [("info:eu-repo/semantics/closedAccess", "access")]),
        (
            '<rights rightsURI="http://purl.org/coar/access_right/c_16ec"/>',
            [("http://purl.org/coar/access_right/c_16ec", "access")],
        ),
        ("<rights/>", []),
    ],
)
def test_words_address_and_identifier_of_rights_are_values_of_their_own(
    rights: str, values: list[tuple[str, str | None]]
) -> None:
    """An address names a licence, unless it is a term of access: those stand in the same list."""
    found = _described(KERNEL_4.format(f"<rightsList>{rights}</rightsList>")).rights
    assert [(value.text, value.role) for value in found] == values


def test_the_language_of_rights_is_that_of_the_words() -> None:
    """An address is in no language."""
    rights = f'<rightsList xml:lang="en"><rights rightsURI="{BY}">Some words</rights></rightsList>'
    assert [value.lang for value in _described(KERNEL_4.format(rights)).rights] == ["en", None]


@pytest.mark.parametrize(
    ("reference", "description"),
    [
        (
            (
                "<funderName>Sea Council</funderName>"
                '<funderIdentifier funderIdentifierType="Crossref Funder ID">501100000780</funderIdentifier>'
                '<awardNumber awardURI="https://example.org/77">SEA-77</awardNumber>'
                "<awardTitle>Level water</awardTitle>"
            ),
            Description(
                donors=(
                    _value(
                        "Sea Council",
                        "fundingReference",
                        "funder",
                        identifier="https://doi.org/10.13039/501100000780",
                        award_number="SEA-77",
                        award_uri="https://example.org/77",
                        award_title="Level water",
                    ),
                )
            ),
        ),
        (
            (
                '<funderName>Sea Council</funderName><funderIdentifier funderIdentifierType="ROR">ror.org/05hppb561'
                "</funderIdentifier>"
            ),
            Description(
                donors=(_value("Sea Council", "fundingReference", "funder", identifier="https://ror.org/05hppb561"),)
            ),
        ),
        (
            (
                '<funderName>Sea Council</funderName><funderIdentifier funderIdentifierType="GRID">grid.1.2'
                "</funderIdentifier>"
            ),
            Description(donors=(_value("Sea Council", "fundingReference", "funder", identifier="grid.1.2"),)),
        ),
        (
            '<funderIdentifier funderIdentifierType="Crossref Funder ID">10.13039/501100000780</funderIdentifier>',
            Description(
                donors=(
                    _value(
                        "https://doi.org/10.13039/501100000780",
                        "fundingReference",
                        "funder",
                        identifier="https://doi.org/10.13039/501100000780",
                    ),
                )
            ),
        ),
        (
            "<awardNumber>SEA-77</awardNumber>",
            Description(relations=(_value("SEA-77", "fundingReference", "award", award_number="SEA-77"),)),
        ),
        ("<funderName/>", Description()),
    ],
    ids=["all that there can be", "ROR", "a scheme without addresses", "no name", "an award of nobody", "nothing"],
)
def test_a_funding_reference_is_a_funder_with_awards(reference: str, description: Description) -> None:
    """What the format keeps apart stays apart."""
    document = KERNEL_4.format(
        f"<fundingReferences><fundingReference>{reference}</fundingReference></fundingReferences>"
    )
    assert _described(document) == description


def test_kernel_3_has_funders_among_the_contributors() -> None:
    """The identifier of the grant agreement stands beside the name as if it were the funder's."""
    funder = (
        '<contributors><contributor contributorType="Funder"><contributorName>European Commission</contributorName>'
        '<nameIdentifier nameIdentifierScheme="info">info:eu-repo/grantAgreement/EC/FP7/244909/</nameIdentifier>'
        "</contributor></contributors>"
    )
    donor = _value(
        "European Commission", "contributor", "funder", award_uri="info:eu-repo/grantAgreement/EC/FP7/244909/"
    )
    assert _described(KERNEL_3.format(funder)) == Description(donors=(donor,))


@pytest.mark.parametrize(
    ("place", "text", "element", "role"),
    [
        ("<geoLocationPlace>Skagen</geoLocationPlace>", "Skagen", "geoLocationPlace", None),
        ("<geoLocationPoint>57.7 10.6</geoLocationPoint>", "57.7 10.6", "geoLocationPoint", "point"),
        (
            (
                "<geoLocationPoint><pointLatitude>57.7</pointLatitude><pointLongitude>10.6</pointLongitude>"
                "</geoLocationPoint>"
            ),
            "east=10.6; north=57.7",
            "geoLocationPoint",
            "point",
        ),
        (
            (
                "<geoLocationBox><westBoundLongitude>8</westBoundLongitude><eastBoundLongitude>12</eastBoundLongitude>"
                "<southBoundLatitude>54</southBoundLatitude><northBoundLatitude>58</northBoundLatitude></geoLocationBox>"
            ),
            "northlimit=58; eastlimit=12; southlimit=54; westlimit=8",
            "geoLocationBox",
            "box",
        ),
        (
            (
                "<geoLocationPolygon><polygonPoint><pointLongitude>8</pointLongitude><pointLatitude>54</pointLatitude>"
                "</polygonPoint><polygonPoint><pointLongitude>12</pointLongitude><pointLatitude>58</pointLatitude>"
                "</polygonPoint><polygonPoint/></geoLocationPolygon>"
            ),
            "POLYGON ((8 54, 12 58))",
            "geoLocationPolygon",
            "polygon",
        ),
    ],
    ids=["place", "a point of kernel 3", "a point of kernel 4", "box", "polygon"],
)
def test_places_are_written_in_one_line(place: str, text: str, element: str, role: str | None) -> None:
    """As the encoding schemes of the Dublin Core Metadata Initiative have it, and as well-known text."""
    document = KERNEL_4.format(f"<geoLocations><geoLocation>{place}</geoLocation></geoLocations>")
    assert _described(document) == Description(coverage=(_value(text, element, role),))


RELATED_ITEM = (
    '<relatedItems><relatedItem relatedItemType="Journal" relationType="{}">'
    '<relatedItemIdentifier relatedItemIdentifierType="ISSN">0317-8471</relatedItemIdentifier>'
    "<creators><creator><creatorName>Not of this thing</creatorName></creator></creators>"
    "<titles><title>Coastal Letters</title></titles><publicationYear>2021</publicationYear><volume>5</volume>"
    "<issue>2</issue><firstPage>10</firstPage><lastPage>20</lastPage></relatedItem></relatedItems>"
)


@pytest.mark.parametrize(
    ("relation", "field"),
    [("IsPublishedIn", "sources"), ("IsPartOf", "sources"), ("Cites", "relations"), ("", "relations")],
)
def test_what_it_was_published_in_is_a_source(relation: str, field: str) -> None:
    """Title, volume, issue, pages and year stay apart; other related items are relations."""
    value = _value(
        "Coastal Letters, 5(2), 10-20, 2021",
        "relatedItem",
        relation or None,
        issn="0317-8471",
        container_title="Coastal Letters",
        year="2021",
        volume="5",
        issue="2",
        pages="10-20",
    )
    assert _described(KERNEL_4.format(RELATED_ITEM.format(relation))) == Description(**{field: (value,)})


@pytest.mark.parametrize(
    ("element", "types"),
    [
        ('<resourceType resourceTypeGeneral="Dataset">Time series</resourceType>', ["Time series", "Dataset"]),
        ('<resourceType resourceTypeGeneral="Dataset">dataset</resourceType>', ["dataset"]),
        ('<resourceType resourceTypeGeneral="Dataset"/>', ["Dataset"]),
    ],
)
def test_the_general_type_is_a_value_of_its_own(element: str, types: list[str]) -> None:
    """Unless it says the same."""
    assert [value.text for value in _described(KERNEL_4.format(element)).types] == types


def test_a_subject_keeps_its_address_and_may_be_nothing_else() -> None:
    """Some name a class by its address alone."""
    subjects = (
        '<subjects><subject valueURI="https://example.org/t">Tides</subject><subject valueURI="https://example.org/u"/>'
        "</subjects>"
    )
    assert _described(KERNEL_4.format(subjects)).subjects == (
        _value("Tides", "subject", identifier="https://example.org/t"),
        _value("https://example.org/u", "subject", identifier="https://example.org/u"),
    )


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (KERNEL_4, "datacite"),
        ('<resource xmlns="http://datacite.org/schema/kernel-2.2">{}</resource>', "datacite"),
        ('<d:resource xmlns:d="https://example.org/own/">{}</d:resource>', "datacite"),
        ('<resource xmlns="http://www.openarchives.org/OAI/2.0/">{}</resource>', "datacite"),
        ("<resource>{}</resource>", "datacite"),
        (
            (
                '<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.0/"><schemaVersion>4.1</schemaVersion>'
                '<resource xmlns="http://datacite.org/schema/kernel-4">{}</resource></oai_datacite>'
            ),
            "oai_datacite",
        ),
        (
            (
                '<o:oai_datacite xmlns:o="http://schema.datacite.org/oai/oai-1.1/"><o:isReferenceQuality>true'
                "</o:isReferenceQuality><o:datacentreSymbol>EXAMPLE.A</o:datacentreSymbol><o:payload>"
                '<resource xmlns="http://datacite.org/schema/kernel-3">{}</resource></o:payload></o:oai_datacite>'
            ),
            "oai_datacite",
        ),
        (
            (
                '<oai_datacite xmlns="http://www.openarchives.org/OAI/2.0/"><payload><resource>{}</resource></payload>'
                "</oai_datacite>"
            ),
            "oai_datacite",
        ),
    ],
)
def test_the_resource_is_found_bare_and_in_every_envelope(document: str, name: str) -> None:
    """What the envelope says of itself is not about the thing."""
    titles = "<titles><title>Tides</title></titles>"
    found, description = crosswalk(document.format(titles).encode(), metadata_prefix="other")
    assert found == name
    assert description == Description(titles=(_value("Tides", "title"),))


@pytest.mark.parametrize(
    "document",
    [
        '<d:resource xmlns:d="https://example.org/own/"><d:title>T</d:title></d:resource>',
        "<resource><href>https://example.org</href></resource>",
        "<resource/>",
    ],
)
def test_another_resource_is_not_taken_for_datacite(document: str) -> None:
    """Many formats call their root a resource."""
    assert crosswalk(document.encode(), metadata_prefix="datacite")[1] is None


def test_elements_outside_their_lists_and_of_other_vocabularies_are_read() -> None:
    """A repository leaves out a list; another adds Dublin Core."""
    document = KERNEL_4.format(
        '<relatedIdentifier relationType="IsSupplementTo">10.1234/6</relatedIdentifier>'
        '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Tides</dc:title>'
    )
    assert _described(document) == Description(
        titles=(Value(text="Tides", element="dc:title"),),
        relations=(_value("10.1234/6", "relatedIdentifier", "IsSupplementTo"),),
    )
