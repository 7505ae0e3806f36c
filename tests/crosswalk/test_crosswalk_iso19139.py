"""ISO 19139: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.descriptions import Description

SPACES = (
    'xmlns="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" '
    'xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
RECORD = (
    "<MD_Metadata {}><identificationInfo><MD_DataIdentification>{}</MD_DataIdentification></identificationInfo>"
    "</MD_Metadata>"
)
PARTY = (
    "<pointOfContact><CI_ResponsibleParty>{}<role><CI_RoleCode codeListValue='{}'/></role></CI_ResponsibleParty>"
    "</pointOfContact>"
)


def _data(inside: str) -> Description:
    return described(RECORD.format(SPACES, inside), known_as="iso19139")


def _words(element: str, text: str) -> str:
    return f"<{element}><gco:CharacterString>{text}</gco:CharacterString></{element}>"


def _constrained(inside: str) -> Description:
    return _data(f"<resourceConstraints><MD_LegalConstraints>{inside}</MD_LegalConstraints></resourceConstraints>")


def test_constraints_are_codes_and_words_and_the_addresses_of_anchors() -> None:
    """The code that only points to the words beside it says nothing, and is left out."""
    assert said(sample("iso19139").rights) == [
        ("Not for navigation", "use"),
        ("license", "use"),
        ("Attribution 4.0", None),
        ("https://creativecommons.org/licenses/by/4.0/", None),
    ]


@pytest.mark.parametrize("code", ["otherRestrictions", "otherRestictions", "MD_RestrictionCode_otherRestrictions"])
def test_a_code_that_only_points_elsewhere_is_left_out(code: str) -> None:
    """Also misspelt, as the first edition of the code list has it."""
    assert _constrained(f"<useConstraints><MD_RestrictionCode codeListValue='{code}'/></useConstraints>").rights == ()


@pytest.mark.parametrize(
    ("inside", "rights"),
    [
        (
            "<accessConstraints><MD_RestrictionCode codeListValue='copyright'/></accessConstraints>",
            ("copyright", "access"),
        ),
        ("<useConstraints><MD_RestrictionCode>license</MD_RestrictionCode></useConstraints>", ("license", "use")),
        ("<otherConstraints>CC0</otherConstraints>", ("CC0", None)),
        (_words("useLimitation", "None"), ("None", "use")),
    ],
)
def test_each_constraint_says_what_it_is_on(inside: str, rights: tuple[str, str | None]) -> None:
    """Access, use, or neither."""
    assert said(_constrained(inside).rights) == [rights]


def test_constraints_on_the_record_are_said_of_the_record() -> None:
    """They are not the data's."""
    inside = (
        f"<metadataConstraints><MD_Constraints>{_words('useLimitation', 'CC0')}</MD_Constraints></metadataConstraints>"
    )
    record = described(f"<MD_Metadata {SPACES}>{inside}</MD_Metadata>", known_as="iso19139")
    assert said(record.rights) == [("CC0", "metadata")]


@pytest.mark.parametrize(
    ("code", "field", "text", "role"),
    [
        ("author", "creators", "Person", None),
        ("principalInvestigator", "creators", "Person", None),
        ("originator", "creators", "Person", None),
        ("publisher", "publishers", "Body", None),
        ("distributor", "publishers", "Body", "distributor"),
        ("funder", "donors", "Body", "funder"),
        ("sponsor", "donors", "Body", "sponsor"),
        ("rightsHolder", "rights", "Body", "holder"),
        ("owner", "contributors", "Person", "owner"),
        ("pointOfContact", "contributors", "Person", "pointOfContact"),
        ("CI_RoleCode_author", "creators", "Person", None),
    ],
)
def test_parties_go_by_the_code_of_their_role(code: str, field: str, text: str, role: str | None) -> None:
    """Persons make, bodies pay and publish."""
    names = _words("individualName", "Person") + _words("organisationName", "Body")
    assert said(getattr(_data(PARTY.format(names, code)), field)) == [(text, role)]


@pytest.mark.parametrize("name", ["individualName", "organisationName", "positionName"])
def test_a_party_with_one_name_goes_by_it(name: str) -> None:
    """Whichever it is."""
    for code, field in (("author", "creators"), ("funder", "donors")):
        if (name, code) != ("positionName", "author"):
            assert said(getattr(_data(PARTY.format(_words(name, "N"), code)), field))[0][0] == "N"


def test_texts_are_in_the_language_of_the_record_and_translations_in_their_own() -> None:
    """The language of the data is another matter."""
    record = sample("iso19139")
    assert languages(record.titles) == [("Soils of the valley", "eng"), ("Sols de la vallée", "fre")]
    assert [value.text for value in record.languages] == ["fre"]


def test_how_data_came_about_is_told_and_what_they_were_made_from_is_a_source() -> None:
    """Credits are words that may name anybody: lead-ins decide, as in any description."""
    record = sample("iso19139")
    assert said(record.descriptions) == [
        ("Samples of soil.", "abstract"),
        ("With support from the Example Fund", "credit"),
        ("Drawn from field books.", "lineage"),
    ]
    assert said(record.sources) == [("Field books of 1950", "lineage")]
    assert said(record.donors) == [("Ministry of Examples", "sponsor")]


def test_extents_are_written_out() -> None:
    """A box in the scheme of Dublin Core, a period by its ends."""
    assert said(sample("iso19139").coverage) == [
        ("northlimit=46.4; southlimit=45.3; westlimit=6.1; eastlimit=7.2", "box"),
        ("2005/now", "temporal"),
    ]


@pytest.mark.parametrize(
    ("code", "role"),
    [("creation", "created"), ("publication", "issued"), ("revision", "modified"), ("adopted", "adopted")],
)
def test_dates_go_by_their_codes(code: str, role: str) -> None:
    """Those of creating and publishing are the data's own."""
    kind = f"<dateType><CI_DateTypeCode codeListValue='{code}'/></dateType>"
    date = f"<date><CI_Date><date><gco:Date>2008</gco:Date></date>{kind}</CI_Date></date>"
    assert said(_data(f"<citation><CI_Citation>{date}</CI_Citation></citation>").dates) == [("2008", role)]


@pytest.mark.parametrize(
    ("namespace", "root"),
    [
        ("http://www.isotc211.org/2005/gmi", "MI_Metadata"),
        ("http://standards.iso.org/iso/19115/-3/mdb/2.0", "MD_Metadata"),
        ("https://example.org/own", "MD_Metadata"),
        ("", "MI_Metadata"),
    ],
)
def test_profiles_under_other_roots_are_read_by_their_names(namespace: str, root: str) -> None:
    """Imagery, the newer schema, and what identifies data under a name of its own."""
    title = "<citation><CI_Citation><title>T</title></CI_Citation></citation>"
    inside = f"<identificationInfo><XX_DataIdentification>{title}</XX_DataIdentification></identificationInfo>"
    assert said(described(f'<{root} xmlns="{namespace}">{inside}</{root}>', known_as="iso19139").titles) == [
        ("T", None)
    ]


def test_a_party_of_the_newer_schema_is_read_too() -> None:
    """It nests person in body."""
    party = (
        "<pointOfContact><CI_Responsibility><role><CI_RoleCode codeListValue='author'/></role><party><CI_Organisation>"
        "<name>Body</name><individual><CI_Individual><name>Person</name></CI_Individual></individual>"
        "</CI_Organisation></party></CI_Responsibility></pointOfContact>"
    )
    assert said(_data(party).creators) == [("Person", None)]
