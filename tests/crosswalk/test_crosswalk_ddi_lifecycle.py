"""DDI Lifecycle: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.descriptions import Description, Value

FRAGMENTS = '<FragmentInstance xmlns="ddi:instance:3_3">{}</FragmentInstance>'
STUDY = "<Fragment><StudyUnit>{}</StudyUnit></Fragment>"
ORGANIZATION = (
    "<Fragment><Organization><ID>{}</ID><OrganizationIdentification><OrganizationName><String>{}</String>"
    "</OrganizationName></OrganizationIdentification></Organization></Fragment>"
)


def _study(inside: str, *around: str) -> Description:
    return described(FRAGMENTS.format("".join(around) + STUDY.format(inside)), known_as="ddi_lifecycle")


def _reference(name: str, number: str) -> str:
    return f"<{name}><ID>{number}</ID></{name}>"


def test_agencies_are_found_by_their_numbers() -> None:
    """One name for each language, each with the number of the grant."""
    donors = sample("ddi_lifecycle").donors
    assert languages(donors) == [("Council for Research", "en"), ("Forschungsrat", "de")]
    assert {(donor.role, donor.parts) for donor in donors} == {("funder", (("award_number", "R 12/3"),))}


def test_rights_in_the_documentation_are_said_of_the_record() -> None:
    """Those in the data are the study's, with the conditions of access."""
    assert said(sample("ddi_lifecycle").rights) == [
        ("CC0 1.0 for the documentation", "metadata"),
        ("Data Centre, 2019", None),
        ("restricted access", "access"),
        ("A contract is signed.", "conditions"),
    ]


def test_a_person_is_named_surname_first_with_the_identifier_beside() -> None:
    """Where only the parts of the name are given."""
    assert sample("ddi_lifecycle").creators == (
        Value(
            text="Stein, Ida", element="ddi:Creator", parts=(("identifier", "https://orcid.org/0000-0000-0000-0002"),)
        ),
    )


def test_titles_stand_in_every_language() -> None:
    """And the series is a relation."""
    assert languages(sample("ddi_lifecycle").titles) == [("Panel of households", "en"), ("Haushaltspanel", "de")]
    assert said(sample("ddi_lifecycle").relations) == [("Panels", "series")]


def test_fragments_are_read_as_the_whole_is() -> None:
    """The study refers to what stands beside it."""
    agency = _reference("AgencyOrganizationReference", "7")
    funding = f"<FundingInformation>{agency}<GrantNumber>1</GrantNumber></FundingInformation>"
    study = _study(funding, ORGANIZATION.format("6", "Other"), ORGANIZATION.format("7", "Agency"))
    assert [(donor.text, donor.parts) for donor in study.donors] == [("Agency", (("award_number", "1"),))]


def test_what_stands_beside_the_study_in_fragments_belongs_to_it() -> None:
    """The collecting of data, and the archive."""
    access = "<Access><AccessConditions><Content>C</Content></AccessConditions></Access>"
    archive = f"<Fragment><Archive><ArchiveSpecific><Item>{access}</Item></ArchiveSpecific></Archive></Fragment>"
    assert said(_study("", archive).rights) == [("C", "conditions")]


def test_a_grant_of_an_unknown_agency_stays_a_relation_and_words_on_it_stand_in() -> None:
    """Nobody is named by a number alone."""
    reference = _reference("AgencyOrganizationReference", "9")
    words = "<Description><Content>Paid by the city</Content></Description>"
    study = _study(f"<FundingInformation>{reference}<GrantNumber>1</GrantNumber>{words}</FundingInformation>")
    assert (said(study.donors), said(study.relations)) == ([("Paid by the city", "funding")], [("1", "grantNumber")])


@pytest.mark.parametrize(
    ("citation", "field", "text", "role"),
    [
        ("<Title>T</Title>", "titles", "T", None),
        ("<Title><String>T</String></Title>", "titles", "T", None),
        ("<AlternateTitle><String>T</String></AlternateTitle>", "titles", "T", "alternative"),
        ("<Creator>C</Creator>", "creators", "C", None),
        ("<InternationalIdentifier type='DOI'>10.1/x</InternationalIdentifier>", "identifiers", "10.1/x", "DOI"),
        ("<PublicationDate><SimpleDate>2019</SimpleDate></PublicationDate>", "dates", "2019", "issued"),
        ("<Copyright>C</Copyright>", "rights", "C", None),
    ],
)
def test_older_and_newer_versions_write_strings_in_two_ways(
    citation: str, field: str, text: str, role: str | None
) -> None:
    """Up to 3.1 the element is the string itself."""
    assert said(getattr(_study(f"<Citation>{citation}</Citation>"), field)) == [(text, role)]


def test_an_instance_without_a_study_speaks_for_itself() -> None:
    """Its citation is then that of the thing."""
    document = (
        '<DDIInstance xmlns="ddi:instance:3_2"><Citation><Title><String>T</String></Title>'
        "<Copyright><String>C</String></Copyright></Citation></DDIInstance>"
    )
    description = described(document, known_as="ddi_lifecycle")
    assert (said(description.titles), said(description.rights)) == ([("T", None)], [("C", None)])
